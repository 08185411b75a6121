/**
 * Do one thing that a button asks for: busy meanwhile, its trouble told, a second factor asked for where one is wanted.
 *
 * What comes back goes to `done` alone. The library's mutations would keep it for minutes, and it may be a one-time link.
 */

import { useState, type ReactNode } from "react";
import type { Trouble } from "../api/http";
import { useStepUp } from "../features/session/useStepUp";
import { asTrouble } from "../sync/runtime";
import { wantsProof } from "./proof";

export interface Deed {
  /** Do it; tells whether it worked. */
  run: () => Promise<boolean>;
  busy: boolean;
  trouble: Trouble | null;
  /** The dialog for the second factor; draw it wherever the button stands. */
  dialog: ReactNode;
}

export function useDeed<T>(work: () => Promise<T>, done?: (result: T) => void): Deed {
  const [withStepUp, dialog] = useStepUp();
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  async function run(): Promise<boolean> {
    setBusy(true);
    setTrouble(null);
    try {
      const result = await withStepUp(work);
      done?.(result);
      return true;
    } catch (error) {
      // Whoever closed the dialog for the code knows that nothing was done.
      if (!wantsProof(error)) setTrouble(asTrouble(error));
      return false;
    } finally {
      setBusy(false);
    }
  }
  return { run, busy, trouble, dialog };
}
