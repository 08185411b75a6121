/** What a person has typed and not sent, per conversation and person; it outlives a reload. */

import { keep, recall } from "../../pieces/keep";

export interface Draft {
  text: string;
  /** The suggestion the text came from, null once the field was emptied. */
  suggestion: string | null;
}

export const NO_DRAFT: Draft = { text: "", suggestion: null };

function keyOf(me: string, conversation: string): string {
  return `huiyin.draft.${me}.${conversation}`;
}

export function readDraft(me: string, conversation: string): Draft {
  const raw = recall(keyOf(me, conversation));
  if (!raw) return NO_DRAFT;
  try {
    const value = JSON.parse(raw) as Partial<Draft>;
    return { text: String(value.text ?? ""), suggestion: value.suggestion ?? null };
  } catch {
    return NO_DRAFT;
  }
}

export function keepDraft(me: string, conversation: string, draft: Draft): void {
  keep(keyOf(me, conversation), draft.text === "" ? "" : JSON.stringify(draft));
}

/** On signing out: the next person at this computer must not find one's words. */
export function forgetDrafts(me: string): void {
  try {
    for (const key of Object.keys(localStorage)) {
      if (key.startsWith(`huiyin.draft.${me}.`)) localStorage.removeItem(key);
    }
    sessionStorage.removeItem(`huiyin.outbox.${me}`);
  } catch {
    // Storage is closed to us: nothing was kept.
  }
}
