/** A session's time line: every event with what lay between, and the session as it stood, by step or at a speed. */

import { useQuery } from "@tanstack/react-query";
import { Button, Segmented } from "antd";
import { useEffect, useMemo, useRef, useState, type KeyboardEvent } from "react";
import { calls } from "../../api/calls";
import type { HappeningShape, TimelineShape } from "../../api/types";
import { codeWord, hasWord, useWords, type Words } from "../../i18n";
import { Transcript } from "../../pieces/chat/Transcript";
import { nameOf } from "../../pieces/keyboard";
import { Chip, Key } from "../../pieces/small";
import { Bones, Nothing, TroubleNote } from "../../pieces/states";
import { clockTimeSeconds, dayOf, lengthWord } from "../../pieces/time";
import { asTrouble } from "../../sync/runtime";
import { useDeskKeys } from "../desk/useDeskKeys";
import { elapsed, pause, SPEEDS, standing, type Speed } from "./replay";
import css from "./replay.module.css";

/** Shorter than this nothing is said of what lay between. */
const GAP_MS = 5_000;

async function whole(id: string): Promise<TimelineShape> {
  const line = await calls.timeline(id, 0);
  for (let after = line.nextAfter; after !== null; ) {
    const more = await calls.timeline(id, after);
    const known = new Set(line.messages.map((one) => one.id));
    line.happenings.push(...more.happenings);
    line.messages.push(...more.messages.filter((one) => !known.has(one.id)));
    after = more.nextAfter;
  }
  return line;
}

export function Replay({ id }: { id: string }) {
  const words = useWords();
  const found = useQuery({ queryKey: ["timeline", id], queryFn: () => whole(id) });
  if (found.isPending) return <Bones lines={8} />;
  if (!found.data) return <TroubleNote trouble={asTrouble(found.error)} retry={() => void found.refetch()} />;
  if (found.data.happenings.length === 0) return <Nothing title={words("replay.none")} />;
  return <Player key={id} line={found.data} />;
}

function Player({ line }: { line: TimelineShape }) {
  const words = useWords();
  const last = line.happenings.length;
  const [count, setCount] = useState(last);
  const [playing, setPlaying] = useState(false);
  const [speed, setSpeed] = useState<Speed>(1);
  const stood = useMemo(() => standing(line, count), [line, count]);
  const runs = playing && count < last;
  useEffect(() => {
    if (!runs) return undefined;
    const timer = setTimeout(() => setCount((now) => now + 1), pause(line, count, speed));
    return () => clearTimeout(timer);
  }, [runs, line, count, speed]);
  const go = (to: number) => {
    setPlaying(false);
    setCount(Math.max(1, Math.min(last, to)));
  };
  const play = () => {
    // At the end there is nothing left to play: it begins anew.
    if (!runs && count >= last) setCount(1);
    setPlaying(!runs);
  };
  const keys: Record<string, () => void> = {
    space: play,
    arrowleft: () => go(count - 1),
    arrowright: () => go(count + 1),
    home: () => go(1),
    end: () => go(last),
    "1": () => setSpeed(1),
    "2": () => setSpeed(4),
    "3": () => setSpeed(16),
  };
  useDeskKeys(keys);
  // A drawer keeps the keys of the page behind it off; its own are heard here.
  const hear = (event: KeyboardEvent) => {
    const run = event.ctrlKey || event.metaKey || event.altKey ? undefined : keys[nameOf(event.key)];
    if (!run || (event.target instanceof HTMLInputElement && event.target.type === "radio")) return;
    event.preventDefault();
    run();
  };
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    box.current?.focus();
  }, []);
  return (
    <div className={css.replay} ref={box} tabIndex={-1} onKeyDown={hear} role="group" aria-label={words("replay.title")}>
      <div className={css.bar}>
        <Button size="small" type="primary" aria-pressed={runs} onClick={play}>
          {words(runs ? "replay.pause" : "replay.play")} <Key>{words("replay.space")}</Key>
        </Button>
        <Button size="small" aria-label={words("replay.back")} disabled={count <= 1} onClick={() => go(count - 1)}>
          ←
        </Button>
        <Button size="small" aria-label={words("replay.on")} disabled={count >= last} onClick={() => go(count + 1)}>
          →
        </Button>
        <Segmented<Speed>
          size="small"
          aria-label={words("replay.speed")}
          value={speed}
          options={SPEEDS.map((one) => ({ value: one, label: `${one}×` }))}
          onChange={setSpeed}
        />
        <input
          className={css.slider}
          type="range"
          min={1}
          max={last}
          value={count}
          aria-label={words("replay.place")}
          aria-valuetext={words("replay.of", { n: count, all: last })}
          onChange={(event) => go(Number(event.target.value))}
        />
        <span className={css.place} role="status">
          {words("replay.of", { n: count, all: last })}
        </span>
        {stood.state ? <Chip>{codeWord(words, "state", stood.state)}</Chip> : null}
        {stood.agent ? <b>{stood.agent}</b> : null}
      </div>
      <Happenings words={words} line={line} count={count} go={go} />
      <Transcript messages={stood.messages} earlier={false} loadingEarlier={undefined} loadEarlier={() => undefined} />
    </div>
  );
}

interface HappeningsProps {
  words: Words;
  line: TimelineShape;
  count: number;
  go: (to: number) => void;
}

function Happenings({ words, line, count, go }: HappeningsProps) {
  const current = useRef<HTMLLIElement>(null);
  useEffect(() => {
    current.current?.scrollIntoView({ block: "nearest" });
  }, [count]);
  return (
    <ol className={css.line} aria-label={words("replay.line")}>
      {line.happenings.map((one, place) => {
        const gap = elapsed(line, place);
        const newDay = place === 0 || dayOf(one.at) !== dayOf(line.happenings[place - 1]!.at);
        const here = place === count - 1;
        return (
          <li key={one.version} ref={here ? current : undefined} data-later={place >= count || undefined}>
            {gap >= GAP_MS ? <small className={css.gap}>{words("replay.gap", { time: lengthWord(words, gap / 1000) })}</small> : null}
            {newDay ? <small className={css.gap}>{dayOf(one.at)}</small> : null}
            <button type="button" className="bare" aria-current={here ? "step" : undefined} onClick={() => go(place + 1)}>
              <time dateTime={one.at}>{clockTimeSeconds(one.at)}</time>
              <span>
                {named(words, one)}
                <small>{about(words, line, one)}</small>
              </span>
            </button>
          </li>
        );
      })}
    </ol>
  );
}

/** What an event is called; a message by whose it is, since agents also write in the platform's own window. */
function named(words: Words, one: HappeningShape): string {
  if (one.kind !== "conversations.MessageReceived") return codeWord(words, "event", one.kind);
  return codeWord(words, "replaysaid", hasWord("replaysaid", one.sender) ? one.sender : "other");
}

/** What there is to say of an event beside its name: who, how, why, and the first words of its message. */
function about(words: Words, line: TimelineShape, one: HappeningShape): string {
  const message = line.messages.find((each) => each.id === one.message);
  const group = one.kind === "conversations.ConversationClosed" ? "close" : "auditvalue";
  const code = one.code !== "" && hasWord(group, one.code) ? codeWord(words, group, one.code) : "";
  const degree = one.degree === null ? "" : words("replay.degree", { n: one.degree });
  const said = message ? [...message.text].slice(0, 24).join("") : "";
  return [one.agent, code, degree, one.because, said].filter(Boolean).join(" · ");
}
