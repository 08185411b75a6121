/** What stands where content will stand, does not stand, or could not come. */

import { Button } from "antd";
import type { ReactNode } from "react";
import type { Trouble } from "../api/http";
import { codeWord, hasWord, useWords, type Words } from "../i18n";
import css from "./pieces.module.css";

/** Grey lines in the rhythm of what is coming. */
export function Bones({ lines = 3 }: { lines?: number }) {
  const words = useWords();
  return (
    <div className={css.bones} role="status" aria-label={words("ui.loading")}>
      {Array.from({ length: lines }, (_, n) => (
        <i key={n} style={{ width: `${[92, 68, 80, 54][n % 4] ?? 70}%` }} />
      ))}
    </div>
  );
}

export function Nothing({ title, detail, children }: { title: string; detail?: string; children?: ReactNode }) {
  return (
    <div className={css.state}>
      <strong>{title}</strong>
      {detail ? <p>{detail}</p> : null}
      {children}
    </div>
  );
}

/** What went wrong, the remedy, and a way to try again. */
export function TroubleNote({ trouble, retry }: { trouble: Trouble; retry?: () => void }) {
  const words = useWords();
  const { title, detail } = troubleWords(words, trouble);
  return (
    <div className={css.trouble} role="alert">
      <strong>{title}</strong>
      {detail ? <p>{detail}</p> : null}
      {retry ? (
        <Button size="small" onClick={retry}>
          {words("ui.retry")}
        </Button>
      ) : null}
    </div>
  );
}

/** The server's own words where it gave some, ours otherwise. */
export function troubleWords(words: Words, trouble: Trouble): { title: string; detail: string } {
  if (trouble.kind === "network") return { title: words("ui.network"), detail: words("ui.network.detail") };
  if (trouble.kind === "broken") return { title: words("ui.broken"), detail: words("ui.broken.detail") };
  if (trouble.code !== "" && hasWord("trouble", trouble.code)) {
    const wait = trouble.retryAfter === null ? "" : waitWords(words, trouble.retryAfter);
    return { title: codeWord(words, "trouble", trouble.code), detail: wait };
  }
  if (trouble.code !== "" && hasWord("ended", trouble.code)) {
    return { title: codeWord(words, "ended", trouble.code), detail: "" };
  }
  // A refusal without a word of ours: say in the reader's language what sort it is, and beneath it what the server said.
  const sort = `s${trouble.status}`;
  if (hasWord("refusal", sort)) return { title: codeWord(words, "refusal", sort), detail: trouble.detail };
  return { title: words("ui.failed"), detail: trouble.detail };
}

/** How long to wait, rounded up: whoever comes back too early is refused once more. */
export function waitWords(words: Words, seconds: number): string {
  return seconds < 60
    ? words("wait.seconds", { n: Math.ceil(seconds) })
    : words("wait.minutes", { n: Math.ceil(seconds / 60) });
}
