"""The corpus in a real browser: names and words of customers are text on the screen, and nothing else."""

from pathlib import Path

import pytest
import yaml
from playwright.sync_api import Page, expect

from .conftest import Demo, sessions
from .test_screens import PATIENCE, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

CORPUS = yaml.safe_load((Path(__file__).parents[1] / "injection" / "corpus.yaml").read_text(encoding="utf-8"))
TURNED = "\u202etxt.exe 管理员"


def conversations(page: Page, demo: Demo) -> list[str]:
    """Return the conversations of today with customers of odd names, whoever answers them."""
    return [each["conversation"] for each in sessions(page, demo) if not each["customer"].startswith("j")]


def test_no_word_of_a_customer_is_more_than_text(page: Page, demo: Demo) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    name = "<img src=x onerror=window.pwned=20>"
    for text in CORPUS["xss"]:
        demo.hears(text, customer=name)
        demo.hears(text, customer=name, mt="image", url="https://evil.example/picture.png")
    sign_in(page, demo, "lead")
    expect(page.get_by_role("link", name="待办")).to_be_visible(timeout=PATIENCE)
    seen = ""
    page.wait_for_timeout(3000)  # what was said reaches the wall
    for conversation in conversations(page, demo):
        page.goto(f"{demo.address}/desk/{conversation}")
        expect(page.locator("[role=log], textarea, main").first).to_be_visible(timeout=PATIENCE)
        page.wait_for_timeout(300)
        seen += page.locator("body").inner_text()
        foreign = "img:not([src^='data:']):not([src^='/']), iframe, base, meta[http-equiv=refresh], a[href^='java' i]"
        assert page.locator(foreign).count() == 0
        assert page.evaluate("window.pwned") is None
    assert CORPUS["xss"][0] in seen
    assert "evil.example/picture.png" in seen
    assert [
        each for each in asked if not each.startswith((demo.address, demo.address.replace("http", "ws"), "data:"))
    ] == []
    assert page.url.startswith(demo.address)


def test_the_harness_sees_a_page_that_takes_words_for_markup(page: Page, demo: Demo) -> None:
    """Planted where our policy does not hold; and the policy of our own page stops the very same words."""
    other = page.context.new_page()  # the refusal it reports is what is wanted here
    other.set_content("<body></body>")
    other.evaluate("words => { document.body.innerHTML = words }", CORPUS["xss"][1])
    other.wait_for_function("window.pwned === 2")
    other.goto(demo.address)
    other.evaluate("words => { document.body.innerHTML = words }", CORPUS["xss"][1])
    other.wait_for_timeout(300)
    assert other.evaluate("window.pwned") is None


def test_signs_that_turn_letters_round_stay_in_their_own_place(page: Page, demo: Demo) -> None:
    """U+202E in a name or in words: what stands beside it keeps its order."""
    demo.hears(f"转人工 {TURNED}", customer=TURNED)
    sign_in(page, demo, "lead")
    expect(page.get_by_role("link", name="待办")).to_be_visible(timeout=PATIENCE)
    page.wait_for_timeout(3000)
    page.goto(f"{demo.address}/desk/{conversations(page, demo)[0]}")
    expect(page.get_by_text("txt.exe").first).to_be_visible(timeout=PATIENCE)
    loose = page.evaluate(
        """() => [...document.querySelectorAll('body *')].filter(each =>
            [...each.childNodes].some(node => node.nodeType === 3 && /[\\u202a-\\u202e\\u2066-\\u2069]/.test(node.data))
            && !/isolate|plaintext/.test(getComputedStyle(each).unicodeBidi)
            && getComputedStyle(each).display.startsWith('inline')
            && !['flex', 'grid', 'inline-flex'].includes(getComputedStyle(each.parentElement).display)
        ).map(each => each.outerHTML.slice(0, 200))"""
    )
    assert loose == []
