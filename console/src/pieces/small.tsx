/** The small marks: a key's cap, a chip. */

import type { ReactNode } from "react";
import css from "./pieces.module.css";

export type Tone = "plain" | "line" | "accent" | "good" | "warn" | "bad";

export function Key({ children }: { children: ReactNode }) {
  return (
    <kbd className={css.key} aria-hidden="true">
      {children}
    </kbd>
  );
}

export function Chip({ tone = "plain", title, children }: { tone?: Tone; title?: string; children: ReactNode }) {
  return (
    <span className={css.chip} data-tone={tone} title={title}>
      {children}
    </span>
  );
}
