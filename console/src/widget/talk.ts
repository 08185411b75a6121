/**
 * The line to the server: what was said and not sent yet, what was heard, and how the line stands. No DOM here.
 *
 * Words are kept before they are sent, and sent one after the other under an id of their own until the server has
 * taken them. What reaches the visitor comes over a socket, from a cursor: nothing is lost while it is closed, and a
 * message that comes twice is known by its id.
 */

import { draw, type Drawer, type Unsent } from "./keeping";

export interface Message {
  id: string;
  from: "customer" | "bot" | "agent";
  text: string;
  at: string;
}

/** idle: nobody asked yet · away: tried again by itself · gone: this page may not, or the shop is not connected. */
export type Standing = "idle" | "connecting" | "open" | "offline" | "away" | "gone";

export interface Look {
  title: string;
  greeting: string;
}

const LONGEST_WAIT_MS = 30_000;
const FIRST_WAIT_MS = 1_000;
const GONE_WAIT_MS = 120_000;
/** The server pings every quarter of a minute: silence this long is a dead line. */
const SILENCE_MS = 40_000;
const POST_MS = 20_000;
const UNKNOWN_VISITOR = 4401;
const NO_PLACE = [4403, 4404];

export class Talk {
  standing: Standing = "idle";
  look: Look = { title: "", greeting: "" };
  messages: Message[] = [];
  slow = false;

  private known = new Map<string, Message>();
  private seen: Record<string, number> = {};
  private socket: WebSocket | null = null;
  private held: Frame[] = [];
  private sending = false;
  private tries = 0;
  private again: ReturnType<typeof setTimeout> | null = null;
  private later: ReturnType<typeof setTimeout> | null = null;
  private silence: ReturnType<typeof setTimeout> | null = null;

  /** `base` is where the script came from, without a slash at its end. */
  constructor(
    private readonly base: string,
    private readonly site: string,
    private readonly drawer: Drawer,
    private readonly changed: () => void,
  ) {}

  get unsent(): readonly Unsent[] {
    return this.drawer.get().unsent;
  }

  /** True for a visitor who was here before. */
  get returns(): boolean {
    const kept = this.drawer.get();
    return kept.token !== "" || kept.unsent.length > 0;
  }

  get unread(): number {
    const { read } = this.drawer.get();
    return this.messages.filter((one) => one.from !== "customer" && one.at > read).length;
  }

  /** Remember that everything was on screen. */
  readAll(): void {
    const last = this.messages.filter((one) => one.from !== "customer").at(-1);
    const kept = this.drawer.get();
    if (last && last.at > kept.read) this.drawer.put({ ...kept, read: last.at });
  }

  say(text: string): void {
    const kept = this.drawer.get();
    this.drawer.put({ ...kept, unsent: [...kept.unsent, { id: draw(), text }] });
    this.changed();
    if (this.standing === "idle") this.connect();
    else void this.send();
  }

  /** Try again what was refused. */
  repeat(id: string): void {
    this.change(id, (one) => ({ id: one.id, text: one.text }));
    void this.send();
  }

  /** Open the line now, whatever was waited for. */
  connect(): void {
    if (this.again) clearTimeout(this.again);
    this.again = null;
    if (this.socket) return;
    if (!navigator.onLine) {
      this.stand("offline");
      return;
    }
    this.stand(this.tries > 0 && this.standing !== "offline" ? "away" : "connecting");
    void this.open();
  }

  /** The browser lost the network: nothing is tried until it is back. */
  lost(): void {
    if (this.standing === "idle") return;
    this.hangUp();
    if (this.again) clearTimeout(this.again);
    this.again = null;
    this.stand("offline");
  }

  private async open(): Promise<void> {
    const socket = new WebSocket(`${this.base.replace(/^http/, "ws")}/ws/widget/${this.site}`);
    this.socket = socket;
    socket.onclose = (event) => {
      if (this.socket === socket) this.fail(event.code);
    };
    if (!(await this.hasToken())) {
      // A refusal to a page that may not ask cannot be read; the socket closes with the reason.
      await new Promise((go) => setTimeout(go, FIRST_WAIT_MS));
      if (this.socket === socket) this.fail();
      return;
    }
    if (this.socket !== socket) return;
    const greet = () =>
      socket.send(JSON.stringify({ type: "resume", token: this.drawer.get().token, seen: this.seen }));
    socket.onopen = greet;
    if (socket.readyState === WebSocket.OPEN) greet();
    socket.onmessage = (event: MessageEvent<string>) => this.hear(socket, event.data);
    this.listen();
  }

  private async hasToken(): Promise<boolean> {
    if (this.drawer.get().token) return true;
    try {
      const answer = await this.post("visits");
      if (!answer.ok) return false;
      const begun = (await answer.json()) as Look & { token: string };
      // Another tab may have begun meanwhile: the first token stays.
      const kept = this.drawer.get();
      if (!kept.token) this.drawer.put({ ...kept, token: begun.token });
      return true;
    } catch {
      return false;
    }
  }

