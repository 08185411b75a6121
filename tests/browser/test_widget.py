"""A visitor on a shop's own page, in a real browser: the bot, a person, a cut network; a merchant who begins so."""

import contextlib
import gzip
import re
import sqlite3
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import Locator, Page, expect

from huiyin.web.pages import CONSOLE

from .conftest import Demo
from .factors import second_factor
from .test_screens import PATIENCE
from .test_watching import enters

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

MOST_BYTES = 30 * 1024
BEGINNING = "智能助手"


class OwnPage:
    """A page of somebody's own, at an origin of its own."""

    def __init__(self) -> None:
        self._body = b""
        outer = self

        class Hands(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(200)
                self.send_header("content-type", "text/html; charset=utf-8")
                self.end_headers()
                self.wfile.write(outer._body)

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Hands)
        self.address = f"http://127.0.0.1:{self.server.server_port}"

    def shows(self, tag: str) -> None:
        """Put a tag on the page."""
        self._body = f"<!doctype html><title>店</title><p>我的店</p>{tag}".encode()


@pytest.fixture
def own() -> Iterator[OwnPage]:
    made = OwnPage()
    serving = threading.Thread(target=made.server.serve_forever, daemon=True)
    serving.start()
    yield made
    made.server.shutdown()
    made.server.server_close()
    serving.join()


def shop_page(demo: Demo) -> str:
    return demo.window.removesuffix("/dongdong") + "/shop"


def comes(page: Page, demo: Demo) -> Locator:
    """Load the shop's page and open the conversation by keyboard; return its window."""
    page.goto(shop_page(demo))
    page.get_by_role("button", name="联系客服").focus()
    page.keyboard.press("Enter")
    window = page.get_by_role("dialog", name="回音自营网店")
    expect(window).to_be_visible(timeout=PATIENCE)
    expect(window.get_by_role("status")).to_be_hidden(timeout=PATIENCE)
    return window


def says(page: Page, window: Locator, text: str) -> None:
    window.get_by_role("textbox", name="输入消息").fill(text)
    page.keyboard.press("Enter")


def said(demo: Demo, sender: str) -> int:
    """Return how many messages of a side are kept for shops with a widget."""
    with sqlite3.connect(demo.folder / "huiyin.db", timeout=10) as database:
        query = (
            "SELECT count(*) FROM message JOIN shop ON shop.id = message.shop"
            " WHERE shop.platform = 'widget' AND message.sender = ?"
        )
        return int(database.execute(query, (sender,)).fetchone()[0])


def test_the_script_is_far_smaller_than_a_picture() -> None:
    script = CONSOLE / "widget.js"
    assert script.exists(), "run make console"
    packed = len(gzip.compress(script.read_bytes()))
    assert packed <= MOST_BYTES, f"{packed} bytes"
    assert "innerHTML" not in script.read_text(encoding="utf-8"), "text becomes text nodes only"
    assert [each for each in ("eval(", "document.cookie", "insertAdjacentHTML") if each in script.read_text()] == []


def test_a_visitor_is_answered_asks_for_a_person_and_loses_nothing_over_a_cut(page: Page, demo: Demo) -> None:
    window = comes(page, demo)
    log = window.get_by_role("log")
    expect(log).to_contain_text("请问有什么可以帮您")
    says(page, window, "你好")
    expect(log).to_contain_text(BEGINNING, timeout=PATIENCE)
    expect(log.get_by_text("智能客服").first).to_be_visible()
    window.get_by_role("button", name="转人工").click()
    # A colleague answers; the bot's parting words name people, too.
    expect(log.locator(".who").filter(has_text="人工客服").first).to_be_visible(timeout=PATIENCE)
    names = str(log.inner_text())
    assert not [each for each in ("小赵", "小钱", "小孙", "小林", "吴组长") if each in names]

    before = said(demo, "customer")
    page.context.set_offline(True)
    expect(window.get_by_role("status")).to_contain_text("网络已断开")
    says(page, window, "断网时写的第一句")
    says(page, window, "断网时写的 <b>第二句</b>")
    expect(window.get_by_text("待发送")).to_have_count(2)
    assert said(demo, "customer") == before
    page.context.set_offline(False)
    expect(window.get_by_text("待发送")).to_have_count(0, timeout=PATIENCE)
    expect(window.get_by_role("status")).to_be_hidden(timeout=PATIENCE)
    assert said(demo, "customer") == before + 2

    page.reload()
    launch = page.get_by_role("button", name="联系客服")
    launch.click()
    expect(log).to_contain_text("断网时写的 <b>第二句</b>", timeout=PATIENCE)
    texts = log.locator(".said").all_inner_texts()
    assert [texts.count(each) for each in ("断网时写的第一句", "断网时写的 <b>第二句</b>", "转人工")] == [1, 1, 1]
    assert texts.index("断网时写的第一句") < texts.index("断网时写的 <b>第二句</b>")
    page.keyboard.press("Escape")
    expect(window).to_be_hidden()
    expect(launch).to_be_focused()


