"""
Take the pictures of README anew, from a demo of its own: `make pictures`. Look at every one before it is committed.

The demo runs for a minute first, so that the wall has something to show.
"""

from __future__ import annotations

import json
import re
import secrets
import signal
import subprocess
import sys
import tempfile
import threading
import time
from base64 import b32decode
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from zoneinfo import ZoneInfo

import httpx
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

import places

PICTURES = places.ROOT / "docs" / "pictures"
PORT = 8860
TALKED_SECONDS = 60
OURS = {"X-Huiyin": "1"}
WAIT_MS = 45_000


class Demo:
    """A running demo, its people's browsers, and what its customers are made to say."""

    def __init__(self, browser: Browser, folder: Path, said: str) -> None:
        """Read where it answers from what it printed."""
        self._browser, self._folder = browser, folder
        self.address = re.findall(r"http://127\.0\.0\.1:\d+", said)[0]
        self._password = re.findall(r"^agent +(\S+)", said, re.MULTILINE)[0]
        self._control = re.findall(r"(http://127\.0\.0\.1:\d+)/dongdong", said)[0]

    def page(self, login: str, path: str, *, proven: bool = True) -> Page:
        """Return a page of somebody who signed in, with a second factor where their work wants one."""
        context = self._browser.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN")
        self._asks(context, "session", login=login, password=self._password)
        if proven:
            secret = self._asks(context, "account/totp", password=self._password)["secret"]
            app = TOTP(b32decode(secret), 6, SHA1(), 30)  # noqa: S303  # what every authenticator app speaks
            self._asks(context, "account/totp/confirm", code=app.generate(int(time.time())).decode())
        page = context.new_page()
        page.goto(self.address + path)
        page.wait_for_timeout(2000)
        return page

    def visitor(self) -> Page:
        """Return the page of a shop that is on no platform, as its visitor sees it."""
        context = self._browser.new_context(viewport={"width": 1100, "height": 720}, locale="zh-CN")
        page = context.new_page()
        page.goto(f"{self._control}/shop")
        return page

    def says(self, customer: str, text: str) -> None:
        """Let a customer of the first shop say something."""
        shop = json.loads((self._folder / "demo.json").read_bytes())["shops"][0]["id"]
        said = {"shop": shop, "customer": customer, "text": text}
        httpx.post(f"{self._control}/_control/say", json=said, headers={"x-control": "1"}).raise_for_status()

    def _asks(self, context: BrowserContext, what: str, **data: str) -> dict[str, str]:
        answer = context.request.post(f"{self.address}/api/{what}", data=data, headers=OURS)
        if not answer.ok:
            raise SystemExit(f"{what}: {answer.text()}")
        return dict(answer.json())


def keep(page: Page, name: str) -> None:
    """Take a picture."""
    page.wait_for_timeout(800)
    page.screenshot(path=str(PICTURES / f"{name}.png"))
    print(f"{name}.png", flush=True)


def desk(demo: Demo) -> None:
    """Take the workbench with a chat, and a masked number looked at."""
    page = demo.page("agent", "/desk")
    page.keyboard.press("s")
    page.get_by_text("在线", exact=True).last.click()
    for _ in range(6):  # colleagues take some of them
        demo.says(f"jd_{secrets.token_hex(4)}", "转人工，快递一直没到，我的电话是13812345678")
    rows = page.get_by_role("tabpanel").get_by_role("button").filter(has_text="旗舰店")
    rows.first.wait_for(timeout=WAIT_MS)
    page.wait_for_timeout(4000)
    masked = page.get_by_role("button", name=re.compile(r"138\*+5678"))
    for row in rows.all():
        row.click()
        page.wait_for_timeout(1500)
        if masked.count():
            break
    page.wait_for_timeout(2500)
    page.locator("textarea").fill("您好，已经帮您催促快递，今天会有人联系您。")
    keep(page, "workbench")
    masked.first.click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("radio").first.check()
    dialog.get_by_role("button", name=re.compile("查看|显示")).last.click()
    dialog.get_by_text("13812345678").wait_for(timeout=WAIT_MS)
    keep(page, "reveal")
    page.context.close()


def watching(demo: Demo) -> None:
    """Take the wall, the shops, a search and the audit."""
    lead = demo.page("lead", "/wall", proven=False)
    keep(lead, "wall")
    lead.goto(f"{demo.address}/shops")
    lead.get_by_text("回音数码专卖店").click()
    keep(lead, "shops")
    lead.goto(f"{demo.address}/search")
    field = lead.locator("input").first
    field.fill("快递")
    field.press("Enter")
    lead.locator("mark").first.wait_for(timeout=WAIT_MS)
    keep(lead, "search")
    auditor = demo.page("auditor", "/audit")
    auditor.get_by_role("button", name="核对全部").click()
    auditor.get_by_role("status").filter(has_text="全部完好").wait_for(timeout=WAIT_MS)
    auditor.locator("tbody tr").filter(has_text="查看个人信息").first.click()
    keep(auditor, "audit")


