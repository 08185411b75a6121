"""A merchant freezes yesterday as a baseline and sees it beside the days chosen."""

import re

import pytest
from playwright.sync_api import Page, expect

from .conftest import Demo
from .factors import second_factor
from .test_screens import PATIENCE
from .test_watching import enters

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]


def test_a_merchant_freezes_what_was_and_sees_it_beside_what_is(page: Page, demo: Demo) -> None:
    demo.hears_in_full("在吗")
    with second_factor(page, demo, "merchant") as factor:
        enters(page, demo, "merchant", factor)
        page.get_by_role("link", name="报表").click()
        page.get_by_label("店铺").click()
        page.get_by_title("京东回音数码旗舰店").click()
        expect(page.get_by_role("rowheader", name="接待量", exact=True).first).to_be_visible(timeout=PATIENCE)
        expect(page.get_by_text(re.compile("还没有基线"))).to_be_visible(timeout=PATIENCE)
        page.get_by_label("基线名称").fill("外包前")
        page.get_by_role("button", name="冻结为基线").click()
        expect(page.get_by_text(re.compile("冻结于"))).to_be_visible(timeout=PATIENCE)
        expect(page.get_by_role("columnheader", name="变化")).to_be_visible()
        page.get_by_label("基线名称").fill("外包前")
        page.get_by_role("button", name="冻结为基线").click()
        expect(page.get_by_text(re.compile("已有同名的基线"))).to_be_visible(timeout=PATIENCE)
