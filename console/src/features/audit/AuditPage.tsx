/** The audit for its auditors: who did what, newest first; how it stands; a verification on demand. */

import { keepPreviousData, useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/react-query";
import { Button } from "antd";
import { useEffect, useState } from "react";
import { calls } from "../../api/calls";
import type { AuditLine, AuditWanted, Me } from "../../api/types";
import { codeWord, useWords, type Words } from "../../i18n";
import page from "../../pieces/page.module.css";
import { Proof, wantsProof } from "../../pieces/proof";
import { may } from "../../pieces/rights";
import { Chip } from "../../pieces/small";
import { Bones, Nothing, TroubleNote } from "../../pieces/states";
import { exactTime } from "../../pieces/time";
import { asTrouble } from "../../sync/runtime";
import css from "./audit.module.css";
import { EntryDrawer } from "./EntryDrawer";
import { ANYTHING, Filters } from "./Filters";
import { Soundness } from "./Soundness";

export default function AuditPage({ me }: { me: Me }) {
  const words = useWords();
  const client = useQueryClient();
  const [wanted, setWanted] = useState<AuditWanted>(ANYTHING);
  const [opened, setOpened] = useState<AuditLine | null>(null);
  const pages = useInfiniteQuery({
    queryKey: ["audit", wanted],
    queryFn: ({ pageParam }) => calls.audit(wanted, pageParam),
    initialPageParam: null as string | null,
    getNextPageParam: (one) => one.cursor,
    placeholderData: keepPreviousData,
    staleTime: 0,
  });
  const state = useQuery({ queryKey: ["audit-state"], queryFn: calls.auditState, staleTime: 0 });
  const people = useQuery({ queryKey: ["audit-people"], queryFn: calls.auditPeople });
  useEffect(() => {
    document.title = `${words("nav.audit")} · ${words("brand")}`;
  }, [words]);
  if (wantsProof(pages.error)) {
    const again = () => {
      for (const key of ["audit", "audit-state", "audit-people"]) void client.refetchQueries({ queryKey: [key] });
    };
    return (
      <div className={page.door}>
        <h1>{words("audit.proof.ask")}</h1>
        <Proof shown={again} />
      </div>
    );
  }
  const entries = pages.data?.pages.flatMap((one) => one.entries) ?? [];
  return (
    <div className={page.page}>
      <Soundness state={state} verifies={may(me, "audit:verify")} />
      <Filters wanted={wanted} look={setWanted} people={people.data ?? []} />
      {pages.error ? <TroubleNote trouble={asTrouble(pages.error)} retry={() => void pages.refetch()} /> : null}
      <div className={page.body} aria-busy={pages.isFetching}>
        {pages.isPending ? <Bones lines={10} /> : null}
        {pages.data && entries.length === 0 ? (
          <Nothing title={words("audit.none")} detail={words("audit.none.detail")} />
        ) : null}
        {entries.length > 0 ? <Table words={words} entries={entries} opened={opened} open={setOpened} /> : null}
        {pages.hasNextPage ? (
          <Button type="text" block loading={pages.isFetchingNextPage} onClick={() => void pages.fetchNextPage()}>
            {words("ui.more")}
          </Button>
        ) : null}
        {entries.length > 0 ? (
          <p className={`${page.faint} ${page.foot}`}>{words("audit.count", { n: entries.length })}</p>
        ) : null}
      </div>
      {opened ? (
        <EntryDrawer
          entry={opened}
          close={() => setOpened(null)}
          only={(part) => {
            setOpened(null);
            setWanted({ ...ANYTHING, ...part });
          }}
        />
      ) : null}
    </div>
  );
}

interface TableProps {
  words: Words;
  entries: readonly AuditLine[];
  opened: AuditLine | null;
  open: (entry: AuditLine) => void;
}

function Table({ words, entries, opened, open }: TableProps) {
  return (
    <table className={`${page.table} ${css.table}`}>
      <thead>
        <tr>
          <th scope="col">{words("audit.at")}</th>
          <th scope="col">{words("audit.who")}</th>
          <th scope="col">{words("audit.what")}</th>
          <th scope="col" className={page.wide}>
            {words("audit.subject")}
          </th>
          <th scope="col">{words("audit.outcome")}</th>
          <th scope="col" className={page.wide}>
            {words("audit.device")}
          </th>
        </tr>
      </thead>
      <tbody>
        {entries.map((entry) => (
          <tr
            key={entry.seq}
            aria-current={entry.seq === opened?.seq || undefined}
            onClick={() => open(entry)}
            data-outcome={entry.outcome}
          >
            <td className={css.at}>
              <button type="button" className="bare" aria-haspopup="dialog">
                <time dateTime={entry.at}>{exactTime(entry.at)}</time>
              </button>
            </td>
            <td>{actorWord(words, entry)}</td>
            <td>{codeWord(words, "action", entry.action)}</td>
            <td className={page.wide}>{subjectWord(words, entry)}</td>
            <td>
              {entry.outcome === "done" ? (
                codeWord(words, "outcome", entry.outcome)
              ) : (
                <Chip tone="warn">{codeWord(words, "outcome", entry.outcome)}</Chip>
              )}
            </td>
            <td className={page.wide}>{entry.device || words("ui.none")}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Who acted: a person by name, everybody else by what they are. */
export function actorWord(words: Words, entry: AuditLine): string {
  return entry.actor.name || codeWord(words, "actorkind", entry.actorKind);
}

const TAIL = 6;
/** What the server calls the audit as a whole. */
const WHOLE = "audit";

/** What it is about: a name where there is one, else the end of its id; the drawer has the whole of it. */
export function subjectWord(words: Words, entry: AuditLine): string {
  if (entry.subjectName) return entry.subjectName;
  if (entry.subject === WHOLE) return words("audit.title");
  return entry.subject ? `…${entry.subject.slice(-TAIL)}` : words("ui.none");
}
