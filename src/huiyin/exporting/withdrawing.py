"""Withdraw files that hold what must go: in the transaction in which it goes, so that nobody takes it in between.

Which session stands in a file is known by its shop and when it opened. A file of figures alone holds no words.
"""

from collections.abc import Collection, Sequence

import sqlalchemy as sa

from huiyin.conversations.extracts import openings_of
from huiyin.eventlog.unit_of_work import UnitOfWork
from huiyin.exporting.jobs import HELD, end, spans_of
from huiyin.exporting.store import export as table
from huiyin.kernel.actors import Actor, system


def withdraw_customer(uow: UnitOfWork, tenant: str, customer: str) -> None:
    """Withdraw every export in which sessions of a customer stand who is shredded."""
    held = _held(uow, tenant, ("sessions", "messages"))
    if held:
        _withdraw(uow, held, openings_of(uow.connection, customer=customer), system("shredding"))


def withdraw_agent(uow: UnitOfWork, agent: str) -> None:
    """Withdraw every export, of whichever merchant, in which an agent who is shredded stands by name."""
    served = openings_of(uow.connection, agent=agent)
    held = sa.select(table.c.id).where(table.c.state.in_(HELD), table.c.content.in_(("sessions", "messages")))
    if served:
        _withdraw(uow, list(uow.connection.execute(held).scalars()), served, system("shredding"))


def withdraw_words(uow: UnitOfWork, tenant: str, conversations: Collection[str], *, actor: Actor) -> None:
    """Withdraw every export in which words of sessions stand that are no longer kept."""
    held = _held(uow, tenant, ("messages",))
    if held:
        _withdraw(uow, held, openings_of(uow.connection, conversations=conversations), actor)


def _held(uow: UnitOfWork, tenant: str, contents: Sequence[str]) -> list[str]:
    query = sa.select(table.c.id).where(
        table.c.tenant == tenant, table.c.state.in_(HELD), table.c.content.in_(contents)
    )
    return [str(each) for each in uow.connection.execute(query).scalars()]


def _withdraw(uow: UnitOfWork, held: Sequence[str], opened: Sequence[tuple[str, int]], actor: Actor) -> None:
    for each in held:
        spans = [span.opening for span in spans_of(uow.connection, each)]
        if any(span.shop == shop and span.since <= at < span.until for span in spans for shop, at in opened):
            end(uow, each, "withdrawn", actor=actor)
