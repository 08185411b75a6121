"""Read rows of a platform's own reports as figures, each with its unit. Pure.

Columns are those of JD's 客服管家 (数据分析 > 接待数据) and 商智 (客服, 店铺体验分). A cell without a value gives no
figure, never 0.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal

import msgspec

from huiyin.imports.columns import Field, Mapped, unit_of
from huiyin.imports.files import Row
from huiyin.imports.shops import SHOP, check_shop
from huiyin.imports.values import (
    PLATFORM_ZONE,
    Cell,
    UnfitError,
    count_of,
    day_of,
    fen_of,
    number_of,
    plain,
    seconds_of,
    share_of,
    unfit,
)
from huiyin.insight.reported import UNITS
from huiyin.kernel.clock import to_ms
from huiyin.kernel.errors import InvalidError

FIGURES = (
    Field("inquiries", ("咨询量", "咨询人数", "总咨询量", "consultcount")),
    Field("served", ("接待量", "接待人数", "人工接待人数", "接待会话量", "replycount")),
    Field("unserved", ("未回复量", "未接待量", "unreplycount")),
    Field("first_response_mean", ("首次平均响应时间", "首次平均响应时长", "平均首次响应时长", "首响时长")),
    Field(
        "response_mean",
        ("平均响应时长（新）", "平均响应时间", "平均响应时长", "咚咚平均响应时长", "平均人工响应时长"),
    ),
    Field("answered_within_30", ("咚咚首次30秒应答率", "30s应答率", "30秒应答率", "咚咚30秒应答率", "首次30秒应答率")),
    Field("human_within_180", ("客服3分钟人工回复率", "3分钟人工回复率", "3分钟响应率")),
    Field("presale_served", ("售前接待人数", "询单人数")),
    Field("ordered", ("促成下单人数", "下单人数")),
    Field("ordered_fen", ("促成下单商品金额", "促成下单金额", "销售额", "客服销售额")),
    Field("inquiry_conversion", ("询单转化率", "转化率")),
    Field("ratings", ("评价量", "评价数")),
    Field("ratings_good", ("好评量", "满意评价量")),
    Field("ratings_bad", ("差评量", "不满意评价量")),
    Field("satisfaction", ("满意率", "满意度", "咚咚满意度", "客服满意率")),
    Field("invited_share", ("邀评率",)),
    Field("leave_message_share", ("留言率",)),
    Field("leave_message_answered", ("留言回复率",)),
    Field("agent_messages", ("客服总消息数", "客服消息数")),
    Field("customer_messages", ("客户总消息数", "顾客总消息数", "客户消息数")),
    Field("shop_stars", ("店铺星级", "店铺星级得分", "店铺体验分", "体验分")),
    Field("score_goods", ("商品评价", "商品评价得分", "店铺评价得分", "商品体验")),
    Field("score_logistics", ("物流履约", "物流履约得分")),
    Field("score_after_sale", ("售后服务", "售后服务得分", "售后评价得分")),
    Field("after_sale_mean", ("售后服务时长", "售后处理时长")),
    Field("intervention_share", ("平台介入率",)),
)  # fmt: skip
"""Figures, by the names their reports give them; their units stand with the rest of them."""

FIELDS = (
    Field("day", ("日期", "统计日期", "统计开始日", "开始日期", "date"), required=True),
    Field("until", ("统计结束日", "结束日期")),
    Field("agent", ("客服", "客服账号", "客服姓名", "客服昵称", "waiter")),
    SHOP,
    *FIGURES,
)
WHOLE_SHOP = frozenset({"合计", "总计", "整体", "全部", "汇总", "全店", "店铺", "total"})
MEANS = frozenset({"均值", "平均", "平均值", "人均", "average"})
MOST_SCORE = 100
MOST_HOURS = 24 * 365
MOST_NAME = 200


class Told(msgspec.Struct, frozen=True, array_like=True):
    """Figures of one row. Days are ISO dates, both included; `agent` is "" for the whole shop.

    `values` by figure: shares between 0 and 1, seconds, hours, counts, 分, scores.
    """

    at: int
    row: int
    day: str
    until: str
    agent: str
    values: dict[str, float]


def told_in(row: Row, mapped: Mapped, now: datetime, shop: str) -> Told:
    """Read one row of a report of `shop`, by its name.

    Raises:
        UnfitError: what is wrong with it, as a code: those of its cells, time_ahead, days_reversed,
            agent_empty, row_is_mean, unit_unfit, share_unclear, shop_other,
            name_too_long, no_figure, and those of rows that are broken.

    """
    if row.broken:
        raise unfit(row.broken)
    cells = {field: row.cells.get(column) for field, column in mapped.items()}
    check_shop(cells.get("shop"), shop)
    day = _day("day", cells["day"], row.days_off)
    until = _day("until", cells["until"], row.days_off) if plain(cells.get("until")) else day
    if until < day:
        raise unfit("days_reversed", "until")
    if day > now.astimezone(PLATFORM_ZONE).date():
        raise unfit("time_ahead", "day")
    agent = plain(cells.get("agent"))
    if "agent" in mapped and not agent:
        # Somebody's whose name was left out: the whole shop's row has a word of its own.
        raise unfit("agent_empty", "agent")
    if agent.lower() in MEANS:
        raise unfit("row_is_mean", "agent")
    if len(agent) > MOST_NAME:
        raise unfit("name_too_long", "agent")
    read = {name: _value(name, cells[name], unit_of(mapped[name])) for name in mapped if name in UNITS}
    values = {name: value for name, value in read.items() if value is not None}
    if not values:
        raise unfit("no_figure")
    whose = "" if agent.lower() in WHOLE_SHOP else agent
    return Told(_midnight(day), row.number, day.isoformat(), until.isoformat(), whose, values)


def check_figures(mapped: Mapped) -> None:
    """Refuse a report without a single figure.

    Raises:
        InvalidError: figures_missing.

    """
    if not mapped.keys() & UNITS.keys():
        message = "no column is a figure"
        raise InvalidError(message, remedy="Say which column is which figure.", code="figures_missing")


def _day(field: str, cell: Cell, days_off: int) -> date:
    try:
        return day_of(cell, days_off)
    except UnfitError as error:
        raise unfit(error.code, field) from error


def _value(name: str, cell: Cell, unit: str) -> float | None:
    """Read a figure; a plain number is in the unit its column names, where it names one."""
    try:
        kind = UNITS[name]
        if kind not in _FACTORS or not unit:
            return _READ[kind](cell)
        if unit not in _FACTORS[kind]:
            raise unfit("unit_unfit")
        return _READ[kind](_in_our_unit(kind, unit, cell))
    except UnfitError as error:
        raise unfit(error.code, name) from error


def _in_our_unit(kind: str, unit: str, cell: Cell) -> Cell:
    """Return a plain number in the unit the figure is kept in; anything else says its own unit."""
    try:
        number = None if isinstance(cell, datetime | time | timedelta) else number_of(cell)
    except UnfitError:
        return cell
    if not number:
        return cell
    if kind == "share" and not isinstance(cell, str) and number <= 1:
        # A sheet shows 0.955 as 95.5% where a cell is formatted so, and that is not told with it.
        raise unfit("share_unclear")
    return str(number * _FACTORS[kind][unit])


def _score(cell: Cell) -> float | None:
    return _up_to(MOST_SCORE, cell)


def _hours(cell: Cell) -> float | None:
    return _up_to(MOST_HOURS, cell)


def _up_to(most: int, cell: Cell) -> float | None:
    found = number_of(cell)
    if found is not None and not 0 <= found <= most:
        raise unfit("score_unfit")
    return None if found is None else float(found)


_READ: Mapping[str, Callable[[Cell], float | None]] = {
    "count": count_of, "share": share_of, "seconds": seconds_of, "fen": fen_of, "score": _score, "hours": _hours,
}  # fmt: skip


_SECONDS = {
    "秒": 1, "s": 1, "sec": 1, "分": 60, "分钟": 60, "min": 60, "小时": 3600, "h": 3600,
}  # fmt: skip
_FACTORS: Mapping[str, Mapping[str, Decimal]] = {
    "share": {"%": Decimal("0.01")},
    "seconds": {unit: Decimal(seconds) for unit, seconds in _SECONDS.items()},
    "hours": {unit: Decimal(seconds) / 3600 for unit, seconds in _SECONDS.items()},
    "fen": {"元": Decimal(1), "万元": Decimal(10_000)},
}
"""What a number under a unit is multiplied by, by how the figure is read without one; money is read in 元."""


def _midnight(day: date) -> int:
    return to_ms(datetime.fromisoformat(f"{day.isoformat()}T00:00:00+08:00"))
