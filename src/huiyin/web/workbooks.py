"""Write figures as a workbook. It says who took it when, under a number the audit knows."""

import io
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from huiyin.insight.figures import BY_KEY
from huiyin.web.report_shapes import ReportShape
from huiyin.web.shapes import FigureShape

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CHINA = ZoneInfo("Asia/Shanghai")
UNITS = {"count": "次", "share": "%", "seconds": "秒", "hours": "小时", "fen": "元", "score": "分"}
FORMATS = {"share": "0.0%", "seconds": "0.0", "hours": "0.0", "fen": "0.00", "score": "0.00"}


class Mark(NamedTuple):
    """Under which number, for whom and when a workbook was made."""

    number: str
    name: str
    at: datetime


def report_workbook(report: ReportShape, mark: Mark) -> bytes:
    """Return the figures of a report: ours, the platform's beside them, and where all of it is from."""
    book = Workbook(write_only=True)
    groups = [("全部店铺", report.figures), *((each.name, each.figures) for each in (*report.shops, *report.agents))]
    sheet = book.create_sheet("指标")
    _widths(sheet, (24, 6, *(16 for _ in groups), 80))
    sheet.append([_cell(sheet, each) for each in ("指标", "单位", *(name for name, _ in groups), "怎么算")])
    for place, figure in enumerate(report.figures):
        values = [_number(sheet, figures[place]) for _, figures in groups]
        name, _, _ = BY_KEY[figure.key].definition.partition("：")
        words = (_cell(sheet, name), _cell(sheet, UNITS.get(figure.unit, "")))
        sheet.append([*words, *values, _cell(sheet, BY_KEY[figure.key].definition)])
    if report.compared:
        beside = book.create_sheet("与平台对照")
        _widths(beside, (24, 16, 12, 8, 18, 24, 12))
        beside.append(
            [_cell(beside, each) for each in ("平台指标", "来源", "平台", "天数", "截至", "我们的指标", "我们")]
        )
        for each in report.compared:
            beside.append(
                [
                    _cell(beside, each.figure), _cell(beside, each.source), _valued(beside, each.unit, each.theirs),
                    each.days, _cell(beside, _stamp(each.as_of)), _cell(beside, each.key),
                    _valued(beside, each.unit, each.ours),
                ]
            )  # fmt: skip
    about = book.create_sheet("说明")
    _widths(about, (22, 48))
    for words in (
        ("日期", f"{report.since.isoformat()} 至 {report.until.isoformat()}"),
        ("含导入与回填的历史", "是" if report.history else "否"),
        ("截至", _stamp(report.as_of)),
        ("导出人", mark.name),
        ("导出时间", _stamp(mark.at)),
        ("导出编号", mark.number),
        ("系统", "回音 Huiyin；空格表示没有或未知，不是零"),
    ):
        about.append([_cell(about, each) for each in words])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _widths(sheet: Worksheet, widths: Sequence[int]) -> None:
    """Give columns room for what stands in them, in characters; before any row is written."""
    for place, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(place)].width = width


def _number(sheet: object, figure: FigureShape) -> object:
    return _valued(sheet, figure.unit, figure.value)


def _valued(sheet: object, unit: str, value: float | None) -> object:
    if value is None:
        return None
    cell = WriteOnlyCell(sheet, value=value / 100 if unit == "fen" else value)
    cell.number_format = FORMATS.get(unit, "General")
    return cell


def _cell(sheet: object, words: str) -> object:
    """Return a cell that is text whatever it begins with: a name is no formula, and signs no sheet can hold go."""
    cell = WriteOnlyCell(sheet, value=ILLEGAL_CHARACTERS_RE.sub("", words))
    cell.data_type = "s"
    return cell


def _stamp(at: datetime) -> str:
    return f"{at.astimezone(CHINA):%Y-%m-%d %H:%M}"
