"""Read the audit for an auditor: by who, what, about what and when, newest first, a page at a time.

An organisation's auditor sees what was done in its own matters, by whomever, what its own people did elsewhere, and
what was done to the keys of the whole house: all organisations stand under one master key.
"""

import re
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import sqlalchemy as sa

from huiyin.audit.store import audit_entry
from huiyin.kernel.actors import Actor
from huiyin.kernel.clock import to_ms
from huiyin.kernel.errors import InvalidError, NotFoundError
from huiyin.policy.deciding import may
from huiyin.policy.terms import Action, Resource, Right

PAGE = 100
SUFFIX = re.compile(r"[0-9a-f]{4,31}")
"""The end of an id, as screens and marks show it."""
NUMBER = re.compile(r"[0-9]{1,15}")
MOST_NAMED = 20
"""How many people and shops of one name are looked for."""
CURSOR = re.compile(r"[0-9]{1,15}\.[0-9]{1,18}")
VERIFIED = "audit.verified"
"""The action by which a verification asked for at the door is itself written down."""
ACCOUNT = (
    "approval.asked", "approval.given", "approval.refused", "identity.bound", "link.made", "login.unlocked",
    "password.changed", "person.deactivated", "person.reactivated", "recovery_codes.renewed", "roles.changed",
    "second_factor.removed", "second_factor.set_up",
)  # fmt: skip
"""What opens an account, or changes what it opens: its owner is told."""
HOUSE_DEEDS = ("copies.buried", "keys.copied", "keys.restored", "master_key.rotated")
"""Deeds to the keys of the whole house, nobody's in particular: every auditor may know. Ids and codes alone."""
TOLD = timedelta(days=90)
MOST_TOLD = 20
WHOLE = "audit"
"""The subject of what concerns the audit as a whole."""

columns = audit_entry.c


class Wanted(NamedTuple):
    """What an auditor looks for; "" and None leave it open. `actor` is a label such as `person:…`.

    `subject` is an id, the end of one that stands in an entry, or an entry's number; `named` are ids that go by the
    name looked for. `cursor` is that of the page before.
    """

    actor: str = ""
    action: str = ""
    subject: str = ""
    since: datetime | None = None
    until: datetime | None = None
    cursor: str = ""
    named: tuple[str, ...] = ()


class Page(NamedTuple):
    """Rows of the table, newest first, and the cursor of the next page, "" on the last."""

    rows: list[Any]
    cursor: str


class Verified(NamedTuple):
    """The last verification somebody asked for at the door: when, how far, and what it said."""

    at: int
    detail: str


def check_auditor(actor: Actor, action: Action = Action.READ) -> None:
    """Let those pass who may read, or verify, the audit.

    Raises:
        NotFoundError: the actor may not; nobody else learns what there is.

    """
    if not may(actor, Right(Resource.AUDIT, action)):
        message = "there is no such page"
        raise NotFoundError(
            message, remedy="Ask for the role of an auditor if the audit is your task.", code="page_gone"
        )


def search(connection: sa.Connection, wanted: Wanted, *, actor: Actor) -> Page:
    """Return a page of what the actor looks for.

    Raises:
        NotFoundError: the actor is no auditor.
        InvalidError: a cursor that was not handed out here, or a time without its zone.

    """
    check_auditor(actor)
    conditions = _conditions(wanted)
    # Each part is read along its own index; an OR over all would sort everything. The house's deeds have no
    # subject, and checkpoints, the many entries without a tenant, have one.
    house = (columns.subject == "", columns.action.in_(HOUSE_DEEDS), sa.func.length(columns.tenant) == 0)
    parts = [
        sa.select(
            sa.select(audit_entry).where(*whose, *about, *conditions).order_by(*_NEWEST).limit(PAGE + 1).subquery()
        )
        for whose in ((columns.tenant == actor.tenant,), (columns.actor_tenant == actor.tenant,), house)
        for about in _about(wanted)
    ]
    found = sa.union(*parts).subquery()
    query = sa.select(found).order_by(found.c.at.desc(), found.c.seq.desc()).limit(PAGE + 1)
    rows = list(connection.execute(query))
    more = len(rows) > PAGE
    return Page(rows[:PAGE], f"{rows[PAGE - 1].at}.{rows[PAGE - 1].seq}" if more else "")


def last_verified(connection: sa.Connection) -> Verified | None:
    """Return the last verification that was asked for at the door."""
    row = connection.execute(
        sa.select(columns.at, columns.detail)
        .where(columns.subject == WHOLE, columns.action == VERIFIED)
        .order_by(*_NEWEST)
        .limit(1)
    ).first()
    return Verified(row.at, row.detail) if row else None


def about_account(connection: sa.Connection, now: datetime, *, actor: Actor) -> list[Any]:
    """Return what was done to the actor's own account within `TOLD`, newest first, `MOST_TOLD` at most.

    Everybody may know that of themselves: who can look after an account must not be able to do it unseen.
    """
    query = (
        sa.select(columns.action, columns.at, columns.actor)
        .where(
            columns.subject == actor.id,
            columns.at >= to_ms(now - TOLD),
            columns.action.in_(ACCOUNT),
            columns.outcome == "done",
        )
        .order_by(*_NEWEST)
        .limit(MOST_TOLD)
    )
    return list(connection.execute(query))


_NEWEST = (columns.at.desc(), columns.seq.desc())


def _about(wanted: Wanted) -> list[tuple[sa.ColumnElement[bool], ...]]:
    """Return the ways an entry may be about what is looked for: by its id or number, the end of an id, or a name.

    An end is looked for through all entries of the organisation, newest first, until a page is full: an index over
    every ending of every id would cost each entry more than such a search costs an auditor. Each id of a name is a
    search of its own, along the index of subjects.
    """
    subject = wanted.subject
    if not subject:
        return [()]
    if NUMBER.fullmatch(subject):
        ways = [columns.seq == int(subject)]
        return [(each,) for each in [*ways, *([_ends(subject)] if SUFFIX.fullmatch(subject) else [])]]
    named = [(columns.subject == each,) for each in wanted.named[:MOST_NAMED]]
    if SUFFIX.fullmatch(subject):
        return [(_ends(subject),), *named]
    return [(columns.subject == subject,), *named]


def _ends(end: str) -> sa.ColumnElement[bool]:
    return sa.or_(columns.subject.endswith(end), columns.proof_id.endswith(end), columns.detail.contains(f'{end}"'))


def _conditions(wanted: Wanted) -> list[sa.ColumnElement[bool]]:
    pairs = ((columns.actor, wanted.actor), (columns.action, wanted.action))
    found: list[sa.ColumnElement[bool]] = [column == value for column, value in pairs if value]
    if any(each is not None and each.tzinfo is None for each in (wanted.since, wanted.until)):
        message = "a moment without a time zone names no moment"
        raise InvalidError(
            message, remedy="Write it with its zone, such as 2026-06-01T12:00:00+08:00.", code="moment_zone"
        )
    if wanted.since:
        found.append(columns.at >= to_ms(wanted.since))
    if wanted.until:
        found.append(columns.at < to_ms(wanted.until))
    if wanted.cursor:
        if not CURSOR.fullmatch(wanted.cursor):
            message = "this cursor was not handed out here"
            raise InvalidError(message, remedy="Search again from the first page.", code="cursor")
        at, _, seq = wanted.cursor.partition(".")
        found.append(sa.tuple_(columns.at, columns.seq) < sa.tuple_(sa.literal(int(at)), sa.literal(int(seq))))
    return found
