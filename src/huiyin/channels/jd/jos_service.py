"""Read what JOS tells of service: after-sales cases, waiters and their figures, presence, comments.

Fields of the requests are verified in public SDK sources. Of the answers, `pageResult`, `WaiterDailyStat`, `POPGroup`
and `comments` are; the rows of presence are not, and docs/jd.md says so. An answer without its list is an error.
"""

from datetime import datetime

import msgspec

from huiyin.channels.gateways import Source
from huiyin.channels.jd.answers import decode, inside, moment, strange
from huiyin.channels.jd.settings import GatewayName
from huiyin.channels.jd.sp_after_sales import EXPECTATIONS
from huiyin.channels.jd.sp_fields import Count, Flag, Id, Moment, count, masked, text, yes
from huiyin.channels.service_records import AfterSale, Comment, Waiter, WaiterPresence
from huiyin.kernel.errors import PermanentError


class _Case(msgspec.Struct, rename="camel"):
    service_id: str | int
    order_id: str | int
    customer_expect: Id = None
    customer_expect_name: str | None = ""
    service_status: Id = None
    service_status_name: str | None = ""
    apply_time: Moment = None
    update_date: Moment = None
    sku_id: Id = None
    bu_id: Id = None


class _Cases(msgspec.Struct, rename="camel"):
    success: bool | str | None = None
    code: Id = None
    total_count: Count = None
    data: list[_Case] | None = None


class _Daily(msgspec.Struct):
    waiter: str
    result: Count = None


class _Waiter(msgspec.Struct):
    waiter: str
    yn: Flag = None
    leader: Flag = None
    level: Id = None


class _Group(msgspec.Struct, rename="camel"):
    waiter_list: list[_Waiter]


class _Presence(msgspec.Struct):
    waiter: str
    time: Moment
    status: Id = None


class _Comment(msgspec.Struct, rename="camel"):
    comment_id: Id = None
    order_id: Id = None
    sku_id: Id = None
    score: Id = None
    content: str | None = ""
    reply_count: Count = None
    creation_time: Moment = None


_cases = msgspec.json.Decoder(_Cases)
_daily = msgspec.json.Decoder(list[_Daily])
_group = msgspec.json.Decoder(_Group)
_presences = msgspec.json.Decoder(list[_Presence])
_comments = msgspec.json.Decoder(list[_Comment])
_fields = msgspec.json.Decoder(dict[str, msgspec.Raw])


def _member(body: bytes, names: tuple[str, ...], method: str) -> bytes:
    """Return the value that stands under one of `names`: in the body, or one key below."""
    for name in names:
        try:
            holder = inside(body, name, method)
        except PermanentError:
            continue
        return bytes(decode(_fields, holder, method)[name])
    raise strange(method)


def read_cases(body: bytes, method: str, vender_id: str, as_of: datetime) -> tuple[list[AfterSale], int]:
    """Read one page of after-sales cases and their number in all; JOS does not tell here what became of the money.

    Raises:
        PermanentError: no outright success, or another shop's case.

    """
    page = decode(_cases, _member(body, ("pageResult",), method), method)
    if page.success not in (True, "true"):
        message = f"{method}: JD's business answer is not a success (code {text(page.code)})"
        raise PermanentError(message, remedy="check the vender id and the shop's permissions")
    total = count(page.total_count, method)
    if page.data is None or total is None:
        raise strange(method)
    if any(text(row.bu_id) not in ("", vender_id) for row in page.data):
        message = f"{method}: JD named another shop's after-sales case"
        raise PermanentError(message, remedy="check the vender id and the token of this shop")
    return [_case(row, as_of, Source(GatewayName.JOS, method)) for row in page.data], total


def _case(row: _Case, as_of: datetime, source: Source) -> AfterSale:
    expect = text(row.customer_expect)
    return AfterSale(
        after_sale_id=str(row.service_id),
        order_id=str(row.order_id),
        expectation=EXPECTATIONS.get(expect) or masked(row.customer_expect_name) or expect,
        state=text(row.service_status),
        state_label=masked(row.service_status_name),
        applied_at=moment(row.apply_time, source.method),
        changed_at=moment(row.update_date, source.method),
        as_of=as_of,
        source=source,
        sku_ids=(text(row.sku_id),) if row.sku_id else (),
    )


def read_daily(body: bytes, method: str) -> dict[str, int]:
    """Read a statistic by waiter and day, and add up the days."""
    sums: dict[str, int] = {}
    for row in decode(_daily, _member(body, ("WaiterDailyStat", "waiterDailyStat"), method), method):
        sums[row.waiter] = sums.get(row.waiter, 0) + (count(row.result, method) or 0)
    return sums


def read_waiters(body: bytes, method: str, as_of: datetime) -> list[Waiter]:
    """Read the shop's waiters."""
    source = Source(GatewayName.JOS, method)
    group = decode(_group, _member(body, ("POPGroup", "popGroup"), method), method)
    return [
        Waiter(
            waiter_ref=row.waiter,
            active=yes(row.yn, method),
            leads=row.leader not in (None, "") and yes(row.leader, method),
            level_as_told=text(row.level),
            as_of=as_of,
            source=source,
        )
        for row in group.waiter_list
    ]


def read_presence(body: bytes, method: str, as_of: datetime) -> list[WaiterPresence]:
    """Read what waiters did to their state; the name of the list and its rows are unverified."""
    source = Source(GatewayName.JOS, method)
    found = []
    for row in decode(_presences, _member(body, ("waiterPresenceList",), method), method):
        at = moment(row.time, method)
        if at is None:
            raise strange(method)
        found.append(
            WaiterPresence(waiter_ref=row.waiter, state_as_told=text(row.status), at=at, as_of=as_of, source=source)
        )
    return found


def read_figure(body: bytes, name: str, method: str) -> str:
    """Return a single figure as JD wrote it: a number or a text."""
    return _member(body, (name,), method).decode().strip('"')


def read_comments(body: bytes, method: str, as_of: datetime) -> list[Comment]:
    """Read one page of comments; names of goods and buyers are not decoded."""
    source = Source(GatewayName.JOS, method)
    return [
        Comment(
            comment_id=text(row.comment_id),
            order_id=text(row.order_id),
            sku_id=text(row.sku_id),
            score=text(row.score),
            text=masked(row.content),
            replies=count(row.reply_count, method) or 0,
            at=moment(row.creation_time, method),
            as_of=as_of,
            source=source,
        )
        for row in decode(_comments, _member(body, ("comments",), method), method)
    ]
