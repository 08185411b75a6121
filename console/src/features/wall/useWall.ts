/** The wall's figures: read once, then live. For one shop the socket has no frames: that view asks every few seconds. */

import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { calls } from "../../api/calls";
import type { WallShape } from "../../api/types";
import { useLive, useSnapshot } from "../../app/live";

const ASK_EVERY_MS = 5000;

export function useWall(shop: string): { wall: WallShape | null; trouble: Error | null; retry: () => void } {
  const { runtime } = useLive();
  const live = useSnapshot((snapshot) => snapshot.desk.wall);
  const online = useSnapshot((snapshot) => snapshot.wire === "online");
  useEffect(() => {
    runtime.showWall(true);
    return () => runtime.showWall(false);
  }, [runtime]);
  const asked = useQuery({
    queryKey: ["wall", shop],
    queryFn: () => calls.wall(shop),
    refetchInterval: shop !== "" || !online ? ASK_EVERY_MS : false,
    placeholderData: (before) => before,
  });
  const wall = shop === "" ? newer(live, asked.data ?? null) : (asked.data ?? null);
  return { wall, trouble: asked.error, retry: () => void asked.refetch() };
}

function newer(a: WallShape | null, b: WallShape | null): WallShape | null {
  if (!a || !b) return a ?? b;
  return Date.parse(a.asOf) >= Date.parse(b.asOf) ? a : b;
}
