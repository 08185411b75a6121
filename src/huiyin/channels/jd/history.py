"""Poll a shop's chat: sessions first, then what was said in them, in windows JD allows."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar

from huiyin.channels.jd.chatlog import (
    ChatRecord,
    ChatSession,
    inbound_of,
    read_chat,
    read_evaluations,
    read_session_chat,
    read_sessions,
)
from huiyin.channels.jd.gateway import Gateway
from huiyin.channels.jd.moments import CHINA, write_moment
from huiyin.channels.jd.settings import JdSettings
from huiyin.channels.port import Inbound
from huiyin.channels.service_records import Evaluation
from huiyin.kernel.errors import InvalidError, PermanentError, TemporaryError

Row = TypeVar("Row")

SESSIONS = "jingdong.im.pop.sessionlist.get"
CHAT = "jingdong.im.pop.chatlog.get"
SESSION_CHAT = "jingdong.im.out.merchant.chatmessage.openapi.get"
EVALUATIONS = "jingdong.im.pop.evaluationlist.get"

WINDOW = timedelta(days=6)
"""Asked at once: JD allows 7 days, one day is kept for the lead below."""

LEAD = timedelta(days=1)
"""Sessions begun this long before a window are asked too: one that runs past midnight goes on inside it."""

OLDEST = timedelta(days=88)
"""How far back a poll reaches: the shortest three calendar months have 89 days, less the lead."""

PAGE_SIZE = 50
MAX_PAGES = 200
"""A stop for an answer whose total never ends."""


class History:
    """The polled side of one shop's chat."""

    def __init__(self, settings: JdSettings, gateway: Gateway) -> None:
        """Read for `settings.shop` through `gateway`."""
        self._settings = settings
        self._gateway = gateway

    async def poll(self, since: datetime, until: datetime, now: datetime) -> list[Inbound]:
        """Return what was said in [since, until), oldest first.

        Raises:
            InvalidError: the span is empty, or older than JD keeps chat.

        """
        check_span(since, until, now)
        found: dict[str, Inbound] = {}
        for begin, end in windows(since, until):
            for record in await self._window(begin, end):
                if since <= record.platform_at < until:
                    found.setdefault(record.source_id, record)
        return sorted(found.values(), key=lambda record: record.platform_at)

    async def evaluations(self, since: datetime, until: datetime, now: datetime) -> list[Evaluation]:
        """Return the verdicts customers gave in [since, until)."""
        check_span(since, until, now)
        found: list[Evaluation] = []
        for begin, end in windows(since, until):
            span = _span(begin, end)
            rows = [row async for row in _pages(partial(self._evaluations, span, now))]
            found += [row for row in rows if begin <= row.at < end]
        return found

    async def _window(self, begin: datetime, end: datetime) -> list[Inbound]:
        span = _span(begin - LEAD, end)
        found = [session async for session in _pages(partial(self._sessions, span))]
        sessions = [session for session in found if not session.over_before(begin, SESSIONS)]
        records: list[ChatRecord] = []
        if self._settings.dd_app_id:
            for sid in dict.fromkeys(str(session.sid) for session in sessions):
                records += [row async for row in _pages(partial(self._session_chat, sid))]
            return inbound_of(records, self._settings.shop, self._settings.origin, SESSION_CHAT)
        for pair in dict.fromkeys((session.waiter or "", session.customer) for session in sessions):
            records += [row async for row in _pages(partial(self._chat, span, pair))]
        return inbound_of(records, self._settings.shop, self._settings.origin, CHAT)

    async def _sessions(self, span: dict[str, str], page: int) -> tuple[list[ChatSession], int]:
        fields = {"waiter": [], **span, "page": page, "pageSize": PAGE_SIZE}
        return read_sessions(await self._gateway.call(SESSIONS, fields), SESSIONS)

    async def _chat(self, span: dict[str, str], pair: tuple[str, str], page: int) -> tuple[list[ChatRecord], int]:
        waiter, customer = pair
        fields = {"waiter": waiter, "customer": customer, **span, "page": page, "pageSize": PAGE_SIZE}
        return read_chat(await self._gateway.call(CHAT, fields), CHAT)

    async def _session_chat(self, sid: str, page: int) -> tuple[list[ChatRecord], int]:
        fields = {"appId": self._settings.dd_app_id, "sid": sid, "page": page, "pageSize": PAGE_SIZE}
        return read_session_chat(await self._gateway.call(SESSION_CHAT, fields), SESSION_CHAT)

    async def _evaluations(self, span: dict[str, str], now: datetime, page: int) -> tuple[list[Evaluation], int]:
        fields = {"waiter": [], **span, "page": page, "pageSize": PAGE_SIZE}
        return read_evaluations(await self._gateway.call(EVALUATIONS, fields), EVALUATIONS, now)


def check_span(since: datetime, until: datetime, now: datetime) -> None:
    """Refuse a span JD would refuse.

    Raises:
        InvalidError: naming the limit.

    """
    if not since < until:
        message = "a poll needs a span: since must be before until"
        raise InvalidError(message)
    if now - since > OLDEST:
        message = f"JD keeps chat for three months; ask for the last {OLDEST.days} days at most"
        raise InvalidError(message, remedy="start the poll later")


def windows(since: datetime, until: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Cut [since, until) at China's midnights into pieces of at most `WINDOW`: JD reads only the day part."""
    begin = since
    while begin < until:
        midnight = begin.astimezone(CHINA).replace(hour=0, minute=0, second=0, microsecond=0)
        end = min(midnight + WINDOW, until)
        yield begin, end
        begin = end


def _span(begin: datetime, end: datetime) -> dict[str, str]:
    return {"startTime": write_moment(begin), "endTime": write_moment(end)}


async def _pages(fetch: Callable[[int], Awaitable[tuple[list[Row], int]]]) -> AsyncIterator[Row]:
    seen, given = 0, list[list[Row]]()
    for page in range(1, MAX_PAGES + 1):
        rows, total = await fetch(page)
        if rows and rows in given:
            message = "JD gave a page twice; a list that misses some is not passed off as whole"
            raise TemporaryError(message, remedy="ask again later", code="page_repeats")
        for row in rows:
            yield row
        given.append(rows)
        seen += len(rows)
        if seen >= total:
            return
        if not rows:
            break
    message = "JD told more rows than it gave; a poll that misses some is not passed off as whole"
    raise PermanentError(message, remedy="poll a shorter span")
