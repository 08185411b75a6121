/** One message of a conversation, with everything that is known about it. */

import { memo, type ReactNode } from "react";
import type { MessageShape } from "../../api/types";
import { codeWord, useWords, type Words } from "../../i18n";
import { AlertIcon } from "../icons";
import { Chip, type Tone } from "../small";
import { clockTime } from "../time";
import { Body } from "./Body";
import css from "./chat.module.css";
import { Citations } from "./Citations";

interface BubbleProps {
  message: MessageShape;
  /** The message before it is of the same author, moments ago. */
  follows: boolean;
  /** What a person can do about it, such as confirm the pasting. */
  actions?: ReactNode;
}

export const Bubble = memo(function Bubble({ message, follows, actions }: BubbleProps) {
  const words = useWords();
  if (message.sender === "system") return <Notice message={message} />;
  const ours = message.sender !== "customer";
  const recalled = message.flags.includes("recalled");
  return (
    <div className={css.row} data-side={ours ? "ours" : "theirs"} data-follows={follows || undefined}>
      {follows || (!message.author && message.sender !== "bot") ? null : (
        <div className={css.author}>
          {message.sender === "bot" ? <Chip tone="line">{words("chat.bot")}</Chip> : null}
          {message.author}
        </div>
      )}
      <div
        className={css.bubble}
        data-sender={message.sender}
        data-delivery={message.delivery ?? undefined}
        data-recalled={recalled || undefined}
      >
        <Body message={message} />
      </div>
      <Citations citations={message.citations} />
      <div className={css.meta}>
        <time dateTime={message.at}>{clockTime(message.at)}</time>
        <Flags words={words} flags={message.flags} />
        {ours && message.delivery ? <Delivery words={words} message={message} /> : null}
      </div>
      {message.note || message.delivery === "unknown" ? (
        <p className={css.note} data-delivery={message.delivery ?? undefined}>
          {message.note || words("chat.unknown.do")}
        </p>
      ) : null}
      {actions ? <div className={css.actions}>{actions}</div> : null}
    </div>
  );
});

function Notice({ message }: { message: MessageShape }) {
  return (
    <div className={css.notice}>
      {message.text} <time dateTime={message.at}>{clockTime(message.at)}</time>
    </div>
  );
}

function Flags({ words, flags }: { words: Words; flags: readonly string[] }) {
  return flags.map((flag) => (
    <Chip key={flag} tone="line" title={codeWord(words, "flagwhy", flag)}>
      {codeWord(words, "flag", flag)}
    </Chip>
  ));
}

const DELIVERY_TONES: Record<string, Tone> = { held: "bad", failed: "bad", unknown: "warn" };

function Delivery({ words, message }: { words: Words; message: MessageShape }) {
  const delivery = message.delivery ?? "";
  const tone = DELIVERY_TONES[delivery];
  const word = codeWord(words, "delivery", delivery);
  if (!tone) return <span className={css.delivery}>{word}</span>;
  return (
    <Chip tone={tone}>
      <AlertIcon size={12} />
      {word}
    </Chip>
  );
}
