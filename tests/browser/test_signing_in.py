"""Signing in with everything it has: a second factor, recovery codes, a one-time link, devices and tokens."""

import base64
import contextlib
import hmac
import re
import struct
import subprocess
import sys
import time

import pytest
from playwright.sync_api import Error, Page, expect

from .conftest import Demo
from .test_screens import PATIENCE, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

OWN = "三只黄鹂在唱周末的菜价单"


def code_of(secret: str, ahead: int = 0) -> str:
    """Return what an authenticator app shows so many seconds ahead (RFC 6238, by hand)."""
    mac = hmac.digest(base64.b32decode(secret), struct.pack(">Q", (int(time.time()) + ahead) // 30), "sha1")
    start = mac[-1] & 15
    return f"{(struct.unpack('>I', mac[start : start + 4])[0] & 0x7FFFFFFF) % 10**6:06}"


def next_code(secret: str) -> str:
    """Return the code the app shows next, which is let in one step early: each opens once."""
    return code_of(secret, 30)


def opens_account(page: Page, name: str) -> None:
    page.get_by_role("button", name=name).click(timeout=PATIENCE)
    expect(page.get_by_text("登录的设备")).to_be_visible(timeout=PATIENCE)


def sets_up(page: Page, password: str) -> tuple[str, list[str]]:
    """Set an authenticator up in the open drawer; return its secret and the recovery codes."""
    page.get_by_role("button", name="设置验证器").click()
    page.get_by_label("先输入您的密码").fill(password)
    page.keyboard.press("Enter")
    picture = page.get_by_alt_text("验证器的二维码")
    expect(picture).to_be_visible(timeout=PATIENCE)
    assert picture.evaluate("image => image.naturalWidth") > 0
    secret = page.locator("form code").inner_text().replace(" ", "")
    page.get_by_label("验证码").fill(code_of(secret))
    page.keyboard.press("Enter")
    codes = page.get_by_role("list", name="恢复码").get_by_role("listitem")
    expect(codes).to_have_count(10, timeout=PATIENCE)
    recovery = codes.all_inner_texts()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="返 回").or_(page.get_by_role("button", name="返回")).click(timeout=PATIENCE)
    expect(codes).to_have_count(10)
    page.get_by_role("button", name="我已保存").click()
    expect(page.get_by_text("已设置，剩 10 个恢复码")).to_be_visible(timeout=PATIENCE)
    return secret, recovery


def test_somebody_whose_role_needs_it_sets_an_authenticator_up_and_signs_in_with_it(page: Page, demo: Demo) -> None:
    sign_in(page, demo, "merchant")
    opens_account(page, "陈店主")
    expect(page.get_by_text("您的角色需要验证器")).to_be_visible()
    secret, recovery = sets_up(page, demo.password)
    page.get_by_role("button", name="退出所有登录").click()
    expect(page.get_by_role("button", name="登录", exact=True)).to_be_visible(timeout=PATIENCE)
    sign_in(page, demo, "merchant")
    expect(page.get_by_label("验证码")).to_be_focused(timeout=PATIENCE)
    page.get_by_label("验证码").fill("000000")
    page.keyboard.press("Enter")
    expect(page.get_by_text("验证码不对")).to_be_visible(timeout=PATIENCE)
    page.get_by_label("验证码").fill(next_code(secret))
    page.keyboard.press("Enter")
    expect(page.get_by_text("30 秒应答率").first).to_be_visible(timeout=PATIENCE)
    opens_account(page, "陈店主")
    page.get_by_role("button", name="新建令牌").click()
    page.get_by_label("名字，例如用它的程序").fill("报表")
    page.get_by_label("可以做什么").fill("实时大屏")
    page.get_by_title("读取实时大屏").click()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="新建令牌").click()
    token = page.get_by_text(re.compile(r"^hy_\w{49}$"))
    expect(token).to_be_visible(timeout=PATIENCE)
    told = page.request.get(f"{demo.address}/api/wall", headers={"Authorization": f"Bearer {token.inner_text()}"})
    assert told.status == 200
    page.get_by_role("button", name="我已保存").click()
    expect(page.get_by_text("读取实时大屏", exact=False)).to_be_visible()
    page.get_by_role("button", name="退出所有登录").click()
    sign_in(page, demo, "merchant")
    page.get_by_label("验证码").fill(recovery[0])
    page.keyboard.press("Enter")
    opens_account(page, "陈店主")
    expect(page.get_by_text("已设置，剩 9 个恢复码")).to_be_visible(timeout=PATIENCE)
    # Taken away again, by another code of those: the next story finds the merchant as this one did.
    page.get_by_role("button", name=re.compile("^移\\s*除$")).click()
    page.get_by_label("验证码").fill(recovery[1])
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="设置验证器")).to_be_visible(timeout=PATIENCE)


