"""A merchant's first five minutes: the link, an authenticator, a page of their own, an agent, a first message."""

import base64
import re
import subprocess
import sys
import time

import pytest
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from playwright.sync_api import Page, expect

from .conftest import Demo
from .test_screens import PATIENCE
from .test_widget import OwnPage, own, says

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

__all__ = ["own"]  # a fixture

OWN = "三只黄鹂在唱周末的菜价单"
MOST_SECONDS = 300


def link_of(demo: Demo) -> str:
    """Let the terminal register a merchant; return the owner's one-time link."""
    options = ["--folder", str(demo.folder), "--organisation", "初来商行", "--login", "chu", "--name", "初店主"]
    command = [sys.executable, "-c", "from huiyin.cli.entry import main; main()", "owner", "create", *options]
    said = subprocess.run([*command, "--address", demo.address], capture_output=True, text=True, check=True).stdout
    link = re.search(r"http\S+/welcome#\S+", said)
    assert link, said
    return link[0]


def comes_in(page: Page, link: str) -> None:
    page.goto(link)
    page.get_by_label("设置密码").fill(OWN, timeout=PATIENCE)
    page.get_by_label("再输一次").fill(OWN)
    page.keyboard.press("Enter")


def sets_up_an_authenticator(page: Page) -> None:
    page.get_by_role("button", name="打开我的账号").click(timeout=PATIENCE)
    drawer = page.get_by_role("dialog")
    drawer.get_by_role("button", name="设置验证器").click(timeout=PATIENCE)
    drawer.get_by_label("先输入您的密码").fill(OWN)
    page.keyboard.press("Enter")
    expect(page.get_by_alt_text("验证器的二维码")).to_be_visible(timeout=PATIENCE)
    secret = base64.b32decode(page.locator("form code").inner_text().replace(" ", ""))
    page.get_by_label("验证码").fill(TOTP(secret, 6, SHA1(), 30).generate(int(time.time())).decode())
    page.keyboard.press("Enter")
    page.get_by_role("button", name="我已保存").click(timeout=PATIENCE)
    page.get_by_role("button", name="关闭").or_(page.get_by_role("button", name="Close")).first.click()


def test_a_merchants_first_five_minutes(page: Page, demo: Demo, own: OwnPage) -> None:
    link, began = link_of(demo), time.monotonic()
    comes_in(page, link)
    expect(page.get_by_role("heading", name="开始使用")).to_be_visible(timeout=PATIENCE)
    steps = page.get_by_role("main").get_by_role("list").first
    expect(steps.get_by_role("button")).to_have_count(1)
    sets_up_an_authenticator(page)
    steps.get_by_role("button", name="自己的网页").click(timeout=PATIENCE)
    dialog = page.get_by_role("dialog", name="接入店铺")
    dialog.get_by_label("店铺名称").fill("初来小店")
    dialog.get_by_label("网页地址", exact=False).fill(own.address)
    dialog.get_by_role("button", name=re.compile("^接\\s*入$")).click()
    steps.get_by_role("button", name="添加客服").click(timeout=PATIENCE)
    dialog = page.get_by_role("dialog", name="添加人员")
    dialog.get_by_label("姓名").fill("小周")
    dialog.get_by_role("textbox", name=re.compile("^账号")).fill("chu-zhou")
    expect(dialog.get_by_role("checkbox", name=re.compile("^客服"))).to_be_checked()
    dialog.get_by_role("button", name="添加并生成链接").click()
    dialog = page.get_by_role("dialog", name="一次性链接")
    invited = dialog.get_by_label("一次性链接", exact=True).last.inner_text(timeout=PATIENCE)
    dialog.get_by_role("button", name="已交给本人").click()
    expect(steps).to_contain_text("已邀请 1 人", timeout=PATIENCE)

    assert page.context.browser
    agent = page.context.browser.new_context(locale="zh-CN", reduced_motion="reduce").new_page()
    comes_in(agent, invited)
    agent.get_by_role("button", name=re.compile("我的状态")).click(timeout=PATIENCE)
    agent.get_by_text("在线", exact=True).last.click()
    snippet = re.search(r"<script src=[^<]+</script>", steps.inner_text(timeout=PATIENCE))
    assert snippet
    own.shows(snippet[0])
    visitor = page.context.browser.new_context(locale="zh-CN", reduced_motion="reduce").new_page()
    visitor.goto(own.address)
    visitor.get_by_role("button", name="联系客服").click(timeout=PATIENCE)
    window = visitor.get_by_role("dialog", name="在线客服")
    says(visitor, window, "转人工，请问几点发货")
    agent.get_by_text("初来小店").first.click(timeout=PATIENCE)
    expect(agent.get_by_text("请问几点发货").first).to_be_visible(timeout=PATIENCE)
    agent.get_by_role("textbox").last.fill("您好，下午四点前发货")
    agent.keyboard.press("Enter")
    expect(window.get_by_role("log")).to_contain_text("下午四点前发货", timeout=PATIENCE)
    expect(steps).to_contain_text("都准备好了", timeout=PATIENCE)
    assert time.monotonic() - began < MOST_SECONDS
    page.get_by_role("button", name="去看大屏").click()
    expect(page).to_have_url(f"{demo.address}/wall", timeout=PATIENCE)
    expect(page.get_by_role("link", name="开始使用")).to_be_hidden()
