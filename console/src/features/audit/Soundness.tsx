/** How the audit stands: its last checkpoint, what a verification said, and another one on demand. */

import { useQueryClient, type UseQueryResult } from "@tanstack/react-query";
import { Button } from "antd";
import { useState } from "react";
import { calls } from "../../api/calls";
import type { AuditFinding, AuditState, AuditVerdict } from "../../api/types";
import { codeWord, useWords, type Words } from "../../i18n";
import { useDeed } from "../../pieces/deed";
import { useNow } from "../../pieces/now";
import page from "../../pieces/page.module.css";
import { Bones, TroubleNote } from "../../pieces/states";
import { lengthWord, stamp } from "../../pieces/time";
import { asTrouble } from "../../sync/runtime";
import css from "./audit.module.css";
import { Outside } from "./Outside";

export function Soundness({ state, verifies }: { state: UseQueryResult<AuditState>; verifies: boolean }) {
  const words = useWords();
  const client = useQueryClient();
  const [verdict, setVerdict] = useState<AuditVerdict | null>(null);
  const [since, setSince] = useState(0);
  const verify = useDeed(calls.verifyAudit, (found) => {
    setVerdict(found);
    void client.invalidateQueries({ queryKey: ["audit-state"] });
    void client.invalidateQueries({ queryKey: ["audit"] });
  });
  const begin = () => {
    setVerdict(null);
    setSince(Date.now());
    void verify.run();
  };
  const findings = verdict ? [] : (state.data?.findings ?? []);
  return (
    <>
      <header className={page.head}>
        <h1>{words("audit.title")}</h1>
        <span className={css.state}>{state.data ? stateWords(words, state.data) : null}</span>
        <span className={page.grow} />
        {state.data?.publicKey ? <Outside held={state.data.publicKey} /> : null}
        {verifies ? (
          <Button size="small" type="primary" loading={verify.busy} onClick={begin}>
            {words("audit.verify")}
          </Button>
        ) : null}
      </header>
      {state.isPending ? <Bones lines={1} /> : null}
      {state.error ? <TroubleNote trouble={asTrouble(state.error)} retry={() => void state.refetch()} /> : null}
      {verify.trouble ? <TroubleNote trouble={verify.trouble} retry={begin} /> : null}
      {verify.busy ? <Progress entries={state.data?.seq ?? 0} since={since} /> : null}
      {verdict ? <Verdict words={words} verdict={verdict} /> : null}
      {findings.length > 0 ? (
        <div className={css.verdict} data-sound={findings.some((one) => one.grave) ? "no" : "mostly"} role="status">
          <Findings words={words} findings={findings} />
        </div>
      ) : null}
      {verify.dialog}
    </>
  );
}

function stateWords(words: Words, state: AuditState): string {
  const { checkpoint, verified } = state;
  const told = checkpoint
    ? words("audit.state.checkpoint", { n: checkpoint.number, time: stamp(checkpoint.at), seq: checkpoint.seq })
    : words("audit.state.none");
  const beyond = state.beyond > 0 ? words("audit.state.beyond", { n: state.beyond }) : words("audit.state.covered");
  if (!verified) return [told, beyond, words("audit.state.never")].join(" · ");
  const last = words(verified.sound ? "audit.state.verified" : "audit.state.verified.bad", {
    time: stamp(verified.at),
    n: verified.findings,
  });
  return [told, beyond, last].join(" · ");
}

/** The whole chain is followed at once: how many entries that is, and for how long it has been going on. */
function Progress({ entries, since }: { entries: number; since: number }) {
  const words = useWords();
  const now = useNow();
  const time = lengthWord(words, Math.max(0, Math.floor((now - since) / 1000)));
  return (
    <div className={css.verdict} data-sound="asking" role="status">
      <div className={css.running} aria-hidden="true" />
      {words("audit.verifying", { n: entries, time })}
    </div>
  );
}

function Verdict({ words, verdict }: { words: Words; verdict: AuditVerdict }) {
  const values = {
    entries: verdict.entries,
    checkpoints: verdict.checkpoints,
    time: lengthWord(words, Math.max(0.1, verdict.seconds)),
  };
  const first = verdict.findings.filter((one) => one.grave && one.seq !== null).map((one) => one.seq ?? 0);
  const title = verdict.sound
    ? words("audit.sound")
    : first.length > 0
      ? words("audit.unsound.from", { n: Math.min(...first) })
      : words("audit.unsound");
  return (
    <div className={css.verdict} data-sound={verdict.sound ? "yes" : "no"} role="status">
      <strong>{title}</strong>{" "}
      <span>{words(verdict.sound ? "audit.sound.detail" : "audit.unsound.detail", values)}</span>
      <Findings words={words} findings={verdict.findings} />
      {verdict.more > 0 ? <p>{words("audit.more", { n: verdict.more })}</p> : null}
    </div>
  );
}

function Findings({ words, findings }: { words: Words; findings: readonly AuditFinding[] }) {
  if (findings.length === 0) return null;
  return (
    <ul>
      {findings.map((one, n) => (
        <li key={n} data-grave={one.grave ? "" : undefined}>
          <b>{[placeWords(words, one), codeWord(words, "auditfinding", one.code)].filter(Boolean).join("：")}</b>
          <small>{codeWord(words, "auditdo", one.code)}</small>
        </li>
      ))}
    </ul>
  );
}

function placeWords(words: Words, finding: AuditFinding): string {
  const { seq, until, checkpoint } = finding;
  const parts: string[] = [];
  if (seq !== null) {
    const several = until !== null && until !== seq;
    parts.push(several ? words("audit.where.entries", { n: seq, until }) : words("audit.where.entry", { n: seq }));
  }
  if (checkpoint !== null) parts.push(words("audit.where.checkpoint", { n: checkpoint }));
  return parts.join(" · ");
}
