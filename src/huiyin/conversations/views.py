"""Read the hall for screens: the list, one conversation, what changed. Bodies come out masked."""

from collections.abc import Collection, Sequence
from itertools import chain
from typing import Any, NamedTuple

import sqlalchemy as sa

from huiyin.conversations import store
from huiyin.conversations.access import COLUMNS, STEERING, Conversation, visible_over
from huiyin.conversations.bodies import Bodies
from huiyin.eventlog import views as eventlog
from huiyin.eventlog.prepared import Prepared
from huiyin.kernel.actors import Actor
from huiyin.kernel.errors import InvalidError
from huiyin.policy.deciding import may
from huiyin.security.sealing import Place, Sealer

TABS = ("mine", "waiting", "bot", "closed")
PAGE = 100
MOST_DIGITS = 15
"""Of a moment in milliseconds in a cursor: enough for thirty thousand years, and within a database's integers."""

_IDS: sa.BindParameter[Any] = sa.bindparam("ids", expanding=True)
_BY_ID = Prepared(sa.select(*COLUMNS).where(store.conversation.c.id.in_(_IDS)))
_CUSTOMERS = Prepared(
    sa.select(store.customer.c.id, store.customer.c.tenant, store.customer.c.ref_sealed).where(
        store.customer.c.id.in_(_IDS)
    )
)
_LAST = Prepared(
    sa.select(store.message.c.id, store.message.c.tenant, store.message.c.sender, store.message.c.body).where(
        store.message.c.id.in_(_IDS)
    )
)


def live_since(connection: sa.Connection, shop: str) -> int | None:
    """Return when a shop's first conversation that was no backfill began, in milliseconds; None before there is one."""
    columns = store.conversation.c
    first = sa.select(sa.func.min(columns.opened_at)).where(columns.shop == shop, columns.origin != "backfill")
    return connection.execute(first).scalar()


class Line(NamedTuple):
    """One conversation as the list shows it. `version` is the cursor of whoever follows it."""

    conversation: Conversation
    version: int
    customer_label: str
    last_text: str
    last_sender: str


class Page(NamedTuple):
    """Some lines, and where to go on."""

    lines: list[Line]
    next_cursor: str | None


def page(
    connection: sa.Connection, bodies: Bodies, tab: str, shop: str | None, cursor: str | None, *, actor: Actor
) -> Page:
    """Return a page of one tab of the actor's list.

    Raises:
        InvalidError: unknown tab, unreadable cursor.

    """
    columns = store.conversation.c
    query = sa.select(*COLUMNS).where(_tab(tab, actor), columns.shop.in_(_shops(actor, shop)))
    if tab == "closed":
        query = query.where(visible_over(actor))
    order = columns.queued_at if tab == "waiting" else columns.last_at
    if cursor:
        query = query.where(_after(order, tab, cursor))
    descending = tab != "waiting"
    query = query.order_by(order.desc() if descending else order, columns.id.desc() if descending else columns.id)
    rows = [Conversation(*row) for row in connection.execute(query.limit(PAGE + 1))]
    shown = rows[:PAGE]
    last = shown[-1] if len(rows) > PAGE else None
    next_cursor = None if last is None else f"{(last.queued_at if tab == 'waiting' else last.last_at) or 0}.{last.id}"
    return Page(lines(connection, bodies, shown), next_cursor)


def counts(connection: sa.Connection, shop: str | None, *, actor: Actor) -> dict[str, int]:
    """Return how many conversations each tab holds; closed ones are not counted, there are too many to matter."""
    columns = store.conversation.c
    query = (
        sa.select(columns.state, columns.person == actor.id, sa.func.count())
        .where(columns.shop.in_(_shops(actor, shop)), columns.state.in_(("bot", "new", "waiting", "human")))
        .group_by(columns.state, columns.person == actor.id)
    )
    result = dict.fromkeys(TABS, 0)
    for state, mine, number in connection.execute(query):
        if state == "human":
            result["mine"] += number if mine else 0
        else:
            result["waiting" if state == "waiting" else "bot"] += number
    return result


