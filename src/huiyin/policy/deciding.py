"""Ask the table. Default is no; the parts of Huiyin itself, which act on what is already decided, may always."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from huiyin.kernel.actors import Actor, ActorKind, Role
from huiyin.kernel.clock import to_ms
from huiyin.kernel.errors import InvalidError, SecondFactorNeededError
from huiyin.policy.table import ALONE, TABLE
from huiyin.policy.terms import Action, Resource, Right, Row, Scope

FRESH = timedelta(minutes=15)
"""How long a second factor opens what wants one."""


def _by_right() -> dict[Right, tuple[Row, ...]]:
    return {row.right: tuple(each for each in TABLE if each.right == row.right) for row in TABLE}


ROWS = _by_right()


def may(actor: Actor, right: Right, *, field: str = "", shop: str | None = None) -> bool:
    """Tell whether an actor has a right, over one field, for one shop if the right is about shops.

    Without `shop` the question is whether there is anything the actor could do with it at all: asked at the door,
    before anybody knows what it is about.
    """
    if actor.kind in {ActorKind.SYSTEM, ActorKind.BOT}:
        return True
    if actor.proof.scopes is not None and str(right) not in actor.proof.scopes:
        return False
    return any(
        field in row.fields
        and not actor.roles.isdisjoint(row.roles)
        and (row.scope is not Scope.SHOP or shop is None or shop in actor.shops)
        for row in ROWS.get(right, ())
    )


def may_any_field(actor: Actor, right: Right) -> bool:
    """Tell whether an actor has a right over the thing itself or over any of its fields."""
    return any(may(actor, right, field=field) for row in ROWS.get(right, ()) for field in row.fields)


def rights_of(actor: Actor) -> list[str]:
    """Return everything an actor may do, with the fields, for a screen that hides what it would be refused."""
    held = {
        right: [field for row in rows for field in row.fields if may(actor, right, field=field)]
        for right, rows in ROWS.items()
    }
    named = {f"{right}:{field}" for right, fields in held.items() for field in fields if field}
    return sorted(named | {str(right) for right, fields in held.items() if fields})


def is_strong(right: Right) -> bool:
    """Tell whether a right wants a second factor."""
    return any(row.strong for row in ROWS.get(right, ()))


def second_factor_fresh(actor: Actor, now: datetime) -> bool:
    """Tell whether the actor showed a second factor lately, by a session of theirs; a token never did."""
    shown = actor.proof.second_factor_at
    if actor.proof.kind != "session" or shown is None:
        return False
    return 0 <= to_ms(now) - shown <= FRESH // timedelta(milliseconds=1)


def demand_second_factor(actor: Actor, right: Right, now: datetime) -> None:
    """Refuse what wants a second factor to whoever has not shown one lately.

    Raises:
        SecondFactorNeededError: none was shown, too long ago, or by a token, which cannot show one.

    """
    if actor.kind is not ActorKind.PERSON or not is_strong(right):
        return
    if not second_factor_fresh(actor, now):
        message = "this needs your second factor"
        remedy = "Enter the code of your authenticator app, then try again."
        raise SecondFactorNeededError(message, remedy=remedy, code="second_factor")


def scopes_for(actor: Actor) -> list[str]:
    """Return what the actor may give an API token: what they may do, but for what wants a second factor.

    A token looks after nobody's account either, its maker's or its own.
    """
    return sorted(str(right) for right in ROWS if may_any_field(actor, right) and may_be_scope(right))


OWN_SCOPES = Right(Resource.OWN_SCOPES, Action.READ)
"""Every API token carries it: a program may ask what it may do, and learns nothing else by it."""


def may_be_scope(right: Right) -> bool:
    """Tell whether an API token may be given a right."""
    apart = {OWN_SCOPES, Right(Resource.SESSION, Action.WRITE)}
    return not is_strong(right) and right.resource is not Resource.API_TOKEN and right not in apart


def check_roles(roles: Iterable[Role]) -> None:
    """Refuse roles that one account must not hold together.

    Raises:
        InvalidError: no role at all, or one that stands alone beside another.

    """
    held = frozenset(roles)
    if not held:
        message = "a person has at least one role"
        raise InvalidError(message, remedy="Choose a role.", code="roles_none")
    for alone in ALONE:
        if alone in held and len(held) > 1:
            message = f"the role {alone} stands alone: one account must not change what it watches over"
            raise InvalidError(message, remedy="Give the other roles to another account.", code="roles_alone")
