"""Work out what consults led to (询单转化): a row a customer, day and agent, made anew when an order or an end comes.

A consult is one agent's part in a session. It is pre-sale (售前) where the customer had no standing order of the shop
in the thirty days before the session; not known where orders were not read so far back. Rules: conversion.py;
definitions and sources: docs/formulas/conversion.md.
"""

import asyncio
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any, NamedTuple

import sqlalchemy as sa

from huiyin.channels.port import Capability, Origin
from huiyin.connections.lines import Lines
from huiyin.conversations.consults import Said, agents_said
from huiyin.eventlog.prepared import Prepared
from huiyin.eventlog.unit_of_work import UnitOfWork
from huiyin.eventlog.writer import Writer
from huiyin.insight.conversion import WHOLE_SHOP, Consult, Credit, Line, Placed, credited
from huiyin.insight.store import UNCONSULTED, inquiry, inquiry_mark, session_figures
from huiyin.kernel.clock import from_ms
from huiyin.kernel.units import Fen
from huiyin.org.book import ShopBook
from huiyin.org.views import Shop
from huiyin.outcomes.views import Ordered, orders_of, orders_read, orders_since

BATCH = 50
"""Customers, or orders, of one transaction."""
BREATH_SECONDS = 0.02
BOUGHT_BEFORE_MS = int(timedelta(days=30).total_seconds() * 1000)
"""Whoever ordered so shortly before is asked about that order: after-sale. Ours: JD's rule is not published."""
USUAL_WINDOW = timedelta(hours=24)


def _sums() -> sa.CompoundSelect[Any]:
    columns = inquiry.c
    shops: sa.BindParameter[Any] = sa.bindparam("shops", expanding=True)
    asked, unknown = columns.presale.is_(True), columns.presale.is_(None)
    counted = [sa.and_(asked, columns.converted), asked, unknown]
    consults = (
        sa.select(columns.shop, columns.person, *(sa.func.count().filter(each) for each in counted), sa.literal(0))
        .where(
            columns.shop.in_(shops),
            columns.history.is_(sa.bindparam("history")),
            columns.at >= sa.bindparam("start"),
            columns.at < sa.bindparam("end"),
        )
        .group_by(columns.shop, columns.person)
    )
    nothing = (sa.literal(0) for _ in counted)
    read = sa.select(inquiry_mark.c.shop, sa.literal(WHOLE_SHOP), *nothing, sa.literal(1))
    return sa.union_all(consults, read.where(inquiry_mark.c.shop.in_(shops)))


_SUMS = Prepared(_sums())


class Mark(NamedTuple):
    """How far a shop was worked out, in ms: ends of sessions, what was learnt of orders; and with which window."""

    closed_until: int
    orders_until: int
    window_ms: int


@dataclass(frozen=True, slots=True)
class Inquirer:
    """Goes round the shops whose orders are read."""

    lines: Lines
    writer: Writer
    shops: ShopBook

    async def work(self) -> int:
        """Work out what is new; return how many customers were looked at."""
        looked = 0
        for shop, line in list(self.lines.by_shop.items()):
            if Capability.PLACED_ORDERS not in line.capabilities:
                continue
            window = getattr(line, "inquiry_window", USUAL_WINDOW)
            while some := await self.writer.do(partial(step, shop=self.shops.all()[shop], window=window)):
                looked += some
                await asyncio.sleep(BREATH_SECONDS)
        return looked


def step(uow: UnitOfWork, shop: Shop, window: timedelta) -> int:
    """Work out some customers of a shop; return how many there were, 0 once all is worked out."""
    read = orders_read(uow.connection, shop.id)
    if read is None:
        return 0
    window_ms = int(window.total_seconds() * 1000)
    before = _mark(uow, shop.id)
    if before is None or before.window_ms != window_ms:
        before = Mark(0, 0, window_ms)
    news = orders_since(uow.connection, shop.id, before.orders_until, BATCH)
    ended = _ended(uow, shop.id, before.closed_until, read[1])
    recorded = _recorded(uow, shop.id)
    if not news and not ended and not recorded:
        return 0
    talks = {row.conversation for row in ended} | set(recorded)
    said = agents_said(uow.connection, shop.id, {each.customer for each in news}, talks)
    _work_out(uow, shop, said, window, read[0])
    closed = ended[-1].closed_at if ended else before.closed_until
    learnt = news[-1].recorded_at if news else before.orders_until
    _put_mark(uow, shop.id, Mark(closed, learnt, window_ms))
    _looked_at(uow, recorded)
    return len(news) + len(ended) + len(recorded)


