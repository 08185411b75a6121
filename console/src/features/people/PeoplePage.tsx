/** The people of one's organisation: what they may do, how they get in, when they last did. */

import { useQuery } from "@tanstack/react-query";
import { Button, Input } from "antd";
import { useEffect, useState } from "react";
import { calls } from "../../api/calls";
import type { Me, PersonShape } from "../../api/types";
import { codeWord, useWords, type Words } from "../../i18n";
import page from "../../pieces/page.module.css";
import { may } from "../../pieces/rights";
import { Chip, Key } from "../../pieces/small";
import { Bones, Nothing, TroubleNote } from "../../pieces/states";
import { stamp } from "../../pieces/time";
import { asTrouble } from "../../sync/runtime";
import { useDeskKeys } from "../desk/useDeskKeys";
import { APPROVALS, Approvals } from "./Approvals";
import { InviteDialog } from "./InviteDialog";
import { PersonDrawer } from "./PersonDrawer";

export const PEOPLE = ["people"];
const EVERY_MS = 60_000;

export default function PeoplePage({ me }: { me: Me }) {
  const words = useWords();
  const [search, setSearch] = useState("");
  const [opened, setOpened] = useState<string | null>(null);
  const [inviting, setInviting] = useState(false);
  const reads = may(me, "person:read");
  const found = useQuery({
    queryKey: PEOPLE,
    queryFn: calls.people,
    staleTime: 0,
    refetchInterval: EVERY_MS,
    enabled: reads,
  });
  const writes = may(me, "person:write");
  useEffect(() => {
    document.title = `${words("nav.people")} · ${words("brand")}`;
  }, [words]);
  useDeskKeys({ n: () => writes && setInviting(true) });
  const people = [...(found.data?.people ?? [])].sort(byName);
  const shown = people.filter((one) => `${one.name} ${one.login}`.toLowerCase().includes(search.trim().toLowerCase()));
  const person = people.find((one) => one.id === opened);
  return (
    <div className={page.page}>
      <header className={page.head}>
        <h1>{words("nav.people")}</h1>
        <span className={page.faint}>{me.organisation}</span>
        <span className={page.grow} />
        {reads ? (
          <Input
            size="small"
            allowClear
            style={{ width: 180 }}
            placeholder={words("people.search")}
            aria-label={words("people.search")}
            value={search}
            onChange={(event) => setSearch(event.target.value)}
          />
        ) : null}
        {writes ? (
          <Button size="small" type="primary" disabled={!found.data} onClick={() => setInviting(true)}>
            {words("people.add")} <Key>N</Key>
          </Button>
        ) : null}
      </header>
      {found.error ? <TroubleNote trouble={asTrouble(found.error)} retry={() => void found.refetch()} /> : null}
      <div className={page.body}>
        {may(me, "approval:read") ? (
          <Approvals me={me} empty={reads ? null : <Nothing title={words("approval.none")} />} />
        ) : null}
        {reads && found.isPending ? <Bones lines={8} /> : null}
        {found.data && shown.length === 0 ? <Nothing title={words("people.none")} /> : null}
        {shown.length > 0 ? <Table words={words} people={shown} opened={opened} open={setOpened} /> : null}
      </div>
      {person && found.data ? (
        <PersonDrawer key={person.id} me={me} person={person} roll={found.data} close={() => setOpened(null)} />
      ) : null}
      {inviting && found.data ? <InviteDialog roll={found.data} close={() => setInviting(false)} /> : null}
    </div>
  );
}

const pinyin = new Intl.Collator("zh-CN");
const LINKS = ["invite", "reset", "reset_all"];
const GONE = ["deactivated", "erased"];

/** By name as people look it up; those who left come last. */
function byName(one: PersonShape, other: PersonShape): number {
  const left = Number(GONE.includes(one.standing)) - Number(GONE.includes(other.standing));
  return left || pinyin.compare(one.name, other.name);
}

interface TableProps {
  words: Words;
  people: readonly PersonShape[];
  opened: string | null;
  open: (id: string) => void;
}

function Table({ words, people, opened, open }: TableProps) {
  return (
    <table className={page.table}>
      <thead>
        <tr>
          <th scope="col">{words("people.name")}</th>
          <th scope="col">{words("people.roles")}</th>
          <th scope="col">{words("people.standing")}</th>
          <th scope="col" className={page.wide}>
            {words("people.factor")}
          </th>
          <th scope="col" className={page.wide}>
            {words("people.last")}
          </th>
        </tr>
      </thead>
      <tbody>
        {people.map((one) => (
          <tr
            key={one.id}
            aria-current={one.id === opened || undefined}
            data-quiet={one.standing === "active" || one.standing === "invited" ? undefined : ""}
            onClick={() => open(one.id)}
          >
            <td>
              <button type="button" className="bare" aria-haspopup="dialog">
                {one.name}
              </button>
              <small>{one.standing === "erased" ? "" : one.login}</small>
            </td>
            <td>
              <span className={page.chips}>
                {one.roles.map((role) => (
                  <Chip key={role} tone="line">
                    {codeWord(words, "role", role)}
                  </Chip>
                ))}
              </span>
            </td>
            <td>
              <Standing words={words} person={one} />
            </td>
            <td className={page.wide}>{words(one.secondFactor ? "people.factor.on" : "people.factor.off")}</td>
            <td className={`${page.wide} ${page.nowrap}`}>{one.lastInAt ? stamp(one.lastInAt) : words("ui.none")}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** How somebody stands: in words, with what is urgent about it. */
export function Standing({ words, person }: { words: Words; person: PersonShape }) {
  // What the list of approvals found, where there is one; asked by nobody here.
  const waits = useQuery({ queryKey: APPROVALS, queryFn: calls.approvals, enabled: false }).data ?? [];
  const waiting = waits.some((one) => one.person.id === person.id && LINKS.includes(one.kind));
  const dead = person.standing === "invited" && !person.linkUntil;
  return (
    <>
      <span className={page.chips}>
        {person.standing === "active" && person.lockedUntil ? (
          <Chip tone="bad">{words("people.locked")}</Chip>
        ) : (
          <Chip tone={person.standing === "active" ? "good" : person.standing === "invited" ? "warn" : "plain"}>
            {codeWord(words, "standing", person.standing)}
          </Chip>
        )}
      </span>
      {person.lockedUntil ? <small>{words("people.until", { time: stamp(person.lockedUntil) })}</small> : null}
      {waiting ? <small>{words("people.link.waiting")}</small> : null}
      {person.linkUntil && !waiting ? <small>{words("people.link.until", { time: stamp(person.linkUntil) })}</small> : null}
      {dead ? <small>{words("people.link.dead")}</small> : null}
    </>
  );
}
