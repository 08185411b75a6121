/** Sends replies one after another per conversation, retries what may have got lost, and remembers over a reload. */

import { calls } from "../api/calls";
import type { SendResult } from "../api/types";
import { keepInTab, recallInTab } from "../pieces/keep";
import { dropOut, putOut, readOuts, type Out } from "./outbox";
import { asTrouble, type Runtime } from "./runtime";

const KEY = "huiyin.outbox";
/** Pauses before the second and third try; the same key makes them harmless. */
const PAUSES_MS = [800, 2500];

export class Sending {
  private outs: readonly Out[];
  private listeners = new Set<() => void>();
  private lanes = new Map<string, Promise<void>>();

  constructor(
    private readonly runtime: Runtime,
    private readonly me: string,
  ) {
    this.outs = readOuts(recallInTab(`${KEY}.${me}`));
  }

  read = (): readonly Out[] => this.outs;

  listen = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** Send a new reply. `done` hears what became of it once the server has spoken. */
  send(
    conversation: string,
    reply: { text: string; suggestion: string | null; acknowledged: boolean },
    done?: (result: SendResult) => void,
  ): void {
    const cursor = this.runtime.read().desk.chats.get(conversation)?.cursor ?? 0;
    const out: Out = {
      ...reply,
      key: newKey(),
      conversation,
      at: new Date(Date.now() + this.runtime.read().desk.clockOffset).toISOString(),
      cursor,
      state: "sending",
      why: "",
      outcome: "",
      findings: [],
    };
    this.queue(out, done);
  }

  /** Try again under the same key; with `acknowledged` the warnings are accepted. */
  retry(out: Out, acknowledged = out.acknowledged, done?: (result: SendResult) => void): void {
    // Accepting a warning is another request than the one that was refused.
    const key = acknowledged === out.acknowledged ? out.key : newKey();
    this.drop(out.key);
    this.queue({ ...out, key, acknowledged, state: "sending", why: "" }, done);
  }

  drop(key: string): void {
    this.set(dropOut(this.outs, key));
  }

  private queue(out: Out, done?: (result: SendResult) => void): void {
    this.set(putOut(this.outs, out));
    const before = this.lanes.get(out.conversation) ?? Promise.resolve();
    this.lanes.set(
      out.conversation,
      before.then(() => this.deliver(out, done)),
    );
  }

  private async deliver(out: Out, done?: (result: SendResult) => void): Promise<void> {
    const { text, key, suggestion, acknowledged } = out;
    for (let attempt = 0; ; attempt += 1) {
      try {
        this.settle(out, await calls.send(out.conversation, { text, key, suggestion, acknowledged }), done);
        return;
      } catch (error) {
        const trouble = asTrouble(error);
        const pause = PAUSES_MS[attempt];
        if (!trouble.passing || pause === undefined) {
          const why = [trouble.title, trouble.detail].filter(Boolean).join("。");
          this.set(putOut(this.outs, { ...out, state: "stuck", why, outcome: trouble.kind }));
          return;
        }
        await new Promise((resolve) => setTimeout(resolve, pause));
      }
    }
  }

  private settle(out: Out, result: SendResult, done?: (result: SendResult) => void): void {
    if (result.message) this.runtime.answeredMessage(out.conversation, result.message);
    const refused = result.outcome === "warn" || result.outcome === "hold";
    if (refused && !result.message) {
      const { outcome, findings } = result;
      this.set(putOut(this.outs, { ...out, state: "refused", outcome, findings }));
    } else {
      this.drop(out.key);
    }
    done?.(result);
  }

  private set(outs: readonly Out[]): void {
    this.outs = outs;
    keepInTab(`${KEY}.${this.me}`, JSON.stringify(outs));
    for (const listener of this.listeners) listener();
  }
}

/** A random key. `randomUUID` exists only on secure pages; a desk may run on a plain address inside a house. */
function newKey(): string {
  if (typeof crypto.randomUUID === "function") return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
