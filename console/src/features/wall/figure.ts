/** How a figure reads. "—" where nothing was measured: never a zero that nobody counted. */

import type { FigureShape } from "../../api/types";
import { codeWord, type Words } from "../../i18n";

export interface Reading {
  value: string;
  unit: string;
}

export function figureName(words: Words, key: string): string {
  return codeWord(words, "figure", key);
}

/** Why a figure is not known, in words; "" where it is, or where there was only nothing to measure. */
export function whyNot(words: Words, figure: FigureShape): string {
  return figure.why ? codeWord(words, "figurewhy", figure.why) : "";
}

/** Whether the server can ever know a figure by what it keeps now. */
export function isKept(figure: FigureShape): boolean {
  return !figure.why || figure.why === "unknown_part";
}

/** What is told of sessions days later says nothing of the present day: 报表 has it, the wall does not. */
const LATER = new Set(["satisfaction", "rated_share", "invited_share", "inquiry_conversion", "after_sale_mean"]);

export function isOfToday(figure: FigureShape): boolean {
  return !LATER.has(figure.key);
}

export function readFigure(words: Words, figure: FigureShape): Reading {
  return figure.value === null ? { value: words("ui.none"), unit: "" } : readValue(words, figure.unit, figure.value);
}

export function readValue(words: Words, unit: string, value: number): Reading {
  if (unit === "share") return { value: shareText(value), unit: "%" };
  if (unit === "seconds") return readSeconds(words, value);
  if (unit === "hours") return { value: value.toFixed(1), unit: words("wall.hours") };
  return { value: Math.round(value).toLocaleString("en-US"), unit: "" };
}

/** Rounded down towards what was reached: 99.96 % must not read as all of them. */
function shareText(value: number): string {
  const percent = Math.floor(value * 1000 + 1e-6) / 10;
  return percent === 100 ? "100" : percent.toFixed(1);
}

function readSeconds(words: Words, seconds: number): Reading {
  if (seconds < 60) return { value: String(Math.round(seconds * 10) / 10), unit: words("wall.seconds") };
  const whole = Math.round(seconds);
  return { value: `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`, unit: words("wall.minutes") };
}

/** Whether the target is met: shares at or above it, times and counts at or below it. Null without either. */
export function isMet(figure: FigureShape): boolean | null {
  if (figure.value === null || figure.target === null) return null;
  return figure.unit === "share" ? figure.value >= figure.target : figure.value <= figure.target;
}
