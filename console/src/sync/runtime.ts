/**
 * Holds the desk's state, runs the errands of `step`, and tells listeners. Framework-free.
 *
 * Changes are handed on at most once a frame: a rush of events must not redraw the desk for each of them.
 */

import { calls } from "../api/calls";
import { Trouble } from "../api/http";
import type { ConversationShape, MessageShape } from "../api/types";
import { oldestVersion, takeDetail, takeEarlier, takeMessage } from "./chat";
import { emptyDesk, putChat, resumeFrame, step, type Desk, type Errand } from "./desk";
import type { Incoming } from "./frames";
import { NO_LINES, takeAnswer, takePage, takeRead, type Tab } from "./lines";
import { NO_PAGES, type Pages, type PageState } from "./pages";
import type { Wire, WireState } from "./wire";

const PAINT_MS = 16;
/** A resume is answered with `list` each time; opening chats quickly must not fetch the list as often. */
const LIST_EVERY_MS = 3000;

export interface Snapshot {
  readonly desk: Desk;
  readonly pages: Pages;
  readonly shop: string;
  readonly wire: WireState;
  /** Chats being read for the first time, or that could not be read. */
  readonly opening: ReadonlyMap<string, Trouble | "loading">;
  readonly earlier: ReadonlyMap<string, Trouble | "loading">;
}

export class Runtime {
  private now: Snapshot;
  private listeners = new Set<() => void>();
  private painting = false;
  private listTimer: number | null = null;
  private listAt = 0;

  constructor(
    me: string,
    private readonly wire: () => Wire,
  ) {
    const nothing = { opening: new Map(), earlier: new Map() };
    this.now = { desk: emptyDesk(me), pages: NO_PAGES, shop: "", wire: "connecting", ...nothing };
  }

  read = (): Snapshot => this.now;

  listen = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  heard(frame: Incoming): void {
    const [desk, errands] = step(this.now.desk, frame, Date.now());
    if (desk !== this.now.desk) this.set({ desk });
    for (const errand of errands) this.run(errand);
  }

  wireSays(wire: WireState): void {
    this.set({ wire });
  }

  /** Say which conversations stand on screen; those not read yet are read. */
  show(ids: readonly string[]): void {
    if (ids.join() === this.now.desk.open.join()) return;
    this.set({ desk: { ...this.now.desk, open: ids } });
    for (const id of ids) if (!this.now.desk.chats.has(id)) void this.openChat(id);
    this.resume();
  }

  /** Say which list is looked at, and read it anew: while it was out of sight its lines were not told. */
  showTab(tab: Tab): void {
    if (this.now.desk.tab === tab) return;
    this.set({ desk: { ...this.now.desk, tab } });
    this.resume();
    void this.loadTab(tab);
  }

  showWall(wantsWall: boolean): void {
    if (this.now.desk.wantsWall === wantsWall) return;
    this.set({ desk: { ...this.now.desk, wantsWall } });
    this.resume();
  }

  async openChat(id: string): Promise<void> {
    if (this.now.opening.get(id) === "loading") return;
    this.mark("opening", id, "loading");
    try {
      const detail = await calls.open(id);
      const chat = takeDetail(this.now.desk.chats.get(id), detail);
      const lines = takeAnswer(this.now.desk.lines, detail.conversation, this.now.desk.me);
      this.set({ desk: putChat({ ...this.now.desk, lines }, chat) });
      this.mark("opening", id, null);
      this.resume();
    } catch (error) {
      this.mark("opening", id, asTrouble(error));
    }
  }

  async loadEarlier(id: string): Promise<void> {
    const chat = this.now.desk.chats.get(id);
    if (!chat?.earlier || this.now.earlier.get(id) === "loading") return;
    this.mark("earlier", id, "loading");
    try {
      const page = await calls.earlier(id, oldestVersion(chat));
      const held = this.now.desk.chats.get(id);
      if (held) this.set({ desk: putChat(this.now.desk, takeEarlier(held, page)) });
      this.mark("earlier", id, null);
    } catch (error) {
      this.mark("earlier", id, asTrouble(error));
    }
  }

