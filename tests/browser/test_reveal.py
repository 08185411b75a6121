"""Personal data is masked; one stretch is shown for a minute to whoever says what for, and is gone then."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from .conftest import Demo, sessions
from .factors import OURS, Factor, second_factor
from .test_screens import PATIENCE, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

PHONE = "13812345678"
WORDS = f"麻烦改一下收货电话，换成{PHONE}，谢谢"
MANY = "，".join(f"1381234560{n}" for n in range(10))
KEPT = """() => {
  const root = document.getElementById("root");
  const clients = new Set();
  const walk = (fiber) => {
    for (; fiber; fiber = fiber.sibling) {
      if (fiber.memoizedProps?.client?.getQueryCache) clients.add(fiber.memoizedProps.client);
      walk(fiber.child);
    }
  };
  walk(root[Object.keys(root).find((key) => key.startsWith("__reactContainer"))]);
  if (clients.size === 0) throw new Error("no query client was found: look for it where it is now");
  const caches = [...clients].flatMap((client) => [
    ...client.getQueryCache().getAll().map((query) => query.state),
    ...client.getMutationCache().getAll().map((mutation) => mutation.state),
  ]);
  return JSON.stringify([caches, { ...localStorage }, { ...sessionStorage }, location.href]);
}"""
"""Everything the console keeps: the caches of queries and mutations, both storages, the address."""


@pytest.fixture
def chat(page: Page, demo: Demo) -> Iterator[str]:
    """Open a chat in which a customer wrote a telephone number, on the lead's desk."""
    sign_in(page, demo, "lead")
    expect(page.get_by_role("link", name="工作台")).to_be_visible(timeout=PATIENCE)
    page.request.put(f"{demo.address}/api/desk/presence", data={"state": "busy"}, headers=OURS)
    conversation = found(page, demo)
    taken = page.request.post(f"{demo.address}/api/desk/conversations/{conversation}/take-over", headers=OURS)
    assert taken.ok, taken.text()
    page.goto(f"{demo.address}/desk/{conversation}")
    yield conversation
    path = f"{demo.address}/api/desk/conversations/{conversation}/close"
    page.request.post(path, data={"reason": "solved"}, headers=OURS)
    page.request.put(f"{demo.address}/api/desk/presence", data={"state": "offline"}, headers=OURS)


def found(page: Page, demo: Demo, words: str = WORDS, mask: str = "138****5678") -> str:
    """Return a conversation in which somebody says such words, whoever answers it."""
    before = {session["conversation"] for session in sessions(page, demo)}
    demo.hears(words)
    for _ in range(80):
        for new in {session["conversation"] for session in sessions(page, demo)} - before:
            if mask in said(page, demo, new):
                return new
        page.wait_for_timeout(500)
    pytest.fail("the customer's words did not arrive")


def said(page: Page, demo: Demo, conversation: str) -> str:
    return page.request.get(f"{demo.address}/api/desk/conversations/{conversation}").text()


def asks_by_keys(page: Page, number: str = "1") -> None:
    """Go to the masked number, ask for it, choose what for: no mouse is needed."""
    expect(page.locator("[data-reveal]").first).to_be_visible(timeout=PATIENCE)
    page.locator("textarea").blur()
    expect(page.locator("textarea:focus")).to_have_count(0)
    page.keyboard.press("h")
    expect(page.locator("[data-reveal]").last).to_be_focused(timeout=PATIENCE)
    page.keyboard.press("Enter")
    expect(page.get_by_role("radio").first).to_be_focused(timeout=PATIENCE)
    page.keyboard.press(number)
    page.keyboard.press("Enter")


def proves(page: Page, factor: Factor) -> None:
    field = page.get_by_role("dialog").get_by_label("验证码")
    expect(field).to_be_focused(timeout=PATIENCE)
    field.fill(factor.code())
    field.press("Enter")


def nothing_is_left(page: Page) -> None:
    """See that the number is on no screen and in nothing the console keeps."""
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert PHONE not in page.content()
    assert PHONE not in page.evaluate(KEPT)
    assert "138****5678" in page.content()


