/**
 * The console's promise about the socket: nothing lost, nothing doubled, whatever order things come in.
 * Not here: how it looks.
 */

import { describe, expect, it } from "vitest";
import type { ConversationShape, MessageShape } from "../api/types";
import { oldestVersion, takeDetail, takeEarlier, takeMessage, type Chat } from "./chat";
import { emptyDesk, putChat, resumeFrame, step, type Desk } from "./desk";
import { readFrame, type EventsFrame, type Incoming } from "./frames";
import { listTab, NO_LINES, takeAnswer, takeGone, takeLine, takePage } from "./lines";
import { readOuts, visibleOuts, type Out } from "./outbox";

const NOW = Date.parse("2026-11-22T10:00:00Z");

function message(id: string, version: number, more: Partial<MessageShape> = {}): MessageShape {
  return {
    id,
    version,
    sender: "customer",
    author: "顾客",
    kind: "text",
    text: id,
    data: {},
    at: new Date(NOW + Number(id.replace(/\D/g, "")) * 1000).toISOString(),
    receivedAt: new Date(NOW).toISOString(),
    delivery: null,
    flags: [],
    citations: [],
    findings: [],
    hidden: [],
    note: "",
    ...more,
  };
}

function line(id: string, version: number, more: Partial<ConversationShape> = {}): ConversationShape {
  return {
    id,
    version,
    shop: { id: "s1", name: "店", platform: "jd", tier: "live", capabilities: [] },
    customer: "顾客",
    state: "human",
    origin: "live",
    skill: "",
    agent: { id: "me", name: "我" },
    openedAt: "2026-11-22T10:00:00Z",
    waitingSince: null,
    closedAt: null,
    lastText: "",
    lastSender: "customer",
    lastAt: new Date(NOW + version * 1000).toISOString(),
    unread: 0,
    findings: 0,
    risk: "none",
    outsideHours: false,
    ...more,
  };
}

function events(from: number, to: number, ...messages: MessageShape[]): EventsFrame {
  return { type: "events", conversation: "c1", from, to, messages, suggestions: [] };
}

function opened(cursor: number, ...messages: MessageShape[]): Desk {
  const chat: Chat = { id: "c1", cursor, messages, suggestions: [], earlier: false };
  return putChat({ ...emptyDesk("me"), open: ["c1"] }, chat);
}

/** Play frames in order; return the last desk and all errands by name. */
function play(desk: Desk, ...frames: Incoming[]): { desk: Desk; errands: string[]; ids: string[]; cursor: number } {
  const errands: string[] = [];
  let now = desk;
  for (const frame of frames) {
    const [next, todo] = step(now, frame, NOW);
    now = next;
    errands.push(...todo.map((errand) => errand.do));
  }
  const chat = now.chats.get("c1");
  return { desk: now, errands, ids: (chat?.messages ?? []).map((held) => held.id), cursor: chat?.cursor ?? -1 };
}

describe("events of an open conversation", () => {
  it("join on and move the cursor", () => {
    const { ids, cursor, errands } = play(opened(5, message("m1", 5)), events(5, 7, message("m2", 7)));
    expect([ids, cursor, errands]).toEqual([["m1", "m2"], 7, []]);
  });

  it("seen before are dropped", () => {
    const frame = events(5, 7, message("m2", 7));
    const { ids, cursor } = play(opened(5), frame, frame);
    expect([ids, cursor]).toEqual([["m2"], 7]);
  });

  it("that overlap what we have add only what is new", () => {
    const { ids, cursor } = play(opened(6, message("m1", 6)), events(4, 8, message("m1", 6), message("m2", 8)));
    expect([ids, cursor]).toEqual([["m1", "m2"], 8]);
  });

  it("with a hole before them are not applied, and the hole is asked for once", () => {
    const { ids, cursor, errands } = play(opened(5), events(7, 8, message("m3", 8)));
    expect([ids, cursor, errands]).toEqual([[], 5, ["resume"]]);
  });

  it("out of order end up in order after the resume", () => {
    const { ids, cursor, errands } = play(
      opened(5),
      events(6, 7, message("m2", 7)),
      events(5, 7, message("m1", 6), message("m2", 7)),
      events(5, 6, message("m1", 6)),
    );
    expect([ids, cursor, errands]).toEqual([["m1", "m2"], 7, ["resume"]]);
  });

  it("with a hole that asking did not close make the chat be read anew", () => {
    const { errands } = play(opened(5), events(7, 8), events(8, 9));
    expect(errands).toEqual(["resume", "reload-chat"]);
  });

  it("replace a message that changed, and never with an older copy", () => {
    const sent = message("m1", 6, { delivery: "sending" });
    const { desk } = play(opened(6, sent), events(6, 8, message("m1", 8, { delivery: "delivered" })));
    const late = takeMessage(desk.chats.get("c1") as Chat, sent);
    expect(late.messages.map((held) => held.delivery)).toEqual(["delivered"]);
  });

  it("of a conversation that is not open change nothing", () => {
    const before = emptyDesk("me");
    expect(step(before, events(0, 1, message("m1", 1)), NOW)).toEqual([before, []]);
  });

  it("put a late message where its time belongs", () => {
    const { ids } = play(opened(5, message("m1", 1), message("m9", 5)), events(5, 6, message("m4", 6)));
    expect(ids).toEqual(["m1", "m4", "m9"]);
  });
});

