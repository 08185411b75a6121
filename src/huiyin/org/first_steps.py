"""Tell how far an organisation has come with its people: who could answer a first customer."""

from typing import NamedTuple

import sqlalchemy as sa

from huiyin.kernel.actors import Actor
from huiyin.org import store


class FirstPeople(NamedTuple):
    """Who has a seat: `agents` can sign in, `invited` have no password yet; `vendors` serve a shop of theirs now."""

    agents: int
    invited: int
    vendors: int


def first_people(connection: sa.Connection, now_ms: int, *, actor: Actor) -> FirstPeople:
    """Return who could answer in the actor's organisation; two queries."""
    person, engagement = store.person.c, store.engagement.c
    seated = sa.select(person.password != "").join(store.seat, store.seat.c.person == person.id)
    theirs = seated.where(person.tenant == actor.tenant, person.active)
    can = [bool(each) for each in connection.execute(theirs).scalars()]
    now = sa.and_(
        engagement.effective_from <= now_ms,
        sa.or_(engagement.effective_to.is_(None), engagement.effective_to > now_ms),
    )
    serving = sa.select(sa.func.count(sa.distinct(engagement.vendor))).where(engagement.merchant == actor.tenant, now)
    return FirstPeople(sum(can), len(can) - sum(can), int(connection.execute(serving).scalar_one()))
