"""A merchant looks at figures over days, opens one down to its sessions, and takes the workbook along."""

import io
import re
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from .conftest import Demo
from .factors import second_factor
from .test_screens import PATIENCE
from .test_watching import enters

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]


def test_a_merchant_reads_figures_over_days_and_takes_them_as_a_workbook(page: Page, demo: Demo) -> None:
    demo.hears_in_full("在吗")
    with second_factor(page, demo, "merchant") as factor:
        enters(page, demo, "merchant", factor)
        page.get_by_role("link", name="报表").click()
        expect(page.get_by_role("heading", name="平台自己的数")).to_be_visible(timeout=PATIENCE)
        until = page.get_by_label("到", exact=True)
        # The shops' day, not that of the machine the browser runs on.
        today = datetime.now(ZoneInfo("Asia/Shanghai")).date().isoformat()
        page.get_by_label("从", exact=True).fill(today)
        until.fill(today)
        row = page.get_by_role("row").filter(has=page.get_by_role("rowheader", name="会话", exact=True))
        expect(row.get_by_role("button").first).to_have_text(re.compile("[1-9]"), timeout=PATIENCE)
        row.get_by_role("button").first.click()
        expect(page.get_by_text("开始的会话数")).to_be_visible(timeout=PATIENCE)
        page.keyboard.press("Escape")
        page.get_by_label("店铺").click()
        page.get_by_title("京东回音数码旗舰店").click()
        # JD's own figures are read by the hour, the first time soon after the start.
        expect(page.get_by_role("rowheader", name="接待量", exact=True).first).to_be_visible(timeout=PATIENCE)
        page.reload()
        expect(page.get_by_role("rowheader", name="接待量", exact=True).first).to_be_visible(timeout=PATIENCE)
        expect(page.get_by_label("到", exact=True)).to_have_value(today)
        with page.expect_download() as taken:
            page.get_by_role("button", name="导出 Excel").click()
        assert taken.value.suggested_filename == f"huiyin-{today}-{today}.xlsx"
        book = load_workbook(io.BytesIO(taken.value.path().read_bytes()))
        assert book.sheetnames == ["指标", "与平台对照", "说明"]
