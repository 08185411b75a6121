/** Events that a step could not take: what, since when, how often tried; and another try with what came of it. */

import { useMutation, useQueryClient, type UseQueryResult } from "@tanstack/react-query";
import { App, Button } from "antd";
import { calls } from "../../api/calls";
import type { StuckEvent } from "../../api/types";
import { deskPath } from "../../app/route";
import { codeWord, useWords } from "../../i18n";
import { Chip } from "../../pieces/small";
import { Bones, Nothing, TroubleNote } from "../../pieces/states";
import { clockTimeSeconds, dayTime } from "../../pieces/time";
import { asTrouble } from "../../sync/runtime";
import css from "./care.module.css";

export function StuckEvents({ found, go }: { found: UseQueryResult<StuckEvent[]>; go: (path: string) => void }) {
  const words = useWords();
  if (found.isPending) return <Bones lines={6} />;
  const events = found.data ?? [];
  return (
    <>
      {found.error ? <TroubleNote trouble={asTrouble(found.error)} retry={() => void found.refetch()} /> : null}
      {events.length > 0 ? <p className={css.why}>{words("stuck.why")}</p> : null}
      {events.length === 0 && found.data ? <Nothing title={words("stuck.none")} detail={words("stuck.none.detail")} /> : null}
      {events.map((event) => (
        <Row key={`${event.listener} ${event.subject}`} event={event} go={go} />
      ))}
    </>
  );
}

function Row({ event, go }: { event: StuckEvent; go: (path: string) => void }) {
  const words = useWords();
  const retry = useRetry(event);
  const result = retry.data;
  const { conversation } = event;
  return (
    <article className={css.row}>
      <div className={css.what}>
        <h2>
          <span>
            {words("stuck.where", {
              listener: codeWord(words, "listener", event.listener),
              event: codeWord(words, "event", event.event),
            })}
          </span>
          {event.state === "parked" ? (
            <Chip tone="warn">{words("stuck.parked")}</Chip>
          ) : (
            <Chip>{words("stuck.retrying")}</Chip>
          )}
        </h2>
        <p>{codeWord(words, "listenerwhy", event.listener)}</p>
        <small>
          {[
            event.about,
            event.shop?.name ?? "",
            dayTime(words, event.at),
            words("stuck.tries", { n: event.tries }),
            event.nextTry ? words("stuck.next", { time: clockTimeSeconds(event.nextTry) }) : "",
            words("stuck.error", { kind: errorWord(words, event.error) }),
            event.behind > 0 ? words("stuck.behind", { n: event.behind }) : "",
          ]
            .filter(Boolean)
            .join(" · ")}
        </small>
        {result?.left ? (
          <p className={css.result} role="status">
            {result.healed > 0
              ? words("stuck.part", { n: result.healed, left: result.left.behind + 1 })
              : words("stuck.again", { left: result.left.behind + 1 })}
          </p>
        ) : null}
        {retry.error && asTrouble(retry.error).status !== 404 ? <TroubleNote trouble={asTrouble(retry.error)} /> : null}
      </div>
      <div className={css.acts}>
        {conversation ? (
          <Button size="small" onClick={() => go(deskPath(conversation))}>
            {words("stuck.open")}
          </Button>
        ) : null}
        <Button size="small" type={event.state === "parked" ? "primary" : "default"} loading={retry.isPending} onClick={() => retry.mutate()}>
          {words("stuck.retry")}
        </Button>
      </div>
    </article>
  );
}

/** Our word for the kind of a failure, and its own name beside it: people read it aloud to whoever helps them. */
function errorWord(words: ReturnType<typeof useWords>, kind: string): string {
  const word = codeWord(words, "error", kind);
  return kind ? `${word} ${kind}` : word;
}

function useRetry(event: StuckEvent) {
  const words = useWords();
  const queries = useQueryClient();
  const { message: toast } = App.useApp();
  return useMutation({
    mutationFn: () => calls.retry(event.listener, event.subject),
    onSuccess: ({ healed, left }) => {
      if (!left) void toast.success(words("stuck.healed", { n: healed }));
      void queries.invalidateQueries({ queryKey: ["stuck"] });
    },
    onError: (error) => {
      if (asTrouble(error).status !== 404) return;
      void toast.info(words("stuck.gone"));
      void queries.invalidateQueries({ queryKey: ["stuck"] });
    },
  });
}
