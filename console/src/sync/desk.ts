/**
 * Everything the socket and the requests have told this tab, and what to do about each frame. Pure.
 *
 * `step` takes a frame and returns the next state and the errands that follow; `runtime.ts` runs the errands.
 */

import type { WallShape } from "../api/types";
import { stepEvents, type Chat } from "./chat";
import type { Incoming, Outgoing } from "./frames";
import { NO_LINES, takeCounts, takeGone, takeLine, type Lines, type Tab } from "./lines";

export interface Desk {
  readonly me: string;
  readonly lines: Lines;
  readonly chats: ReadonlyMap<string, Chat>;
  /** Conversations on screen now. */
  readonly open: readonly string[];
  /** The list looked at: only its lines are pushed, beside our own. */
  readonly tab: Tab;
  readonly wantsWall: boolean;
  readonly wall: WallShape | null;
  /** Server time minus ours, in milliseconds. */
  readonly clockOffset: number;
  /** Cursors for which a gap was reported already: not twice for the same hole. */
  readonly asked: ReadonlyMap<string, number>;
}

export type Errand =
  | { do: "resume" }
  | { do: "pong" }
  | { do: "fetch-list" }
  | { do: "fetch-counts" }
  | { do: "reload-chat"; id: string };

export function emptyDesk(me: string): Desk {
  return {
    me,
    lines: NO_LINES,
    chats: new Map(),
    open: [],
    tab: "mine",
    wantsWall: false,
    wall: null,
    clockOffset: 0,
    asked: new Map(),
  };
}

export function step(desk: Desk, frame: Incoming, now: number): [Desk, Errand[]] {
  switch (frame.type) {
    case "hello":
      return [{ ...desk, clockOffset: Date.parse(frame.now) - now, asked: new Map() }, [{ do: "resume" }]];
    case "ping":
      return [desk, [{ do: "pong" }]];
    case "list":
      return [desk, [{ do: "fetch-list" }]];
    case "conversation": {
      const lines = takeLine(desk.lines, frame.body, desk.me);
      if (lines === desk.lines) return [desk, []];
      return [{ ...desk, lines }, lines.counts === desk.lines.counts ? [] : [{ do: "fetch-counts" }]];
    }
    case "counts":
      return [{ ...desk, lines: takeCounts(desk.lines, frame.body) }, []];
    case "gone": {
      const lines = takeGone(desk.lines, frame.id, desk.me);
      return lines === desk.lines ? [desk, []] : [{ ...desk, lines }, [{ do: "fetch-counts" }]];
    }
    case "wall":
      return [{ ...desk, wall: frame.body }, []];
    case "events": {
      const chat = desk.chats.get(frame.conversation);
      if (!chat) return [desk, []];
      const taken = stepEvents(chat, frame);
      if (taken.kind === "drop") return [desk, []];
      if (taken.kind === "apply") return [putChat(desk, taken.chat), []];
      return stepGap(desk, chat);
    }
  }
}

function stepGap(desk: Desk, chat: Chat): [Desk, Errand[]] {
  const repeated = desk.asked.get(chat.id) === chat.cursor;
  const next = { ...desk, asked: new Map(desk.asked).set(chat.id, chat.cursor) };
  // Asking again did not close the hole: read the conversation anew.
  return repeated ? [desk, [{ do: "reload-chat", id: chat.id }]] : [next, [{ do: "resume" }]];
}

export function putChat(desk: Desk, chat: Chat): Desk {
  const chats = new Map(desk.chats);
  // Reinsert: the map's order is the order of use, so the oldest can be let go.
  chats.delete(chat.id);
  chats.set(chat.id, chat);
  for (const id of chats.keys()) {
    if (chats.size <= KEPT_CHATS) break;
    if (!desk.open.includes(id)) chats.delete(id);
  }
  return { ...desk, chats };
}

/** Chats kept after leaving the screen: coming back to one shows it at once and catches up by its cursor. */
const KEPT_CHATS = 12;

/** What to answer a hello, a gap, or a change of what is on screen. */
export function resumeFrame(desk: Desk): Outgoing {
  const open: Record<string, number> = {};
  for (const id of desk.open) {
    const chat = desk.chats.get(id);
    if (chat) open[id] = chat.cursor;
  }
  return { type: "resume", open, wall: desk.wantsWall, tab: desk.tab };
}
