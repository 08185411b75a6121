/** Figures over days: ours by shop, the platform's own beside them, each down to its sessions, and out as a workbook. */

import { useQuery } from "@tanstack/react-query";
import { Button, Checkbox, Input, Select } from "antd";
import { useEffect, useState } from "react";
import { calls } from "../../api/calls";
import type { Me, ReportShape, StretchWanted } from "../../api/types";
import { codeWord, useWords } from "../../i18n";
import { useDeed } from "../../pieces/deed";
import page from "../../pieces/page.module.css";
import { may } from "../../pieces/rights";
import { saveFile } from "../../pieces/save";
import { Bones, Nothing, TroubleNote } from "../../pieces/states";
import { dayOf, stamp } from "../../pieces/time";
import { asTrouble } from "../../sync/runtime";
import { FigureDrawer, type Question } from "../wall/FigureDrawer";
import { Apart } from "./Apart";
import { Baselines } from "./Baselines";
import { Beside } from "./Beside";
import { FigureTable } from "./FigureTable";
import css from "./reports.module.css";

const DAY_MS = 86_400_000;
const SOON_MS = 5_000;

function lately(days: number, history: boolean): StretchWanted {
  const now = Date.now();
  return { since: dayOf(now - days * DAY_MS), until: dayOf(now - DAY_MS), history };
}

const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** The days an address names; null where it names none. */
function addressed(): StretchWanted | null {
  const told = new URLSearchParams(location.search);
  const [since, until] = [told.get("since") ?? "", told.get("until") ?? ""];
  return DAY.test(since) && DAY.test(until) ? { since, until, history: told.get("history") === "1" } : null;
}

export default function ReportsPage({ me }: { me: Me }) {
  const words = useWords();
  const [days, setDays] = useState<StretchWanted>(() => addressed() ?? lately(7, false));
  const [shop, setShop] = useState(() => {
    const told = new URLSearchParams(location.search).get("shop");
    return me.shops.find((one) => one.id === told)?.id ?? "";
  });
  const [question, setQuestion] = useState<Question | null>(null);
  const ready = days.since !== "" && days.until !== "";
  const found = useQuery({
    queryKey: ["report", days, shop],
    queryFn: () => calls.report(days, shop),
    enabled: ready,
    staleTime: 60_000,
    refetchInterval: (query) => ((query.state.data?.recounting ?? 0) > 0 ? SOON_MS : false),
    placeholderData: (before) => before,
  });
  useEffect(() => {
    document.title = `${words("nav.reports")} · ${words("brand")}`;
  }, [words]);
  // What is looked at stands in the address, to be kept and handed on.
  useEffect(() => {
    const told = new URLSearchParams({ since: days.since, until: days.until, ...(days.history ? { history: "1" } : {}), ...(shop ? { shop } : {}) });
    history.replaceState(null, "", `${location.pathname}?${told.toString()}`);
  }, [days, shop]);
  const report = found.data;
  const ask = (figure: string, of: string, at: string) => setQuestion({ figure, shop: at, agent: "", of, days });
  return (
    <div className={page.page}>
      <header className={page.head}>
        <h1>{words("nav.reports")}</h1>
        <Select
          size="small"
          aria-label={words("imports.shop")}
          value={shop}
          options={[
            { value: "", label: words("reports.shop.all") },
            ...me.shops.map((one) => ({ value: one.id, label: one.name })),
          ]}
          onChange={setShop}
          popupMatchSelectWidth={false}
        />
        <Span days={days} change={setDays} />
        <span className={page.grow} />
        {report ? <span className={page.faint}>{words("ui.asof", { time: stamp(report.asOf) })}</span> : null}
        {may(me, "wall:export") ? <Export days={days} shop={shop} /> : null}
      </header>
      {found.error ? <TroubleNote trouble={asTrouble(found.error)} retry={() => void found.refetch()} /> : null}
      <div className={page.body}>
        {found.isPending && ready ? <Bones lines={10} /> : null}
        {report && !found.error ? <Report report={report} shop={shop} own={isOwn(me, shop)} ask={ask} /> : null}
        {report && !found.error && shop !== "" && may(me, "baseline:read") ? <Baselines me={me} shop={shop} days={days} report={report} /> : null}
      </div>
      {question ? <FigureDrawer question={question} close={() => setQuestion(null)} /> : null}
    </div>
  );
}

