"""A shop that is only read: an agent checks and copies, pastes into 咚咚, and the poll tells the words back."""

import re

import pytest
from playwright.sync_api import Page, expect

from .conftest import Demo
from .test_screens import PATIENCE, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300), pytest.mark.usefixtures("empty_desks")]

READ_SHOP = "回音数码专卖店"
REPLY = "您好，已经帮您登记，核实后在这里回复您。"
POLLED = 50_000
"""Two polls, and some patience."""


def goes_online(page: Page) -> None:
    expect(page.get_by_text("选一个会话开始")).to_be_visible(timeout=PATIENCE)
    page.keyboard.press("s")
    page.get_by_text("在线", exact=True).last.click()


def opens_a_chat_of(page: Page, demo: Demo, shop: str) -> None:
    """Open a customer of the shop: each colleague is given one first, so several come."""
    expect(page.get_by_text("选一个会话开始")).to_be_visible(timeout=PATIENCE)
    goes_online(page)
    row = page.get_by_role("button").filter(has_text=shop).first
    for number in "一二三四五六七八":  # masked names may be alike: the words tell the customers apart
        demo.hears(f"转人工，我要问问第{number}张发票", shop=shop)
    expect(row).to_be_visible(timeout=POLLED)
    row.click()
    expect(page.locator("textarea")).to_be_visible(timeout=PATIENCE)


def finds_the_customer(window: Page, label: str, asked: str) -> None:
    """Choose the chat of the customer whose masked name and first words the workbench shows."""
    rows = window.locator("#chats b").filter(has_text=re.compile(f"{re.escape(label[-1])}$"))
    expect(rows.first).to_be_visible(timeout=PATIENCE)
    for place in range(rows.count()):
        rows.nth(place).click()
        if asked in window.locator("#said").inner_text():
            return
    pytest.fail(f"{label} is not in the window")


def test_a_reply_for_a_read_shop_is_checked_copied_pasted_and_recognised(page: Page, demo: Demo) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    sign_in(page, demo, "agent")
    opens_a_chat_of(page, demo, READ_SHOP)
    header = page.locator("header", has=page.get_by_role("heading", level=1)).last
    expect(header.get_by_text("读", exact=True)).to_be_visible()
    expect(header.get_by_text(re.compile(r"\d+(\.\d)? 秒前读取"))).to_be_visible(timeout=POLLED)
    label = header.get_by_role("heading").inner_text()
    asked = page.locator("[data-side=theirs]").first.inner_text().splitlines()[0]

    composer = page.locator("textarea")
    composer.fill("加我微信abc12345细聊")
    expect(page.get_by_text("会被拦截，请修改后再发")).to_be_visible(timeout=PATIENCE)
    composer.fill(REPLY)
    expect(page.get_by_text("会被拦截，请修改后再发")).to_be_hidden(timeout=PATIENCE)
    composer.press("Enter")
    expect(page.get_by_text("等您粘贴到咚咚")).to_be_visible(timeout=PATIENCE)
    assert page.evaluate("navigator.clipboard.readText()") == REPLY

    window = page.context.new_page()
    window.goto(demo.window)
    expect(window.get_by_text("这不是京东的咚咚")).to_be_visible()
    finds_the_customer(window, label, asked)
    window.keyboard.press("ControlOrMeta+v")
    expect(window.locator("#text")).to_have_value(REPLY)
    window.keyboard.press("Enter")
    expect(window.locator("#said .ours").last).to_contain_text(REPLY)

    page.bring_to_front()
    page.get_by_role("button", name="已粘贴").click()
    expect(page.get_by_text("已粘贴到咚咚").last).to_be_visible(timeout=PATIENCE)
    bubble = page.locator("[data-side=ours]").filter(has_text=REPLY)
    expect(bubble.get_by_text("已送达")).to_be_visible(timeout=POLLED)
    expect(bubble).to_have_count(1)
