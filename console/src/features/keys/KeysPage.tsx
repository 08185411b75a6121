/** The keys of an organisation: letters that ask for erasure, holds, who was erased, what keys there are, renewing them. */

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { App, Button } from "antd";
import { useEffect } from "react";
import { calls } from "../../api/calls";
import type { KeyCount, KeysShape, KeyWorkShape, Me, TombstoneShape } from "../../api/types";
import { codeWord, useWords, type Words } from "../../i18n";
import { useDeed } from "../../pieces/deed";
import page from "../../pieces/page.module.css";
import { Proof, wantsProof } from "../../pieces/proof";
import { may } from "../../pieces/rights";
import { Bones, TroubleNote } from "../../pieces/states";
import { stamp } from "../../pieces/time";
import { asTrouble } from "../../sync/runtime";
import { KEYS } from "./asked";
import { Holds } from "./Holds";
import css from "./keys.module.css";
import { Letters } from "./Letters";
import { StoneChips, stoneNumber } from "./Stone";

const RUNNING_MS = 500;
const RESTING_MS = 30_000;
const SORTS = ["wrap", "data", "index", "sign"];

export default function KeysPage({ me }: { me: Me }) {
  const words = useWords();
  const found = useQuery({
    queryKey: KEYS,
    queryFn: calls.keys,
    staleTime: 0,
    refetchInterval: (query) =>
      query.state.error ? false : query.state.data?.work?.state === "running" ? RUNNING_MS : RESTING_MS,
  });
  useEffect(() => {
    document.title = `${words("nav.keys")} · ${words("brand")}`;
  }, [words]);
  if (wantsProof(found.error)) {
    return (
      <div className={page.door}>
        <h1>{words("vault.proof.ask")}</h1>
        <Proof shown={() => void found.refetch()} />
      </div>
    );
  }
  return (
    <div className={page.page}>
      <header className={page.head}>
        <h1>{words("vault.title")}</h1>
        <span className={page.faint}>{me.organisation}</span>
        <span className={page.grow} />
        {may(me, "keys:rotate") ? (
          <>
            <Turn what="tenant" busy={found.data?.work?.state === "running"} />
            <Turn what="data" busy={found.data?.work?.state === "running"} />
          </>
        ) : null}
      </header>
      {found.error ? <TroubleNote trouble={asTrouble(found.error)} retry={() => void found.refetch()} /> : null}
      <div className={page.body}>
        {found.isPending ? <Bones lines={8} /> : null}
        {found.data ? <Found me={me} words={words} keys={found.data} /> : null}
      </div>
    </div>
  );
}

function Turn({ what, busy }: { what: "tenant" | "data"; busy: boolean }) {
  const words = useWords();
  const client = useQueryClient();
  const { modal } = App.useApp();
  const deed = useDeed(
    () => calls.turnKeys(what),
    () => void client.invalidateQueries({ queryKey: KEYS }),
  );
  const ask = () =>
    modal.confirm({
      title: words(`vault.turn.${what}.ask`),
      content: words(`vault.turn.${what}.why`),
      okText: words("vault.turn.go"),
      cancelText: words("ui.cancel"),
      onOk: () => void deed.run(),
    });
  return (
    <>
      <Button size="small" disabled={busy} loading={deed.busy} onClick={() => void ask()}>
        {words(`vault.turn.${what}`)}
      </Button>
      {deed.trouble ? <TroubleNote trouble={deed.trouble} /> : null}
      {deed.dialog}
    </>
  );
}

function Found({ me, words, keys }: { me: Me; words: Words; keys: KeysShape }) {
  const erases = may(me, "keys:erase");
  return (
    <div className={css.parts}>
      {keys.work ? <Work words={words} work={keys.work} /> : null}
      {keys.toBury ? <p className={css.bury}>{words("vault.bury")}</p> : null}
      {erases ? <Letters customers={keys.customers} /> : null}
      <Holds holds={keys.holds} erases={erases} />
      <section>
        <h2>{words("vault.tombs")}</h2>
        <p className={page.faint}>{words("vault.tombs.why")}</p>
        {keys.tombstones.length === 0 ? (
          <p>{words("vault.tombs.none")}</p>
        ) : (
          <Tombstones words={words} stones={keys.tombstones} />
        )}
      </section>
      <section>
        <h2>{words("vault.sorts")}</h2>
        <Sorts words={words} counts={keys.keys} />
        <p className={page.faint}>{masterWords(words, keys)}</p>
        <p className={page.faint}>{words("vault.master.where")}</p>
      </section>
    </div>
  );
}

function masterWords(words: Words, keys: KeysShape): string {
  const older = keys.keys
    .filter((one) => one.master === false && one.state !== "destroyed")
    .reduce((sum, one) => sum + one.number, 0);
  const several =
    keys.masterVersions > 1
      ? words("vault.master.several", { n: keys.masterVersions })
      : older === 0
        ? words("vault.master.one")
        : "";
  return [several, older > 0 ? words("vault.master.older", { n: older }) : ""].filter(Boolean).join(" · ");
}

function Work({ words, work }: { words: Words; work: KeyWorkShape }) {
  const what = words(work.what === "data" ? "vault.turn.data" : "vault.turn.tenant");
  const state = work.state === "done" || work.state === "failed" ? work.state : "running";
  const share = work.of > 0 ? Math.min(1, work.done / work.of) : 0;
  return (
    <div className={css.work} data-state={state} role="status">
      {words(`vault.work.${state}`, { what, done: work.done, of: work.of })}
      {state === "running" ? (
        <div className={css.bar} role="progressbar" aria-label={what} aria-valuenow={Math.round(share * 100)}>
          <i style={{ width: `${share * 100}%` }} />
        </div>
      ) : null}
    </div>
  );
}

function Sorts({ words, counts }: { words: Words; counts: readonly KeyCount[] }) {
  const number = (sort: string, state: string) =>
    counts.filter((one) => one.sort === sort && one.state === state).reduce((sum, one) => sum + one.number, 0);
  return (
    <table className={css.table}>
      <thead>
        <tr>
          <th scope="col">{words("vault.sort")}</th>
          <th scope="col">{words("vault.now")}</th>
          <th scope="col">{words("vault.old")}</th>
          <th scope="col">{words("vault.destroyed")}</th>
        </tr>
      </thead>
      <tbody>
        {SORTS.filter((sort) => counts.some((one) => one.sort === sort)).map((sort) => (
          <tr key={sort}>
            <td>
              {codeWord(words, "keysort", sort)}
              <small>{codeWord(words, "keysortwhy", sort)}</small>
            </td>
            <td>{number(sort, "current")}</td>
            <td>{number(sort, "old")}</td>
            <td>{number(sort, "destroyed")}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Tombstones({ words, stones }: { words: Words; stones: readonly TombstoneShape[] }) {
  return (
    <table className={`${css.table} ${css.stones}`}>
      <thead>
        <tr>
          <th scope="col">{words("vault.tomb.at")}</th>
          <th scope="col">{words("vault.stone.number")}</th>
          <th scope="col">{words("vault.hold.reason")}</th>
          <th scope="col" className={page.wide}>
            {words("vault.hold.by")}
          </th>
          <th scope="col" />
        </tr>
      </thead>
      <tbody>
        {stones.map((stone) => (
          <tr key={stone.id}>
            <td>{stamp(stone.at)}</td>
            <td className={page.mono}>{stoneNumber(stone)}</td>
            <td>{stone.reason}</td>
            <td className={page.wide}>{stone.by || words("vault.terminal")}</td>
            <td>
              <StoneChips stone={stone} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