def queue_counts(connection: sa.Connection, shops: Collection[str]) -> dict[str, int]:
    """Return how many conversations of some shops wait, and how many the bot has."""
    columns = store.conversation.c
    query = (
        sa.select(columns.state, sa.func.count())
        .where(columns.shop.in_(sorted(shops)), columns.state.in_(("bot", "new", "waiting")))
        .group_by(columns.state)
    )
    found = {state: number for state, number in connection.execute(query)}
    return {"waiting": found.get("waiting", 0), "bot": found.get("bot", 0) + found.get("new", 0)}


class Unsettled(NamedTuple):
    """A reply whose outcome nobody knows. `at` is when it was last handed to the platform, `text` its first words."""

    message: str
    conversation: str
    shop: str
    customer_label: str
    person: str | None
    sender: str
    author: str
    at: int
    text: str


def unsettled(connection: sa.Connection, bodies: Bodies, *, actor: Actor) -> tuple[list[Unsettled], int]:
    """Return the oldest replies that wait for a person's word, and how many do.

    A lead sees those of all their shops, everybody else those of conversations on their own desk.
    """
    out, talk, msg = store.outbox.c, store.conversation.c, store.message.c
    mine = sa.and_(out.state == "unknown", out.shop.in_(sorted(actor.shops)))
    if not may(actor, STEERING):
        mine = sa.and_(mine, talk.person == actor.id, talk.state == "human")
    waiting = store.outbox.join(store.conversation, talk.id == out.conversation)
    total = connection.execute(sa.select(sa.func.count()).select_from(waiting).where(mine)).scalar_one()
    query = (
        sa.select(
            out.message, out.conversation, out.shop, out.due_at, talk.customer,
            store.customer.c.ref_sealed, talk.person, msg.sender, msg.author, msg.tenant, msg.id, msg.body,
        )
        .select_from(
            waiting.join(store.message, msg.id == out.message).join(
                store.customer, store.customer.c.id == talk.customer
            )
        )
        .where(mine)
        .order_by(out.due_at, out.message)
        .limit(PAGE)
    )  # fmt: skip
    found = [
        Unsettled(
            row.message, row.conversation, row.shop,
            bodies.label(connection, row.tenant, row.customer, row.ref_sealed), row.person, row.sender, row.author,
            row.due_at,
            _preview(connection, bodies, row),
        )
        for row in connection.execute(query)
    ]  # fmt: skip
    return found, total


class Unattributed(NamedTuple):
    """What was written under a platform account while nobody was named for it."""

    shop: str
    account: str
    number: int
    first_at: int
    last_at: int


def unattributed(connection: sa.Connection, shops: Collection[str]) -> list[Unattributed]:
    """Return the accounts of some shops that wrote while nobody was named for them, with how many messages."""
    columns = store.message.c
    query = (
        sa.select(
            columns.shop, columns.author, sa.func.count(), sa.func.min(columns.platform_at),
            sa.func.max(columns.platform_at),
        )
        .where(columns.shop.in_(sorted(shops)), store.UNATTRIBUTED)
        .group_by(columns.shop, columns.author)
    )  # fmt: skip
    return [
        Unattributed(shop, author.removeprefix("waiter:"), *rest) for shop, author, *rest in connection.execute(query)
    ]


def conversations(connection: sa.Connection, ids: Sequence[str]) -> list[Conversation]:
    """Return conversations by id for the live feed, which decides itself who may see which."""
    return [Conversation(*row) for row in _BY_ID.rows(connection, ids=ids)]


def line(connection: sa.Connection, bodies: Bodies, conversation: Conversation) -> Line:
    """Return the line of a conversation the caller already accessed."""
    return lines(connection, bodies, [conversation])[0]