  setShop(shop: string): void {
    if (shop === this.now.shop) return;
    const desk = { ...this.now.desk, lines: { ...NO_LINES, counts: this.now.desk.lines.counts } };
    this.set({ shop, desk, pages: NO_PAGES });
  }

  /** Read a tab's first page, or with `more` the page after those held. */
  async loadTab(tab: Tab, more = false): Promise<void> {
    const { shop, desk } = this.now;
    const page = this.now.pages[tab];
    if (page.loading || (more && page.next === null)) return;
    const asked = desk.lines.tick;
    this.setPage(tab, { loading: true, trouble: null });
    try {
      const answer = await calls.list(tab, shop, more ? page.next : null);
      if (this.now.shop !== shop) return;
      const about = { tab, me: desk.me, asked, first: !more, shop };
      const lines = takePage(this.now.desk.lines, answer, about);
      this.set({ desk: { ...this.now.desk, lines } });
      // A fresh first page over several held ones: what lies below it is still known and in order.
      const keepsMore = !more && page.loaded && page.next !== null && page.depth > 1;
      const next = keepsMore ? page.next : answer.nextCursor;
      this.setPage(tab, { loading: false, loaded: true, next, depth: more ? page.depth + 1 : Math.max(1, page.depth) });
    } catch (error) {
      if (this.now.shop === shop) this.setPage(tab, { loading: false, trouble: asTrouble(error) });
    }
  }

  /** Take what a request answered. */
  answered(line: ConversationShape): void {
    const lines = takeAnswer(this.now.desk.lines, line, this.now.desk.me);
    this.set({ desk: { ...this.now.desk, lines } });
  }

  answeredMessage(id: string, message: MessageShape): void {
    const chat = this.now.desk.chats.get(id);
    if (chat) this.set({ desk: putChat(this.now.desk, takeMessage(chat, message)) });
  }

  async markRead(id: string): Promise<void> {
    const lines = takeRead(this.now.desk.lines, id);
    if (lines === this.now.desk.lines) return;
    this.set({ desk: { ...this.now.desk, lines } });
    // A mark that got lost comes back with the next line and is said again.
    await calls.read(id).catch(() => undefined);
  }

  private run(errand: Errand): void {
    if (errand.do === "resume") this.resume();
    else if (errand.do === "pong") this.wire().send({ type: "pong" });
    else if (errand.do === "reload-chat") void this.openChat(errand.id);
    else this.fetchListSoon();
  }

  private resume(): void {
    this.wire().send(resumeFrame(this.now.desk));
  }

  private fetchListSoon(): void {
    if (this.listTimer !== null) return;
    const wait = Math.max(0, this.listAt + LIST_EVERY_MS - Date.now());
    this.listTimer = window.setTimeout(() => {
      this.listTimer = null;
      this.listAt = Date.now();
      void this.loadTab(this.now.desk.tab);
    }, wait);
  }

  private setPage(tab: Tab, change: Partial<PageState>): void {
    this.set({ pages: { ...this.now.pages, [tab]: { ...this.now.pages[tab], ...change } } });
  }

  private mark(what: "opening" | "earlier", id: string, value: Trouble | "loading" | null): void {
    const marks = new Map(this.now[what]);
    if (value === null) marks.delete(id);
    else marks.set(id, value);
    this.set(what === "opening" ? { opening: marks } : { earlier: marks });
  }

  private set(change: Partial<Snapshot>): void {
    this.now = { ...this.now, ...change };
    if (this.painting) return;
    this.painting = true;
    window.setTimeout(() => {
      this.painting = false;
      for (const listener of this.listeners) listener();
    }, PAINT_MS);
  }
}

export function asTrouble(error: unknown): Trouble {
  return error instanceof Trouble ? error : new Trouble("broken", 0, "", "");
}
