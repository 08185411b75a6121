"""Tell who answered a conversation, stretch by stretch: under which engagement, on which shift.

Two sources. What is answered through Huiyin is written down when somebody gets the conversation (`assigning`). What
was answered in the platform's own window is read from the records' authors: a run of records by one account is a
stretch, with the person mapped to the account at that moment, or the bare account where nobody is.
"""

from collections.abc import Iterator
from itertools import groupby
from typing import Any, NamedTuple

import sqlalchemy as sa

from huiyin.conversations import store
from huiyin.conversations.access import access_conversation
from huiyin.kernel.actors import Actor
from huiyin.org.standing import Asked, standings


class Stretch(NamedTuple):
    """Who answered from when until when, in milliseconds; `ends_at` is None while it lasts.

    desk: bot, person, or platform (answered in the platform's own window). `account` names a platform account that
    nobody is mapped to. `engagement` and `shift` are "" where none was recorded.
    """

    desk: str
    starts_at: int
    ends_at: int | None
    person: str
    account: str
    engagement: str
    shift: str


def stretches(connection: sa.Connection, conversation: str, *, actor: Actor) -> list[Stretch]:
    """Return the stretches of a conversation the actor may see, in their order.

    Raises:
        NotFoundError: if there is none, or it is not the actor's.

    """
    accessed = access_conversation(connection, conversation, actor=actor)
    assigned = [
        Stretch(row.desk, row.from_at, row.to_at, row.person, "", row.engagement, row.shift)
        for row in connection.execute(_ASSIGNED, {"id": conversation})
    ]
    runs = [run for run in _runs(connection, conversation) if not any(_covers(each, run) for each in assigned)]
    asked = [Asked(run.person, accessed.shop, run.starts_at, run.known_at) for run in runs]
    platform = [
        Stretch("platform", run.starts_at, run.ends_at, run.person, run.account, standing.engagement, standing.shift)
        for run, standing in zip(runs, standings(connection, asked), strict=True)
    ]
    return sorted(assigned + platform, key=lambda each: each.starts_at)


class _Run(NamedTuple):
    """Records of one account with nobody else's between them; `known_at` is when the first of them reached us."""

    person: str
    account: str
    starts_at: int
    ends_at: int
    known_at: int


def _runs(connection: sa.Connection, conversation: str) -> Iterator[_Run]:
    rows = connection.execute(_TOLD, {"id": conversation}).all()
    for author, found in groupby(rows, key=lambda row: row.author):
        run: list[Any] = list(found)
        kind, _, reference = author.partition(":")
        person, account = (reference, "") if kind == "person" else ("", reference)
        yield _Run(person, account, run[0].platform_at, run[-1].platform_at, run[0].received_at)


def _covers(stretch: Stretch, run: _Run) -> bool:
    """Tell whether a run only repeats what an assignment says: the same person, in the same time."""
    begun = stretch.starts_at <= run.starts_at
    return stretch.person == run.person != "" and begun and (stretch.ends_at is None or run.ends_at <= stretch.ends_at)


_ID: sa.BindParameter[str] = sa.bindparam("id")
_ASSIGNED = (
    sa.select(store.assignment)
    .where(store.assignment.c.conversation == _ID)
    .order_by(store.assignment.c.from_at, store.assignment.c.id)
)
_TOLD = (
    sa.select(store.message.c.author, store.message.c.platform_at, store.message.c.received_at)
    # A fingerprint marks our own replies; a record without one was written in the platform's window.
    .where(store.message.c.conversation == _ID, store.message.c.sender == "agent", store.message.c.reply_mac == "")
    .order_by(store.message.c.platform_at, store.message.c.version)
)
