/**
 * One listener for all keys. Single letters work only while nobody types; Alt combinations always do.
 *
 * Names: a letter or sign as typed (`t`, `?`, `/`, `1`), or `alt+` and the key's place (`alt+t`, `alt+arrowup`),
 * since Alt changes what a letter types on some systems.
 */

type Run = () => void;
const layers: Record<string, Run>[] = [];

/** Listen to keys until the returned function is called; a later layer goes before an earlier one. */
export function onKeys(keys: Record<string, Run>): () => void {
  if (layers.length === 0) window.addEventListener("keydown", hear);
  layers.push(keys);
  return () => {
    layers.splice(layers.indexOf(keys), 1);
    if (layers.length === 0) window.removeEventListener("keydown", hear);
  };
}

/** True where keys belong to what has the focus: a field, or an open dialog, drawer or menu. */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName)) return true;
  return target.closest('[role="dialog"],[role="menu"],[role="listbox"],[role="combobox"]') !== null;
}

/** What a key is called here: a letter or sign as typed, `space`, `arrowleft`. */
export function nameOf(key: string): string {
  return key === " " ? "space" : key.toLowerCase();
}

function hear(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey) return;
  const name = event.altKey ? `alt+${event.code.replace(/^Key|^Digit/, "").toLowerCase()}` : nameOf(event.key);
  if (!event.altKey && isTyping(event.target)) return;
  if (document.querySelector('[role="dialog"][aria-modal="true"]')) return;
  for (const layer of [...layers].reverse()) {
    const run = layer[name];
    if (!run) continue;
    event.preventDefault();
    run();
    return;
  }
}
