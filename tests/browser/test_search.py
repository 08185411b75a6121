"""A merchant finds a session by what was said in it, by keys alone, and reads it."""

import pytest
from playwright.sync_api import Page, expect

from .conftest import Demo
from .test_screens import PATIENCE, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]


def test_a_merchant_finds_a_session_by_what_was_said_and_reads_it(page: Page, demo: Demo) -> None:
    demo.hears_in_full("我想问问青花瓷茶杯怎么包装的")
    sign_in(page, demo, "merchant")
    page.get_by_role("link", name="会话检索").click()
    field = page.get_by_role("searchbox").or_(page.locator("input[type=search], input[type=text]")).first
    expect(field).to_be_focused(timeout=PATIENCE)
    row = page.locator("mark", has_text="青花瓷").first
    # The index follows the log a second behind.
    for _ in range(30):
        field.fill("青花瓷 包装")
        field.press("Enter")
        page.wait_for_timeout(700)
        if row.is_visible():
            break
    expect(row).to_be_visible(timeout=PATIENCE)
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_contain_text("青花瓷茶杯怎么包装", timeout=PATIENCE)
    drawer = page.get_by_role("dialog")
    drawer.get_by_text("时间线", exact=True).click()
    words = drawer.get_by_role("log").get_by_text("青花瓷茶杯怎么包装")
    expect(words).to_be_visible(timeout=PATIENCE)
    page.keyboard.press("Home")
    expect(words).to_be_hidden()
    page.keyboard.press("ArrowRight")
    expect(words).to_be_visible()
    page.keyboard.press("Home")
    page.keyboard.press("Space")
    expect(drawer.get_by_role("button", name="暂停")).to_be_visible()
    expect(words).to_be_visible(timeout=PATIENCE)