interface ReportProps {
  report: ReportShape;
  shop: string;
  /** A page of one's own, on no platform. */
  own: boolean;
  ask: (figure: string, of: string, at: string) => void;
}

function isOwn(me: Me, shop: string): boolean {
  return me.shops.find((one) => one.id === shop)?.platform === "widget";
}

function Report({ report, shop, own, ask }: ReportProps) {
  const words = useWords();
  const sessions = report.figures.find((one) => one.key === "sessions")?.value ?? 0;
  return (
    <div className={css.both}>
      {report.recounting > 0 ? (
        <p className={css.recounting} role="status">
          {words("reports.recounting", { n: report.recounting })}
        </p>
      ) : null}
      {sessions === 0 ? (
        <div className={css.empty}>
          <Nothing title={words("reports.nothing")} detail={words("reports.nothing.detail")} />
        </div>
      ) : null}
      {sessions > 0 ? <FigureTable report={report} ask={ask} /> : null}
      <section className={css.beside}>
        <h2>{words("reports.beside")}</h2>
        {shop === "" ? <p className={page.faint}>{words("reports.beside.one")}</p> : null}
        {shop !== "" && report.compared.length === 0 ? <p className={page.faint}>{words(own ? "reports.beside.own" : "reports.beside.none")}</p> : null}
        {shop !== "" && report.readings.length > 0 ? <Readings readings={report.readings} /> : null}
        {report.compared.length > 0 ? <Beside compared={report.compared} /> : null}
        {report.apart.length > 0 ? <Apart apart={report.apart} /> : null}
      </section>
    </div>
  );
}

/** How far the platform's own records were read: the as-of time of satisfaction and after-sales. */
function Readings({ readings }: { readings: ReportShape["readings"] }) {
  const words = useWords();
  return (
    <p className={page.faint}>
      {readings
        .map((one) =>
          one.trouble
            ? `${codeWord(words, "reading", one.kind)} ${codeWord(words, "trouble", one.trouble)}`
            : `${codeWord(words, "reading", one.kind)} ${one.until ? words("ui.asof", { time: stamp(one.until) }) : words("ui.none")}`,
        )
        .join(" · ")}
    </p>
  );
}

/** Which days: three usual stretches, or any two days. */
function Span({ days, change }: { days: StretchWanted; change: (days: StretchWanted) => void }) {
  const words = useWords();
  const usual = [
    { length: 1, word: "reports.yesterday" },
    { length: 7, word: "reports.week" },
    { length: 30, word: "reports.month" },
  ] as const;
  return (
    <>
      {usual.map(({ length, word }) => {
        const one = lately(length, days.history);
        const chosen = one.since === days.since && one.until === days.until;
        return (
          <Button key={word} size="small" type={chosen ? "primary" : "default"} aria-pressed={chosen} onClick={() => change(one)}>
            {words(word)}
          </Button>
        );
      })}
      {(["since", "until"] as const).map((name) => (
        <Input
          key={name}
          className={css.day}
          size="small"
          type="date"
          aria-label={words(name === "since" ? "reports.since" : "reports.until")}
          value={days[name]}
          onChange={(event) => change({ ...days, [name]: event.target.value })}
        />
      ))}
      <Checkbox checked={days.history} onChange={(event) => change({ ...days, history: event.target.checked })}>
        {words("reports.history")}
      </Checkbox>
    </>
  );
}

function Export({ days, shop }: { days: StretchWanted; shop: string }) {
  const words = useWords();
  const take = useDeed(
    () => calls.exportReport(days, shop),
    saveFile,
  );
  return (
    <>
      <Button size="small" loading={take.busy} onClick={() => void take.run()}>
        {words("reports.export")}
      </Button>
      {take.trouble ? <TroubleNote trouble={take.trouble} /> : null}
      {take.dialog}
    </>
  );
}
