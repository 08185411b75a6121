"""Freeze a shop's figures of some days under a name: the baseline that later days are held against.

What is frozen are values with their parts, sources, as-of times and the version of our rules, under a digest. Counting
anew, later reports and new definitions move nothing of it; another freeze is another baseline.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from hashlib import sha256
from typing import NamedTuple

import msgspec
import sqlalchemy as sa

from huiyin.audit.writing import Entry, write_down
from huiyin.eventlog.unit_of_work import UnitOfWork
from huiyin.insight import views
from huiyin.insight.comparing import over_days
from huiyin.insight.counting import Days
from huiyin.insight.model import DEFINITION
from huiyin.insight.reported import reported
from huiyin.insight.store import baseline as table
from huiyin.insight.store import baseline_figure
from huiyin.kernel.actors import Actor
from huiyin.kernel.clock import to_ms
from huiyin.kernel.errors import ConflictError, InvalidError
from huiyin.kernel.ids import new_id
from huiyin.org.shops import owned_shop

MOST_NAME = 60
MOST = 200
"""Baselines of a shop: none ever goes, and all are shown. One a month for sixteen years."""
OURS = ""


class Wanted(NamedTuple):
    """What to freeze: a shop's days, both included, and whether imported and backfilled sessions count."""

    shop: str
    name: str
    since: date
    until: date
    history: bool = True


class Frozen(NamedTuple):
    """One figure as it stood; `source` is "" for ours, `as_of` in ms, told for so many `days`."""

    source: str
    figure: str
    unit: str
    value: float | None
    part: int | None
    whole: int | None
    why: str
    days: int
    as_of: int


class Baseline(NamedTuple):
    """A frozen baseline; `sound` tells whether its figures still are what the digest was made of."""

    id: str
    shop: str
    name: str
    since: str
    until: str
    history: bool
    definition: int
    person: str
    frozen_at: int
    digest: str
    sound: bool
    figures: tuple[Frozen, ...]


def freeze(uow: UnitOfWork, wanted: Wanted, *, actor: Actor) -> str:
    """Freeze figures of days that are over; return the baseline's id.

    Raises:
        NotFoundError: the shop is not one of the actor's organisation.
        InvalidError: no name, days that are not over, none or too many, or days of which nothing is known.
        ConflictError: the shop has a baseline of this name, none is ever overwritten; or as many as it may have.

    """
    shop = owned_shop(uow.connection, wanted.shop, actor=actor)
    name, now = wanted.name.strip(), uow.now()
    if not name or len(name) > MOST_NAME:
        message = "a baseline needs a name"
        raise InvalidError(message, remedy=f"Name it in up to {MOST_NAME} characters.", code="baseline_name")
    if wanted.until >= now.astimezone(shop.zone).date():
        message = "a baseline is of days that are over"
        raise InvalidError(message, remedy="End it yesterday or earlier.", code="baseline_days")
    names = uow.connection.execute(sa.select(table.c.name).where(table.c.shop == shop.id)).scalars().all()
    if len(names) >= MOST:
        message = f"a shop has up to {MOST} baselines"
        raise ConflictError(message, remedy="Hold the days against one of them.", code="baseline_many")
    if name in names:
        message = "there is a baseline of this name; none is overwritten"
        raise ConflictError(message, remedy="Give this one another name.", code="baseline_taken")
    figures = _figures(uow, wanted, now, actor)
    if not figures:
        message = "nothing is known of these days"
        raise InvalidError(message, remedy="Bring their history in first, or take other days.", code="baseline_nothing")
    head = {
        "id": new_id(), "tenant": shop.tenant, "shop": shop.id, "name": name, "since": wanted.since.isoformat(),
        "until": wanted.until.isoformat(), "history": wanted.history, "definition": DEFINITION, "person": actor.id,
        "frozen_at": to_ms(now),
    }  # fmt: skip
    digest = _digest(head, figures)
    uow.connection.execute(sa.insert(table).values(**head, digest=digest))
    uow.connection.execute(sa.insert(baseline_figure), [{"baseline": head["id"], **each._asdict()} for each in figures])
    days = (wanted.until - wanted.since).days + 1
    detail = {"shop": shop.id, "days": days, "history": wanted.history, "digest": digest}
    subject = str(head["id"])
    write_down(uow, Entry(action="baseline.frozen", actor=actor, tenant=shop.tenant, subject=subject, detail=detail))
    return subject


def baselines(connection: sa.Connection, shop: str, *, actor: Actor) -> list[Baseline]:
    """Return a shop's baselines, the newest first; NotFoundError if it is not of the actor's organisation."""
    known = owned_shop(connection, shop, actor=actor)
    query = sa.select(table).where(table.c.shop == known.id).order_by(table.c.frozen_at.desc())
    heads = list(connection.execute(query).mappings())
    wanted = [head["id"] for head in heads]
    found: dict[str, list[Frozen]] = {each: [] for each in wanted}
    order = (baseline_figure.c.source, baseline_figure.c.figure)
    for row in connection.execute(
        sa.select(baseline_figure).where(baseline_figure.c.baseline.in_(wanted)).order_by(*order)
    ):
        found[row.baseline].append(Frozen(*row[1:]))
    return [
        Baseline(
            head["id"], head["shop"], head["name"], head["since"], head["until"], head["history"], head["definition"],
            head["person"], head["frozen_at"], head["digest"],
            _digest({name: head[name] for name in HEAD}, found[head["id"]]) == head["digest"],
            tuple(found[head["id"]]),
        )
        for head in heads
    ]  # fmt: skip


HEAD = ("id", "tenant", "shop", "name", "since", "until", "history", "definition", "person", "frozen_at")


def _figures(uow: UnitOfWork, wanted: Wanted, now: datetime, actor: Actor) -> list[Frozen]:
    """Return our figures of the days, and whatever somebody else counted of the same days."""
    mine = actor.narrowed(wanted.shop)
    shop = owned_shop(uow.connection, wanted.shop, actor=actor)
    stretch = views.Stretch(Days(wanted.since, wanted.until), wanted.history)
    found = views.period(uow.connection, {shop.id: shop}, stretch, now, _nobody, actor=mine)
    length = (wanted.until - wanted.since).days + 1
    ours = [
        Frozen(OURS, figure.key, figure.unit, value.value, value.part, value.whole, value.why, length, to_ms(now))
        for figure, value in found.all.figures
    ]
    if not next(each.value for each in ours if each.figure == "sessions"):
        ours = []  # of days without any session nothing is known: naught would be a claim
    told = reported(uow.connection, [wanted.shop], wanted.since, wanted.until, actor=mine)
    theirs = [
        Frozen(each.source, each.figure, each.unit, each.value, None, None, "", each.days, each.as_of)
        for each in over_days(told)
    ]
    return sorted([*ours, *theirs], key=lambda each: (each.source, each.figure))


def _nobody(_connection: sa.Connection, _people: set[str]) -> dict[str, str]:
    return {}


def _digest(head: dict[str, object], figures: Iterable[Frozen] | Sequence[Frozen]) -> str:
    told = [[*each[:3], None if each.value is None else float(each.value), *each[4:]] for each in figures]
    return sha256(msgspec.json.encode([head, told], order="sorted")).hexdigest()
