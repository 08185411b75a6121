"""An agent's first minutes and a lead's look at the wall, as they see them."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from playwright.sync_api import TimeoutError as TooLate

from .conftest import Demo

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300), pytest.mark.usefixtures("empty_desks")]

PATIENCE = 75_000
REPLY = "您好，已经为您核实，稍后给您准确答复。"


def sign_in(page: Page, demo: Demo, login: str) -> None:
    page.goto(demo.address)
    page.locator("input").nth(0).fill(login)
    page.locator("input").nth(1).fill(demo.password)
    page.keyboard.press("Enter")


def opens_a_live_one(page: Page, comes: Callable[[], object]) -> None:
    """Go by J to a conversation of a shop that is answered at once; until there is one, another customer comes.

    Whoever has least is given the next: the first may be a colleague's. Customers who wait too long leave.
    """
    row = page.get_by_role("button").filter(has_text="实时").filter(has_text="店")
    opened = page.locator("header", has=page.get_by_role("heading", level=1)).get_by_text("实时", exact=True)
    for _ in range(24):
        comes()
        try:
            row.first.wait_for(state="visible", timeout=5_000)
        except TooLate:
            continue
        for _ in range(10):
            page.keyboard.press("j")
            try:
                opened.wait_for(state="visible", timeout=2_500)
            except TooLate:
                continue
            return
    expect(opened).to_be_visible()


def test_a_wrong_password_is_told_in_words(page: Page, demo: Demo) -> None:
    sign_in(page, demo._replace(password="wrong"), "agent")
    expect(page.locator("body")).to_contain_text(re.compile("密码|登录名"), timeout=PATIENCE)
    assert "/desk" not in page.url


def test_an_agent_goes_online_gets_a_customer_answers_and_looks_the_order_up(page: Page, demo: Demo) -> None:
    sign_in(page, demo, "agent")
    expect(page.get_by_text("选一个会话开始")).to_be_visible(timeout=PATIENCE)
    page.keyboard.press("s")
    page.get_by_text("在线", exact=True).last.click()
    expect(page.get_by_role("menu")).to_be_hidden(timeout=PATIENCE)
    # The other tier has a test of its own.
    opens_a_live_one(page, lambda: demo.welcomes("return-no-reason"))
    composer = page.locator("textarea")
    page.keyboard.press("/")
    page.keyboard.type("加我微信abc12345细聊")
    expect(page.get_by_text("会被拦截，请修改后再发")).to_be_visible(timeout=PATIENCE)
    composer.fill(REPLY)
    expect(page.get_by_text("会被拦截，请修改后再发")).to_be_hidden(timeout=PATIENCE)
    composer.press("Enter")
    expect(composer).to_have_value("")
    bubble = page.get_by_text(REPLY).last
    expect(bubble).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_text("已送达").last).to_be_visible(timeout=PATIENCE)
    composer.blur()
    page.keyboard.press("o")
    expect(page.get_by_text(re.compile("截至")).first).to_be_visible(timeout=PATIENCE)


def test_a_reply_nobody_knows_about_is_settled_by_keys_alone_with_its_meaning_said_first(
    page: Page, demo: Demo
) -> None:
    sign_in(page, demo, "agent")
    expect(page.get_by_text("选一个会话开始")).to_be_visible(timeout=PATIENCE)
    page.request.put(f"{demo.address}/api/desk/presence", data={"state": "online"}, headers={"X-Huiyin": "1"})
    opens_a_live_one(page, lambda: demo.hears("转人工，我的快递到哪里了"))
    composer = page.locator("textarea")
    composer.fill("您好，正在为您查询物流。")
    demo.plants(lost_answers=1000, hang_seconds=0.1)
    composer.press("Enter")
    expect(page.get_by_text("结果未知", exact=True).last).to_be_visible(timeout=PATIENCE)
    demo.plants()
    expect(page.get_by_text(re.compile(r"结果未知 [1-9]"))).to_be_visible(timeout=PATIENCE)
    composer.blur()
    page.keyboard.press("u")
    expect(page.get_by_role("button", name="已送达", exact=True).first).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text("确认没有送达，不再发？")).to_be_visible(timeout=PATIENCE)
    page.keyboard.press("Enter")
    expect(page.get_by_text("核对后确认没有送达，不再重发").last).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_text("人工核对").last).to_be_visible()


def test_the_wall_counts_and_opens_down_to_the_sessions(page: Page, demo: Demo) -> None:
    demo.hears("在吗")
    sign_in(page, demo, "merchant")
    expect(page.get_by_text("30 秒应答率").first).to_be_visible(timeout=PATIENCE)
    sessions = page.get_by_role("button", name=re.compile("今日会话"))
    expect(sessions.first).to_contain_text(re.compile("[1-9]"), timeout=PATIENCE)
    sessions.first.click()
    expect(page.get_by_text("开始的会话数").first).to_be_visible(timeout=PATIENCE)
