"""Every page's words can be read, light and dark: seen with a demo's people, by the pages' own colours."""

import pytest
from playwright.sync_api import Page, expect

from .conftest import Demo
from .legible import unreadable
from .test_screens import PATIENCE, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]


def looks_at(page: Page, address: str) -> list[str]:
    page.goto(address)
    page.get_by_role("link", name="实时大屏").or_(page.get_by_role("main")).first.wait_for(timeout=PATIENCE)
    page.wait_for_timeout(1500)
    return [f"{page.url}: {each}" for each in unreadable(page)]


def test_the_words_of_every_page_stand_out_from_their_ground(page: Page, demo: Demo) -> None:
    demo.hears_in_full("这句话要看得清")
    assert looks_at(page, demo.address) == []
    sign_in(page, demo, "merchant")
    expect(page.get_by_role("link", name="设置")).to_be_visible(timeout=PATIENCE)
    poor: list[str] = []
    for path in ("desk", "wall", "reports", "search", "care", "shops", "imports", "settings"):
        poor += looks_at(page, f"{demo.address}/{path}")
    assert poor == []


def test_words_that_cannot_be_read_are_seen(page: Page, demo: Demo) -> None:
    page.goto(demo.address)
    page.locator("button").last.wait_for(timeout=PATIENCE)
    page.evaluate("document.body.insertAdjacentHTML('beforeend', '<p id=lost>看不见</p>')")
    page.evaluate("for (const name of ['color', 'background']) lost.style.setProperty(name, '#fff')")
    assert any("看不见" in each for each in unreadable(page))
