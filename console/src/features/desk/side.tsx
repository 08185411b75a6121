/** What the right column shows now, and how keys and bubbles ask it to show something. */

import { createContext, useContext, useMemo, useState, type ReactNode } from "react";

export type SideTab = "orders" | "logistics" | "protection";

interface Side {
  tab: SideTab;
  show: (tab: SideTab) => void;
  order: string | null;
  pick: (order: string) => void;
  /** Put words into the composer: a suggestion, or a reply that did not go out. Set by the composer while it stands. */
  insert: React.RefObject<((text: string, suggestion: string | null) => void) | null>;
}

const SideContext = createContext<Side | null>(null);

export function SideProvider({ revealed, children }: { revealed: () => void; children: ReactNode }) {
  const [tab, setTab] = useState<SideTab>("orders");
  const [order, setOrder] = useState<string | null>(null);
  const [insert] = useState<Side["insert"]>(() => ({ current: null }));
  const value = useMemo<Side>(
    () => ({
      tab,
      order,
      insert,
      pick: setOrder,
      show: (next) => {
        setTab(next);
        revealed();
      },
    }),
    [tab, order, insert, revealed],
  );
  return <SideContext.Provider value={value}>{children}</SideContext.Provider>;
}

export function useSide(): Side {
  const side = useContext(SideContext);
  if (!side) throw new Error("useSide outside of SideProvider");
  return side;
}