def customer_reference(connection: sa.Connection, sealer: Sealer, conversation: Conversation) -> str:
    """Return the platform's name for a conversation's customer, for calls to the platform only; "" once erased."""
    columns = store.customer.c
    sealed = connection.execute(sa.select(columns.ref_sealed).where(columns.id == conversation.customer)).scalar_one()
    place = Place(conversation.tenant, "customer", conversation.customer, "ref")
    return (sealer.open(connection, place, sealed) or b"").decode()


def on_desks(connection: sa.Connection, people: Sequence[str]) -> list[Conversation]:
    """Return what is on these people's desks, longest waiting first; for stand-ins and adherence, not for screens."""
    columns = store.conversation.c
    query = (
        sa.select(*COLUMNS)
        .where(columns.state == "human", columns.person.in_(people))
        .order_by(columns.waiting_since, columns.id)
    )
    return [Conversation(*row) for row in connection.execute(query)]


def customer_labels(connection: sa.Connection, bodies: Bodies, conversations: Sequence[str]) -> dict[str, str]:
    """Return the display names of customers by conversation."""
    query = (
        sa.select(
            store.conversation.c.id,
            store.customer.c.id.label("customer"),
            store.customer.c.tenant,
            store.customer.c.ref_sealed,
        )
        .join(store.customer, store.customer.c.id == store.conversation.c.customer)
        .where(store.conversation.c.id.in_(conversations))
    )
    rows = connection.execute(query).all()
    bodies.learn(connection, (row.ref_sealed for row in rows))
    return {row.id: bodies.label(connection, row.tenant, row.customer, row.ref_sealed) for row in rows}


def lines(connection: sa.Connection, bodies: Bodies, rows: list[Conversation]) -> list[Line]:
    """Return the lines of conversations the caller already accessed, or shows to those alone who may see them."""
    if not rows:
        return []
    versions = eventlog.versions(connection, [each.id for each in rows])
    customers = {row.id: row for row in _CUSTOMERS.rows(connection, ids=[each.customer for each in rows])}
    last = {row.id: row for row in _LAST.rows(connection, ids=[each.last_message for each in rows])}
    sealed = (row.body for row in last.values())
    bodies.learn(connection, chain(sealed, (row.ref_sealed for row in customers.values())))
    labels = {row.id: bodies.label(connection, row.tenant, row.id, row.ref_sealed) for row in customers.values()}
    return [
        Line(
            each, versions.get(each.id, 0), labels.get(each.customer, ""),
            _preview(connection, bodies, last.get(each.last_message)),
            last[each.last_message].sender if each.last_message in last else "",
        )
        for each in rows
    ]  # fmt: skip


def _preview(connection: sa.Connection, bodies: Bodies, row: Any) -> str:  # noqa: ANN401  # a row of whichever columns were asked for
    if row is None:
        return ""
    text = bodies.open(connection, row.tenant, row.id, row.body).content.text
    return text[:60].replace("\n", " ")


def _shops(actor: Actor, shop: str | None) -> list[str]:
    return sorted(actor.shops if shop is None else actor.shops & {shop})


def _tab(tab: str, actor: Actor) -> sa.ColumnElement[bool]:
    columns = store.conversation.c
    if tab == "mine":
        return sa.and_(columns.state == "human", columns.person == actor.id)
    if tab == "bot":
        return columns.state.in_(("bot", "new"))
    if tab == "closed":
        return columns.state.in_(("closed", "recorded"))
    if tab == "waiting":
        return columns.state == "waiting"
    message = f"there is no tab {tab!r}"
    raise InvalidError(message, remedy=f"Use one of {', '.join(TABS)}.", code="choice")


def _after(order: sa.Column[int], tab: str, cursor: str) -> sa.ColumnElement[bool]:
    at, _, last = cursor.partition(".")
    if not at.isdecimal() or len(at) > MOST_DIGITS or not last:
        message = "this cursor cannot be read"
        raise InvalidError(message, remedy="Start again from the first page.", code="cursor")
    here = sa.tuple_(order, store.conversation.c.id)
    return here > (int(at), last) if tab == "waiting" else here < (int(at), last)
