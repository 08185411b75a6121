/** One row of the list: who, where, what was said last, how long they have waited. */

import { memo, useEffect, useRef } from "react";
import type { ConversationShape } from "../../api/types";
import { useSnapshot } from "../../app/live";
import { codeWord, useWords, type Words } from "../../i18n";
import { AlertIcon, FlagIcon } from "../../pieces/icons";
import { useNow } from "../../pieces/now";
import { Chip } from "../../pieces/small";
import { listTime, stopwatch } from "../../pieces/time";
import type { Tab } from "../../sync/lines";
import css from "./list.module.css";

interface RowProps {
  line: ConversationShape;
  tab: Tab;
  me: string;
  chosen: boolean;
  choose: (id: string) => void;
}

export const ConversationRow = memo(function ConversationRow({ line, tab, me, chosen, choose }: RowProps) {
  const words = useWords();
  const row = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (chosen) row.current?.scrollIntoView({ block: "nearest" });
  }, [chosen]);
  return (
    <button
      ref={row}
      type="button"
      className={`bare ${css.row}`}
      aria-current={chosen ? "true" : undefined}
      data-unread={line.unread > 0 ? "" : undefined}
      onClick={() => choose(line.id)}
    >
      <span className={css.top}>
        <b className={css.customer}>{line.customer}</b>
        <Marks line={line} words={words} />
        <span className={css.grow} />
        {line.waitingSince ? (
          <Waiting since={line.waitingSince} />
        ) : (
          <time className={css.time}>{listTime(words, line.lastAt)}</time>
        )}
      </span>
      <span className={css.last}>
        <span className={css.text}>
          {speaker(words, line, me)}
          {line.lastText || words("list.no.text")}
        </span>
        {line.unread > 0 ? (
          <span className={css.unread} aria-label={words("list.unread", { n: line.unread })}>
            {line.unread > 99 ? "99+" : line.unread}
          </span>
        ) : null}
      </span>
      <span className={css.where}>
        <span className={css.platform}>{codeWord(words, "platform", line.shop.platform)}</span>
        <span className={css.shop}>{line.shop.name}</span>
        <Tier words={words} tier={line.shop.tier} />
        <Outside words={words} line={line} />
        {tab === "waiting" && line.skill ? <span className={css.skill}>{skillWord(words, line.skill)}</span> : null}
      </span>
    </button>
  );
});

/** How long a customer has been waiting, ticking; its colour changes at 30 s and at 120 s, JD's two marks. */
export function Waiting({ since }: { since: string }) {
  const words = useWords();
  const now = useNow();
  const offset = useSnapshot((snapshot) => snapshot.desk.clockOffset);
  const seconds = (now + offset - Date.parse(since)) / 1000;
  const level = seconds < 30 ? "good" : seconds < 120 ? "warn" : "bad";
  const text = stopwatch(seconds);
  return (
    <span className={css.waiting} data-level={level} title={words("list.waited", { time: text })}>
      {text}
    </span>
  );
}

export function Tier({ words, tier }: { words: Words; tier: string }) {
  return (
    <Chip tone={tier === "live" ? "accent" : "line"} title={codeWord(words, "tierwhy", tier)}>
      {codeWord(words, "tier", tier)}
    </Chip>
  );
}

/** Says that the shop was closed when the customer began. */
export function Outside({ words, line }: { words: Words; line: ConversationShape }) {
  if (!line.outsideHours) return null;
  return (
    <Chip tone="line" title={words("list.outside.why")}>
      {words("list.outside")}
    </Chip>
  );
}

export function Marks({ line, words }: { line: ConversationShape; words: Words }) {
  const risky = line.risk !== "none" && line.risk !== "";
  return (
    <>
      {line.origin === "live" ? null : <Chip tone="warn">{codeWord(words, "origin", line.origin)}</Chip>}
      {risky ? (
        <Chip tone={line.risk === "high" ? "bad" : "warn"} title={codeWord(words, "risk", line.risk)}>
          <AlertIcon size={12} />
          {codeWord(words, "risk", line.risk)}
        </Chip>
      ) : null}
      {line.findings > 0 ? (
        <span className={css.findings} title={words("list.findings", { n: line.findings })}>
          <FlagIcon size={12} />
          {line.findings}
        </span>
      ) : null}
    </>
  );
}

/** A skill's name: our word for a code we know, the word itself where the house named it in Chinese. */
export function skillWord(words: Words, skill: string): string {
  return /\p{Script=Han}/u.test(skill) ? skill : codeWord(words, "skill", skill);
}

function speaker(words: Words, line: ConversationShape, me: string): string {
  if (line.lastSender === "bot") return words("list.bot");
  return line.lastSender === "agent" && line.agent?.id === me ? words("list.you") : "";
}
