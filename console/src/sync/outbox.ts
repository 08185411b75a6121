/**
 * Replies on their way: shown at once, sent under a key that makes repeats harmless, kept over a reload. Pure.
 *
 * An entry leaves when the server's own message stands in the chat, so that nothing shows twice.
 */

import type { FindingShape, MessageShape } from "../api/types";

export type OutState = "sending" | "stuck" | "refused";

export interface Out {
  readonly key: string;
  readonly conversation: string;
  readonly text: string;
  readonly suggestion: string | null;
  readonly acknowledged: boolean;
  readonly at: string;
  /** The chat's cursor when it left: a newer message of ours with the same words is this one. */
  readonly cursor: number;
  readonly state: OutState;
  /** Why it is stuck or refused, in words. */
  readonly why: string;
  readonly outcome: string;
  readonly findings: readonly FindingShape[];
}

/** The entries still to show beside `messages`: an echo that came before the answer hides its entry. */
export function visibleOuts(outs: readonly Out[], messages: readonly MessageShape[]): readonly Out[] {
  const claimed = new Set<string>();
  return outs.filter((out) => {
    if (out.state !== "sending") return true;
    const echo = messages.find(
      (message) =>
        message.sender === "agent" &&
        message.version > out.cursor &&
        message.text === out.text &&
        !claimed.has(message.id),
    );
    if (echo) claimed.add(echo.id);
    return !echo;
  });
}

export function putOut(outs: readonly Out[], out: Out): readonly Out[] {
  const rest = outs.filter((other) => other.key !== out.key);
  return rest.length === outs.length ? [...outs, out] : outs.map((other) => (other.key === out.key ? out : other));
}

export function dropOut(outs: readonly Out[], key: string): readonly Out[] {
  return outs.filter((out) => out.key !== key);
}

/** Read what a reload left behind. What was on its way then may have arrived: it waits for a person's retry. */
export function readOuts(raw: string | null): readonly Out[] {
  if (!raw) return [];
  try {
    const value: unknown = JSON.parse(raw);
    if (!Array.isArray(value)) return [];
    return (value as Out[]).map((out) => (out.state === "sending" ? { ...out, state: "stuck", why: "" } : out));
  } catch {
    return [];
  }
}
