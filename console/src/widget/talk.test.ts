/** The widget's line: kept before sent, sent again under the same id, merged by id, and patient. */

import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { drawerOf, type Drawer } from "./keeping";
import { Talk } from "./talk";

class Socket {
  static all: Socket[] = [];
  static readonly OPEN = 1;
  readyState = 0;
  sent: string[] = [];
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: string }) => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;
  constructor(readonly url: string) {
    Socket.all.push(this);
  }
  send(text: string) {
    this.sent.push(text);
  }
  close() {
    this.readyState = 3;
  }
  opens() {
    this.readyState = 1;
    this.onopen?.();
    this.says({ type: "hello", title: "店", greeting: "" });
  }
  says(frame: object) {
    this.onmessage?.({ data: JSON.stringify(frame) });
  }
  breaks(code = 1006) {
    this.readyState = 3;
    this.onclose?.({ code });
  }
}

const last = () => Socket.all.at(-1)!;
const settle = () => vi.advanceTimersByTimeAsync(1);
const posted: { what: string; body: { id: string; text: string } }[] = [];
let answers: (() => Response)[] = [];
let online = true;
let drawer: Drawer;
let talk: Talk;

const taken = (message: string) => () => Response.json({ message, duplicate: false });

beforeEach(() => {
  vi.useFakeTimers();
  localStorage.clear();
  Socket.all = [];
  posted.length = 0;
  answers = [];
  online = true;
  vi.stubGlobal("WebSocket", Socket);
  vi.spyOn(navigator, "onLine", "get").mockImplementation(() => online);
  vi.stubGlobal("fetch", (url: string, how: RequestInit) => {
    if (url.endsWith("/visits")) return Promise.resolve(Response.json({ token: "hv_1", title: "", greeting: "" }));
    posted.push({ what: url, body: JSON.parse(how.body as string) as { id: string; text: string } });
    const next = answers.shift();
    return next ? Promise.resolve(next()) : Promise.reject(new TypeError("no way"));
  });
  drawer = drawerOf("hs_1", localStorage);
  talk = new Talk("https://huiyin.example", "hs_1", drawer, () => undefined);
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

async function open() {
  talk.connect();
  await settle();
  last().opens();
  await settle();
}

describe("the line", () => {
  it("greets with its token and what it has seen, and shows a message that comes twice once", async () => {
    await open();
    expect(last().url).toBe("wss://huiyin.example/ws/widget/hs_1");
    expect(JSON.parse(last().sent[0]!)).toEqual({ type: "resume", token: "hv_1", seen: {} });
    const one = { id: "m1", from: "bot", text: "您好", at: "2026-06-01T04:00:00Z" };
    last().says({ type: "messages", seen: { c: 3 }, messages: [one] });
    last().says({ type: "messages", seen: { c: 4 }, messages: [one] });
    expect(talk.messages).toEqual([one]);
    last().breaks();
    await vi.advanceTimersByTimeAsync(31_000);
    last().opens();
    expect(JSON.parse(last().sent[0]!)).toEqual({ type: "resume", token: "hv_1", seen: { c: 4 } });
  });

  it("sends again under the same id until it is taken, and one after the other", async () => {
    await open();
    answers = [];
    talk.say("第一句");
    talk.say("第二句");
    await settle();
    expect(talk.standing).toBe("away");
    expect(talk.unsent.map((one) => one.text)).toEqual(["第一句", "第二句"]);
    answers = [taken("m1"), taken("m2")];
    await vi.advanceTimersByTimeAsync(2_000);
    last().opens();
    await settle();
    expect(posted.map((one) => one.body.text)).toEqual(["第一句", "第一句", "第二句"]);
    expect(posted[0]!.body.id).toBe(posted[1]!.body.id);
    expect(talk.unsent).toEqual([]);
    expect(talk.messages.map((one) => one.id)).toEqual(["m1", "m2"]);
  });

  it("never shows what is being sent twice, though the socket is faster than the answer", async () => {
    await open();
    let answer: (response: Response) => void = () => undefined;
    vi.stubGlobal("fetch", () => new Promise<Response>((go) => (answer = go)));
    talk.say("在吗");
    const stored = { id: "m1", from: "customer", text: "在吗", at: "2026-06-01T04:00:00Z" };
    last().says({ type: "messages", seen: { c: 1 }, messages: [stored] });
    expect([talk.messages.length, talk.unsent.length]).toEqual([0, 1]);
    answer(taken("m1")());
    await settle();
    expect([talk.messages, talk.unsent.length]).toEqual([[stored], 0]);
  });

  it("keeps words over a reload, and waits while the browser is offline", async () => {
    online = false;
    talk.say("断网时写的");
    expect(talk.standing).toBe("offline");
    await vi.advanceTimersByTimeAsync(120_000);
    expect(Socket.all).toEqual([]);
    const again = new Talk("https://huiyin.example", "hs_1", drawerOf("hs_1", localStorage), () => undefined);
    expect(again.returns).toBe(true);
    expect(again.unsent.map((one) => one.text)).toEqual(["断网时写的"]);
  });

  it("waits longer each time, never as long as everybody else, and half a minute at most", async () => {
    vi.spyOn(Math, "random").mockReturnValue(1);
    await open();
    const waits: number[] = [];
    for (let tries = 0; tries < 8; tries += 1) {
      const before = Socket.all.length;
      last().breaks();
      let waited = 0;
      while (Socket.all.length === before) {
        await vi.advanceTimersByTimeAsync(500);
        waited += 500;
      }
      waits.push(waited);
    }
    expect(waits).toEqual([1000, 2000, 4000, 8000, 16000, 30000, 30000, 30000]);
  });

  it("takes a silent line for dead", async () => {
    await open();
    last().says({ type: "ping" });
    expect(JSON.parse(last().sent.at(-1)!)).toEqual({ type: "here" });
    await vi.advanceTimersByTimeAsync(40_001);
    expect(talk.standing).toBe("away");
  });

  it("slows down when told to, marks what is refused for good, and begins anew when nobody knows it", async () => {
    await open();
    const wait = { status: 429, headers: { "retry-after": "7" } };
    answers = [() => new Response("{}", wait), taken("m1"), () => new Response("{}", { status: 400 })];
    talk.say("太快");
    await settle();
    expect([talk.slow, talk.unsent.length]).toEqual([true, 1]);
    await vi.advanceTimersByTimeAsync(7_000);
    expect([talk.slow, talk.unsent.length]).toEqual([false, 0]);
    talk.say("不行");
    await settle();
    expect(talk.unsent.map((one) => one.failed)).toEqual([true]);
    last().breaks(4401);
    expect(drawer.get().token).toBe("");
  });

  it("begins anew where its token is refused, and sends what it kept", async () => {
    await open();
    answers = [() => new Response("{}", { status: 401 }), taken("m1")];
    talk.say("还在吗");
    await settle();
    expect([drawer.get().token, talk.unsent.length]).toEqual(["", 1]);
    await vi.advanceTimersByTimeAsync(2_000);
    last().opens();
    await settle();
    expect([drawer.get().token, talk.unsent.length]).toEqual(["hv_1", 0]);
  });

  it("says so where it may not stand", async () => {
    talk.connect();
    await settle();
    last().breaks(4403);
    expect(talk.standing).toBe("gone");
  });
});
