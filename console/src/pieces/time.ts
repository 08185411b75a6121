/** Times as people read them. The shops keep China's time, so the console does too, wherever it stands. */

import type { Words } from "../i18n";

const ZONE = "Asia/Shanghai";

const clock = new Intl.DateTimeFormat("zh-CN", { timeZone: ZONE, hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const clockSeconds = new Intl.DateTimeFormat("zh-CN", {
  timeZone: ZONE,
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  hourCycle: "h23",
});
const date = new Intl.DateTimeFormat("sv-SE", { timeZone: ZONE, year: "numeric", month: "2-digit", day: "2-digit" });

export function clockTime(at: string): string {
  return clock.format(Date.parse(at));
}

export function clockTimeSeconds(at: string): string {
  return clockSeconds.format(Date.parse(at));
}

/** The day in China's time, as 2026-11-22. */
export function dayOf(at: string | number): string {
  return date.format(typeof at === "number" ? at : Date.parse(at));
}

export function dayWord(words: Words, at: string, now = Date.now()): string {
  const day = dayOf(at);
  if (day === dayOf(now)) return words("time.today");
  if (day === dayOf(now - 86_400_000)) return words("time.yesterday");
  return day.slice(0, 4) === dayOf(now).slice(0, 4) ? day.slice(5) : day;
}

/** Time today, day and time otherwise. */
export function dayTime(words: Words, at: string, now = Date.now()): string {
  return dayOf(at) === dayOf(now) ? clockTime(at) : `${dayWord(words, at, now)} ${clockTime(at)}`;
}

/** A short age for a list line: the clock today, the day before. */
export function listTime(words: Words, at: string, now = Date.now()): string {
  return dayOf(at) === dayOf(now) ? clockTime(at) : dayWord(words, at, now);
}

/** A waiting time that ticks without changing width much: 0:42, 12:05, 1:02:05. */
export function stopwatch(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const pad = (n: number) => String(n).padStart(2, "0");
  return h > 0 ? `${h}:${pad(m)}:${pad(s)}` : `${m}:${pad(s)}`;
}

/** A length of time in words. */
export function lengthWord(words: Words, seconds: number): string {
  if (seconds < 60) return words("time.seconds", { n: seconds < 10 ? Math.round(seconds * 10) / 10 : Math.round(seconds) });
  const whole = Math.round(seconds);
  if (whole < 3600) return words("time.minutes", { n: Math.floor(whole / 60), s: whole % 60 });
  if (whole < 86_400) return words("time.hours", { n: Math.floor(whole / 3600), m: Math.floor(whole / 60) % 60 });
  return words("time.days", { n: Math.floor(whole / 86_400) });
}

/** A moment as a `datetime-local` field holds it, in China's time: 2026-11-22T14:05. */
export function fieldOf(at: string): string {
  return `${dayOf(at)}T${clockTime(at)}`;
}

/** The moment a `datetime-local` field names, in China's time; null while it names none. */
export function momentOf(field: string): string | null {
  const at = Date.parse(`${field}:00+08:00`);
  return Number.isNaN(at) ? null : new Date(at).toISOString();
}

/** A moment to the millisecond, for a record that may be held against another: 2026-11-21 18:00:05.123. */
export function exactTime(at: string): string {
  const ms = String(new Date(at).getMilliseconds()).padStart(3, "0");
  return `${dayOf(at)} ${clockTimeSeconds(at)}.${ms}`;
}

/** Day and time in full, for a record that is read long after: 11-21 18:00, with the year where it is not this one. */
export function stamp(at: string, now = Date.now()): string {
  const day = dayOf(at);
  return `${day.slice(0, 4) === dayOf(now).slice(0, 4) ? day.slice(5) : day} ${clockTime(at)}`;
}
