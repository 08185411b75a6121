/** What waits for a second person: links, identities and roles of those who watch over the others. */

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { App, Button } from "antd";
import type { ReactNode } from "react";
import { calls } from "../../api/calls";
import type { ApprovalShape, Me } from "../../api/types";
import { codeWord, useWords, type Words } from "../../i18n";
import { useDeed } from "../../pieces/deed";
import { may } from "../../pieces/rights";
import { TroubleNote } from "../../pieces/states";
import { stamp } from "../../pieces/time";
import { asTrouble } from "../../sync/runtime";
import css from "./people.module.css";

export const APPROVALS = ["people", "approvals"];
const EVERY_MS = 15_000;

/** The list; where nothing waits `empty` stands instead. */
export function Approvals({ me, empty }: { me: Me; empty?: ReactNode }) {
  const words = useWords();
  const found = useQuery({ queryKey: APPROVALS, queryFn: calls.approvals, staleTime: 0, refetchInterval: EVERY_MS });
  if (found.error) return <TroubleNote trouble={asTrouble(found.error)} retry={() => void found.refetch()} />;
  if (!found.data) return null;
  if (found.data.length === 0) return empty ?? null;
  return (
    <section className={css.approvals} aria-label={words("approval.title")}>
      <h2>{words("approval.title")}</h2>
      <p>{words(may(me, "approval:approve") ? "approval.why.second" : "approval.why.asker")}</p>
      <ul>
        {found.data.map((one) => (
          <Approval key={one.id} me={me} one={one} />
        ))}
      </ul>
    </section>
  );
}

function Approval({ me, one }: { me: Me; one: ApprovalShape }) {
  const words = useWords();
  const client = useQueryClient();
  const { message: toast, modal } = App.useApp();
  const done = (word: string) => {
    void toast.success(word);
    void client.invalidateQueries({ queryKey: ["people"] });
  };
  const approve = useDeed(
    () => calls.approve(one.id),
    () => done(words("approval.approved")),
  );
  const refuse = useDeed(
    () => calls.refuseApproval(one.id),
    () => done(words("approval.refused")),
  );
  const ask = () =>
    modal.confirm({
      title: words("approval.ask", { name: one.person.name }),
      content: words("approval.ask.why", { name: one.person.name }),
      okText: words("approval.approve"),
      cancelText: words("ui.cancel"),
      onOk: () => void approve.run(),
    });
  const mine = one.asker?.id === me.id;
  return (
    <li>
      <span className={css.wish}>
        {wishWords(words, one)}
        <small>
          {words("approval.by", { name: one.asker?.name ?? words("approval.terminal"), time: stamp(one.askedAt) })}
          {words("approval.until", { time: stamp(one.expiresAt) })}
        </small>
        {one.person.id === me.id ? <small>{words("approval.yours")}</small> : null}
      </span>
      {one.approvable ? (
        <Button size="small" type="primary" loading={approve.busy} onClick={() => void ask()}>
          {words("approval.approve")}
        </Button>
      ) : null}
      <Button size="small" loading={refuse.busy} onClick={() => void refuse.run()}>
        {words(mine ? "approval.withdraw" : "approval.refuse")}
      </Button>
      {approve.trouble ? <TroubleNote trouble={approve.trouble} /> : null}
      {refuse.trouble ? <TroubleNote trouble={refuse.trouble} /> : null}
      {approve.dialog}
      {refuse.dialog}
    </li>
  );
}

function wishWords(words: Words, one: ApprovalShape): string {
  const named = (roles: readonly string[]) => roles.map((role) => codeWord(words, "role", role)).join("、");
  return codeWord(words, "wish", one.kind)
    .replace("{name}", () => one.person.name)
    .replace("{held}", () => named(one.held))
    .replace("{roles}", () => named(one.roles))
    .replace("{subject}", () => one.subject);
}
