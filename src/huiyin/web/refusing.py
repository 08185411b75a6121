"""Write refusals down at the door: rights that somebody has not, links that open nothing, what is another's.

Bounded: one entry a minute for each person and right, or address, whatever they try; that somebody was asked for a code
once an hour, or every sign-in of an auditor would bury what matters.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from litestar.connection import ASGIConnection

from huiyin.audit.writing import Entry, typed, write_down
from huiyin.kernel.actors import Actor
from huiyin.kernel.errors import InvalidError, NotFoundError, RefusedError, TooManyError
from huiyin.policy.deciding import is_strong
from huiyin.policy.terms import Resource, Right
from huiyin.web.identity import house_of, visit_of
from huiyin.web.seldom import Seldom
from huiyin.web.whence import neighbourhood_of

MOST = 300
"""Refusals written down a minute in all: whoever has a thousand addresses fills no disk."""
_ACTION = {"right": "right.refused", "second_factor": "right.unproven"}
NAMED = ("conversation", "person", "message", "approval")
"""Parts of an address that say what a refusal is about."""


def matters(right: Right) -> bool:
    """Tell whether to be refused a right is written down: those that want a second factor, and customers' orders.

    Pages of others that somebody merely strays to are no entry.
    """
    return is_strong(right) or right.resource is Resource.FACTS


def note_refusal(connection: ASGIConnection, right: Right, why: str, actor: Actor) -> None:  # type: ignore[type-arg]  # any handler, any user
    """Write down that somebody who is signed in was refused a right that matters; `why`: right or second_factor.

    Whoever was asked for a code has the right and did nothing wrong: that entry has a name of its own.
    """
    unproven = why == "second_factor"
    refusals: Seldom = connection.app.state.unproven if unproven else connection.app.state.refusals
    # A page asks for several things at once: to be asked for a code is one thing that happens to somebody.
    cause = (actor.id, why) if unproven else (actor.id, str(right), why)
    if not matters(right) or not refusals.is_due(*cause):
        return
    about = {name: typed(value) for name, value in connection.path_params.items() if name in NAMED}
    detail = {"right": str(right), "why": why, **about}
    entry = Entry(
        action=_ACTION[why], actor=actor, tenant=actor.tenant, subject=actor.id, outcome="refused", detail=detail
    )
    house_of(connection).writer.run(write_down, entry)
    refusals.told(*cause)


@contextmanager
def refusals_noted(request: ASGIConnection, action: str, subject: str, actor: Actor) -> Iterator[None]:  # type: ignore[type-arg]  # as above
    """Write down that a deed was refused for what it named, or for its pace, and raise on.

    Conflicts are written down by the verbs, with what stands in the way.
    """
    try:
        yield
    except (NotFoundError, InvalidError, TooManyError) as error:
        refusals: Seldom = request.app.state.refusals
        if refusals.is_due(actor.id, action, error.code):
            entry = Entry(
                action=action, actor=actor, tenant=actor.tenant, subject=typed(subject), outcome="refused",
                detail={"why": error.code},
            )  # fmt: skip
            house_of(request).writer.run(write_down, entry)
            refusals.told(actor.id, action, error.code)
        raise


def note_dead_link(connection: ASGIConnection, token: str, error: RefusedError) -> None:  # type: ignore[type-arg]  # as above
    """Write down that a link was tried that opens nothing, or nothing yet."""
    refusals: Seldom = connection.app.state.refusals
    address = neighbourhood_of(connection)
    if refusals.is_due("link", address, error.code):
        house_of(connection).entrance.refuse_link(token, error.code, visit_of(connection).device)
        refusals.told("link", address, error.code)
