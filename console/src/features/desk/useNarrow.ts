/** True where three columns do not fit. Kept in step with desk.module.css. */

import { useSyncExternalStore } from "react";

const media = window.matchMedia("(max-width: 1080px)");

export function useNarrow(): boolean {
  return useSyncExternalStore(
    (listener) => {
      media.addEventListener("change", listener);
      return () => media.removeEventListener("change", listener);
    },
    () => media.matches,
  );
}
