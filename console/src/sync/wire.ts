/**
 * One socket that comes back by itself. Framework-free; the clock, the dice and the socket are handed in.
 *
 * It knows nothing about conversations: it delivers frames, answers for its state, and backs off with jitter.
 */

import { readFrame, type Incoming, type Outgoing } from "./frames";

export type WireState = "connecting" | "online" | "retrying" | "offline" | "closed";

export interface SocketLike {
  onopen: (() => void) | null;
  onmessage: ((event: { data: unknown }) => void) | null;
  onclose: ((code: number) => void) | null;
  onerror: (() => void) | null;
  send(text: string): void;
  close(): void;
}

export interface WireTools {
  connect(): SocketLike;
  random(): number;
  setTimer(run: () => void, ms: number): number;
  clearTimer(id: number): void;
  onFrame(frame: Incoming): void;
  onState(state: WireState): void;
  /** The socket failed several times running: perhaps nobody is signed in any more. */
  onDoubt(): void;
}

/** docs/api.md: a socket silent for 45 s is closed by either side. */
export const SILENCE_MS = 45_000;
/** A busy line gets no pings, for nothing is silent; our side still must say something within that time. */
export const SAY_MS = 20_000;
/** The code with which the server closes a socket that nobody is signed in on. */
const NOT_SIGNED_IN = 4401;
const FIRST_MS = 500;
const LONGEST_MS = 15_000;
/** Failures running after which the state says offline rather than reconnecting. */
const OFFLINE_AFTER = 4;

/** Half fixed, half dice: many consoles must not come back in the same instant. */
export function backoff(failures: number, random: number): number {
  const full = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.max(0, failures - 1));
  return Math.round(full / 2 + (full / 2) * random);
}

export class Wire {
  private socket: SocketLike | null = null;
  private failures = 0;
  private retryTimer: number | null = null;
  private silenceTimer: number | null = null;
  private sayTimer: number | null = null;
  private state: WireState = "closed";

  constructor(private readonly tools: WireTools) {}

  open(): void {
    if (this.socket) return;
    this.clear();
    this.say(this.failures === 0 ? "connecting" : this.failures >= OFFLINE_AFTER ? "offline" : "retrying");
    const socket = this.tools.connect();
    this.socket = socket;
    this.hearSilence();
    socket.onmessage = (event) => {
      if (this.socket !== socket) return;
      this.hearSilence();
      const frame = readFrame(String(event.data));
      if (!frame) return;
      if (frame.type === "hello") {
        this.failures = 0;
        this.say("online");
        this.saySomethingLater();
      }
      this.tools.onFrame(frame);
    };
    socket.onclose = (code) => this.lost(socket, code);
    socket.onerror = () => undefined;
  }

  /** Try at once: the network came back, or a person asked. */
  retryNow(): void {
    if (this.state === "closed" || this.state === "online") return;
    this.drop();
    this.open();
  }

  /** The browser says there is no network. */
  cut(): void {
    if (this.state === "closed") return;
    this.failures = Math.max(this.failures, OFFLINE_AFTER);
    this.drop();
    this.say("offline");
    this.retryLater();
  }

  /** Send if there is a line; after a loss the resume says everything that matters again. */
  send(frame: Outgoing): void {
    if (this.state !== "online") return;
    this.socket?.send(JSON.stringify(frame));
    this.saySomethingLater();
  }

  close(): void {
    this.drop();
    this.failures = 0;
    this.say("closed");
  }

  private lost(socket: SocketLike, code = 0): void {
    if (this.socket !== socket) return;
    this.drop();
    this.failures += 1;
    if (this.failures >= 2 || code === NOT_SIGNED_IN) this.tools.onDoubt();
    this.say(this.failures >= OFFLINE_AFTER ? "offline" : "retrying");
    this.retryLater();
  }

  private retryLater(): void {
    this.retryTimer = this.tools.setTimer(() => {
      this.retryTimer = null;
      this.open();
    }, backoff(this.failures, this.tools.random()));
  }

  private hearSilence(): void {
    if (this.silenceTimer !== null) this.tools.clearTimer(this.silenceTimer);
    const socket = this.socket;
    this.silenceTimer = this.tools.setTimer(() => {
      if (socket) this.lost(socket);
    }, SILENCE_MS);
  }

  private saySomethingLater(): void {
    if (this.sayTimer !== null) this.tools.clearTimer(this.sayTimer);
    this.sayTimer = this.tools.setTimer(() => this.send({ type: "pong" }), SAY_MS);
  }

  private drop(): void {
    this.clear();
    const socket = this.socket;
    this.socket = null;
    socket?.close();
  }

  private clear(): void {
    if (this.retryTimer !== null) this.tools.clearTimer(this.retryTimer);
    if (this.silenceTimer !== null) this.tools.clearTimer(this.silenceTimer);
    if (this.sayTimer !== null) this.tools.clearTimer(this.sayTimer);
    this.retryTimer = null;
    this.silenceTimer = null;
    this.sayTimer = null;
  }

  private say(state: WireState): void {
    if (this.state === state) return;
    this.state = state;
    this.tools.onState(state);
  }
}
