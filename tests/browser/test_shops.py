"""A merchant connects a shop in a browser; what is wrong with it is told in words, and it goes when told so."""

import re

import pytest
from playwright.sync_api import Page, expect

from .conftest import Demo
from .factors import second_factor
from .test_screens import PATIENCE
from .test_watching import enters

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

FILLED = {
    "商家编号 Vender ID": "100909", "App Key": "a-key", "App Secret": "a-secret-7751",
    "授权令牌 Access Token": "a-token-7752",
}  # fmt: skip


def test_a_merchant_connects_a_shop_sees_why_it_does_not_answer_and_disconnects_it(page: Page, demo: Demo) -> None:
    with second_factor(page, demo, "merchant") as factor:
        enters(page, demo, "merchant", factor)
        page.get_by_role("link", name="接入").click()
        expect(page.get_by_role("row").filter(has_text="回音数码专卖店")).to_contain_text("已接入", timeout=PATIENCE)
        page.keyboard.press("n")
        dialog = page.get_by_role("dialog", name="接入店铺")
        expect(dialog).to_be_visible(timeout=PATIENCE)
        connect = dialog.get_by_role("button", name=re.compile("^接\\s*入$"))
        expect(connect).to_be_disabled()
        dialog.get_by_label("店铺名称").fill("试接的店")
        for label, value in FILLED.items():
            dialog.get_by_label(label, exact=False).first.fill(value)
        connect.click()
        drawer = page.get_by_role("dialog", name="试接的店", exact=True)
        # The simulated JD does not know this app key: what to do about it stands there in words.
        expect(drawer).to_contain_text("平台不认识这个 App Key", timeout=40_000)
        drawer.get_by_role("button", name="测试调用").click()
        expect(drawer.get_by_role("status")).to_contain_text("平台不认识", timeout=PATIENCE)
        expect(drawer.get_by_label("App Secret", exact=False)).to_have_attribute("placeholder", "已保存，留空不变")
        assert "7751" not in page.content()
        drawer.get_by_role("button", name="断开接入").click()
        sure = page.get_by_role("dialog").filter(has_text="断开 试接的店")
        sure.get_by_role("button", name="断开接入").click()
        expect(sure).to_be_hidden(timeout=PATIENCE)
        expect(drawer).to_contain_text("未接入", timeout=PATIENCE)


def test_a_merchant_brings_a_weeks_past_in_and_watches_it_come(page: Page, demo: Demo) -> None:
    with second_factor(page, demo, "merchant") as factor:
        enters(page, demo, "merchant", factor)
        page.get_by_role("link", name="接入").click()
        page.get_by_role("button", name="回音数码专卖店").click()
        drawer = page.get_by_role("dialog", name="回音数码专卖店")
        expect(drawer.get_by_text("标为历史", exact=False)).to_be_visible(timeout=PATIENCE)
        drawer.get_by_role("button", name="补回 7 天").click()
        expect(drawer).to_contain_text(re.compile(r"已完成\s*新增 \d+ 条，已有 \d+ 条"), timeout=PATIENCE)
