"""Find the session that something told later is about: a verdict by its customer, a case by its order."""

from collections.abc import Collection, Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa

from huiyin.conversations import store
from huiyin.eventlog.unit_of_work import UnitOfWork
from huiyin.org.views import Shop
from huiyin.security.keys import KeyRing

AFTERWARDS_MS = 24 * 60 * 60 * 1000
"""So long after a session's last word something may still be about it, where the platform names no session."""


class About(NamedTuple):
    """What the platform names: the customer, its session ("" where it names none), and when, in ms."""

    customer_ref: str
    session_ref: str
    at: int


class Match(NamedTuple):
    """The customer and the conversation, "" where there is none of ours."""

    customer: str
    conversation: str


def match_sessions(uow: UnitOfWork, ring: KeyRing, shop: Shop, wanted: Sequence[About]) -> list[Match]:
    """Return which session each is about: by the platform's number, else the customer's last one begun before it.

    Two queries, however many are wanted.
    """
    indexes = {each.customer_ref: ring.index(uow, shop.tenant, "customer", each.customer_ref) for each in wanted}
    who = store.customer.c
    rows = uow.connection.execute(
        sa.select(who.ref_index, who.id).where(who.shop == shop.id, who.ref_index.in_(sorted(set(indexes.values()))))
    )
    customers: dict[str, str] = {index: customer for index, customer in rows}
    talk = store.conversation.c
    talks: dict[str, list[Any]] = {}
    for row in uow.connection.execute(
        sa.select(talk.id, talk.customer, talk.session_ref, talk.opened_at, talk.last_at)
        .where(talk.customer.in_(sorted(customers.values())))
        .order_by(talk.opened_at, talk.id)
    ):
        talks.setdefault(row.customer, []).append(row)
    found = []
    for each in wanted:
        customer = customers.get(indexes[each.customer_ref], "")
        found.append(Match(customer, _session(talks.get(customer, ()), each)))
    return found


def known_customers(uow: UnitOfWork, ring: KeyRing, shop: Shop, refs: Sequence[str]) -> dict[str, str]:
    """Return which of a platform's names are customers of a shop who ever wrote to us, by name; one query."""
    indexes = {ring.index(uow, shop.tenant, "customer", each): each for each in refs}
    who = store.customer.c
    query = sa.select(who.ref_index, who.id).where(who.shop == shop.id, who.ref_index.in_(sorted(indexes)))
    return {indexes[index]: customer for index, customer in uow.connection.execute(query)}


def indexes_of(connection: sa.Connection, customers: Collection[str]) -> dict[str, str]:
    """Return under which keyed index the account of each of some customers is kept."""
    who = store.customer.c
    query = sa.select(who.id, who.ref_index).where(who.id.in_(sorted(customers)), who.ref_index != "")
    return {customer: index for customer, index in connection.execute(query)}


def match_orders(connection: sa.Connection, shop: str, orders: Collection[str]) -> dict[str, str]:
    """Return the latest conversation of a shop about each of some orders; orders nobody spoke of are left out."""
    talk = store.conversation.c
    rows = connection.execute(
        sa.select(talk.order_ref, talk.id)
        .where(talk.shop == shop, talk.order_ref.in_(sorted({each for each in orders if each})))
        .order_by(talk.opened_at, talk.id)
    )
    return {order: conversation for order, conversation in rows}


def orders_spoken_of(connection: sa.Connection, shop: str, since: int, most: int) -> list[str]:
    """Return the orders that conversations of a shop since a moment (ms) are about, the latest first."""
    talk = store.conversation.c
    query = (
        sa.select(talk.order_ref)
        .where(talk.shop == shop, talk.last_at >= since, talk.order_ref != "")
        .group_by(talk.order_ref)
        .order_by(sa.func.max(talk.last_at).desc())
        .limit(most)
    )
    return list(connection.execute(query).scalars())


def orders_of(connection: sa.Connection, customer: str) -> list[str]:
    """Return the orders that a customer's conversations are about; for whoever must forget them."""
    talk = store.conversation.c
    query = sa.select(talk.order_ref).where(talk.customer == customer, talk.order_ref != "").distinct()
    return list(connection.execute(query).scalars())


class Leaving(NamedTuple):
    """What goes with some conversations: customers of whom nothing is left then, and orders that no other names."""

    customers: list[str]
    orders: list[str]


def leaving(connection: sa.Connection, conversations: Collection[str]) -> Leaving:
    """Return what else leads to customers whose conversations are about to be let go of."""
    talk, other = store.conversation, store.conversation.alias("other")
    mine = talk.c.id.in_(conversations)
    stays = sa.and_(other.c.customer == talk.c.customer, other.c.kept != "nothing", other.c.id.not_in(conversations))
    customers = sa.select(talk.c.customer).where(mine, ~sa.exists().where(stays)).distinct()
    named = sa.and_(stays, other.c.order_ref == talk.c.order_ref)
    orders = sa.select(talk.c.order_ref).where(mine, talk.c.order_ref != "", ~sa.exists().where(named)).distinct()
    return Leaving(list(connection.execute(customers).scalars()), list(connection.execute(orders).scalars()))


def recontacts(
    connection: sa.Connection, shops: Collection[str], span: tuple[int, int], within_ms: int, origin: str
) -> list[str]:
    """Return conversations begun in a span (ms) so soon after the same customer's last one, the newest first."""
    later, before = store.conversation, store.conversation.alias("before")
    query = (
        sa.select(later.c.id)
        .join(before, sa.and_(before.c.customer == later.c.customer, before.c.id != later.c.id))
        .where(
            later.c.shop.in_(sorted(shops)), later.c.origin == origin,
            later.c.opened_at >= span[0], later.c.opened_at < span[1],
            before.c.opened_at < later.c.opened_at, before.c.last_at >= later.c.opened_at - within_ms,
        )
        .order_by(later.c.opened_at.desc())
        .distinct()
    )  # fmt: skip
    return list(connection.execute(query).scalars())


def _session(talks: Sequence[Any], about: About) -> str:
    if about.session_ref:
        named = [row.id for row in talks if row.session_ref == about.session_ref]
        if named:
            return str(named[-1])
    near = [row.id for row in talks if row.opened_at <= about.at <= row.last_at + AFTERWARDS_MS]
    return str(near[-1]) if near else ""
