/** How an import stands: a bar while it is under way, a word once it has ended. */

import { Progress } from "antd";
import type { ImportShape } from "../../api/types";
import { codeWord, type Words } from "../../i18n";
import { Chip, type Tone } from "../../pieces/small";
import css from "./imports.module.css";

export const IMPORTS = ["imports"];

const TONES: Partial<Record<string, Tone>> = { done: "good", failed: "bad", offered: "warn" };

export function isUnderWay(file: ImportShape): boolean {
  return file.state === "reading" || file.state === "feeding";
}

/** What a file holds: chats, or whose report. */
export function whatOf(words: Words, file: ImportShape): string {
  return codeWord(words, "import", file.kind === "chats" ? "chats" : file.source);
}

export function Standing({ words, file }: { words: Words; file: ImportShape }) {
  if (file.state === "reading") return <span role="status">{words("imports.reading", { n: file.rowsRead })}</span>;
  if (file.state !== "feeding") {
    return <Chip tone={TONES[file.state] ?? "plain"}>{codeWord(words, "import", file.state)}</Chip>;
  }
  const share = file.records > 0 ? Math.floor((100 * file.fed) / file.records) : 0;
  return (
    <div className={css.progress}>
      <Progress percent={share} size="small" status="active" aria-label={words("imports.state")} />
      <small>{words("imports.feeding", { fed: file.fed, all: file.records })}</small>
    </div>
  );
}