describe("counts of the other lists", () => {
  it("are taken as told, and leave the lines alone", () => {
    const [desk] = step(emptyDesk("me"), { type: "counts", body: { waiting: 3, bot: 7 } }, 0);
    expect(desk.lines.counts).toEqual({ waiting: 3, bot: 7 });
    expect(desk.lines.byId.size).toBe(0);
  });
});

describe("reconnecting", () => {
  it("answers hello with the cursors of what is on screen", () => {
    const { desk, errands } = play(opened(5), { type: "hello", now: "2026-11-22T10:00:03Z" });
    expect(errands).toEqual(["resume"]);
    expect(resumeFrame(desk)).toEqual({ type: "resume", open: { c1: 5 }, wall: false, tab: "mine" });
    expect(desk.clockOffset).toBe(3000);
  });

  it("asks for a hole again on the new line", () => {
    const { errands } = play(opened(5), events(7, 8), { type: "hello", now: "2026-11-22T10:00:00Z" }, events(7, 8));
    expect(errands).toEqual(["resume", "resume", "resume"]);
  });

  it("fetches the list when told", () => {
    expect(play(opened(5), { type: "list" }).errands).toEqual(["fetch-list"]);
  });

  it("answers a ping", () => {
    expect(play(opened(5), { type: "ping" }).errands).toEqual(["pong"]);
  });

  it("names no conversation whose messages were never read", () => {
    const desk = { ...emptyDesk("me"), open: ["c1"] };
    expect(resumeFrame(desk)).toEqual({ type: "resume", open: {}, wall: false, tab: "mine" });
  });
});

describe("pages over HTTP", () => {
  const detail = (version: number, earlier: boolean, ...messages: MessageShape[]) => ({
    conversation: line("c1", version),
    messages,
    earlier,
    suggestions: [],
  });

  it("that are older than the socket's news do not turn the cursor back", () => {
    const { desk } = play(opened(5), events(5, 9, message("m9", 9)));
    const chat = takeDetail(desk.chats.get("c1"), detail(7, false, message("m7", 7)));
    expect([chat.cursor, chat.messages.map((held) => held.id)]).toEqual([9, ["m7", "m9"]]);
  });

  it("of earlier messages never move the cursor forward", () => {
    const chat = takeEarlier(opened(5, message("m5", 5)).chats.get("c1") as Chat, detail(9, false, message("m1", 1)));
    expect([chat.cursor, chat.messages.map((held) => held.id)]).toEqual([5, ["m1", "m5"]]);
  });

  it("that do not touch what is held replace it, so that no hole hides", () => {
    const held = opened(5, message("m1", 1)).chats.get("c1");
    const chat = takeDetail(held, detail(90, true, message("m80", 90)));
    expect(chat.messages.map((one) => one.id)).toEqual(["m80"]);
  });

  it("ask for what lies before the least version held", () => {
    expect(oldestVersion(opened(9, message("m1", 8), message("m2", 3)).chats.get("c1") as Chat)).toBe(3);
  });
});

