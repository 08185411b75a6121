"""Look over a page for words that cannot be read on their ground: WCAG's contrast, 3 to 1 at least.

The formula: https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio. What is disabled, unseen or without ground is left out.
"""

import re

from playwright.sync_api import Page

LEAST = 3.0
OTHER = re.compile("^(深色|浅色)$")
_LOOK = """
least => {
  const OUT = '[disabled], [aria-disabled=true], [aria-hidden=true], .unseen, script, style';
  const linear = part => part <= .04045 ? part / 12.92 : ((part + .055) / 1.055) ** 2.4;
  const channel = each => linear(each / 255);
  const light = ([red, green, blue]) => .2126 * channel(red) + .7152 * channel(green) + .0722 * channel(blue);
  const parts = said => { const found = said.match(/[\\d.]+/g); return found ? found.map(Number) : [0, 0, 0, 0] };
  const mixed = (top, below, share) => [0, 1, 2].map(at => top[at] * share + below[at] * (1 - share));
  const over = (top, below) => mixed(top, below, top[3] ?? 1);
  const ground = element => {
    const layers = [];
    for (let each = element; each; each = each.parentElement) {
      const style = getComputedStyle(each);
      if (style.backgroundImage !== 'none') return null;
      layers.push(parts(style.backgroundColor));
      if ((layers.at(-1)[3] ?? 1) === 1) break;
    }
    return layers.reverse().reduce((below, top) => over(top, below), [255, 255, 255]);
  };
  const poor = [];
  for (const element of document.body.querySelectorAll('*')) {
    const words = [...element.childNodes].filter(each => each.nodeType === 3).map(each => each.data.trim()).join('');
    if (!words || element.closest(OUT)) continue;
    const style = getComputedStyle(element), box = element.getBoundingClientRect();
    const seen = element.checkVisibility({ opacityProperty: true, visibilityProperty: true });
    if (!seen || box.width < 2 || box.height < 2) continue;
    const below = ground(element);
    if (!below) continue;
    const shown = light(over(parts(style.color), below)), ground_light = light(below);
    const ratio = (Math.max(shown, ground_light) + .05) / (Math.min(shown, ground_light) + .05);
    if (ratio < least) poor.push(`${words.slice(0, 20)}: ${ratio.toFixed(2)}`);
  }
  return poor;
}
"""


def unreadable(page: Page) -> list[str]:
    """Return the words that cannot be read where they stand, each with its contrast, in the light and in the dark."""
    found: list[str] = []
    for _ in range(2):
        scheme = page.locator("html").get_attribute("data-theme")
        found += [f"{scheme} {each}" for each in page.evaluate(_LOOK, LEAST)]
        page.get_by_role("button", name=OTHER, include_hidden=True).evaluate("button => button.click()")
        page.wait_for_timeout(500)
    return found
