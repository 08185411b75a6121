/** What is held, and what keeps it, in a sentence. */

import type { HoldShape } from "../../api/types";
import type { Words } from "../../i18n";
import { dayOf, stamp } from "../../pieces/time";

export function holdWords(words: Words, hold: HoldShape): string {
  const by = hold.by || words("vault.terminal");
  return hold.until
    ? words("vault.held.keeps", { reason: hold.reason, by, until: stamp(hold.until) })
    : words("vault.held.keeps.open", { reason: hold.reason, by });
}

/** From which day on until which something is held; one day alone is named once. */
export function heldWords(words: Words, since: string, until: string): string {
  const [from, to] = [dayOf(since), dayOf(until)];
  return from === to ? from : words("vault.held.since", { from, to });
}