def _work_out(uow: UnitOfWork, shop: Shop, said: Sequence[Said], window: timedelta, read_since: int) -> None:
    """Put the rows of these customers in place of those there are."""
    customers = {each.customer for each in said}
    ordered = orders_of(uow.connection, shop.id, customers) if customers else []
    consults = [_consult(shop, each, ordered, read_since) for each in said]
    won = credited([_placed(shop, each) for each in ordered], consults, window, uow.now_ms())
    rows = rows_of(shop, consults, won)
    mine = sa.and_(inquiry.c.shop == shop.id, inquiry.c.customer.in_(sorted(customers)))
    uow.connection.execute(inquiry.delete().where(mine))
    if rows:
        uow.connection.execute(inquiry.insert(), rows)


def rows_of(shop: Shop, consults: Iterable[Consult], won: Sequence[Credit]) -> list[dict[str, Any]]:
    """Return a row a customer, day of the shop and agent, and one a customer and day for the shop as a whole."""
    led = {(each.consult.customer, each.consult.agent, each.consult.at) for each in won}
    groups: dict[tuple[str, str, str, bool], list[Consult]] = {}
    for each in consults:
        day = from_ms(each.at).astimezone(shop.zone).date().isoformat()
        for agent in (each.agent, WHOLE_SHOP):
            groups.setdefault((each.customer, day, agent, each.history), []).append(each)
    return [
        {
            "shop": shop.id, "customer": customer, "day": day, "person": agent, "history": history,
            "tenant": shop.tenant,
            "at": max(each.at for each in mine), "presale": _presale(mine),
            "converted": any((each.customer, each.agent, each.at) in led for each in mine if each.presale),
        }
        for (customer, day, agent, history), mine in groups.items()
    ]  # fmt: skip


def _presale(consults: Sequence[Consult]) -> bool | None:
    told = [each.presale for each in consults]
    return True if True in told else None if None in told else False


def _consult(shop: Shop, said: Said, ordered: Sequence[Ordered], read_since: int) -> Consult:
    before = said.opened_at - BOUGHT_BEFORE_MS
    bought = any(
        before <= each.placed_at < said.opened_at and (each.cancelled_at is None or each.cancelled_at > said.opened_at)
        for each in ordered
        if each.customer == said.customer
    )
    presale = False if bought else True if read_since <= before else None
    return Consult(
        shop.id, said.customer, said.person, said.last_at, frozenset(said.skus.split()), presale, said.first_at,
        said.origin == Origin.BACKFILL,
    )  # fmt: skip


def _placed(shop: Shop, each: Ordered) -> Placed:
    # No line is told with its discount: what an order is worth is left out, and for whom it counts is not.
    lines = tuple(Line(sku, Fen(0), 1, None) for sku in each.skus.split() or [""])
    return Placed(each.number, shop.id, each.customer, each.placed_at, lines, each.cancelled_at)


def _ended(uow: UnitOfWork, shop: str, after: int, until: int) -> list[Any]:
    """Return sessions that people answered and that ended up to where orders were read; of one moment all."""
    columns = session_figures.c
    here = sa.and_(columns.shop == shop, columns.closed_at <= until, columns.replies_human > 0)
    query = sa.select(columns.conversation, columns.closed_at).where(here).order_by(columns.closed_at)
    found = list(uow.connection.execute(query.where(columns.closed_at > after).limit(BATCH)))
    if len(found) < BATCH:
        return found
    last = found[-1].closed_at
    return [each for each in found if each.closed_at < last] + list(
        uow.connection.execute(query.where(columns.closed_at == last))
    )


def _recorded(uow: UnitOfWork, shop: str) -> list[str]:
    """Return sessions brought in that have answers nobody looked at: they have no end, and come in any order."""
    columns = session_figures.c
    fresh = sa.and_(columns.shop == shop, UNCONSULTED)
    return list(uow.connection.execute(sa.select(columns.conversation).where(fresh).limit(BATCH)).scalars())


def _looked_at(uow: UnitOfWork, sessions: Sequence[str]) -> None:
    columns = session_figures.c
    mine = session_figures.update().where(columns.conversation.in_(sessions))
    uow.connection.execute(mine.values(consulted=columns.replies_human))


def _mark(uow: UnitOfWork, shop: str) -> Mark | None:
    row = uow.connection.execute(sa.select(inquiry_mark).where(inquiry_mark.c.shop == shop)).one_or_none()
    return None if row is None else Mark(row.closed_until, row.orders_until, row.window_ms)


def _put_mark(uow: UnitOfWork, shop: str, mark: Mark) -> None:
    uow.connection.execute(inquiry_mark.delete().where(inquiry_mark.c.shop == shop))
    uow.connection.execute(inquiry_mark.insert().values(shop=shop, **mark._asdict()))


def inquiry_sums(
    connection: sa.Connection, shops: Collection[str], start: int, end: int, *, history: bool
) -> list[Any]:
    """Return by shop and agent ("" for the shop) of consults in [start, end): ordered, pre-sale, not known, told.

    Those of history are asked for by themselves, as the sessions are. The fourth is 1 where orders are read for the
    shop at all; such a shop has a row even without a consult.
    """
    return _SUMS.rows(connection, shops=sorted(shops), start=start, end=end, history=history)
