/** Frozen baselines of one shop: what was, beside what is in the days shown; and freezing these days for good. */

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Button, Input, Select } from "antd";
import { useState } from "react";
import { calls } from "../../api/calls";
import type { BaselineShape, Me, ReportShape, StretchWanted } from "../../api/types";
import { codeWord, useWords, type Words } from "../../i18n";
import { useDeed } from "../../pieces/deed";
import page from "../../pieces/page.module.css";
import { may } from "../../pieces/rights";
import { Chip } from "../../pieces/small";
import { Bones, TroubleNote } from "../../pieces/states";
import { stamp } from "../../pieces/time";
import { asTrouble } from "../../sync/runtime";
import { figureName, readValue } from "../wall/figure";
import css from "./reports.module.css";

interface BaselinesProps {
  me: Me;
  shop: string;
  days: StretchWanted;
  report: ReportShape;
}

export function Baselines({ me, shop, days, report }: BaselinesProps) {
  const words = useWords();
  const found = useQuery({ queryKey: ["baselines", shop], queryFn: () => calls.baselines(shop), staleTime: 60_000 });
  const [chosen, setChosen] = useState("");
  const listed = found.data ?? [];
  const baseline = listed.find((one) => one.id === chosen) ?? listed[0];
  return (
    <section className={css.beside}>
      <h2>{words("baseline.title")}</h2>
      {found.isPending ? <Bones lines={4} /> : null}
      {found.error ? <TroubleNote trouble={asTrouble(found.error)} retry={() => void found.refetch()} /> : null}
      {found.data && listed.length === 0 ? <p className={page.faint}>{words("baseline.none")}</p> : null}
      {listed.length > 1 ? (
        <Select
          className={css.pick ?? ""}
          size="small"
          aria-label={words("baseline.title")}
          value={baseline?.id ?? ""}
          options={listed.map((one) => ({ value: one.id, label: one.name }))}
          onChange={setChosen}
          popupMatchSelectWidth={false}
        />
      ) : null}
      {baseline ? <Held baseline={baseline} report={report} /> : null}
      {may(me, "baseline:write") ? <Freeze key={shop} shop={shop} name={me.shops.find((one) => one.id === shop)?.name ?? ""} days={days} /> : null}
    </section>
  );
}

function Held({ baseline, report }: { baseline: BaselineShape; report: ReportShape }) {
  const words = useWords();
  const ours = new Map(report.figures.map((one) => [one.key, one.value]));
  const theirs = new Map(report.compared.map((one) => [`${one.source}:${one.figure}`, one.theirs]));
  const about = {
    since: baseline.since,
    until: baseline.until,
    who: baseline.frozenBy,
    time: stamp(baseline.frozenAt),
    n: baseline.definition,
  };
  return (
    <>
      <p className={page.faint} title={words("baseline.digest", { digest: baseline.digest })}>
        <b>{baseline.name}</b> · {words("baseline.of", about)}
      </p>
      {baseline.sound ? null : <Chip tone="bad">{words("baseline.unsound")}</Chip>}
      <div className={css.box}>
        <table className={`${page.table ?? ""} ${css.figures ?? ""}`}>
          <thead>
            <tr>
              <th scope="col">{words("reports.figure")}</th>
              <th scope="col">{words("baseline.then")}</th>
              <th scope="col">{words("baseline.now")}</th>
              <th scope="col">{words("baseline.change")}</th>
              <th scope="col">{words("reports.source")}</th>
            </tr>
          </thead>
          <tbody>
            {baseline.figures
              .filter((one) => one.value !== null)
              .map((one) => {
                const now = (one.source === "" ? ours.get(one.figure) : theirs.get(`${one.source}:${one.figure}`)) ?? null;
                return (
                  <tr key={`${one.source}:${one.figure}`}>
                    <th scope="row">{named(words, one.source, one.figure)}</th>
                    <td>
                      {valued(words, one.unit, one.value)}
                      {one.part !== null && one.whole ? <small>{words("wall.of", { part: one.part, whole: one.whole })}</small> : null}
                    </td>
                    <td>{valued(words, one.unit, now)}</td>
                    <td>{changed(words, one.unit, one.value, now)}</td>
                    <td>
                      {one.source === "" ? words("reports.ours") : codeWord(words, "told", one.source)}
                      <small>{words("reports.asof", { time: stamp(one.asOf), n: one.days })}</small>
                    </td>
                  </tr>
                );
              })}
          </tbody>
        </table>
      </div>
    </>
  );
}

function Freeze({ shop, name: called, days }: { shop: string; name: string; days: StretchWanted }) {
  const words = useWords();
  const queries = useQueryClient();
  const [name, setName] = useState("");
  const freeze = useDeed(
    () => calls.freezeBaseline({ shop, name: name.trim(), ...days }),
    (listed) => {
      setName("");
      queries.setQueryData(["baselines", shop], listed);
    },
  );
  return (
    <div className={css.freeze}>
      <p className={page.faint}>{words("baseline.what", { shop: called, since: days.since, until: days.until })}</p>
      <Input
        size="small"
        className={css.name}
        maxLength={60}
        placeholder={words("baseline.name")}
        aria-label={words("baseline.name")}
        value={name}
        onChange={(event) => setName(event.target.value)}
        onPressEnter={() => (name.trim() ? void freeze.run() : undefined)}
      />
      <Button size="small" disabled={!name.trim()} loading={freeze.busy} onClick={() => void freeze.run()}>
        {words("baseline.freeze")}
      </Button>
      {freeze.trouble ? <TroubleNote trouble={freeze.trouble} /> : null}
      {freeze.dialog}
    </div>
  );
}

function named(words: Words, source: string, figure: string): string {
  if (source !== "") return codeWord(words, "imported", figure);
  return figure === "sessions" ? words("reports.sessions") : figureName(words, figure);
}

/** A change of shares is told in percentage points, of anything else in its own unit. */
function changed(words: Words, unit: string, before: number | null, now: number | null): string {
  if (before === null || now === null) return words("ui.none");
  const by = now - before;
  const sign = by > 0 ? "+" : by < 0 ? "−" : "±";
  if (unit === "share") return `${sign}${(Math.abs(by) * 100).toFixed(1)} ${words("baseline.points")}`;
  return `${sign}${valued(words, unit, Math.abs(by))}`;
}

function valued(words: Words, unit: string, value: number | null): string {
  if (value === null) return words("ui.none");
  if (unit === "fen") return `¥${(value / 100).toFixed(2)}`;
  if (unit === "score") return value.toFixed(2);
  const told = readValue(words, unit, value);
  return `${told.value} ${told.unit}`.trim();
}
