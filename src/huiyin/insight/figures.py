"""The registry: every figure has one key, one unit, one definition and one formula, the same on every screen.

A formula is a condition or a sum over columns of `session_figures`, so the database counts and no screen holds a
day's rows in memory. What the formulas mean is said again, in plain steps, by tests/insight/plainly.py.
"""

from typing import NamedTuple

import sqlalchemy as sa

from huiyin.insight.measures import (
    CaseMean,
    Condition,
    Count,
    Day,
    InquiryShare,
    KnownOnly,
    MeanOf,
    Measure,
    NotKept,
    QuantileOf,
    ShareOf,
    Told,
    Total,
    plain,
)
from huiyin.insight.store import session_figures
from huiyin.outcomes.views import sessions_with_cases

WITHIN_30_MS = 30_000
WITHIN_120_MS = 120_000
HUMAN_WITHIN_MS = 180_000
SATISFIED = 4
"""Satisfied and very satisfied, of five degrees."""
WANTS_KEPT = 3
"""The first definition of rows that keeps since when a session wanted a person."""

NO_EVALUATIONS = "no_evaluations"
"""The platform told no evaluation of these sessions: nobody gave one, or this line tells none."""

columns = session_figures.c


class Figure(NamedTuple):
    """One figure of the registry. `formula` names its page in docs/formulas, `concerns` the sessions it looks at."""

    key: str
    unit: str
    definition: str
    formula: str
    measure: Measure
    concerns: Condition
    target: float | None = None


_ASKED = columns.asked_at.is_not(None)
_ANSWERED = columns.first_response_ms.is_not(None)
_CLOSED = columns.closed_at.is_not(None)
_HANDED_OVER = columns.handed_over_at.is_not(None)
_BOT_ONLY = sa.and_(columns.replies_bot > 0, columns.replies_human == 0, ~_HANDED_OVER)
_WAITING = columns.state == "waiting"
_IN_SERVICE = columns.state.in_(("bot", "human"))
_OUTSIDE = columns.outside_hours != ""
_LEFT = sa.func.coalesce(columns.left_message, 0) == 1
_LEFT_UNKNOWN = columns.left_message.is_(None)
# Whether any of the wait fell into opening hours: what was asked and answered while closed says nothing.
_TOLD_IN_OPENING_TIME = sa.and_(
    columns.first_response_open_ms.is_not(None), sa.or_(columns.first_response_open_ms > 0, ~_OUTSIDE)
)
_LEFT_OR_UNKNOWN = sa.or_(_LEFT, sa.and_(_ASKED, _LEFT_UNKNOWN))
_RATED = columns.degree.is_not(None)
_EVERY = sa.true()
_EACH = sa.literal_column("1", sa.Integer)


def is_assessed(day: Day) -> sa.ColumnElement[bool]:
    """Tell whether a session counts for response figures: a customer asked, was not left alone, and no exemption."""
    return sa.and_(day.counted, _ASKED, ~_LEFT)


def is_within(limit_ms: int) -> sa.ColumnElement[bool]:
    """Tell whether a session got its first answer within a limit; the limit itself still counts."""
    return columns.first_response_ms <= limit_ms


def _share_within(limit_ms: int) -> ShareOf:
    """Count a session once it is decided: answered, closed, or waiting longer than the limit."""

    def decided(day: Day) -> sa.ColumnElement[bool]:
        overdue = day.now - columns.asked_at > limit_ms
        return sa.and_(is_assessed(day), sa.or_(_ANSWERED, _CLOSED, overdue))

    return ShareOf(plain(is_within(limit_ms)), decided)


def wants_person(day: Day) -> sa.ColumnElement[bool]:
    """Tell whether an assessed session came to people: it waited for one, one took it, or one answered unasked."""
    came = sa.or_(columns.wanted_person_at.is_not(None), columns.human_response_ms.is_not(None))
    return sa.and_(is_assessed(day), came)


def _human_within(limit_ms: int) -> ShareOf:
    """Count a session that came to people once it is decided, as above."""

    def decided(day: Day) -> sa.ColumnElement[bool]:
        overdue = day.now - columns.wanted_person_at > limit_ms
        return sa.and_(wants_person(day), sa.or_(columns.human_response_ms.is_not(None), _CLOSED, overdue))

    return ShareOf(plain(columns.human_response_ms <= limit_ms), decided)


