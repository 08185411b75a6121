/** The socket that comes back by itself: when it retries, how long it waits, and what it says of itself. */

import { beforeEach, describe, expect, it } from "vitest";
import { backoff, SAY_MS, SILENCE_MS, Wire, type SocketLike, type WireState } from "./wire";

class FakeSocket implements SocketLike {
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: ((code: number) => void) | null = null;
  onerror: (() => void) | null = null;
  sent: string[] = [];
  closed = false;
  send(text: string): void {
    this.sent.push(text);
  }
  close(): void {
    this.closed = true;
  }
  hello(): void {
    this.onmessage?.({ data: '{"type":"hello","now":"2026-11-22T10:00:00Z"}' });
  }
}

interface Timer {
  run: () => void;
  ms: number;
}

let sockets: FakeSocket[];
let timers: Map<number, Timer>;
let states: WireState[];
let doubts: number;
let wire: Wire;

function fire(ms?: number): void {
  for (const [id, timer] of [...timers]) {
    if (ms !== undefined && timer.ms !== ms) continue;
    timers.delete(id);
    timer.run();
  }
}

beforeEach(() => {
  sockets = [];
  timers = new Map();
  states = [];
  doubts = 0;
  let next = 0;
  wire = new Wire({
    connect: () => {
      const socket = new FakeSocket();
      sockets.push(socket);
      return socket;
    },
    random: () => 0,
    setTimer: (run, ms) => {
      timers.set((next += 1), { run, ms });
      return next;
    },
    clearTimer: (id) => timers.delete(id),
    onFrame: () => undefined,
    onState: (state) => states.push(state),
    onDoubt: () => (doubts += 1),
  });
});

describe("the wire", () => {
  it("is online from the server's hello on", () => {
    wire.open();
    expect(states).toEqual(["connecting"]);
    sockets[0]?.hello();
    expect(states.at(-1)).toBe("online");
  });

  it("retries after a loss, waits longer each time, and starts over after a hello", () => {
    wire.open();
    sockets[0]?.onclose?.(1006);
    expect([...timers.values()].map((timer) => timer.ms)).toEqual([250]);
    fire();
    sockets[1]?.onclose?.(1006);
    expect([...timers.values()].map((timer) => timer.ms)).toEqual([500]);
    fire();
    sockets[2]?.hello();
    sockets[2]?.onclose?.(1006);
    expect([...timers.values()].map((timer) => timer.ms)).toEqual([250]);
  });

  it("says offline after several failures and keeps trying", () => {
    wire.open();
    for (let n = 0; n < 4; n += 1) {
      sockets[n]?.onclose?.(1006);
      if (n < 3) fire();
    }
    expect(states.at(-1)).toBe("offline");
    expect(timers.size).toBe(1);
    expect(doubts).toBe(3);
  });

  it("gives up a socket that stays silent for 45 s, and hears no more from it", () => {
    wire.open();
    sockets[0]?.hello();
    fire(SILENCE_MS);
    expect(states.at(-1)).toBe("retrying");
    expect(sockets[0]?.closed).toBe(true);
    sockets[0]?.hello();
    expect(states.at(-1)).toBe("retrying");
  });

  it("never holds two sockets", () => {
    wire.open();
    wire.open();
    expect(sockets).toHaveLength(1);
  });

  it("comes back at once when the network does", () => {
    wire.open();
    sockets[0]?.hello();
    wire.cut();
    expect(states.at(-1)).toBe("offline");
    wire.retryNow();
    sockets[1]?.hello();
    expect(states.at(-1)).toBe("online");
    expect([...timers.values()].map((timer) => timer.ms).sort()).toEqual([SAY_MS, SILENCE_MS]);
  });

  it("says something on a busy line, where no ping asks it to", () => {
    wire.open();
    sockets[0]?.hello();
    fire(SAY_MS);
    expect(sockets[0]?.sent).toEqual(['{"type":"pong"}']);
    fire(SAY_MS);
    expect(sockets[0]?.sent).toHaveLength(2);
  });

  it("doubts at once when the server says that nobody is signed in", () => {
    wire.open();
    sockets[0]?.onclose?.(4401);
    expect(doubts).toBe(1);
  });

  it("sends nothing while there is no line", () => {
    wire.open();
    wire.send({ type: "pong" });
    expect(sockets[0]?.sent).toEqual([]);
  });
});

it("backoff has jitter and a ceiling", () => {
  expect([backoff(1, 0), backoff(1, 1)]).toEqual([250, 500]);
  expect(backoff(30, 1)).toBe(15_000);
});
