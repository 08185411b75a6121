/** Keys that always see the newest state, without listening anew at every change. */

import { useEffect, useRef } from "react";
import { onKeys } from "../../pieces/keyboard";

export function useDeskKeys(keys: Record<string, () => void>): void {
  const newest = useRef(keys);
  useEffect(() => {
    newest.current = keys;
  });
  const names = Object.keys(keys).join(" ");
  useEffect(() => {
    const layer: Record<string, () => void> = {};
    for (const name of names.split(" ")) layer[name] = () => newest.current[name]?.();
    return onKeys(layer);
  }, [names]);
}