def owning(demo: Demo) -> None:
    """Take what a merchant has of its own: the reports, an export, a program that is told what happens."""
    page = demo.page("merchant", "/reports")
    today = datetime.now(ZoneInfo("Asia/Shanghai")).date().isoformat()
    for name in ("从", "到"):
        page.get_by_label(name, exact=True).fill(today)
    page.get_by_label("店铺").click()
    page.get_by_title("京东回音数码旗舰店").click()
    page.get_by_role("rowheader", name="接待量", exact=True).wait_for(timeout=WAIT_MS)
    keep(page, "reports")
    page.goto(f"{demo.address}/exports")
    page.get_by_text("还没有导出过").wait_for(timeout=WAIT_MS)
    page.keyboard.press("n")
    dialog = page.get_by_role("dialog", name="导出会话")
    dialog.get_by_text("近 7 天").click()
    dialog.get_by_label("结束日期").fill(today)
    dialog.get_by_role("button", name="开始导出").click()
    page.get_by_role("button", name="下载").wait_for(timeout=WAIT_MS)
    keep(page, "exports")
    with told() as address:
        page.goto(f"{demo.address}/settings")
        section = page.get_by_role("region", name="Webhook 推送")
        section.get_by_role("button", name="添加推送地址").click()
        section.get_by_label("地址").fill(address)
        section.get_by_label("哪个程序在用").fill("工单系统")
        for kind in ("会话结束", "收到消息"):
            section.get_by_role("checkbox", name=kind).check()
        section.get_by_role("button", name="添加推送地址").click()
        section.get_by_role("button", name="已保存").click(timeout=WAIT_MS)
        page.wait_for_timeout(15_000)
        section.get_by_role("group", name="工单系统").get_by_role("button", name="推送记录").click()
        page.get_by_role("dialog").get_by_role("row").nth(3).wait_for(timeout=WAIT_MS)
        keep(page, "webhooks")


class _Hearing(BaseHTTPRequestHandler):
    """A program outside that takes every call."""

    def do_POST(self) -> None:  # the library's own name
        """Take it."""
        self.rfile.read(int(self.headers["content-length"]))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def told() -> Iterator[str]:
    """Return the address of a program that takes every call."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Hearing) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/huiyin"
        server.shutdown()


def guarding(demo: Demo) -> None:
    """Take the keys with a customer who asks to be erased, and people with two who wait for a second person."""
    page = demo.page("shop-security", "/keys")
    page.get_by_text("手机号", exact=True).first.click()
    page.get_by_role("textbox").first.fill("138 1234 5678")
    page.get_by_role("button", name="查找").click()
    page.get_by_role("button", name="粉碎").first.wait_for(timeout=WAIT_MS)
    keep(page, "keys")
    admin = demo.page("admin", "/people")
    for name, login, role in (("周小满", "xiaoman", "审计员"), ("何远", "heyuan", "安全管理员")):
        admin.keyboard.press("n")
        dialog = admin.get_by_role("dialog")
        dialog.get_by_label("姓名").fill(name)
        dialog.get_by_role("textbox", name=re.compile("^账号")).fill(login)
        dialog.get_by_role("checkbox", name=re.compile(f"^{role}")).check()
        dialog.get_by_role("button", name="添加并生成链接").click()
        dialog.get_by_role("button", name="已交给本人").click(timeout=WAIT_MS)
    officer = demo.page("security", "/people")
    officer.get_by_role("button", name="批准").first.wait_for(timeout=WAIT_MS)
    keep(officer, "people")


def visiting(demo: Demo) -> None:
    """Take the widget on a page of a shop's own, light and dark: the bot, then a person, then a cut line."""
    page = demo.visitor()
    page.get_by_role("button", name="联系客服").click()
    window = page.get_by_role("dialog", name="回音自营网店")
    field = window.get_by_role("textbox")
    for text in ("你好", "这款耳机可以七天无理由退货吗"):
        field.fill(text)
        page.keyboard.press("Enter")
        page.wait_for_timeout(3000)
    window.get_by_role("button", name="转人工").click()
    window.locator(".who").filter(has_text="人工客服").first.wait_for(timeout=2 * WAIT_MS)
    keep(page, "widget")
    page.context.set_offline(True)
    field.fill("好的，我在这里等您")
    page.keyboard.press("Enter")
    page.emulate_media(color_scheme="dark")
    keep(page, "widget-dark")


def main() -> None:
    """Start a demo, let it talk, take the pictures, end it."""
    with tempfile.TemporaryDirectory(prefix="huiyin-pictures-") as scratch:
        said, folder = Path(scratch) / "said.txt", Path(scratch) / "demo"
        command = [sys.executable, "-c", "from huiyin.cli.entry import main; main()", "demo", "--port", str(PORT)]
        with said.open("w") as out:
            process = subprocess.Popen([*command, "--folder", str(folder)], stdout=out, stderr=subprocess.STDOUT)
        try:
            while "Ctrl-C" not in said.read_text() and process.poll() is None:
                time.sleep(0.2)
            time.sleep(TALKED_SECONDS)
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(
                    executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-background-networking"]
                )
                demo = Demo(browser, folder, said.read_text())
                for scene in (desk, watching, owning, guarding, visiting):
                    scene(demo)
                browser.close()
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(20)


if __name__ == "__main__":
    main()
