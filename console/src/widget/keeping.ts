/** What the page keeps of a visitor: the token, what is not sent yet, how far they read. Where nothing may be kept, memory. */

export interface Unsent {
  /** Drawn here; sent again under it, the same words change nothing. */
  id: string;
  text: string;
  /** Refused for good: it is not tried again by itself. */
  failed?: boolean;
}

export interface Kept {
  token: string;
  unsent: Unsent[];
  /** The newest message that was on screen, by its time. */
  read: string;
}

const NOTHING: Kept = { token: "", unsent: [], read: "" };

export interface Drawer {
  get: () => Kept;
  put: (kept: Kept) => void;
}

/** Keep a visitor's things under one site's name. */
export function drawerOf(site: string, storage: Storage | null): Drawer {
  const name = `huiyin:${site}`;
  let memory = NOTHING;
  return {
    get: () => {
      try {
        return read(storage?.getItem(name)) ?? memory;
      } catch {
        return memory;
      }
    },
    put: (kept) => {
      memory = kept;
      try {
        storage?.setItem(name, JSON.stringify(kept));
      } catch {
        // The disk is full, or the browser keeps nothing: it lasts as long as the page.
      }
    },
  };
}

function read(text: string | null | undefined): Kept | null {
  if (!text) return null;
  const found: unknown = JSON.parse(text);
  if (typeof found !== "object" || found === null) return null;
  const { token, unsent, read } = found as Partial<Kept>;
  return {
    token: typeof token === "string" ? token : "",
    unsent: Array.isArray(unsent) ? unsent.filter((one) => typeof one?.id === "string" && typeof one.text === "string") : [],
    read: typeof read === "string" ? read : "",
  };
}

/** Draw an id; `crypto.randomUUID` exists on secure pages only. */
export function draw(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (one) => one.toString(16).padStart(2, "0")).join("");
}
