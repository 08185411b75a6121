/** The platform's accounts: who sits behind them when, by both times; those with nobody come first. */

import type { UseQueryResult } from "@tanstack/react-query";
import { Button } from "antd";
import { useState } from "react";
import type { Account, Me, SittingShape } from "../../api/types";
import { useWords } from "../../i18n";
import { Chip } from "../../pieces/small";
import { Bones, Nothing, TroubleNote } from "../../pieces/states";
import { dayTime, stamp } from "../../pieces/time";
import { asTrouble } from "../../sync/runtime";
import css from "./care.module.css";
import { SittingDialog, type Entry } from "./SittingDialog";

export function Accounts({ me, found }: { me: Me; found: UseQueryResult<Account[]> }) {
  const words = useWords();
  const [entry, setEntry] = useState<Entry | null>(null);
  if (found.isPending) return <Bones lines={6} />;
  const accounts = found.data ?? [];
  return (
    <>
      {found.error ? <TroubleNote trouble={asTrouble(found.error)} retry={() => void found.refetch()} /> : null}
      <div className={css.above}>
        <p className={css.why}>{words("account.why")}</p>
        <Button size="small" onClick={() => setEntry({ account: null, sitting: null })}>
          {words("account.new")}
        </Button>
      </div>
      {accounts.length === 0 && found.data ? (
        <Nothing title={words("account.none")} detail={words("account.none.detail")} />
      ) : null}
      {accounts.map((account) => (
        <Block key={`${account.shop.id} ${account.account}`} account={account} enter={setEntry} />
      ))}
      {entry ? <SittingDialog me={me} entry={entry} close={() => setEntry(null)} /> : null}
    </>
  );
}

function Block({ account, enter }: { account: Account; enter: (entry: Entry) => void }) {
  const words = useWords();
  const { firstAt, lastAt } = account;
  return (
    <article className={css.row}>
      <div className={css.what}>
        <h2>
          <span>{account.account}</span>
          {account.person ? (
            <Chip tone="line">{account.person.name}</Chip>
          ) : (
            <Chip tone="warn">{words("account.nobody")}</Chip>
          )}
        </h2>
        <small>
          {[
            account.shop.name,
            firstAt && lastAt
              ? words("account.wrote", {
                  n: account.messages,
                  first: dayTime(words, firstAt),
                  last: dayTime(words, lastAt),
                })
              : "",
          ]
            .filter(Boolean)
            .join(" · ")}
        </small>
        {account.sittings.length > 0 ? <History account={account} enter={enter} /> : null}
      </div>
      <div className={css.acts}>
        <Button size="small" onClick={() => enter({ account, sitting: null })}>
          {words(account.person ? "account.hand" : "account.enter")}
        </Button>
      </div>
    </article>
  );
}

function History({ account, enter }: { account: Account; enter: (entry: Entry) => void }) {
  const words = useWords();
  return (
    <div className={css.tableBox}>
      <table className={css.history}>
        <thead>
          <tr>
            <th scope="col">{words("account.person")}</th>
            <th scope="col">{words("account.effective")}</th>
            <th scope="col">{words("account.recorded")}</th>
            <th scope="col" />
          </tr>
        </thead>
        <tbody>
          {account.sittings.map((sitting) => (
            <tr key={sitting.id} data-replaced={sitting.replacedAt ? "" : undefined}>
              <td>{sitting.person.name}</td>
              <td>{spanWord(words, sitting)}</td>
              <td>{stamp(sitting.recordedAt)}</td>
              <td>
                {sitting.replacedAt ? (
                  words("account.replaced", { time: stamp(sitting.replacedAt) })
                ) : (
                  <button type="button" className="bare" onClick={() => enter({ account, sitting })}>
                    {words("account.correct")}
                  </button>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function spanWord(words: ReturnType<typeof useWords>, sitting: SittingShape): string {
  const from = stamp(sitting.effectiveFrom);
  if (!sitting.effectiveTo) return words("account.on", { from });
  return words("account.span", { from, to: stamp(sitting.effectiveTo) });
}
