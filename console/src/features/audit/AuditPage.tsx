/** The audit for its auditors: who did what, newest first; how it stands; a verification on demand. */

import { keepPreviousData, useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/react-query";
import { Button } from "antd";
import { useEffect, useState } from "react";
import { calls } from "../../api/calls";
import type { AuditLine, AuditWanted, Me } from "../../api/types";
import { codeWord, hasWord, useWords, type Words } from "../../i18n";
import { tailOf } from "../../pieces/id";
import page from "../../pieces/page.module.css";
import { Proof, wantsProof } from "../../pieces/proof";
import { may } from "../../pieces/rights";
import { Chip } from "../../pieces/small";
import { Bones, Nothing, TroubleNote } from "../../pieces/states";
import { exactTime } from "../../pieces/time";
import { asTrouble } from "../../sync/runtime";
import css from "./audit.module.css";
import { detailWord, EntryDrawer } from "./EntryDrawer";
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
    getNextPageParam: (one) => one.nextCursor,
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
            <td className={css.who}>
              {actorWord(words, entry)}
              <span className={css.about}> → {subjectWord(words, entry)}</span>
            </td>
            <td className={css.what}>{codeWord(words, "action", entry.action)}</td>
            <td className={page.wide}>{subjectWord(words, entry)}</td>
            <td className={css.outcome}>
              {entry.outcome === "done" ? (
                codeWord(words, "outcome", entry.outcome)
              ) : (
                <>
                  <Chip tone="warn">{codeWord(words, "outcome", entry.outcome)}</Chip>
                  {entry.detail.why ? <small>{detailWord(words, "why", String(entry.detail.why))}</small> : null}
                </>
              )}
            </td>
            <td className={page.wide}>{deviceWord(words, entry)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** The browser, and the end of the sign-in: several people, and several tabs, have the same browser. */
export function deviceWord(words: Words, entry: AuditLine): string {
  if (!entry.device && !entry.proofId) return words("ui.none");
  return [entry.device || words("mine.session.unknown"), entry.proofId && tailOf(entry.proofId)].filter(Boolean).join(" ");
}

/** Who acted: a person by name, everybody else by what they are. */
export function actorWord(words: Words, entry: AuditLine): string {
  if (entry.actor.name) return entry.actor.name;
  const part = entry.actorKind === "system" && hasWord("part", entry.actor.id);
  return part ? codeWord(words, "part", entry.actor.id) : codeWord(words, "actorkind", entry.actorKind);
}

/** What it is about: a name where there is one, else what it is and the end of its id. */
export function subjectWord(words: Words, entry: AuditLine): string {
  if (entry.subjectName) return entry.subjectName;
  const [kind = "", id] = entry.subject.split(":");
  if (id === undefined && hasWord("about", kind)) return codeWord(words, "about", kind);
  if (id !== undefined) return `${codeWord(words, "about", kind)} ${entry.names[id] ?? tailOf(id)}`;
  if (!entry.subject) return words("ui.none");
  const sort = entry.action.split(".")[0] ?? "";
  return [hasWord("about", sort) ? codeWord(words, "about", sort) : "", tailOf(entry.subject)].join(" ").trim();
}
