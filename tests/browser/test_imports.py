"""A merchant brings a file in: columns are shown before anything comes in, rows that do not fit after."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from .conftest import Demo
from .factors import second_factor
from .test_screens import PATIENCE
from .test_watching import enters

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]


def export() -> bytes:
    """Return a day's chats of last month as somebody's export has them: in GB18030, newest first, one row broken."""
    day = datetime.now(UTC) - timedelta(days=30)
    lines = ["聊天时间,会话编号,买家账号,是谁,接待客服,聊天内容"]
    for talk in range(40):
        at = f"{day:%Y-%m-%d} 1{talk % 10}:{talk:02}"
        lines.append(f"{at}:00,s{talk},jd_in_{talk},买家,客服小红,请问什么时候发货？")
        lines.append(f"{at}:20,s{talk},jd_in_{talk},客服,客服小红,您好，今天就发")
    lines.append("昨天下午,s1,jd_in_1,买家,,还在吗，我的电话 13987654321")
    return "\r\n".join([lines[0], *reversed(lines[1:])]).encode("gb18030")


def test_a_merchant_brings_chats_in_and_sees_which_row_did_not_fit(page: Page, demo: Demo) -> None:
    with second_factor(page, demo, "merchant") as factor:
        enters(page, demo, "merchant", factor)
        page.get_by_role("link", name="导入").click()
        expect(page.get_by_text("还没有导入过文件")).to_be_visible(timeout=PATIENCE)
        page.keyboard.press("n")
        dialog = page.get_by_role("dialog")
        page.locator("input[type=file]").set_input_files(
            {"name": "十月聊天.csv", "mimeType": "text/csv", "buffer": export()}
        )
        expect(dialog.get_by_text("哪一列", exact=False).or_(dialog.get_by_text("读成")).first).to_be_visible(
            timeout=PATIENCE
        )
        start = dialog.get_by_role("button", name="开始导入")
        expect(start).to_be_disabled()
        assert "13987654321" not in page.content()
        dialog.get_by_label("是谁: 读成").click()
        page.get_by_text(re.compile("谁说的")).last.click()
        expect(dialog.get_by_text("前 81 行里有 1 行不能收", exact=False)).to_be_visible(timeout=PATIENCE)
        start.click()
        row = page.get_by_role("row").filter(has_text="十月聊天.csv")
        expect(row).to_contain_text("新增 80，已有 0，未收 1", timeout=PATIENCE)
        row.get_by_role("button").click()
        drawer = page.get_by_role("dialog", name="十月聊天.csv")
        expect(drawer).to_contain_text("时间读不懂", timeout=PATIENCE)
        with page.expect_download() as saved:
            drawer.get_by_role("button", name="下载清单").click()
        text = saved.value.path().read_text("utf-8-sig")
        assert "时间读不懂；请写成 2026-10-01 10:00:00" in text