def test_what_was_written_offline_is_sent_after_the_page_was_closed_and_once_only(page: Page, demo: Demo) -> None:
    window = comes(page, demo)
    before = said(demo, "customer")
    page.context.set_offline(True)
    expect(window.get_by_role("status")).to_contain_text("网络已断开")
    says(page, window, "关掉网页前写的话")
    expect(window.get_by_text("待发送")).to_have_count(1)
    page.goto("about:blank")
    page.context.set_offline(False)
    page.goto(shop_page(demo))
    page.get_by_role("button", name="联系客服").click()
    expect(window.get_by_role("log")).to_contain_text("关掉网页前写的话", timeout=PATIENCE)
    expect(window.get_by_text("待发送")).to_have_count(0, timeout=PATIENCE)
    assert said(demo, "customer") == before + 1


def test_tab_stays_inside_and_a_reply_to_a_closed_window_shows_on_the_button(page: Page, demo: Demo) -> None:
    window = comes(page, demo)
    for _ in range(12):
        page.keyboard.press("Tab")
        inside = page.evaluate("document.activeElement.id")
        assert inside == "huiyin-widget"
    says(page, window, "你好")
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name=re.compile(r"联系客服，\d 条未读"))).to_be_visible(timeout=PATIENCE)


def test_no_rule_of_the_shops_page_reaches_in_and_a_telephone_shows_it_whole(page: Page, demo: Demo) -> None:
    window = comes(page, demo)
    send = window.get_by_role("button", name="发送")
    assert send.evaluate("one => getComputedStyle(one).textTransform") == "none"
    assert send.evaluate("one => getComputedStyle(one).letterSpacing") == "normal"
    light = window.evaluate("one => getComputedStyle(one).backgroundColor")
    page.emulate_media(color_scheme="dark")
    assert window.evaluate("one => getComputedStyle(one).backgroundColor") != light
    page.set_viewport_size({"width": 390, "height": 780})
    box = window.bounding_box()
    assert box
    assert (box["x"], box["y"], box["width"], box["height"]) == (0, 0, 390, 780)


def chooses_own_page(page: Page, dialog: Locator) -> None:
    """Choose the platform; where the list still unfolds under the mouse, the click lands beside it: once more then."""
    address = dialog.get_by_label("网页地址", exact=False)
    for _ in range(3):
        dialog.get_by_role("combobox", name=re.compile("^平台")).click()
        page.get_by_title("自己的网页").last.click()
        with contextlib.suppress(AssertionError):
            expect(address).to_be_visible(timeout=5000)
            return
    expect(address).to_be_visible()


def test_a_merchant_without_any_platform_starts_with_the_widget_alone(page: Page, demo: Demo, own: OwnPage) -> None:
    with second_factor(page, demo, "merchant") as factor:
        page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=demo.address)
        enters(page, demo, "merchant", factor)
        page.get_by_role("link", name="接入").click()
        expect(page.get_by_role("row").filter(has_text="回音自营网店")).to_contain_text("已接入", timeout=PATIENCE)
        page.keyboard.press("n")
        dialog = page.get_by_role("dialog", name="接入店铺")
        chooses_own_page(page, dialog)
        dialog.get_by_label("店铺名称").fill("只有网页的店")
        dialog.get_by_label("网页地址", exact=False).fill(own.address)
        dialog.get_by_role("button", name=re.compile("^接\\s*入$")).click()
        drawer = page.get_by_role("dialog", name="只有网页的店", exact=True)
        expect(drawer).to_contain_text('data-site="hs_', timeout=PATIENCE)
        drawer.get_by_role("button", name="复制代码").click()
        snippet = str(page.evaluate("navigator.clipboard.readText()"))
    assert re.fullmatch(rf'<script src="{demo.address}/widget.js" data-site="hs_\w+" async></script>', snippet)
    own.shows(snippet)
    page.goto(own.address)
    page.get_by_role("button", name="联系客服").click()
    window = page.get_by_role("dialog", name="在线客服")
    says(page, window, "你好")
    expect(window.get_by_role("log")).to_contain_text(BEGINNING, timeout=PATIENCE)


def test_on_a_foreign_page_it_says_that_it_is_not_available(page: Page, demo: Demo, own: OwnPage) -> None:
    tag = re.search(r"<script src=[^<]+</script>", page.request.get(shop_page(demo)).text())
    assert tag
    own.shows(tag[0])
    page.goto(own.address)
    page.get_by_role("button", name="联系客服").click()
    expect(page.get_by_role("status")).to_contain_text("不可用", timeout=PATIENCE)
    expect(page.get_by_role("button", name="重试")).to_be_visible()
