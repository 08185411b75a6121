/* global document, localStorage, matchMedia */
// Runs before the first paint so that a dark desk never flashes white. The rest is in src/design/theme.tsx.
(function () {
  let kept = null;
  try {
    kept = localStorage.getItem("huiyin.theme");
  } catch {
    // Storage is closed to us: the system's wish decides.
  }
  const dark = kept ? kept === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  document.documentElement.dataset.theme = dark ? "dark" : "light";
  document.documentElement.style.colorScheme = dark ? "dark" : "light";
})();
