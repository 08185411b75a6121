/** One clock for the whole screen: whoever shows a ticking time redraws on the same second. */

import { useSyncExternalStore } from "react";

const listeners = new Set<() => void>();
let timer: number | null = null;
let second = Math.floor(Date.now() / 1000) * 1000;

/** Now in milliseconds, cut to the second; the caller redraws each second. */
export function useNow(): number {
  return useSyncExternalStore(listen, () => second);
}

function listen(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= window.setInterval(tick, 1000);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0 && timer !== null) {
      window.clearInterval(timer);
      timer = null;
    }
  };
}

function tick(): void {
  second = Math.floor(Date.now() / 1000) * 1000;
  for (const listener of listeners) listener();
}
