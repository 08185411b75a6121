/** Words can be read on what they stand on, in both themes: WCAG AA, 4.5 : 1. */

import { expect, it } from "vitest";
import { PALETTES, type Mode } from "./tokens";

type Name = keyof (typeof PALETTES)["light"];

const PAIRS: [Name, Name[]][] = [
  ["text", ["canvas", "surface", "hover", "chosen", "mine", "bot", "warnSoft", "badSoft"]],
  ["textSoft", ["canvas", "surface", "hover", "chosen", "bot", "warnSoft", "badSoft"]],
  ["textFaint", ["canvas", "surface", "hover", "chosen"]],
  ["accentText", ["canvas", "surface", "hover", "chosen", "accentSoft"]],
  ["onAccent", ["accent"]],
  ["good", ["surface", "hover", "chosen", "goodSoft"]],
  ["warn", ["canvas", "surface", "hover", "chosen", "warnSoft"]],
  ["bad", ["canvas", "surface", "hover", "chosen", "badSoft"]],
];

const cases = (["light", "dark"] as Mode[]).flatMap((mode) =>
  PAIRS.flatMap(([word, grounds]) => grounds.map((ground) => [mode, word, ground] as const)),
);

it.each(cases)("%s: %s on %s", (mode, word, ground) => {
  const [a, b] = [luminance(PALETTES[mode][word]), luminance(PALETTES[mode][ground])];
  expect((Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)).toBeGreaterThanOrEqual(4.5);
});

function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const part = parseInt(hex.slice(at, at + 2), 16) / 255;
    return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
