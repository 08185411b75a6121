/** Who answered a conversation, stretch by stretch: time, own team or vendor, person, shift. Nothing is guessed. */

import { useQuery } from "@tanstack/react-query";
import { calls } from "../../api/calls";
import type { StretchShape } from "../../api/types";
import { codeWord, useWords, type Words } from "../../i18n";
import { Chip, type Tone } from "../small";
import { clockTime, dayTime } from "../time";
import css from "./attribution.module.css";

const TONES: Record<string, Tone> = { own: "accent", vendor: "line", unengaged: "warn", unmapped: "warn" };

/** `moved` changes whenever the conversation may have changed hands; the strip is read anew then. */
export function Attribution({ id, moved }: { id: string; moved: string }) {
  const words = useWords();
  const strip = useQuery({
    queryKey: ["attribution", id, moved],
    queryFn: () => calls.attribution(id),
    placeholderData: (before, query) => (query?.queryKey[1] === id ? before : undefined),
  });
  return (
    <section className={css.strip} aria-label={words("served.label")} aria-busy={strip.isPending}>
      <h2>{words("served.label")}</h2>
      {strip.data ? (
        <Stretches words={words} stretches={strip.data} />
      ) : strip.error ? (
        <button type="button" className={`bare ${css.failed}`} onClick={() => void strip.refetch()}>
          {words("served.failed")}
        </button>
      ) : (
        <span className={css.faint}>{words("served.loading")}</span>
      )}
    </section>
  );
}

function Stretches({ words, stretches }: { words: Words; stretches: readonly StretchShape[] }) {
  if (stretches.length === 0) return <span className={css.faint}>{words("served.empty")}</span>;
  return (
    <ol tabIndex={0}>
      {stretches.map((one) => (
        <Stretch key={`${one.startsAt} ${one.agent?.id ?? one.account}`} words={words} one={one} />
      ))}
    </ol>
  );
}

function Stretch({ words, one }: { words: Words; one: StretchShape }) {
  const until = one.endsAt === null ? words("served.now") : clockTime(one.endsAt);
  const person = one.side !== "bot";
  return (
    <li>
      <time dateTime={one.startsAt}>{`${dayTime(words, one.startsAt)}–${until}`}</time>
      <Chip tone={TONES[one.side] ?? "plain"} title={codeWord(words, "servedwhy", one.side)}>
        {one.side === "vendor" ? one.organisation : codeWord(words, "served", one.side)}
      </Chip>
      {person ? <b>{one.agent?.name ?? one.account}</b> : null}
      {person ? <span className={one.shift ? undefined : css.faint}>{one.shift || words("served.noshift")}</span> : null}
      {one.platform ? <Chip tone="line">{words("served.platform")}</Chip> : null}
    </li>
  );
}