describe("the list", () => {
  it("drops an old and an equal version", () => {
    const lines = takeLine(NO_LINES, line("c1", 5), "me");
    expect(takeLine(lines, line("c1", 4, { customer: "旧" }), "me")).toBe(lines);
    expect(takeLine(lines, line("c1", 5, { customer: "旧" }), "me")).toBe(lines);
  });

  it("takes an equal version from the answer to our own request", () => {
    const lines = takeAnswer(takeLine(NO_LINES, line("c1", 5), "me"), line("c1", 5, { customer: "新" }), "me");
    expect(lines.byId.get("c1")?.line.customer).toBe("新");
  });

  it("does not let a slow page bring back a line that left", () => {
    const held = takeLine(NO_LINES, line("c1", 5), "me");
    const gone = takeGone(held, "c1", "me");
    const about = { tab: "mine" as const, me: "me", asked: held.tick, first: true, shop: "" };
    const page = takePage(gone, { conversations: [line("c1", 5)], counts: {}, nextCursor: null }, about);
    expect(listTab(page, "mine", "me")).toEqual([]);
    expect(listTab(takeLine(page, line("c1", 6), "me"), "mine", "me")).toHaveLength(1);
  });

  it("clears what the server no longer lists, but not what came after the request left", () => {
    const held = takeLine(NO_LINES, line("old", 1), "me");
    const later = takeLine(held, line("new", 2), "me");
    const about = { tab: "mine" as const, me: "me", asked: held.tick, first: true, shop: "" };
    const page = takePage(later, { conversations: [], counts: { mine: 1 }, nextCursor: null }, about);
    expect(listTab(page, "mine", "me").map((one) => one.id)).toEqual(["new"]);
  });

  it("moves a line and the counts when its state changes", () => {
    const waiting = takeLine(NO_LINES, line("c1", 1, { state: "waiting", agent: null }), "me");
    const taken = takeLine({ ...waiting, counts: { mine: 2, waiting: 1 } }, line("c1", 2), "me");
    expect([taken.counts.mine, taken.counts.waiting]).toEqual([3, 0]);
    expect(listTab(taken, "waiting", "me")).toEqual([]);
  });

  it("puts the longest wait first in the queue and the newest word first elsewhere", () => {
    let lines = NO_LINES;
    for (const [id, since] of [["a", "10:00:09"], ["b", "10:00:01"]] as const) {
      lines = takeLine(lines, line(id, 1, { state: "waiting", waitingSince: `2026-11-22T${since}Z` }), "me");
    }
    lines = takeLine(takeLine(lines, line("x", 1), "me"), line("y", 2), "me");
    expect(listTab(lines, "waiting", "me").map((one) => one.id)).toEqual(["b", "a"]);
    expect(listTab(lines, "mine", "me").map((one) => one.id)).toEqual(["y", "x"]);
  });
});

describe("replies on their way", () => {
  const out: Out = {
    key: "k",
    conversation: "c1",
    text: "好的",
    suggestion: null,
    acknowledged: false,
    at: "2026-11-22T10:00:00Z",
    cursor: 5,
    state: "sending",
    why: "",
    outcome: "",
    findings: [],
  };
  const echo = message("m6", 6, { sender: "agent", text: "好的" });

  it("hide behind their own echo when it comes before the answer", () => {
    expect(visibleOuts([out], [echo])).toEqual([]);
  });

  it("do not hide behind the same words said earlier", () => {
    expect(visibleOuts([out], [{ ...echo, version: 5 }])).toEqual([out]);
  });

  it("sent twice on purpose need two echoes", () => {
    expect(visibleOuts([out, { ...out, key: "k2" }], [echo])).toHaveLength(1);
  });

  it("that a reload cut off wait for a person", () => {
    expect(readOuts(JSON.stringify([out])).map((held) => held.state)).toEqual(["stuck"]);
    expect(readOuts("{broken")).toEqual([]);
  });
});

describe("frames", () => {
  it("of unknown kind or shape are passed over", () => {
    expect(readFrame('{"type":"later-invention"}')).toBeNull();
    expect(readFrame("not json")).toBeNull();
    expect(readFrame('{"type":"ping"}')).toEqual({ type: "ping" });
  });
});
