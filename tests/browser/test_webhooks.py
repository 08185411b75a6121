"""A merchant registers an endpoint, sees that it is told, sends a call again, and is told when it fails."""

import json
import re
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import Page, expect

from .conftest import Demo
from .factors import second_factor
from .test_screens import PATIENCE
from .test_watching import enters

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]


class Program(ThreadingHTTPServer):
    """A program outside."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Hearing)
        self.kinds: list[str] = []
        self.status = 204


class Hearing(BaseHTTPRequestHandler):
    server: Program

    def do_POST(self) -> None:  # the library's own name
        body = self.rfile.read(int(self.headers["content-length"]))
        self.server.kinds.append(json.loads(body)["type"])
        self.send_response(self.server.status)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def program() -> Iterator[Program]:
    opened = Program()
    threading.Thread(target=opened.serve_forever, daemon=True).start()
    yield opened
    opened.shutdown()
    opened.server_close()


def test_a_merchant_has_a_program_told_and_sees_what_became_of_it(page: Page, demo: Demo, program: Program) -> None:
    with second_factor(page, demo, "merchant") as factor:
        enters(page, demo, "merchant", factor)
        page.get_by_role("link", name="设置").click()
        section = page.get_by_role("region", name="Webhook 推送")
        expect(section.get_by_text("还没有推送地址")).to_be_visible(timeout=PATIENCE)
        section.get_by_role("button", name="添加推送地址").click()
        section.get_by_label("地址").fill("http://10.0.0.1/hook")
        section.get_by_label("哪个程序在用").fill("工单系统")
        section.get_by_role("checkbox", name="收到消息").check()
        section.get_by_role("button", name="添加推送地址").click()
        expect(section.get_by_text(re.compile("不能指向内网")).last).to_be_visible(timeout=PATIENCE)
        section.get_by_label("地址").fill(f"http://127.0.0.1:{program.server_port}/hook")
        section.get_by_role("button", name="添加推送地址").click()
        expect(section.get_by_text(re.compile("^whsec_"))).to_be_visible(timeout=PATIENCE)
        section.get_by_role("button", name="已保存").click()
        expect(section.get_by_text(re.compile("^whsec_"))).to_have_count(0)
        demo.hears("在吗")
        endpoint = section.get_by_role("group", name="工单系统")
        endpoint.get_by_role("button", name="推送记录").click()
        log = page.get_by_role("dialog", name=re.compile("推送记录"))
        expect(log.get_by_role("row", name=re.compile("收到消息.*已送达.*204")).first).to_be_visible(timeout=PATIENCE)
        heard = len(program.kinds)
        log.get_by_role("button", name="重新推送").last.click()
        page.wait_for_timeout(2500)
        assert program.kinds[heard:] == ["message.received"]
        page.keyboard.press("Escape")
        program.status = 500
        endpoint.get_by_role("button", name="发送测试").click()
        expect(endpoint.get_by_text("失败中")).to_be_visible(timeout=2 * PATIENCE)
        program.status = 410
        endpoint.get_by_role("button", name="发送测试").click()
        expect(endpoint.get_by_text("已停用", exact=True)).to_be_visible(timeout=2 * PATIENCE)
        expect(endpoint.get_by_role("alert")).to_contain_text("410")
        page.get_by_role("link", name="实时大屏").click()
        page.get_by_role("button", name="推送已停用 1").click(timeout=PATIENCE)
        endpoint.get_by_role("button", name="删除").click()
        page.get_by_role("dialog").get_by_role("button", name="删除").click()
        expect(section.get_by_text("还没有推送地址")).to_be_visible(timeout=PATIENCE)
