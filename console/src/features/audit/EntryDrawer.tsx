/** One entry in full. Here alone ids are shown: an auditor holds them against exports and against a reveal's mark. */

import { Button, Drawer } from "antd";
import type { ReactNode } from "react";
import type { AuditLine, AuditWanted } from "../../api/types";
import { codeWord, hasWord, useWords, type CodeGroup, type Words } from "../../i18n";
import page from "../../pieces/page.module.css";
import { exactTime } from "../../pieces/time";
import { actorWord } from "./AuditPage";

interface DrawerProps {
  entry: AuditLine;
  close: () => void;
  only: (part: Partial<AuditWanted>) => void;
}

export function EntryDrawer({ entry, close, only }: DrawerProps) {
  const words = useWords();
  const details = Object.entries(entry.detail).filter(([, value]) => value !== null && value !== "");
  return (
    <Drawer
      open
      size={460}
      title={`${words("audit.entry", { n: entry.seq })} · ${codeWord(words, "action", entry.action)}`}
      onClose={close}
      styles={{ wrapper: { maxWidth: "100vw" } }}
    >
      <section className={page.section}>
        <dl className={page.facts}>
          <Fact name={words("audit.at")}>{exactTime(entry.at)}</Fact>
          <Fact name={words("audit.who")}>
            {actorWord(words, entry)}
            <Id id={entry.actor.id} />
          </Fact>
          <Fact name={words("audit.subject")}>
            {entry.subjectName}
            <Id id={entry.subject} />
          </Fact>
          <Fact name={words("audit.outcome")}>{codeWord(words, "outcome", entry.outcome)}</Fact>
          <Fact name={words("audit.device")}>{entry.device || words("ui.none")}</Fact>
          <Fact name={words("audit.proof")}>
            {codeWord(words, "audit.proof", entry.proof)}
            <Id id={entry.proofId} />
          </Fact>
          <Fact name={words("audit.factor")}>
            {entry.secondFactorAt
              ? words("audit.factor.at", { time: exactTime(entry.secondFactorAt) })
              : words("audit.factor.none")}
          </Fact>
        </dl>
      </section>
      {details.length > 0 ? (
        <section className={page.section}>
          <h3>{words("audit.detail")}</h3>
          <dl className={page.facts}>
            {details.map(([key, value]) => (
              <Fact key={key} name={hasWord("auditkey", key) ? codeWord(words, "auditkey", key) : key}>
                {valueWord(words, key, value)}
              </Fact>
            ))}
          </dl>
        </section>
      ) : null}
      <section className={page.section}>
        <h3>{words("audit.hash")}</h3>
        <Id id={entry.hash} />
      </section>
      <div className={`${page.section} ${page.acts}`}>
        <Button size="small" onClick={() => only({ by: `${entry.actorKind}:${entry.actor.id}` })}>
          {words("audit.only.who")}
        </Button>
        {entry.subject ? (
          <Button size="small" onClick={() => only({ subject: entry.subject })}>
            {words("audit.only.subject")}
          </Button>
        ) : null}
      </div>
    </Drawer>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  );
}

function Id({ id }: { id: string }) {
  return id ? <div className={page.mono}>{id}</div> : null;
}

/** Details whose values are codes we have words for. */
const GROUPS: Record<string, CodeGroup> = { purpose: "purpose", kind: "hidden", roles: "role", before: "role", wish: "wished" };
/** Stands where somebody typed what is neither an id nor a code. */
const WITHHELD = "withheld";
const MOMENTS = new Set(["from", "until", "expires_at", "effective_from"]);

function valueWord(words: Words, key: string, value: string | number | boolean | null): ReactNode {
  if (typeof value === "boolean") return words(value ? "audit.yes" : "audit.no");
  if (typeof value === "number") return MOMENTS.has(key) ? exactTime(new Date(value).toISOString()) : value;
  if (value === WITHHELD) return words("audit.withheld");
  const group = GROUPS[key];
  const codes = (value ?? "").split(",");
  if (group && codes.every((code) => hasWord(group, code))) {
    return codes.map((code) => codeWord(words, group, code)).join("、");
  }
  return <span className={page.mono}>{value}</span>;
}
