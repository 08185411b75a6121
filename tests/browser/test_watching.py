"""People, the audit and the keys, in front of those they are for: what they see, do, and cannot."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from .conftest import Demo
from .factors import OURS, Factor, second_factor
from .test_screens import PATIENCE, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]


def enters(page: Page, demo: Demo, login: str, factor: Factor) -> None:
    """Sign in with a code, as whoever has a second factor does."""
    sign_in(page, demo, login)
    field = page.get_by_label("验证码")
    expect(field).to_be_visible(timeout=PATIENCE)
    field.fill(factor.code())
    field.press("Enter")


def test_an_administrator_adds_somebody_changes_what_they_may_and_shuts_them_out(page: Page, demo: Demo) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    with second_factor(page, demo, "admin") as factor:
        enters(page, demo, "admin", factor)
        expect(page).to_have_url(f"{demo.address}/people", timeout=PATIENCE)
        expect(page.get_by_role("row").filter(has_text="小林")).to_contain_text("客服", timeout=PATIENCE)
        page.keyboard.press("n")
        dialog = page.get_by_role("dialog")
        dialog.get_by_label("姓名").fill("周小满")
        dialog.get_by_role("textbox", name=re.compile("^账号")).fill("xiaoman")
        dialog.get_by_role("checkbox", name=re.compile("^审计员")).check()
        expect(dialog).to_contain_text("审计员只能单独担任")
        expect(dialog.get_by_role("checkbox", name=re.compile("^客服"))).to_be_disabled()
        dialog.get_by_role("checkbox", name=re.compile("^审计员")).uncheck()
        dialog.get_by_role("checkbox", name=re.compile("^客服")).check()
        dialog.get_by_role("button", name="添加并生成链接").click()
        dialog.get_by_role("button", name="复制链接").click(timeout=PATIENCE)
        link = page.evaluate("navigator.clipboard.readText()")
        assert link.startswith(f"{demo.address}/welcome#")
        dialog.get_by_role("button", name="已交给本人").click()
        assert link.partition("#")[2] not in page.content()
        row = page.get_by_role("row").filter(has_text="周小满")
        expect(row).to_contain_text("待加入", timeout=PATIENCE)

        row.get_by_role("button").click()
        dialog.get_by_role("checkbox", name=re.compile("^质检")).check()
        dialog.get_by_role("button", name="保存角色").click()
        expect(row).to_contain_text("质检", timeout=PATIENCE)
        dialog.get_by_role("button", name="停用").click()
        page.get_by_role("dialog").filter(has_text="停用周小满？").get_by_role("button", name="停用").click()
        expect(row).to_contain_text("已停用", timeout=PATIENCE)
        expect(page.get_by_role("dialog")).to_have_count(1, timeout=PATIENCE)
        page.locator(".ant-drawer-close").click()
        expect(page.get_by_role("dialog")).to_have_count(0, timeout=PATIENCE)
        opened = page.request.post(f"{demo.address}/api/welcome", data={"token": link.partition("#")[2]}, headers=OURS)
        assert opened.status == 404

        page.get_by_role("row").filter(has_text="系统管理员").get_by_role("button").click()
        expect(page.get_by_role("dialog")).to_contain_text("要由另一位管理员来改")


def test_an_auditor_looks_for_who_did_what_and_has_all_of_it_verified(page: Page, demo: Demo) -> None:
    with second_factor(page, demo, "auditor") as factor:
        enters(page, demo, "auditor", factor)
        expect(page).to_have_url(f"{demo.address}/audit", timeout=PATIENCE)
        rows = page.locator("tbody tr")
        expect(rows.filter(has_text="设置验证器").first).to_contain_text("冯审计", timeout=PATIENCE)
        expect(rows.first).to_contain_text(re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}"))
        page.get_by_role("combobox", name="做了什么").click()
        page.get_by_role("combobox", name="做了什么").fill("设置验证器")
        page.keyboard.press("Enter")
        expect(rows.filter(has_text="登录")).to_have_count(0, timeout=PATIENCE)
        rows.first.get_by_role("button").click()
        drawer = page.get_by_role("dialog")
        expect(drawer).to_contain_text("凭据")
        drawer.get_by_role("button", name="只看此人").click()
        expect(rows.first).to_contain_text("冯审计", timeout=PATIENCE)
        page.get_by_role("button", name="清除条件").click()
        page.get_by_role("button", name="核对全部").click()
        verdict = page.get_by_role("status").filter(has_text="全部完好")
        expect(verdict).to_contain_text(re.compile(r"\d+ 条前后相接"), timeout=PATIENCE)
        expect(rows.first).to_contain_text("核对审计", timeout=PATIENCE)
        expect(page.get_by_role("link", name="工作台")).to_have_count(0)


def test_whoever_needs_a_second_factor_for_a_page_is_led_there_and_comes_in_once_it_is_set_up(
    page: Page, demo: Demo
) -> None:
    sign_in(page, demo, "auditor")
    expect(page.get_by_text("还没有设置验证器")).to_be_visible(timeout=PATIENCE)
    page.get_by_role("button", name="去设置").click()
    expect(page.get_by_role("dialog")).to_contain_text("验证器", timeout=PATIENCE)
    page.keyboard.press("Escape")
    with second_factor(page, demo, "auditor") as factor:
        page.reload()
        field = page.get_by_label("验证码")
        expect(field).to_be_focused(timeout=PATIENCE)
        field.fill("000000")
        field.press("Enter")
        expect(page.get_by_text("验证码不对")).to_be_visible(timeout=PATIENCE)
        field.fill(factor.code())
        field.press("Enter")
        expect(page.locator("tbody tr").first).to_be_visible(timeout=PATIENCE)


def test_a_security_officer_renews_keys_while_everything_runs(page: Page, demo: Demo) -> None:
    for scenario in ("contact-wechat", "contact-invoice-mail"):
        demo.welcomes(scenario)
    with second_factor(page, demo, "security") as factor:
        enters(page, demo, "security", factor)
        expect(page).to_have_url(f"{demo.address}/keys", timeout=PATIENCE)
        tenant = page.get_by_role("row").filter(has_text="租户密钥")
        expect(tenant).to_contain_text("1", timeout=PATIENCE)
        page.get_by_role("button", name="轮换租户密钥").click()
        expect(page.get_by_role("dialog")).to_contain_text("期间一切照常")
        page.get_by_role("button", name="开始轮换").click()
        expect(page.get_by_role("status").filter(has_text="已完成")).to_be_visible(timeout=PATIENCE)
        assert tenant.get_by_role("cell").all_inner_texts()[1:] == ["1", "0", "1"]
        page.get_by_role("link", name="人员").click()
        expect(page.get_by_role("row").filter(has_text="小林")).to_be_visible(timeout=PATIENCE)
        expect(page.get_by_role("button", name="添加人员")).to_have_count(0)


def finds(page: Page, phone: str) -> Locator:
    """Look for whoever wrote a telephone until they are found, and return their line."""
    field = page.get_by_role("textbox", name="手机号")
    line = page.get_by_role("listitem").filter(has_text="条消息")
    field.fill(phone)
    with page.expect_response("**/api/keys/customers"):
        field.press("Enter")
    expect(line).to_have_count(1, timeout=PATIENCE)
    return line


def test_a_security_officer_answers_a_letter_holds_lifts_and_shreds_for_good(page: Page, demo: Demo) -> None:
    for phone in ("13712348765", "13712348766"):
        demo.hears(f"打我电话 {phone}")
    with second_factor(page, demo, "shop-security") as factor:
        enters(page, demo, "shop-security", factor)
        expect(page.get_by_role("heading", name="客户要求删除")).to_be_visible(timeout=PATIENCE)
        page.get_by_text("手机号", exact=True).click()
        found, dialog = finds(page, "137 1234 8765"), page.get_by_role("dialog")
        expect(found).to_contain_text(re.compile(r"1 个会话 · \d+ 条消息 · [1-9] 条含个人信息"))
        found.get_by_role("button", name="保全").click()
        expect(dialog.get_by_role("button", name="保全", exact=True)).to_be_disabled()
        dialog.get_by_label("依据").fill("电子商务法第三十一条")
        page.keyboard.press("Enter")
        expect(found).to_contain_text("电子商务法第三十一条（许安全，到另行通知为止）", timeout=PATIENCE)
        found.get_by_role("button", name="粉碎").click()
        expect(dialog.get_by_role("alert")).to_contain_text("电子商务法第三十一条")
        expect(dialog.get_by_role("button", name="粉碎，无法撤销")).to_have_count(0)
        page.keyboard.press("Escape")
        page.get_by_role("row").filter(has_text="电子商务法第三十一条").get_by_role("button", name="解除").click()
        page.get_by_role("dialog").filter(has_text="解除这条保全？").get_by_role("button", name="解除").click()
        expect(page.get_by_text("没有保全")).to_be_visible(timeout=PATIENCE)

        found = finds(page, "137 1234 8766")
        found.get_by_role("button", name="粉碎").click()
        expect(dialog.get_by_role("alert")).to_contain_text("对方正在对话，现在不能粉碎")
        expect(dialog.get_by_role("button", name="粉碎，无法撤销")).to_have_count(0)
        page.keyboard.press("Escape")
        demo.ends()
        found = finds(page, "137 1234 8766")
        expect(found).not_to_contain_text("正在对话", timeout=PATIENCE)
        found.get_by_role("button", name="粉碎").click()
        go = dialog.get_by_role("button", name="粉碎，无法撤销")
        expect(dialog).to_contain_text("再也没有人能读")
        dialog.get_by_label("来信编号").fill("来信 2026-17")
        expect(go).to_be_disabled()
        dialog.get_by_role("checkbox", name="已核对来信人就是这个账号的本人").check()
        go.click()
        expect(dialog).to_contain_text("签名相符", timeout=PATIENCE)
        page.keyboard.press("Escape")
        expect(found).to_contain_text("已粉碎", timeout=PATIENCE)
        expect(found.get_by_role("button")).to_have_count(0)
        expect(page.get_by_role("row").filter(has_text="来信 2026-17")).to_contain_text("旧备份仍可读")


def test_an_agent_finds_none_of_these_pages(page: Page, demo: Demo) -> None:
    sign_in(page, demo, "agent")
    expect(page.get_by_role("link", name="工作台")).to_be_visible(timeout=PATIENCE)
    for path in ("people", "audit", "keys"):
        page.goto(f"{demo.address}/{path}")
        expect(page.get_by_text("没有这个页面")).to_be_visible(timeout=PATIENCE)