def test_a_first_owner_comes_in_by_a_link_that_opens_once(page: Page, demo: Demo) -> None:
    options = ["--folder", str(demo.folder), "--organisation", "远方商行", "--login", "fang", "--name", "方店主"]
    command = [sys.executable, "-c", "from huiyin.cli.entry import main; main()", "owner", "create", *options]
    said = subprocess.run([*command, "--address", demo.address], capture_output=True, text=True, check=True).stdout
    link = re.search(r"http\S+/welcome#\S+", said)
    assert link, said
    page.goto(link[0])
    expect(page.get_by_text("欢迎，方店主")).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_text("远方商行 · 账号 fang")).to_be_visible()
    first, again = page.get_by_label("设置密码"), page.get_by_label("再输一次")
    first.fill("passwordpassword")
    again.fill("passwordpassword")
    page.keyboard.press("Enter")
    expect(page.get_by_text("这个密码容易被猜到")).to_be_visible(timeout=PATIENCE)
    first.fill(OWN)
    again.fill(OWN)
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="方店主")).to_be_visible(timeout=PATIENCE)
    assert "#" not in page.url
    page.goto("about:blank")
    page.goto(link[0])
    expect(page.get_by_text("链接无效")).to_be_visible(timeout=PATIENCE)
    assert page.context.cookies()[0]["httpOnly"] is True


def test_a_tab_is_told_that_somebody_else_signed_in_beside_it(page: Page, demo: Demo) -> None:
    sign_in(page, demo, "agent")
    expect(page.get_by_text("选一个会话开始")).to_be_visible(timeout=PATIENCE)
    beside = page.context.new_page()
    beside.goto(demo.address)
    beside.request.post(
        f"{demo.address}/api/session", data={"login": "lead", "password": demo.password}, headers={"X-Huiyin": "1"}
    )
    # Which of the two it is told depends on what it hears first: that its session ended, or whose the new one is.
    told = page.get_by_text(re.compile("登录了另一个账号|这个浏览器里重新登录过"))
    with contextlib.suppress(Error):  # the page may have heard of it before anything is asked
        page.get_by_role("tab", name=re.compile("机器人")).click(timeout=2000)
    expect(told).to_be_visible(timeout=PATIENCE)


def test_guessing_is_slowed_down_and_told_in_words(page: Page, demo: Demo) -> None:
    page.goto(demo.address)
    slowed = page.get_by_text("尝试次数太多")
    for _ in range(12):
        page.locator("input").nth(0).fill("nobody-of-this-name")
        page.locator("input").nth(1).fill("wrong")
        page.keyboard.press("Enter")
        expect(page.get_by_text("账号或密码不对").or_(slowed)).to_be_visible(timeout=PATIENCE)
        expect(page.locator("form .ant-btn-loading")).to_have_count(0)
        if slowed.is_visible():
            break
    expect(slowed).to_be_visible()
    expect(page.get_by_text(re.compile(r"请等 \d+ 秒再试"))).to_be_visible()
