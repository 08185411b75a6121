/** The few addresses of the console, over the browser's own history. */

import { useCallback, useSyncExternalStore } from "react";

export type Route =
  | { page: "home" | "missing" | Plain }
  | { page: "desk"; id: string | null }
  | { page: "session"; id: string }
  | { page: "care"; part: CarePart };

export type CarePart = "stuck" | "accounts";

export function readRoute(path: string): Route {
  const [, page, id, ...rest] = path.replace(/\/+$/, "").split("/");
  if (!page) return { page: "home" };
  if (rest.length > 0) return { page: "missing" };
  if (page === "desk") return { page: "desk", id: id ? decode(id) : null };
  if (page === "sessions" && id) return { page: "session", id: decode(id) };
  if (id === undefined && isPlain(page)) return { page };
  if (page === "care" && id === undefined) return { page: "care", part: "stuck" };
  if (page === "care" && id === "accounts") return { page: "care", part: "accounts" };
  return { page: "missing" };
}

/** The pages that are one address and nothing below it. */
const PLAIN = ["start", "wall", "reports", "search", "shops", "imports", "exports", "settings", "people", "audit", "keys"] as const;
type Plain = (typeof PLAIN)[number];

function isPlain(page: string): page is Plain {
  return (PLAIN as readonly string[]).includes(page);
}

export function carePath(part: CarePart): string {
  return part === "stuck" ? "/care" : `/care/${part}`;
}

export function deskPath(id: string | null): string {
  return id ? `/desk/${encodeURIComponent(id)}` : "/desk";
}

export function usePath(): [string, (path: string, replace?: boolean) => void] {
  const path = useSyncExternalStore(listen, () => location.pathname);
  const go = useCallback((to: string, replace = false) => {
    if (to === location.pathname) return;
    if (replace) history.replaceState(null, "", to);
    else history.pushState(null, "", to);
    for (const listener of listeners) listener();
  }, []);
  return [path, go];
}

const listeners = new Set<() => void>();

function listen(listener: () => void): () => void {
  listeners.add(listener);
  window.addEventListener("popstate", listener);
  return () => {
    listeners.delete(listener);
    window.removeEventListener("popstate", listener);
  };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
