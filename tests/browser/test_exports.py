"""A merchant takes yesterday's and today's sessions out as a file and opens one of them by its address."""

import csv
import re
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect

from .conftest import Demo
from .factors import second_factor
from .legible import unreadable
from .test_screens import PATIENCE
from .test_watching import enters

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]


def today() -> str:
    return datetime.now(ZoneInfo("Asia/Shanghai")).date().isoformat()


def test_a_merchant_takes_sessions_out_and_opens_one_by_its_address(page: Page, demo: Demo, tmp_path: Path) -> None:
    demo.hears_in_full("在吗，我要导出的这句话")
    with second_factor(page, demo, "merchant") as factor:
        enters(page, demo, "merchant", factor)
        page.get_by_role("link", name="导出").click()
        expect(page.get_by_text("还没有导出过")).to_be_visible(timeout=PATIENCE)
        page.keyboard.press("n")
        dialog = page.get_by_role("dialog", name="导出会话")
        dialog.get_by_text("近 7 天").click()
        dialog.get_by_label("结束日期").fill(today())
        dialog.get_by_role("group", name="每行是").get_by_text("消息").click()
        dialog.get_by_role("group", name="格式").get_by_text("CSV").click()
        dialog.get_by_role("button", name="开始导出").click()
        line = page.get_by_role("row").filter(has_text="消息 · CSV")
        expect(line.get_by_text("已完成")).to_be_visible(timeout=PATIENCE)
        expect(line.get_by_text(re.compile(r"\d+ 行 · 可下载到"))).to_be_visible()
        assert unreadable(page) == []
        with page.expect_download() as saved:
            line.get_by_role("button", name="下载").click()
        file = tmp_path / "taken.csv"
        saved.value.save_as(file)
        assert re.fullmatch(r"huiyin-messages-[0-9-]+-[0-9a-f]{8}\.csv", saved.value.suggested_filename)
        with file.open(encoding="utf-8-sig", newline="") as lines:
            mark, heading, *rows = list(csv.reader(lines))
        assert mark[0] == "导出编号"
        said = next(row for row in rows if row[heading.index("内容（已打码）")] == "在吗，我要导出的这句话")
        expect(line.get_by_text("已下载 1 次")).to_be_visible(timeout=PATIENCE)
        page.goto(f"{demo.address}{said[heading.index('会话')]}")
        words = page.get_by_role("log").get_by_text("在吗，我要导出的这句话")
        expect(words).to_be_visible(timeout=PATIENCE)
        page.keyboard.press("Home")
        expect(words).to_be_hidden()
        expect(page.get_by_role("listitem").filter(has_text="新会话").get_by_role("button")).to_have_attribute(
            "aria-current", "step"
        )
        page.keyboard.press("ArrowRight")
        expect(words).to_be_visible()
        page.keyboard.press("Home")
        page.keyboard.press("3")
        page.keyboard.press("Space")
        expect(page.get_by_role("button", name="暂停")).to_be_visible()
        expect(words).to_be_visible(timeout=PATIENCE)
        page.keyboard.press("End")
        expect(page.get_by_role("button", name="播放")).to_be_visible()
        page.get_by_text("对话", exact=True).click()
        expect(words).to_be_visible(timeout=PATIENCE)
