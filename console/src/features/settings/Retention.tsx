/** How long what customers wrote is kept: a period for each kind, what comes next, and what that wipes. */

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { App, Button, InputNumber } from "antd";
import { useState } from "react";
import { calls } from "../../api/calls";
import type { Me, PeriodShape } from "../../api/types";
import { codeWord, useWords, type Words } from "../../i18n";
import { useDeed } from "../../pieces/deed";
import page from "../../pieces/page.module.css";
import { may } from "../../pieces/rights";
import { Bones, TroubleNote } from "../../pieces/states";
import { stamp } from "../../pieces/time";
import { asTrouble } from "../../sync/runtime";
import css from "./settings.module.css";

const KEY = ["retention"];

export function Retention({ me }: { me: Me }) {
  const words = useWords();
  const found = useQuery({ queryKey: KEY, queryFn: calls.retention, staleTime: 0 });
  return (
    <section className={page.section} aria-labelledby="retention">
      <h3 id="retention">{words("retention.title")}</h3>
      <p className={page.faint}>{words("retention.what")}</p>
      {found.isPending ? <Bones lines={3} /> : null}
      {found.error ? <TroubleNote trouble={asTrouble(found.error)} retry={() => void found.refetch()} /> : null}
      {found.data?.some((one) => one.paused) ? (
        <p className={css.comes} role="status">
          {words("retention.paused")}
        </p>
      ) : null}
      {(found.data ?? []).map((one) => (
        <Kind key={one.kind} period={one} writes={may(me, "retention:write")} />
      ))}
    </section>
  );
}

function Kind({ period, writes }: { period: PeriodShape; writes: boolean }) {
  const words = useWords();
  const [changing, setChanging] = useState(false);
  const count = (n: number) => (n >= period.most ? `${String(n)}+` : String(n));
  return (
    <div className={css.kind} role="group" aria-label={codeWord(words, "retention", period.kind)}>
      <h4>{codeWord(words, "retention", period.kind)}</h4>
      <strong className={css.now}>{long(words, period.days)}</strong>
      <p className={page.faint}>{words(period.kind === "words" ? "retention.words.what" : "retention.originals.what")}</p>
      {writes && !changing ? (
        <Button size="small" onClick={() => setChanging(true)}>
          {words("retention.change")}
        </Button>
      ) : null}
      {period.due > 0 ? <p className={css.whole}>{words("retention.due", { n: count(period.due) })}</p> : null}
      {period.nextFrom ? (
        <p className={`${css.whole} ${css.comes}`}>
          {words("retention.next", {
            time: stamp(period.nextFrom),
            days: long(words, period.nextDays),
            n: count(period.nextDue),
          })}
        </p>
      ) : null}
      {changing ? <Change period={period} close={() => setChanging(false)} /> : null}
    </div>
  );
}

function Change({ period, close }: { period: PeriodShape; close: () => void }) {
  const words = useWords();
  const client = useQueryClient();
  const { message: toast } = App.useApp();
  const [days, setDays] = useState<number | null>(period.nextDays ?? period.days ?? period.advised);
  const done = (now: PeriodShape[]) => {
    client.setQueryData(KEY, now);
    void toast.success(words("retention.saved"));
    close();
  };
  const save = useDeed(() => calls.keepFor(period.kind, days), done);
  const always = useDeed(() => calls.keepFor(period.kind, null), done);
  const back = useDeed(() => calls.keepFor(period.kind, period.days), done);
  const trouble = save.trouble ?? always.trouble ?? back.trouble;
  return (
    <form
      className={css.whole}
      onSubmit={(event) => {
        event.preventDefault();
        if (days !== null) void save.run();
      }}
      onKeyDown={(event) => {
        if (event.key === "Escape") close();
      }}
    >
      <div className={css.change}>
        <InputNumber
          autoFocus
          size="small"
          aria-label={words("retention.input")}
          min={period.least}
          max={3650}
          precision={0}
          value={days}
          onChange={setDays}
        />
        <Button size="small" type="primary" htmlType="submit" loading={save.busy} disabled={days === null}>
          {words("retention.save")}
        </Button>
        <Button size="small" loading={always.busy} onClick={() => void always.run()}>
          {words("retention.always")}
        </Button>
        {period.nextFrom && period.days !== null ? (
          <Button size="small" loading={back.busy} onClick={() => void back.run()}>
            {words("retention.undo", { days: long(words, period.days) })}
          </Button>
        ) : null}
        <Button size="small" type="text" onClick={close}>
          {words("ui.cancel")}
        </Button>
        <span className={page.faint}>
          {words("retention.advised", { n: period.advised })} · {words("retention.least", { n: period.least })}
        </span>
      </div>
      <p className={page.faint}>{words("retention.shorter")}</p>
      {trouble ? <TroubleNote trouble={trouble} /> : null}
      {save.dialog}
      {always.dialog}
      {back.dialog}
    </form>
  );
}

function long(words: Words, days: number | null): string {
  return days === null ? words("retention.always") : words("retention.days", { n: days });
}
