/** The widget on the page: a button, and behind it the conversation. Whatever was said becomes text nodes, never markup. */

import type { Unsent } from "./keeping";
import { STYLE } from "./style";
import type { Message, Standing, Talk } from "./talk";
import type { Say, Word } from "./words";

/** As the server has it (`MOST_CHARACTERS`). */
const MOST_CHARACTERS = 2000;
/** What the button says for the visitor: the words the bot hands over at. */
const ASKS_FOR_A_PERSON = "转人工";
const TROUBLES: Partial<Record<Standing, Word>> = {
  connecting: "connecting",
  offline: "offline",
  away: "away",
  gone: "gone",
};
const NEAR_END = 60;

export class View {
  private open = false;
  private readonly launch: HTMLButtonElement;
  private readonly label: HTMLElement;
  private readonly badge: HTMLElement;
  private readonly panel: HTMLElement;
  private readonly title: HTMLElement;
  private readonly status: HTMLElement;
  private readonly trouble: HTMLElement;
  private readonly retry: HTMLButtonElement;
  private readonly log: HTMLElement;
  private readonly field: HTMLTextAreaElement;
  private readonly sendButton: HTMLButtonElement;
  private readonly hint: HTMLElement;
  private readonly shown = new Map<string, HTMLElement>();
  private readonly root: ShadowRoot;

  constructor(
    host: HTMLElement,
    private readonly talk: Talk,
    private readonly words: Say,
    private readonly lang: string,
  ) {
    this.root = host.attachShadow({ mode: "open" });
    // A sheet made by script is allowed where a page's policy forbids <style>.
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLE);
    this.root.adoptedStyleSheets = [sheet];

    this.label = make("span", "", words("open"));
    this.badge = make("span", "badge");
    this.launch = button("launch", "", () => this.show());
    this.launch.append(bubble(), this.label, this.badge);
    this.launch.setAttribute("aria-haspopup", "dialog");

    this.title = make("h2", "", words("title"));
    this.title.id = "title";
    const person = button("person", words("person"), () => this.talk.say(ASKS_FOR_A_PERSON));
    const close = button("close", "×", () => this.hide());
    close.setAttribute("aria-label", words("close"));
    const header = make("header", "");
    header.append(this.title, person, close);

    this.trouble = make("span", "");
    this.retry = button("", words("retry"), () => this.talk.connect());
    this.status = make("div", "status");
    this.status.setAttribute("role", "status");
    this.status.append(this.trouble, this.retry);

    this.log = make("ul", "log");
    this.log.setAttribute("role", "log");
    this.log.setAttribute("aria-live", "polite");
    this.log.setAttribute("aria-label", words("log"));
    this.log.tabIndex = 0;

