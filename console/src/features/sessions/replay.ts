/** A session as it stood after any of its events: which messages there were, how each had fared, who had it. Pure. */

import type { HappeningShape, MessageShape, TimelineShape } from "../../api/types";

/** The longest one waits at one speed for what came next, however long it took. */
export const MOST_WAIT_MS = 5_000;
const LEAST_WAIT_MS = 120;

export const SPEEDS = [1, 4, 16] as const;
export type Speed = (typeof SPEEDS)[number];

export interface Stood {
  messages: MessageShape[];
  /** bot, waiting, human or closed; "" where nothing told it. */
  state: string;
  agent: string;
}

/** What an event makes of its reply's delivery. */
const DELIVERY: Partial<Record<string, string>> = {
  "conversations.ReplyApproved": "approved",
  "conversations.ReplyHeld": "held",
  "conversations.ReplyDelivered": "delivered",
  "conversations.ReplyCopied": "copied",
  "conversations.ReplyWithdrawn": "withdrawn",
  "conversations.DeliveryUnknown": "unknown",
  "conversations.DeliveryFailed": "failed",
  "conversations.EchoRecognised": "delivered",
};
const SETTLED: Partial<Record<string, string>> = { delivered: "delivered", resent: "approved", dropped: "withdrawn" };
/** Events with which a message first stands in the session. */
const BEGINS = new Set(["conversations.MessageReceived", "conversations.ReplyApproved", "conversations.ReplyHeld"]);

/** The session after the first `count` events. */
export function standing(line: TimelineShape, count: number): Stood {
  const known = new Map(line.messages.map((one) => [one.id, one]));
  const shown = new Map<string, MessageShape>();
  const stood: Stood = { messages: [], state: "", agent: "" };
  for (const one of line.happenings.slice(0, count)) {
    const message = known.get(one.message);
    if (message && BEGINS.has(one.kind)) shown.set(message.id, asItBegan(message));
    const now = shown.get(one.message);
    if (now) shown.set(now.id, after(now, one));
    desk(stood, one);
  }
  stood.messages = [...shown.values()].sort((one, other) => one.version - other.version);
  return stood;
}

/** A message before anything befell it: what was found in it or became of it is told by later events. */
function asItBegan(message: MessageShape): MessageShape {
  const flags = message.flags.filter((flag) => flag !== "recalled" && flag !== "checked");
  return { ...message, findings: [], flags, note: "", delivery: message.delivery === null ? null : "approved" };
}

function after(message: MessageShape, one: HappeningShape): MessageShape {
  if (one.kind === "conversations.MessageRecalled") return { ...message, flags: [...message.flags, "recalled"] };
  const settled = one.kind === "conversations.DeliverySettled" ? SETTLED[one.code] : undefined;
  const delivery = settled ?? DELIVERY[one.kind];
  return delivery === undefined || message.delivery === null ? message : { ...message, delivery };
}

function desk(stood: Stood, one: HappeningShape): void {
  const kind = one.kind.slice(one.kind.indexOf(".") + 1);
  // Who has it is told by what follows; of a session that was brought in nothing does.
  if (kind === "ConversationOpened" || kind === "ConversationReopened") [stood.state, stood.agent] = ["", ""];
  if (kind === "Queued" || kind === "HandedOver" || kind === "AgentLost") [stood.state, stood.agent] = ["waiting", ""];
  if (kind === "Routed") [stood.state, stood.agent] = one.code === "bot" ? ["bot", ""] : ["human", one.agent];
  if (kind === "TakenOver") [stood.state, stood.agent] = ["human", one.agent];
  if (kind === "Transferred") [stood.state, stood.agent] = one.agent ? ["human", one.agent] : ["waiting", ""];
  if (kind === "ConversationClosed") stood.state = "closed";
}

/** Milliseconds between an event and the one before it; 0 for the first, and where clocks disagree. */
export function elapsed(line: TimelineShape, place: number): number {
  const [before, now] = [line.happenings[place - 1], line.happenings[place]];
  return before && now ? Math.max(0, Date.parse(now.at) - Date.parse(before.at)) : 0;
}

/** How long to wait at a speed before showing the event at a place. */
export function pause(line: TimelineShape, place: number, speed: Speed): number {
  return Math.max(LEAST_WAIT_MS, Math.min(MOST_WAIT_MS, elapsed(line, place) / speed));
}
