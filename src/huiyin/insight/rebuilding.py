"""Make the figures of sessions anew from the log: all at once where the house stands still, or in steps beside it.

The worker goes on in steps whenever rows are of an earlier definition than the program's, as after an upgrade: the
newest sessions first, a few to a transaction, each row right by itself at any moment. So it does with sessions of which
the beginning came in after the end, by a file or from the platform: their words are taken as they were said.
"""

import asyncio
from bisect import bisect_right
from collections.abc import Collection, Sequence
from functools import partial

import msgspec
import sqlalchemy as sa

from huiyin.conversations.events import ConversationOpened, ConversationReordered, MessageReceived
from huiyin.eventlog.events import Catalogue, Recorded
from huiyin.eventlog.replaying import came_to, happened, parked_for, replay, streams
from huiyin.eventlog.unit_of_work import UnitOfWork
from huiyin.eventlog.writer import Writer
from huiyin.insight.listen import AT_DESK, MOVED, figures_listener
from huiyin.insight.model import DEFINITION, Row, apply, new_row
from huiyin.insight.store import figures_presence, session_figures
from huiyin.org.duty import Teams, teams
from huiyin.org.events import PresenceChanged
from huiyin.org.opening import calendars

BATCH = 20
"""Sessions to a transaction: some ten milliseconds, which live messages wait for at most."""
BREATH_SECONDS = 0.02


def rebuild(uow: UnitOfWork, catalogue: Catalogue) -> int:
    """Throw the rows of all sessions away and make them again from events; return how many events there were.

    One transaction, during which nobody else writes: it belongs where the house stands still.
    """
    uow.connection.execute(session_figures.delete())
    uow.connection.execute(figures_presence.delete())
    return replay(uow, catalogue, figures_listener())


def mark_all(uow: UnitOfWork) -> int:
    """Have every row made anew; return how many there are."""
    return uow.connection.execute(session_figures.update().values(definition=0)).rowcount


def left_to_count(connection: sa.Connection, shops: Collection[str] | None = None) -> int:
    """Return how many sessions, of some shops or of all, have rows of an earlier definition."""
    query = sa.select(sa.func.count()).where(session_figures.c.definition < DEFINITION)
    if shops is not None:
        query = query.where(session_figures.c.shop.in_(sorted(shops)))
    return int(connection.execute(query).scalar_one())


class Attendance:
    """Of which organisations somebody was at a desk, at each place of the log."""

    def __init__(self) -> None:
        """Begin before the log does."""
        self.until = 0
        self._there: dict[str, str] = {}
        self._places: dict[str, list[int]] = {}
        self._numbers: dict[str, list[int]] = {}

    def follow(self, events: Sequence[Recorded], until: int) -> None:
        """Follow who came to a desk and who left one, up to a place of the log."""
        for each in events:
            if not isinstance(each.event, PresenceChanged):
                continue
            left = self._there.pop(each.event.person, None)
            if left is not None:
                self._note(left, each.position, -1)
            if each.event.state in AT_DESK:
                self._there[each.event.person] = each.tenant
                self._note(each.tenant, each.position, 1)
        self.until = until

    def anybody(self, tenant: str, position: int) -> bool:
        """Tell whether anybody of an organisation was at a desk at a place of the log."""
        place = bisect_right(self._places.get(tenant, []), position)
        return place > 0 and self._numbers[tenant][place - 1] > 0

    def _note(self, tenant: str, position: int, by: int) -> None:
        places, numbers = self._places.setdefault(tenant, []), self._numbers.setdefault(tenant, [])
        places.append(position)
        numbers.append((numbers[-1] if numbers else 0) + by)


def as_said(events: Sequence[Recorded]) -> list[Recorded]:
    """Return events of sessions with the words of those that came in out of order as they were said."""
    began = {each.subject: each.event.at for each in events if isinstance(each.event, ConversationReordered)}
    if not began:
        return list(events)

    def place(each: Recorded) -> tuple[int, int]:
        if each.subject in began and isinstance(each.event, ConversationOpened):
            return 0, 0
        if each.subject in began and isinstance(each.event, MessageReceived):
            return 1, each.event.platform_at
        return (1, 0) if each.subject not in began else (2, 0)

    def told(each: Recorded) -> Recorded:
        if each.subject in began and isinstance(each.event, ConversationOpened):
            opened = msgspec.structs.replace(each.event, at=began[each.subject])
            return msgspec.structs.replace(each, event=opened)
        return each

    return [told(each) for each in sorted(events, key=place)]


class Recounter:
    """Brings rows of an earlier definition up to the program's, in steps."""

    def __init__(self, writer: Writer, catalogue: Catalogue) -> None:
        """Begin with everything to look at."""
        self._writer = writer
        self._catalogue = catalogue
        self._attendance = Attendance()
        self._left_out: set[str] = set()

    async def work(self) -> int:
        """Go on until all rows are of this definition; return how many were made anew."""
        made = 0
        while step := await self._writer.do(self.step):
            made += step
            await asyncio.sleep(BREATH_SECONDS)
        return made

    def step(self, uow: UnitOfWork) -> int:
        """Make the rows of some sessions anew; return of how many, 0 when none is left that can be."""
        listener = figures_listener()
        columns = session_figures.c
        waiting = parked_for(uow, listener) | self._left_out
        query = sa.select(columns.conversation, columns.tenant, columns.shop).where(
            columns.definition < DEFINITION, columns.conversation.not_in(sorted(waiting))
        )
        found = list(uow.connection.execute(query.order_by(columns.opened_at.desc()).limit(BATCH)))
        if not found:
            return 0
        until = came_to(uow, listener)
        since = self._attendance.until
        self._attendance.follow(happened(uow, self._catalogue, PresenceChanged, since, until), until)
        rows = {each.conversation: new_row(*each) for each in found}
        events = streams(uow, self._catalogue, listener, rows)
        self._count(uow, rows, events)
        told = {each.subject for each in events}
        self._left_out |= rows.keys() - told  # nothing in the log says how they were: they stay as they are
        MOVED.run_many(uow.connection, [{"key": key, **row} for key, row in rows.items() if key in told])
        return len(found)

    def _count(self, uow: UnitOfWork, rows: dict[str, Row], events: Sequence[Recorded]) -> None:
        shops = {row["shop"] for row in rows.values()}
        opening, working = calendars(uow.connection, shops), teams(uow.connection, shops)
        for each in as_said(events):
            apply(rows[each.subject], each, opening, partial(self._staffed, working, each.position))
        for row in rows.values():
            row["definition"] = DEFINITION

    def _staffed(
        self, working: Teams, position: int, tenant: str, shop: str, at: int
    ) -> bool:  # the last three are asked
        there = {tenant, *working.vendors(shop, at)}
        return any(self._attendance.anybody(each, position) for each in there)
