/**
 * One opened conversation and the cursor up to which we have seen it. Pure.
 *
 * The cursor moves only by what leaves no hole: an `events` frame that joins on, or the newest page over HTTP.
 * A single message that came back from a request is merged, but never moves the cursor.
 */

import type { ConversationDetail, MessageShape, Suggestion } from "../api/types";
import type { EventsFrame } from "./frames";

export interface Chat {
  readonly id: string;
  readonly cursor: number;
  /** Oldest first, by the platform's time. */
  readonly messages: readonly MessageShape[];
  readonly suggestions: readonly Suggestion[];
  readonly earlier: boolean;
}

export type Step = { kind: "drop" } | { kind: "gap" } | { kind: "apply"; chat: Chat };

/** Take an `events` frame: apply it, drop it as old, or report that something before it is missing. */
export function stepEvents(chat: Chat, frame: EventsFrame): Step {
  if (frame.to <= chat.cursor) return { kind: "drop" };
  if (frame.from > chat.cursor) return { kind: "gap" };
  return {
    kind: "apply",
    chat: {
      ...chat,
      cursor: frame.to,
      messages: mergeMessages(chat.messages, frame.messages),
      suggestions: frame.suggestions,
    },
  };
}

/** Take the newest page over HTTP, on top of what is held already. */
export function takeDetail(held: Chat | undefined, detail: ConversationDetail): Chat {
  const { conversation, messages, earlier, suggestions } = detail;
  const fresh: Chat = { id: conversation.id, cursor: conversation.version, messages: sorted(messages), suggestions, earlier };
  if (!held) return fresh;
  if (conversation.version < held.cursor) {
    return { ...held, messages: mergeMessages(messages, held.messages) };
  }
  const ids = new Set(messages.map((message) => message.id));
  const touching = !earlier || held.messages.some((message) => ids.has(message.id));
  // Pages that do not touch would hide a hole between them: the old ones can be loaded again.
  if (!touching) return fresh;
  return { ...fresh, messages: mergeMessages(held.messages, messages), earlier: held.earlier && earlier };
}

/** Take a page of earlier messages. Its conversation may be newer than our cursor: the cursor stays. */
export function takeEarlier(chat: Chat, page: ConversationDetail): Chat {
  return { ...chat, messages: mergeMessages(chat.messages, page.messages), earlier: page.earlier };
}

/** Take one message out of a request's answer. */
export function takeMessage(chat: Chat, message: MessageShape): Chat {
  const messages = mergeMessages(chat.messages, [message]);
  return messages === chat.messages ? chat : { ...chat, messages };
}

/** The `before` for the next page of earlier messages. */
export function oldestVersion(chat: Chat): number {
  return chat.messages.reduce((least, message) => Math.min(least, message.version), chat.cursor + 1);
}

/** Merge by id; of two with the same id the newer version stays. Returns `held` itself if nothing changed. */
export function mergeMessages(held: readonly MessageShape[], incoming: readonly MessageShape[]): readonly MessageShape[] {
  const byId = new Map(held.map((message) => [message.id, message]));
  let changed = false;
  for (const message of incoming) {
    const known = byId.get(message.id);
    if (known && known.version > message.version) continue;
    byId.set(message.id, message);
    changed = true;
  }
  return changed ? sorted([...byId.values()]) : held;
}

function sorted(messages: readonly MessageShape[]): readonly MessageShape[] {
  return [...messages].sort(
    (a, b) =>
      Date.parse(a.at) - Date.parse(b.at) ||
      Date.parse(a.receivedAt) - Date.parse(b.receivedAt) ||
      a.version - b.version ||
      (a.id < b.id ? -1 : 1),
  );
}
