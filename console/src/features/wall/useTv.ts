/** TV mode: the whole screen, no bar, large type. Escape leaves it as it leaves the browser's full screen. */

import { useCallback, useEffect, useState } from "react";

export function useTv(): [boolean, () => void] {
  const [tv, setTv] = useState(false);
  useEffect(() => {
    if (!tv) return undefined;
    document.documentElement.dataset["tv"] = "";
    const left = () => {
      if (!document.fullscreenElement) setTv(false);
    };
    const escape = (event: KeyboardEvent) => {
      if (event.key === "Escape" && !document.fullscreenElement) setTv(false);
    };
    document.addEventListener("fullscreenchange", left);
    window.addEventListener("keydown", escape);
    return () => {
      delete document.documentElement.dataset["tv"];
      document.removeEventListener("fullscreenchange", left);
      window.removeEventListener("keydown", escape);
    };
  }, [tv]);
  const toggle = useCallback(() => {
    if (tv) {
      if (document.fullscreenElement) void document.exitFullscreen();
      setTv(false);
      return;
    }
    setTv(true);
    // A refusal (a frame, a kiosk) leaves the large type, which is what matters.
    document.documentElement.requestFullscreen().catch(() => undefined);
  }, [tv]);
  return [tv, toggle];
}