    this.field = document.createElement("textarea");
    this.field.rows = 1;
    this.field.placeholder = words("placeholder");
    this.field.setAttribute("aria-label", words("field"));
    this.field.addEventListener("input", () => this.draw());
    this.field.addEventListener("keydown", (event) => this.typed(event));
    this.sendButton = button("send", words("send"), () => undefined);
    this.sendButton.type = "submit";
    const form = make("form", "") as HTMLFormElement;
    form.append(this.field, this.sendButton);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.submit();
    });
    this.hint = make("div", "hint");
    this.hint.setAttribute("role", "alert");

    this.panel = make("section", "panel");
    this.panel.setAttribute("role", "dialog");
    this.panel.setAttribute("aria-modal", "true");
    this.panel.setAttribute("aria-labelledby", "title");
    this.panel.lang = lang;
    this.panel.append(header, this.status, this.log, form, this.hint);
    this.panel.addEventListener("keydown", (event) => this.moved(event));
    this.root.append(this.launch, this.panel);
    this.draw();
  }

  show(): void {
    this.open = true;
    if (this.talk.standing === "idle") this.talk.connect();
    this.draw();
    this.log.scrollTop = this.log.scrollHeight;
    this.field.focus();
  }

  hide(): void {
    this.open = false;
    this.draw();
    this.launch.focus();
  }

  /** Show everything as it stands now. */
  draw(): void {
    if (this.open && document.visibilityState === "visible") this.talk.readAll();
    const { unread, standing, look } = this.talk;
    this.launch.hidden = this.open;
    this.panel.hidden = !this.open;
    this.badge.hidden = unread === 0;
    this.badge.textContent = unread > 99 ? "99+" : String(unread);
    this.launch.setAttribute("aria-label", unread > 0 ? this.words("unread", unread) : this.words("open"));
    this.title.textContent = look.title || this.words("title");
    const trouble = TROUBLES[standing] ?? (this.talk.slow ? "slow" : undefined);
    this.status.hidden = !trouble;
    this.trouble.textContent = trouble ? this.words(trouble) : "";
    this.retry.hidden = standing !== "away" && standing !== "gone";
    const length = this.field.value.length;
    this.hint.hidden = length <= MOST_CHARACTERS;
    this.hint.textContent = this.hint.hidden ? "" : this.words("long", MOST_CHARACTERS);
    this.sendButton.disabled = length > MOST_CHARACTERS || this.field.value.trim() === "";
    this.drawLog();
  }

  private drawLog(): void {
    const { messages, unsent, look } = this.talk;
    const atEnd = this.log.scrollHeight - this.log.scrollTop - this.log.clientHeight < NEAR_END;
    const greeting: Message = { id: "greeting", from: "bot", text: look.greeting || this.words("empty"), at: "" };
    const wanted = [
      this.entry(greeting, ""),
      ...messages.map((one) => this.entry(one, one.text)),
      ...unsent.map((one) => this.unsentEntry(one)),
    ];
    const keys = new Set(wanted.map(([key]) => key));
    for (const [key, item] of this.shown) {
      if (keys.has(key)) continue;
      item.remove();
      this.shown.delete(key);
    }
    let place = this.log.firstElementChild;
    for (const [key, make_] of wanted) {
      let item = this.shown.get(key);
      if (!item) {
        item = make_();
        this.shown.set(key, item);
      }
      // What stands in its place is not touched: whoever listens to the log hears each message once.
      if (place === item) place = item.nextElementSibling;
      else this.log.insertBefore(item, place);
    }
    if (atEnd) this.log.scrollTop = this.log.scrollHeight;
  }

  private entry(one: Message, told: string): [string, () => HTMLElement] {
    return [
      `${one.id}|${one.at}|${told || one.text}`,
      () => {
        const item = make("li", one.from === "customer" ? "mine" : "");
        item.append(make("span", "who", this.who(one)), make("div", "said", one.text));
        return item;
      },
    ];
  }

  private unsentEntry(one: Unsent): [string, () => HTMLElement] {
    return [
      `${one.id}|${String(one.failed ?? false)}`,
      () => {
        const item = make("li", one.failed ? "mine unsent failed" : "mine unsent");
        const mark = make("span", "mark", this.words(one.failed ? "failed" : "pending"));
        if (one.failed) mark.append(" ", button("", this.words("retry"), () => this.talk.repeat(one.id)));
        item.append(make("div", "said", one.text), mark);
        return item;
      },
    ];
  }

  private who(one: Message): string {
    const name = one.from === "customer" ? this.words("you") : this.words(one.from === "bot" ? "bot" : "agent");
    if (!one.at) return name;
    const at = new Date(one.at);
    const day = at.toDateString() === new Date().toDateString() ? {} : ({ month: "numeric", day: "numeric" } as const);
    return `${name} ${at.toLocaleString(this.lang, { ...day, hour: "2-digit", minute: "2-digit", hour12: false })}`;
  }

  private submit(): void {
    const text = this.field.value.trim();
    if (!text || text.length > MOST_CHARACTERS) return;
    this.field.value = "";
    this.talk.say(text);
    this.log.scrollTop = this.log.scrollHeight;
    this.field.focus();
  }

  private typed(event: KeyboardEvent): void {
    // Enter that ends a composed Chinese word is no wish to send (229: Safari's way to say so).
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    this.submit();
  }

  /** Esc closes; Tab goes round inside. The page's own shortcuts hear nothing of what is typed here. */
  private moved(event: KeyboardEvent): void {
    event.stopPropagation();
    if (event.key === "Escape" && !event.isComposing) {
      this.hide();
      return;
    }
    if (event.key !== "Tab") return;
    const stops = [...this.panel.querySelectorAll<HTMLElement>("button, textarea, [tabindex]")].filter(
      (one) => !one.hasAttribute("disabled") && one.offsetParent !== null,
    );
    const first = stops[0];
    const last = stops.at(-1);
    const here = this.root.activeElement;
    if (event.shiftKey && here === first) {
      event.preventDefault();
      last?.focus();
    } else if (!event.shiftKey && here === last) {
      event.preventDefault();
      first?.focus();
    }
  }
}

function make(tag: string, name: string, text = ""): HTMLElement {
  const made = document.createElement(tag);
  if (name) made.className = name;
  if (text) made.textContent = text;
  return made;
}

function button(name: string, text: string, pressed: () => void): HTMLButtonElement {
  const made = make("button", name, text) as HTMLButtonElement;
  made.type = "button";
  made.addEventListener("click", pressed);
  return made;
}

function bubble(): SVGSVGElement {
  const space = "http://www.w3.org/2000/svg";
  const picture = document.createElementNS(space, "svg");
  picture.setAttribute("viewBox", "0 0 24 24");
  picture.setAttribute("aria-hidden", "true");
  const line = document.createElementNS(space, "path");
  line.setAttribute("d", "M4 5h16v11H10l-4.5 4V16H4z");
  line.setAttribute("fill", "none");
  line.setAttribute("stroke", "currentColor");
  line.setAttribute("stroke-width", "1.8");
  line.setAttribute("stroke-linejoin", "round");
  picture.append(line);
  return picture;
}
