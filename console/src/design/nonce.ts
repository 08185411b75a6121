/**
 * The page's nonce: styles written at run time carry it, all others are refused by the server's policy.
 *
 * antd hands it to its styles. The libraries below it (scroll locks, measuring a scroll bar) do not, so every style
 * element a script makes gets it here. Markup gets none: a style that somebody smuggled into a text stays refused.
 */

export const NONCE = document.querySelector<HTMLMetaElement>("meta[name=csp]")?.nonce ?? "";

const make = document.createElement.bind(document);

document.createElement = (name: string, options?: ElementCreationOptions) => {
  const made = make(name, options);
  if (made instanceof HTMLStyleElement) made.nonce = NONCE;
  return made;
};
