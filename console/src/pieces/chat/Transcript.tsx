/** A conversation's messages: by day, at the bottom unless one scrolled up, older ones as one scrolls. */

import { Button } from "antd";
import { Fragment, useLayoutEffect, useRef, useState, type ReactNode } from "react";
import type { Trouble } from "../../api/http";
import type { MessageShape } from "../../api/types";
import { useWords } from "../../i18n";
import { DownIcon } from "../icons";
import { TroubleNote } from "../states";
import { dayOf, dayWord } from "../time";
import { Bubble } from "./Bubble";
import css from "./chat.module.css";

interface TranscriptProps {
  messages: readonly MessageShape[];
  earlier: boolean;
  loadingEarlier: Trouble | "loading" | undefined;
  loadEarlier: () => void;
  /** Actions below a message; must be stable. */
  actionsOf?: (message: MessageShape) => ReactNode;
  /** What comes after the last message, such as replies on their way. */
  tail?: ReactNode;
  /** Changes when `tail` grows. */
  tailCount?: number;
}

const NEAR = 80;
const FOLLOWS_MS = 120_000;

export function Transcript(props: TranscriptProps) {
  const { messages, earlier, loadingEarlier, loadEarlier, actionsOf, tail, tailCount = 0 } = props;
  const words = useWords();
  const { box, missed, toBottom, noteScroll } = useStaying(messages, tailCount);

  const onScroll = () => {
    noteScroll();
    const element = box.current;
    if (element && element.scrollTop < NEAR && earlier && loadingEarlier === undefined) loadEarlier();
  };

  return (
    <div className={css.frame}>
      <div className={css.scroll} ref={box} onScroll={onScroll} tabIndex={-1}>
        <div className={css.messages} role="log" aria-label={words("chat.label")}>
          <Head earlier={earlier} state={loadingEarlier} load={loadEarlier} />
          {messages.map((message, n) => {
            const before = messages[n - 1];
            const newDay = !before || dayOf(before.at) !== dayOf(message.at);
            return (
              <Fragment key={message.id}>
                {newDay ? <div className={css.day}>{dayWord(words, message.at)}</div> : null}
                <Bubble
                  message={message}
                  follows={!newDay && isFollowing(before, message)}
                  actions={actionsOf?.(message)}
                />
              </Fragment>
            );
          })}
          {tail}
        </div>
      </div>
      {missed ? (
        <Button className={css.pill ?? ""} size="small" type="primary" icon={<DownIcon size={13} />} onClick={toBottom}>
          {words("chat.new")}
        </Button>
      ) : null}
    </div>
  );
}

function Head(props: { earlier: boolean; state: Trouble | "loading" | undefined; load: () => void }) {
  const words = useWords();
  const { earlier, state, load } = props;
  if (!earlier) return <div className={css.head}>{words("chat.start")}</div>;
  if (state !== undefined && state !== "loading") return <TroubleNote trouble={state} retry={load} />;
  return (
    <div className={css.head}>
      <Button size="small" type="text" loading={state === "loading"} onClick={load}>
        {words("chat.earlier")}
      </Button>
    </div>
  );
}

/** Stay at the bottom while there; keep the place while reading above; say when something came below. */
function useStaying(messages: readonly MessageShape[], tail: number) {
  const box = useRef<HTMLDivElement>(null);
  const [missed, setMissed] = useState(false);
  const state = useRef({ atBottom: true, first: "", last: "", tail: 0, height: 0 });
  const first = messages[0]?.id ?? "";
  const last = messages.at(-1)?.id ?? "";

  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    const was = state.current;
    const grewAbove = was.first !== "" && first !== was.first && last === was.last;
    const grewBelow = last !== was.last || tail > was.tail;
    if (was.atBottom || tail > was.tail) element.scrollTop = element.scrollHeight;
    else if (grewAbove) element.scrollTop += element.scrollHeight - was.height;
    else if (grewBelow) setMissed(true);
    state.current = { ...state.current, first, last, tail, height: element.scrollHeight };
  }, [messages, first, last, tail]);

  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return undefined;
    // The composer grows, a citation opens, the window shrinks: the bottom stays the bottom.
    const watcher = new ResizeObserver(() => {
      if (state.current.atBottom) element.scrollTop = element.scrollHeight;
    });
    watcher.observe(element);
    if (element.firstElementChild) watcher.observe(element.firstElementChild);
    return () => watcher.disconnect();
  }, []);

  const noteScroll = () => {
    const element = box.current;
    if (!element) return;
    const atBottom = element.scrollHeight - element.scrollTop - element.clientHeight < NEAR;
    state.current.atBottom = atBottom;
    if (atBottom) setMissed(false);
  };

  const toBottom = () => {
    const element = box.current;
    if (element) element.scrollTop = element.scrollHeight;
    setMissed(false);
  };

  return { box, missed, toBottom, noteScroll };
}

function isFollowing(before: MessageShape | undefined, message: MessageShape): boolean {
  return (
    before?.sender === message.sender &&
    before.author === message.author &&
    Date.parse(message.at) - Date.parse(before.at) < FOLLOWS_MS
  );
}
