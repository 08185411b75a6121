"""What a lead does under 待办: an event that got stuck is sent on, an account gets its person."""

import re

import pytest
from playwright.sync_api import Page, expect

from .conftest import Demo
from .test_screens import PATIENCE, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]


def test_a_lead_sees_what_is_stuck_tries_again_and_is_told_what_came_of_it(page: Page, demo: Demo) -> None:
    sign_in(page, demo, "lead")
    expect(page.get_by_role("link", name="待办")).to_be_visible(timeout=PATIENCE)
    page.goto(f"{demo.address}/wall")
    expect(page.get_by_text("今日会话").first).to_be_visible(timeout=PATIENCE)
    customer = demo.hears_in_full("在吗")
    demo.damages("session_figures", "messages_in")
    demo.hears("发票什么时候开", customer=customer)
    page.goto(f"{demo.address}/care")
    row = page.get_by_role("article").filter(has_text="统计指标没有处理“收到消息”").first
    expect(row).to_be_visible(timeout=PATIENCE)
    expect(row).to_contain_text("错误类型：数据类型不符 TypeError")
    row.get_by_role("button", name="再试一次").click()
    expect(row.get_by_role("status")).to_contain_text("又没有成功", timeout=PATIENCE)
    page.goto(f"{demo.address}/wall")
    badge = page.get_by_role("button", name=re.compile(r"待处理事件 \d+"))
    expect(badge).to_be_visible(timeout=PATIENCE)
    demo.mends("session_figures", "messages_in")
    badge.click()
    expect(page).to_have_url(f"{demo.address}/care")
    retry = page.get_by_role("button", name="再试一次")
    if retry.count():
        retry.first.click()
    expect(page.get_by_text("没有待处理的事件")).to_be_visible(timeout=PATIENCE * 2)


def test_a_lead_names_who_uses_an_account_and_hands_it_on(page: Page, demo: Demo) -> None:
    sign_in(page, demo, "lead")
    page.get_by_role("link", name="待办").click()
    page.get_by_role("tab", name=re.compile("客服子账号")).click()
    page.get_by_role("button", name="登记其他账号").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("已经记下的归属、指标和质检结论不会因此改变")
    dialog.get_by_label("子账号").fill("回音客服09")
    name(page, "小林")
    dialog.get_by_label("从", exact=True).fill("2026-01-05T09:00")
    dialog.get_by_role("button", name=re.compile("登 ?记")).click()
    account = page.get_by_role("article").filter(has_text="回音客服09")
    expect(account.get_by_role("row").filter(has_text="小林")).to_contain_text("01-05 09:00 起", timeout=PATIENCE)
    account.get_by_role("button", name=re.compile("换 ?人")).click()
    name(page, "郑质检", there=False)
    name(page, "小赵")
    dialog.get_by_label("从", exact=True).fill("2026-02-01T09:00")
    dialog.get_by_role("button", name=re.compile("登 ?记")).click()
    replaced = account.locator("tr[data-replaced]")
    expect(replaced).to_contain_text("被替换", timeout=PATIENCE)
    assert "line-through" in replaced.locator("td").first.evaluate("cell => getComputedStyle(cell).textDecorationLine")
    expect(account.get_by_role("row").filter(has_text="小赵")).to_contain_text("02-01 09:00 起")
    page.reload()
    expect(account).to_be_visible(timeout=PATIENCE)


def test_an_agent_has_no_such_page(page: Page, demo: Demo) -> None:
    sign_in(page, demo, "agent")
    expect(page.get_by_role("link", name="工作台")).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_role("link", name="待办")).to_have_count(0)
    page.goto(f"{demo.address}/care")
    expect(page.get_by_text("没有这个页面")).to_be_visible(timeout=PATIENCE)


def name(page: Page, person: str, *, there: bool = True) -> None:
    """Choose a person in the dialog, or see that they cannot be chosen."""
    field = page.get_by_role("dialog").get_by_role("combobox", name="使用人")
    field.click()
    field.fill(person)
    option = page.locator(".ant-select-item-option").filter(has_text=person)
    expect(option).to_have_count(1 if there else 0, timeout=PATIENCE)
    if there:
        field.press("Enter")
    else:
        field.fill("")
