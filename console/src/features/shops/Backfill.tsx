/** The past of one shop: ask for it, see how far it is and what it waits for, stop it. */

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Button, Progress } from "antd";
import { calls } from "../../api/calls";
import type { BackfillShape } from "../../api/types";
import { codeWord, useWords } from "../../i18n";
import { useDeed } from "../../pieces/deed";
import page from "../../pieces/page.module.css";
import { Chip } from "../../pieces/small";
import { Bones, TroubleNote } from "../../pieces/states";
import { stamp } from "../../pieces/time";
import { asTrouble } from "../../sync/runtime";
import css from "./shops.module.css";

const SOON_MS = 2_000;
const DAYS = [7, 30, 89] as const;

export function Backfill({ shop }: { shop: string }) {
  const words = useWords();
  const key = ["backfills", shop];
  const client = useQueryClient();
  const found = useQuery({
    queryKey: key,
    queryFn: () => calls.backfills(shop),
    staleTime: 0,
    refetchInterval: (query) => (query.state.data?.[0]?.state === "running" ? SOON_MS : false),
  });
  const told = (now: BackfillShape[]) => client.setQueryData(key, now);
  if (found.isPending) return <Bones lines={2} />;
  if (found.error) return <TroubleNote trouble={asTrouble(found.error)} retry={() => void found.refetch()} />;
  const [latest] = found.data;
  return (
    <>
      <p className={page.faint}>{words("backfill.why")}</p>
      {latest ? <Latest shop={shop} backfill={latest} told={told} /> : null}
      {latest?.state === "running" ? null : (
        <div className={page.acts}>
          {DAYS.map((days) => (
            <Ask key={days} shop={shop} days={days} told={told} />
          ))}
        </div>
      )}
    </>
  );
}

interface AskProps {
  shop: string;
  days: number;
  told: (now: BackfillShape[]) => void;
}

function Ask({ shop, days, told }: AskProps) {
  const words = useWords();
  const ask = useDeed(() => calls.askBackfill(shop, days), told);
  return (
    <>
      <Button size="small" loading={ask.busy} onClick={() => void ask.run()}>
        {words("backfill.ask", { n: days })}
      </Button>
      {ask.trouble ? <TroubleNote trouble={ask.trouble} /> : null}
      {ask.dialog}
    </>
  );
}

interface LatestProps {
  shop: string;
  backfill: BackfillShape;
  told: (now: BackfillShape[]) => void;
}

function Latest({ shop, backfill, told }: LatestProps) {
  const words = useWords();
  const stop = useDeed(() => calls.steerBackfill(shop, backfill.id, "stop"), told);
  const goOn = useDeed(() => calls.steerBackfill(shop, backfill.id, "go-on"), told);
  const counts = words("backfill.counts", { fresh: backfill.fresh, repeats: backfill.messages - backfill.fresh });
  if (backfill.state !== "running") {
    return (
      <p>
        {words("backfill.last")} <Chip tone={backfill.state === "done" ? "good" : "plain"}>{codeWord(words, "backfilled", backfill.state)}</Chip>{" "}
        {counts} <small className={page.faint}>{stamp(backfill.endedAt ?? backfill.createdAt)}</small>
        {backfill.trouble ? <small className={css.wrong}> {codeWord(words, "trouble", backfill.trouble)}</small> : null}
      </p>
    );
  }
  return (
    <div role="status">
      <Progress
        percent={Math.floor((100 * backfill.done) / backfill.parts)}
        size="small"
        status={backfill.trouble ? "exception" : "active"}
        aria-label={words("backfill.title")}
      />
      <p>
        {words("backfill.progress", { done: backfill.done, parts: backfill.parts })} · {counts}
      </p>
      {backfill.trouble ? (
        <p className={css.wrong}>
          {codeWord(words, "trouble", backfill.trouble)}{" "}
          {backfill.notBefore ? <small>{words("backfill.waits", { time: stamp(backfill.notBefore) })}</small> : null}
        </p>
      ) : null}
      <div className={page.acts}>
        {backfill.trouble ? (
          <Button size="small" loading={goOn.busy} onClick={() => void goOn.run()}>
            {words("backfill.now")}
          </Button>
        ) : null}
        <Button size="small" loading={stop.busy} onClick={() => void stop.run()}>
          {words("backfill.stop")}
        </Button>
      </div>
      {[stop, goOn].map((one, place) => (
        <div key={place}>
          {one.trouble ? <TroubleNote trouble={one.trouble} /> : null}
          {one.dialog}
        </div>
      ))}
    </div>
  );
}