  private hear(socket: WebSocket, raw: string): void {
    if (this.socket !== socket) return;
    this.listen();
    const frame = JSON.parse(raw) as Frame;
    if (frame.type === "ping") socket.send(JSON.stringify({ type: "here" }));
    if (frame.type === "hello") {
      this.look = { title: frame.title ?? "", greeting: frame.greeting ?? "" };
      this.tries = 0;
      this.stand("open");
      void this.send();
    }
    if (frame.type === "messages") {
      // What is being sent comes back here as a message: told before the answer, it would stand there twice.
      this.held.push(frame);
      if (!this.sending) this.take();
    }
  }

  private take(): void {
    for (const frame of this.held) {
      this.seen = frame.seen ?? this.seen;
      for (const one of frame.messages ?? []) this.known.set(one.id, one);
    }
    this.held = [];
    this.messages = [...this.known.values()].sort((a, b) => (a.at === b.at ? (a.id < b.id ? -1 : 1) : a.at < b.at ? -1 : 1));
    this.changed();
  }

  private async send(): Promise<void> {
    if (this.sending || this.standing !== "open") return;
    this.sending = true;
    try {
      let next = this.unsent.find((one) => !one.failed);
      while (next && this.standing === "open" && (await this.sendOne(next))) {
        next = this.unsent.find((one) => !one.failed);
      }
    } catch {
      // No answer: whether it arrived nobody knows. It is sent again under the same id.
      this.fail();
    } finally {
      this.sending = false;
      this.take();
    }
  }

  /** Send one; false if the others have to wait. */
  private async sendOne(one: Unsent): Promise<boolean> {
    const answer = await this.post("messages", { id: one.id, text: one.text });
    if (answer.ok) {
      const { message } = (await answer.json()) as { message: string };
      const at = new Date().toISOString();
      if (!this.known.has(message)) this.known.set(message, { id: message, from: "customer", text: one.text, at });
      this.drop(one.id);
      this.slow = false;
      return true;
    }
    if (answer.status === 429 || answer.status >= 500) {
      const seconds = Number(answer.headers.get("retry-after")) || 5;
      this.slow = answer.status === 429;
      if (this.later) clearTimeout(this.later);
      this.later = setTimeout(() => void this.send(), seconds * 1000);
      return false;
    }
    if (answer.status === 401) {
      this.forget();
      this.fail();
      return false;
    }
    if (answer.status === 403 || answer.status === 404) {
      this.fail(NO_PLACE[1]);
      return false;
    }
    this.change(one.id, (same) => ({ ...same, failed: true }));
    return true;
  }

  private async post(what: string, body?: object): Promise<Response> {
    const control = new AbortController();
    const timer = setTimeout(() => control.abort(), POST_MS);
    const headers: Record<string, string> = {};
    if (body) {
      headers["content-type"] = "application/json";
      headers.authorization = `Bearer ${this.drawer.get().token}`;
    }
    try {
      return await fetch(`${this.base}/api/widget/${this.site}/${what}`, {
        method: "POST",
        credentials: "omit",
        headers,
        signal: control.signal,
        ...(body ? { body: JSON.stringify(body) } : {}),
      });
    } finally {
      clearTimeout(timer);
    }
  }

  /** The line broke: wait longer each time, never exactly as long as everybody else, and try again. */
  private fail(code = 0): void {
    this.hangUp();
    if (code === UNKNOWN_VISITOR) this.forget();
    if (!navigator.onLine) {
      this.stand("offline");
      return;
    }
    const gone = NO_PLACE.includes(code);
    const most = gone ? GONE_WAIT_MS : Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** this.tries);
    this.tries += 1;
    this.stand(gone ? "gone" : "away");
    if (this.again) clearTimeout(this.again);
    this.again = setTimeout(() => this.connect(), most * (0.5 + Math.random() / 2));
  }

  private hangUp(): void {
    const socket = this.socket;
    this.socket = null;
    if (this.silence) clearTimeout(this.silence);
    if (socket && socket.readyState <= WebSocket.OPEN) socket.close();
  }

  private listen(): void {
    if (this.silence) clearTimeout(this.silence);
    this.silence = setTimeout(() => this.fail(), SILENCE_MS);
  }

  /** Begin as somebody new: the server knows the token no more. What was not sent yet stays. */
  private forget(): void {
    this.drawer.put({ ...this.drawer.get(), token: "" });
    this.seen = {};
  }

  private drop(id: string): void {
    const kept = this.drawer.get();
    this.drawer.put({ ...kept, unsent: kept.unsent.filter((one) => one.id !== id) });
  }

  private change(id: string, how: (one: Unsent) => Unsent): void {
    const kept = this.drawer.get();
    this.drawer.put({ ...kept, unsent: kept.unsent.map((one) => (one.id === id ? how(one) : one)) });
    this.changed();
  }

  private stand(standing: Standing): void {
    this.standing = standing;
    this.changed();
  }
}

interface Frame {
  type: string;
  title?: string;
  greeting?: string;
  seen?: Record<string, number>;
  messages?: Message[];
}
