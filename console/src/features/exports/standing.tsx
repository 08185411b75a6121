/** How an export stands: a bar while it is under way, a word once it has ended. */

import { Progress } from "antd";
import type { ExportShape } from "../../api/types";
import { codeWord, type Words } from "../../i18n";
import { Chip, type Tone } from "../../pieces/small";
import { stamp } from "../../pieces/time";
import css from "./exports.module.css";

export const EXPORTS = ["exports"];

const TONES: Partial<Record<string, Tone>> = { done: "good", failed: "bad", withdrawn: "warn" };

export function isUnderWay(one: ExportShape): boolean {
  return one.state === "waiting" || one.state === "working";
}

export function Standing({ words, one }: { words: Words; one: ExportShape }) {
  if (one.state === "working") {
    const share = one.expected > 0 ? Math.min(99, Math.floor((100 * one.sessions) / one.expected)) : 0;
    return (
      <div className={css.progress}>
        <Progress percent={share} size="small" status="active" aria-label={words("exports.state")} />
        <small>{words("exports.working", { done: one.sessions, all: Math.max(one.expected, one.sessions) })}</small>
      </div>
    );
  }
  return (
    <>
      <Chip tone={TONES[one.state] ?? "plain"}>{codeWord(words, "export", one.state)}</Chip>
      <small>{why(words, one)}</small>
    </>
  );
}

function why(words: Words, one: ExportShape): string {
  if (one.trouble) return codeWord(words, "trouble", one.trouble);
  if (one.state === "withdrawn") return words("exports.withdrawn.why");
  if (one.state !== "done") return "";
  const until = one.expiresAt ? words("exports.until", { time: stamp(one.expiresAt) }) : "";
  return `${words("exports.rows", { n: one.rows })} · ${until}`;
}
