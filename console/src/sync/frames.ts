/** What travels on /ws, both ways. See docs/api.md. */

import type { ConversationShape, MessageShape, Suggestion, WallShape } from "../api/types";
import type { Tab } from "./lines";

export interface EventsFrame {
  type: "events";
  conversation: string;
  from: number;
  to: number;
  messages: MessageShape[];
  suggestions: Suggestion[];
}

export type Incoming =
  | { type: "hello"; now: string }
  | { type: "list" }
  | { type: "conversation"; body: ConversationShape }
  | { type: "counts"; body: { waiting: number; bot: number } }
  | { type: "gone"; id: string }
  | EventsFrame
  | { type: "wall"; body: WallShape }
  | { type: "ping" };

export type Outgoing =
  | { type: "resume"; open: Record<string, number>; wall: boolean; tab: Tab }
  | { type: "pong" };

const KNOWN = new Set(["hello", "list", "conversation", "counts", "gone", "events", "wall", "ping"]);

/** Read one frame; null for anything this console does not know, so that a newer server does no harm. */
export function readFrame(raw: string): Incoming | null {
  let value: unknown;
  try {
    value = JSON.parse(raw);
  } catch {
    return null;
  }
  if (typeof value !== "object" || value === null || !("type" in value)) return null;
  return KNOWN.has(String(value.type)) ? (value as Incoming) : null;
}
