"""A report's cells as figures: in the unit the header names, and nobody's figure is taken for the whole shop's."""

from datetime import UTC, datetime, time

import pytest

from huiyin.imports.files import Row
from huiyin.imports.reports import Told, told_in
from huiyin.imports.values import Cell, UnfitError

NOW = datetime(2026, 6, 1, tzinfo=UTC)


def told(figure: str, column: str, cell: Cell, agent: str = "合计") -> Told:
    mapped = {"day": "日期", "agent": "客服", figure: column}
    return told_in(Row(2, {"日期": "2025-11-01", "客服": agent, column: cell}), mapped, NOW, "本店")


@pytest.mark.parametrize(
    ("figure", "column", "cell", "value"),
    [
        ("satisfaction", "满意率(%)", "98.5", 0.985), ("satisfaction", "满意率（％）", "1", 0.01),
        ("satisfaction", "满意率(%)", 98.5, 0.985), ("satisfaction", "满意率(%)", "98.5%", 0.985),
        ("satisfaction", "满意率(%)", 0, 0.0), ("satisfaction", "满意率", "0.985", 0.985),
        ("response_mean", "平均响应时长(秒)", "12", 12), ("response_mean", "平均响应时长(分)", "1.5", 90),
        ("response_mean", "平均响应时长(小时)", "1", 3600), ("response_mean", "平均响应时长(分钟)", "1分5秒", 65),
        ("response_mean", "平均响应时长(小时)", time(0, 1, 5), 65), ("after_sale_mean", "售后服务时长(秒)", "7200", 2),
        ("after_sale_mean", "售后服务时长(小时)", "2", 2), ("ordered_fen", "销售额(万元)", "1.2", 1_200_000),
        ("ordered_fen", "销售额(元)", "1,234.50", 123_450), ("served", "接待量(人)", "90", 90),
    ],
)  # fmt: skip
def test_a_number_is_in_the_unit_its_column_names(figure: str, column: str, cell: Cell, value: float) -> None:
    assert told(figure, column, cell).values == {figure: pytest.approx(value)}


@pytest.mark.parametrize(
    ("figure", "column", "cell", "code"),
    [
        ("satisfaction", "满意率(%)", 0.955, "share_unclear"), ("satisfaction", "满意率(%)", 1, "share_unclear"),
        ("satisfaction", "满意率(秒)", "12", "unit_unfit"), ("response_mean", "平均响应时长(%)", "12", "unit_unfit"),
        ("ordered_fen", "销售额(分)", "1200", "unit_unfit"), ("satisfaction", "满意率(%)", "120", "share_over_one"),
    ],
)  # fmt: skip
def test_a_unit_that_does_not_fit_or_leaves_doubt_is_refused(figure: str, column: str, cell: Cell, code: str) -> None:
    with pytest.raises(UnfitError) as refused:
        told(figure, column, cell)
    assert (refused.value.code, refused.value.field) == (code, figure)


@pytest.mark.parametrize("agent", ["", "--", "—", " "])
def test_an_agent_without_a_name_is_not_the_whole_shop(agent: str) -> None:
    assert told("served", "接待量", 90).agent == ""
    with pytest.raises(UnfitError) as refused:
        told("served", "接待量", 3, agent)
    assert (refused.value.code, refused.value.field) == ("agent_empty", "agent")
