/** The conversation list: one line per conversation, newest version wins, whatever road it came by. Pure. */

import type { ConversationList, ConversationShape } from "../api/types";

export const TABS = ["mine", "waiting", "bot", "closed"] as const;
export type Tab = (typeof TABS)[number];

export interface Lines {
  readonly byId: ReadonlyMap<string, Held>;
  /** Version at which a line left our view: an older copy in a slow answer must not bring it back. */
  readonly gone: ReadonlyMap<string, number>;
  readonly counts: Readonly<Partial<Record<Tab, number>>>;
  /** Grows with every change; tells a page's request which lines are newer than itself. */
  readonly tick: number;
}

interface Held {
  readonly line: ConversationShape;
  readonly tick: number;
}

export const NO_LINES: Lines = { byId: new Map(), gone: new Map(), counts: {}, tick: 0 };

/** Which tab a line stands under, null if under none of this person's. */
export function tabOf(line: ConversationShape, me: string): Tab | null {
  if (line.state === "waiting" || line.state === "bot" || line.state === "closed") return line.state;
  return line.state === "human" && line.agent?.id === me ? "mine" : null;
}

/** Take a pushed line; an old or known version changes nothing. */
export function takeLine(lines: Lines, line: ConversationShape, me: string): Lines {
  const known = lines.byId.get(line.id)?.line;
  if (known && line.version <= known.version) return lines;
  if ((lines.gone.get(line.id) ?? -1) >= line.version) return lines;
  return put(lines, line, me);
}

/** Take a line from a request's answer: of the same version it is the fresher one. */
export function takeAnswer(lines: Lines, line: ConversationShape, me: string): Lines {
  const known = lines.byId.get(line.id)?.line;
  if (known && line.version < known.version) return lines;
  return put(lines, line, me);
}

/** Take the counts of the lists we are not told of line by line. */
export function takeCounts(lines: Lines, counts: { waiting: number; bot: number }): Lines {
  return { ...lines, counts: { ...lines.counts, ...counts } };
}

export function takeGone(lines: Lines, id: string, me: string): Lines {
  const known = lines.byId.get(id)?.line;
  if (!known) return lines;
  const byId = new Map(lines.byId);
  byId.delete(id);
  const gone = new Map(lines.gone).set(id, known.version);
  return { byId, gone, counts: recount(lines.counts, tabOf(known, me), null), tick: lines.tick + 1 };
}

export function takeRead(lines: Lines, id: string): Lines {
  const held = lines.byId.get(id);
  if (!held || held.line.unread === 0) return lines;
  const byId = new Map(lines.byId).set(id, { ...held, line: { ...held.line, unread: 0 } });
  return { ...lines, byId };
}

/**
 * Take a page of a tab. `asked` is the tick when the request left; `first` says it is the tab's first page.
 *
 * A first page also clears lines that the server no longer puts there, unless they changed after the request left.
 */
export function takePage(
  lines: Lines,
  page: ConversationList,
  about: { tab: Tab; me: string; asked: number; first: boolean; shop: string },
): Lines {
  const tick = lines.tick + 1;
  const byId = new Map(lines.byId);
  if (about.first) {
    const listed = new Set(page.conversations.map((line) => line.id));
    const last = page.nextCursor === null ? undefined : page.conversations.at(-1);
    for (const [id, held] of lines.byId) {
      const here = tabOf(held.line, about.me) === about.tab && (!about.shop || held.line.shop.id === about.shop);
      if (!here || listed.has(id) || held.tick > about.asked) continue;
      if (!last || compareLines(about.tab)(held.line, last) < 0) byId.delete(id);
    }
  }
  for (const line of page.conversations) {
    const known = byId.get(line.id)?.line;
    if (known && known.version > line.version) continue;
    if ((lines.gone.get(line.id) ?? -1) >= line.version) continue;
    byId.set(line.id, { line, tick });
  }
  return { ...lines, byId, counts: readCounts(page.counts), tick };
}

/** The lines of a tab in the order of docs/api.md. */
export function listTab(lines: Lines, tab: Tab, me: string, shop = ""): ConversationShape[] {
  const found: ConversationShape[] = [];
  for (const { line } of lines.byId.values()) {
    if (tabOf(line, me) === tab && (!shop || line.shop.id === shop)) found.push(line);
  }
  return found.sort(compareLines(tab));
}

function compareLines(tab: Tab): (a: ConversationShape, b: ConversationShape) => number {
  if (tab === "waiting") {
    return (a, b) => time(a.waitingSince ?? a.lastAt) - time(b.waitingSince ?? b.lastAt) || order(a, b);
  }
  return (a, b) => time(b.lastAt) - time(a.lastAt) || order(a, b);
}

function order(a: ConversationShape, b: ConversationShape): number {
  return a.id < b.id ? -1 : 1;
}

function time(at: string): number {
  return Date.parse(at);
}

function put(lines: Lines, line: ConversationShape, me: string): Lines {
  const tick = lines.tick + 1;
  const known = lines.byId.get(line.id)?.line;
  const byId = new Map(lines.byId).set(line.id, { line, tick });
  const counts = recount(lines.counts, known ? tabOf(known, me) : null, tabOf(line, me));
  return { ...lines, byId, counts, tick };
}

function recount(counts: Lines["counts"], from: Tab | null, to: Tab | null): Lines["counts"] {
  if (from === to) return counts;
  const next = { ...counts };
  if (from) next[from] = Math.max(0, (next[from] ?? 1) - 1);
  if (to) next[to] = (next[to] ?? 0) + 1;
  return next;
}

function readCounts(counts: Record<string, number>): Lines["counts"] {
  const read: Partial<Record<Tab, number>> = {};
  for (const tab of TABS) read[tab] = counts[tab] ?? 0;
  return read;
}