def _answered_first(day: Day) -> sa.ColumnElement[bool]:
    return sa.and_(is_assessed(day), _ANSWERED)


def _answered_by_person(day: Day) -> sa.ColumnElement[bool]:
    return sa.and_(is_assessed(day), columns.human_response_ms.is_not(None))


def _known(inner: Measure, among: Condition) -> KnownOnly:
    """Return a figure that needs to know whether sessions were left as messages."""
    return KnownOnly(inner, lambda day: sa.and_(among(day), _LEFT_UNKNOWN))


def _told(inner: ShareOf) -> Told:
    """Return a share that rests on evaluations."""
    return Told(inner, plain(_RATED), plain(_ANSWERED), NO_EVALUATIONS)


def _asked(_day: Day) -> sa.ColumnElement[bool]:
    return _ASKED


def _before_wants_were_kept(day: Day) -> sa.ColumnElement[bool]:
    return sa.and_(is_assessed(day), columns.definition < WANTS_KEPT)


REGISTRY: tuple[Figure, ...] = (
    Figure(
        "waiting", "count", "排队中、还没有客服接手的会话数（此刻）。", "live.md",
        Count(plain(_WAITING)), plain(_WAITING),
    ),
    Figure(
        "in_service", "count", "机器人或客服正在接待的会话数（此刻）。", "live.md",
        Count(plain(_IN_SERVICE)), plain(_IN_SERVICE),
    ),
    Figure(
        "answered_within_30", "share",
        "30 秒应答率：从客户第一句话到第一条回复不超过 30 秒的会话 ÷ 计入考核的会话。转人工时说的“请稍等”不算回复。"
        "留言、豁免时段不计；京东店铺 23:00–09:00 开始的会话也不计。",
        "first-response.md", _share_within(WITHIN_30_MS), is_assessed, 0.8,
    ),
    Figure(
        "answered_within_120", "share",
        "120 秒应答率：第一条回复不超过 120 秒的会话 ÷ 计入考核的会话，豁免同上。",
        "first-response.md", _share_within(WITHIN_120_MS), is_assessed, 0.9,
    ),
    Figure(
        "first_response_median", "seconds", "首次响应中位数：已答会话的首次响应时间的中位数，豁免同上。",
        "first-response.md", QuantileOf(columns.first_response_ms, _answered_first), is_assessed,
    ),
    Figure(
        "first_response_mean", "seconds", "首次响应均值：已答会话的首次响应时间之和 ÷ 已答会话数，豁免同上。",
        "first-response.md", MeanOf(columns.first_response_ms, _EACH, _answered_first), is_assessed,
    ),
    Figure(
        "first_response_p90", "seconds", "首次响应 90 分位：九成已答会话的首次响应时间不超过它，豁免同上。",
        "first-response.md", QuantileOf(columns.first_response_ms, _answered_first, 0.9), is_assessed,
    ),
    Figure(
        "human_response_median",
        "seconds",
        "人工首次响应：从转人工（没有机器人时从客户第一句话）到客服第一条回复，取中位数，豁免同上。",
        "first-response.md",
        QuantileOf(columns.human_response_ms, _answered_by_person),
        is_assessed,
    ),
    Figure(
        "response_mean", "seconds", "平均响应：每一轮从客户开始等待到得到回复的时间，按轮次平均，豁免同上。",
        "first-response.md", MeanOf(columns.turns_ms, columns.turns, is_assessed), is_assessed,
    ),
    Figure(
        "human_within_180", "share",
        "3 分钟人工回复率：从需要人工（转人工；没有机器人时从客户第一句话）到客服第一条回复不超过 180 秒的会话 ÷ "
        "需要人工的会话，机器人的回复不算，豁免同上。",
        "human-response.md", KnownOnly(_human_within(HUMAN_WITHIN_MS), _before_wants_were_kept),
        lambda day: sa.or_(wants_person(day), _before_wants_were_kept(day)),
    ),
    Figure(
        "answered_share", "share",
        "应答率：得到过回复的会话 ÷ 有客户来话且已答或已结束的会话，机器人的回复也算；夜间与留言也计入。",
        "answered.md", ShareOf(plain(_ANSWERED), plain(sa.and_(_ASKED, sa.or_(_ANSWERED, _CLOSED)))), _asked,
    ),
    Figure(
        "leave_messages", "count",
        "留言：第一次等待人工时没有任何客服在线、此前也没有得到回复的会话数。",
        "leave-messages.md", _known(Count(plain(_LEFT)), _asked), plain(_LEFT_OR_UNKNOWN),
    ),
    Figure(
        "leave_message_share", "share", "留言率：留言 ÷ 有客户来话的会话。",
        "leave-messages.md", _known(ShareOf(plain(_LEFT), plain(_ASKED)), _asked), _asked,
    ),
    Figure(
        "leave_message_answered", "share", "留言回复率：之后由客服回复过的留言 ÷ 留言。还没有回复的算没有回复。",
        "leave-messages.md",
        _known(ShareOf(plain(columns.human_response_ms.is_not(None)), plain(_LEFT)), _asked),
        plain(_LEFT_OR_UNKNOWN),
    ),
    Figure(
        "first_response_open_median", "seconds",
        "营业内首次响应：从客户第一句话到第一条回复之间，店铺营业着的时间，取中位数。"
        "非营业的时间不算，平台的豁免不适用；在非营业时间里问完就答完的、当时营业时间没有登记的会话不计。",
        "opening-hours.md", QuantileOf(columns.first_response_open_ms, plain(_TOLD_IN_OPENING_TIME)),
        plain(_TOLD_IN_OPENING_TIME),
    ),
    Figure(
        "outside_hours", "count", "非营业时间会话：开始时店铺不在营业的会话数，按当时登记的营业时间。",
        "opening-hours.md", Count(plain(_OUTSIDE)), plain(_OUTSIDE),
    ),
    Figure(
        "bot_share", "share", "机器人占比：只由机器人回复、没有转人工的会话 ÷ 得到过回复的会话。",
        "bot-share.md", ShareOf(plain(_BOT_ONLY), plain(_ANSWERED)), plain(_ANSWERED), 0.6,
    ),
    Figure(
        "handed_over", "count", "转人工：从机器人转到人工的会话数。", "bot-share.md",
        Count(plain(_HANDED_OVER)), plain(_HANDED_OVER),
    ),
    Figure(
        "findings", "count", "检查发现：全量检查在会话中发现的问题条数。", "live.md",
        Total(columns.findings), plain(columns.findings > 0),
    ),
    Figure(
        "sessions", "count", "会话：当日（报表里是这些天）开始的会话数。", "live.md",
        Count(plain(_EVERY)), plain(_EVERY),
    ),
    Figure(
        "satisfaction", "share", "满意率：（非常满意 + 满意）÷ 评价量，按会话计，以最后一次评价为准。"
        "有评价读不出等级时未知。",
        "evaluations.md",
        KnownOnly(
            ShareOf(plain(columns.degree >= SATISFIED), plain(_RATED)),
            plain(columns.degree == 0),
        ),
        plain(_RATED),
    ),
    Figure(
        "rated_share", "share", "评价率：被客户评价过的会话 ÷ 得到过回复的会话。平台没有告诉我们任何评价时未知。",
        "evaluations.md",
        _told(ShareOf(plain(_RATED), plain(_ANSWERED))), plain(_ANSWERED),
    ),
    Figure(
        "invited_share", "share", "邀评率：邀请过评价的会话 ÷ 接待的会话。平台没有告诉我们是否邀评，所以未知。",
        "evaluations.md", NotKept("invitations_not_told"), plain(sa.false()),
    ),
    Figure(
        "inquiry_conversion", "share",
        "询单转化率：咨询后在店铺规定的时间内下单的售前客户 ÷ 售前客户，每人每天计一次，15 天内取消的不算。"
        "咨询前 30 天没有在本店下单的算售前。读不到订单的店铺未知。",
        "conversion.md", InquiryShare("orders_not_kept"), plain(columns.replies_human > 0),
    ),
    Figure(
        "after_sale_mean", "hours",
        "售后服务时长：这些天完成的售后单从申请到完成的时间之和 ÷ 完成的售后单数，按店铺计。"
        "平台没有告诉我们完成时间时未知。",
        "after-sales.md", CaseMean("ends_not_told"),
        lambda _day: columns.conversation.in_(sessions_with_cases()),
    ),
)  # fmt: skip

BY_KEY = {figure.key: figure for figure in REGISTRY}
OPEN_NOW = frozenset({"waiting", "in_service"})
"""Figures of the moment: they look at open sessions of any day."""
