/** What the page of keys asks for, by the name its answer is kept under. */

export const KEYS = ["keys"];