def test_who_has_no_second_factor_is_told_where_to_set_one_up(page: Page, chat: str) -> None:
    assert chat
    asks_by_keys(page)
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("还没有设置验证器", timeout=PATIENCE)
    expect(dialog).to_contain_text("我的账号")


def test_a_number_is_shown_by_keys_alone_after_a_code_under_ones_own_mark_and_is_gone_after(
    page: Page, demo: Demo, chat: str
) -> None:
    told: list[str] = []
    page.on("console", lambda line: told.append(line.text))
    with second_factor(page, demo, "lead") as factor:
        page.reload()
        asks_by_keys(page, "2")
        proves(page, factor)
        shown = page.locator("[data-revealed]")
        expect(shown.get_by_text(PHONE)).to_be_visible(timeout=PATIENCE)
        marks = shown.locator("[aria-hidden] span")
        assert marks.count() > 10
        assert re.fullmatch(r"吴组长 \d\d-\d\d \d\d:\d\d:\d\d \w{6}", marks.first.inner_text())
        assert shown.evaluate("paper => getComputedStyle(paper).userSelect") == "none"
        expect(page.get_by_role("timer")).to_contain_text(re.compile(r"\d+ 秒后收起"))
        expect(page.get_by_role("dialog")).to_contain_text(re.compile(r"改地址 · 本小时还能看 \d 次"))
        assert PHONE not in page.evaluate(KEPT)
        page.keyboard.press("Escape")
        nothing_is_left(page)
        expect(page.locator("[data-reveal]").last).to_be_focused()

        for gone in (
            "window.dispatchEvent(new Event('blur'))",
            "Object.defineProperty(document, 'visibilityState', {value: 'hidden', configurable: true});"
            "document.dispatchEvent(new Event('visibilitychange')); delete document.visibilityState",
        ):
            asks_by_keys(page)
            expect(shown.get_by_text(PHONE)).to_be_visible(timeout=PATIENCE)
            page.evaluate(gone)
            nothing_is_left(page)

        page.clock.install()
        page.reload()
        asks_by_keys(page)
        expect(shown.get_by_text(PHONE)).to_be_visible(timeout=PATIENCE)
        page.clock.fast_forward(61_000)
        nothing_is_left(page)
    assert PHONE not in " ".join(told)


def test_the_quota_says_when_it_goes_on_and_whose_conversation_it_must_be(page: Page, demo: Demo, chat: str) -> None:
    with second_factor(page, demo, "lead") as factor:
        shown = page.request.post(
            f"{demo.address}/api/session/second-factor", data={"code": factor.code()}, headers=OURS
        )
        assert shown.ok, shown.text()
        other = found(page, demo, f"哪个是你们的电话：{MANY}", "138****5600")
        chat_now = page.request.get(f"{demo.address}/api/desk/conversations/{other}").json()
        message = next(each["id"] for each in chat_now["messages"] if len(each["hidden"]) == 10)
        path = f"{demo.address}/api/desk/conversations/{other}/messages/{message}/reveal"
        for place in range(10):
            page.request.post(path, data={"place": place, "purpose": "refund"}, headers=OURS)
        page.goto(f"{demo.address}/desk/{chat}")
        asks_by_keys(page)
        dialog = page.get_by_role("dialog")
        expect(dialog).to_contain_text("这一小时的查看次数用完了", timeout=PATIENCE)
        expect(dialog).to_contain_text(re.compile(r"请等 \d+ 分钟再试"))
        page.keyboard.press("Escape")
        nothing_is_left(page)


def test_who_may_not_see_a_kind_finds_no_button_there(page: Page, demo: Demo, chat: str) -> None:
    page.request.delete(f"{demo.address}/api/session", headers=OURS)
    sign_in(page, demo, "inspector")
    expect(page.get_by_role("link", name="工作台")).to_be_visible(timeout=PATIENCE)
    page.goto(f"{demo.address}/desk/{chat}")
    expect(page.get_by_title("手机号已遮盖")).to_be_visible(timeout=PATIENCE)
    expect(page.locator("[data-reveal]")).to_have_count(0)
    page.request.delete(f"{demo.address}/api/session", headers=OURS)
    sign_in(page, demo, "lead")
    expect(page.get_by_role("link", name="工作台")).to_be_visible(timeout=PATIENCE)
