/**
 * Every colour, size and face of the console. antd's theme and the CSS variables are both made from here;
 * no other file names a colour. The rules are in DESIGN.md.
 */

import { theme as antd, type ThemeConfig } from "antd";

export type Mode = "light" | "dark";

interface Palette {
  /** Behind everything, and behind the chat. */
  canvas: string;
  /** Where work happens: columns, drawers, bubbles of the customer. */
  surface: string;
  /** A row under the pointer. */
  hover: string;
  /** The row that is open. */
  chosen: string;
  line: string;
  lineStrong: string;
  text: string;
  textSoft: string;
  textFaint: string;
  accent: string;
  /** The accent where it is a word or a thin line. */
  accentText: string;
  accentSoft: string;
  /** A thin frame in the accent, quieter than its words. */
  accentLine: string;
  onAccent: string;
  good: string;
  goodSoft: string;
  warn: string;
  warnSoft: string;
  bad: string;
  badSoft: string;
  /** The three nested bars of the day's course: all that began, answered within 120 s, within 30 s. */
  courseAll: string;
  courseLater: string;
  courseSoon: string;
  mine: string;
  bot: string;
  shade: string;
}

export const PALETTES: Record<Mode, Palette> = {
  light: {
    canvas: "#f4f6f7",
    surface: "#ffffff",
    hover: "#eff3f4",
    chosen: "#e3eef0",
    line: "#e2e6e9",
    lineStrong: "#c3cbd0",
    text: "#182026",
    textSoft: "#4a565f",
    textFaint: "#5c6871",
    accent: "#1f5f6b",
    accentText: "#1a5a66",
    accentSoft: "#e3eef0",
    accentLine: "#9fc3ca",
    onAccent: "#ffffff",
    good: "#1b7046",
    goodSoft: "#e4f3ea",
    warn: "#8a5a00",
    warnSoft: "#fbf0d9",
    bad: "#b3261e",
    badSoft: "#fbe9e7",
    courseAll: "#ccd3d7",
    courseLater: "#86b4bd",
    courseSoon: "#1f5f6b",
    mine: "#dcebee",
    bot: "#eceff2",
    shade: "rgb(24 32 38 / 12%)",
  },
  dark: {
    canvas: "#12171a",
    surface: "#191f23",
    hover: "#20282d",
    chosen: "#23343a",
    line: "#2a3339",
    lineStrong: "#46535b",
    text: "#e4e9ec",
    textSoft: "#b1bcc3",
    textFaint: "#8f9ca5",
    accent: "#2b7a89",
    accentText: "#79c2cf",
    accentSoft: "#1e333a",
    accentLine: "#3c6973",
    onAccent: "#ffffff",
    good: "#62c08f",
    goodSoft: "#1a3327",
    warn: "#e0b054",
    warnSoft: "#392e17",
    bad: "#f28b82",
    badSoft: "#402320",
    courseAll: "#46535b",
    courseLater: "#2b7a89",
    courseSoon: "#79c2cf",
    mine: "#1f3b43",
    bot: "#242c32",
    shade: "rgb(0 0 0 / 45%)",
  },
};

export const FONT =
  '"PingFang SC", "HarmonyOS Sans SC", "Microsoft YaHei UI", "Microsoft YaHei", "Noto Sans CJK SC", "Noto Sans SC", system-ui, sans-serif';

const SIZES = { small: 12, base: 13, read: 14, title: 15, head: 18 };
const RADIUS = { small: 3, base: 5, bubble: 8 };

/** Every token as a CSS variable, such as `--text-soft`. */
export function cssVariables(mode: Mode): Record<string, string> {
  const variables: Record<string, string> = { "--font": FONT };
  for (const [name, value] of Object.entries<string>({ ...PALETTES[mode] })) variables[`--${dashed(name)}`] = value;
  for (const [name, value] of Object.entries<number>(SIZES)) variables[`--size-${name}`] = `${value}px`;
  for (const [name, value] of Object.entries(RADIUS)) variables[`--radius-${name}`] = `${value}px`;
  return variables;
}

/** `still`: nothing moves, for whoever asked their system for that. */
export function antdTheme(mode: Mode, still: boolean): ThemeConfig {
  const palette = PALETTES[mode];
  return {
    algorithm: mode === "dark" ? antd.darkAlgorithm : antd.defaultAlgorithm,
    token: {
      colorPrimary: palette.accent,
      colorInfo: palette.accent,
      colorLink: palette.accentText,
      colorSuccess: palette.good,
      colorWarning: palette.warn,
      colorError: palette.bad,
      colorText: palette.text,
      colorTextSecondary: palette.textSoft,
      colorTextTertiary: palette.textFaint,
      colorTextPlaceholder: palette.textFaint,
      colorTextDescription: palette.textFaint,
      colorBgBase: palette.surface,
      colorBgContainer: palette.surface,
      colorBgElevated: palette.surface,
      colorBgLayout: palette.canvas,
      colorBorder: palette.lineStrong,
      colorBorderSecondary: palette.line,
      fontFamily: FONT,
      fontSize: SIZES.base,
      borderRadius: RADIUS.base,
      controlItemBgHover: palette.hover,
      controlItemBgActive: palette.chosen,
      controlItemBgActiveHover: palette.chosen,
      controlHeight: 30,
      wireframe: false,
      motionDurationMid: "0.12s",
      motionDurationSlow: "0.16s",
      motion: !still,
    },
    components: {
      Button: { primaryShadow: "none", defaultShadow: "none", dangerShadow: "none" },
      Table: { headerBg: palette.surface, headerSplitColor: palette.surface, cellPaddingBlockSM: 6 },
    },
  };
}

function dashed(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
