/** What the right column shows now, and how keys and bubbles ask it to show something. */

import { createContext, useCallback, useContext, useMemo, useRef, useState, type ReactNode } from "react";

export type SideTab = "orders" | "logistics" | "protection";

interface Side {
  tab: SideTab;
  show: (tab: SideTab) => void;
  order: string | null;
  pick: (order: string) => void;
  /** Put words into the composer: a suggestion, or a reply that did not go out. */
  insert: Insert;
  /** The composer takes words while it stands; the returned function ends that. */
  takeInserts: (take: Insert) => () => void;
}

type Insert = (text: string, suggestion: string | null) => void;

const SideContext = createContext<Side | null>(null);

export function SideProvider({ revealed, children }: { revealed: () => void; children: ReactNode }) {
  const [tab, setTab] = useState<SideTab>("orders");
  const [order, setOrder] = useState<string | null>(null);
  const taker = useRef<Insert | null>(null);
  const insert = useCallback<Insert>((text, suggestion) => taker.current?.(text, suggestion), []);
  const takeInserts = useCallback((take: Insert) => {
    taker.current = take;
    return () => {
      taker.current = null;
    };
  }, []);
  const value = useMemo<Side>(
    () => ({
      tab,
      order,
      insert,
      takeInserts,
      pick: setOrder,
      show: (next) => {
        setTab(next);
        revealed();
      },
    }),
    [tab, order, insert, takeInserts, revealed],
  );
  return <SideContext.Provider value={value}>{children}</SideContext.Provider>;
}

export function useSide(): Side {
  const side = useContext(SideContext);
  if (!side) throw new Error("useSide outside of SideProvider");
  return side;
}
