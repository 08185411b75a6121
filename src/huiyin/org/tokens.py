"""API tokens: keys for programs, made by a person, for less than the person may do.

`hy_`, 43 random characters, six of checksum (CRC-32): a scanner recognises one that leaked, and a slip of the pen is
told without a look into the database. Only the hash is stored. A token never shows a second factor, so it never opens
what needs one.
"""

import secrets
import string
import zlib
from datetime import timedelta
from typing import NamedTuple

import msgspec
import sqlalchemy as sa

from huiyin.audit.writing import Entry, Value, write_down
from huiyin.eventlog.unit_of_work import UnitOfWork
from huiyin.kernel.actors import Actor, Proof
from huiyin.kernel.clock import Clock, to_ms
from huiyin.kernel.errors import InvalidError, NotFoundError, NotSignedInError, SecondFactorNeededError
from huiyin.kernel.ids import new_id
from huiyin.kernel.wire import encode_text
from huiyin.org import store
from huiyin.org.session_limits import CLOCK_SLACK_MS, NOTED_EVERY_MS
from huiyin.org.signing_in import Access, hashed, signed_in
from huiyin.org.still import check_still
from huiyin.policy.deciding import OWN_SCOPES, scopes_for, second_factor_fresh

PREFIX = "hy_"
RANDOM_CHARACTERS = 43
CHECKSUM_CHARACTERS = 6
SIGNS = string.digits + string.ascii_letters
LONGEST = timedelta(days=365)
MOST_NAME = 60
MOST_TOKENS = 20
"""Open tokens a person may have: more are lost sight of."""


class NewToken(NamedTuple):
    """What a token is for: its name, its scopes (`resource:action`), and how long it lasts."""

    name: str
    scopes: frozenset[str]
    lasts: timedelta


class Made(NamedTuple):
    """A token that was just made; `token` is shown this once."""

    id: str
    token: str
    expires_at: int


class Known(NamedTuple):
    """A token as its owner's list shows it; moments in milliseconds."""

    id: str
    name: str
    scopes: str
    created_at: int
    expires_at: int
    used_at: int | None


def make_token(uow: UnitOfWork, new: NewToken, *, actor: Actor) -> Made:
    """Make a token for the actor.

    Raises:
        SecondFactorNeededError: the actor showed no second factor lately, or is a token.
        InvalidError: no name, no scopes or unreadable ones, too long a life, too many tokens.

    """
    check_still(uow, actor)
    if not second_factor_fresh(actor, uow.now()):
        message = "making a token takes a second factor"
        raise SecondFactorNeededError(message, remedy="Show it again, then repeat.", code="second_factor")
    _check(uow, new, actor)
    token, now = _drawn(), uow.now_ms()
    made = Made(new_id(), token, now + new.lasts // timedelta(milliseconds=1))
    uow.connection.execute(
        store.api_token.insert().values(
            id=made.id, token_hash=hashed(token), person=actor.id, name=new.name.strip(),
            scopes=encode_text(sorted(new.scopes)), created_at=now, expires_at=made.expires_at,
        )
    )  # fmt: skip
    _write(uow, "token.made", made.id, actor, {"scopes": len(new.scopes), "expires_at": made.expires_at})
    return made


def revoke_token(uow: UnitOfWork, token: str, *, actor: Actor) -> None:
    """Revoke one of the actor's tokens by its id.

    Raises:
        NotFoundError: no such token of theirs is open.

    """
    columns = store.api_token.c
    revoked = uow.connection.execute(
        store.api_token.update()
        .where(columns.id == token, columns.person == actor.id, columns.revoked_at.is_(None))
        .values(revoked_at=uow.now_ms())
    )
    if not revoked.rowcount:
        message = "there is no such token"
        raise NotFoundError(message, remedy="Look at the list again.", code="token_gone")
    _write(uow, "token.revoked", token, actor, {})


def revoke_tokens(uow: UnitOfWork, person: str, why: str, *, actor: Actor) -> None:
    """Revoke all tokens of a person; who may do that is asked by the caller."""
    columns = store.api_token.c
    open_ = list(
        uow.connection.execute(
            sa.select(columns.id).where(columns.person == person, columns.revoked_at.is_(None))
        ).scalars()
    )
    uow.connection.execute(store.api_token.update().where(columns.id.in_(open_)).values(revoked_at=uow.now_ms()))
    for each in open_:
        _write(uow, "token.revoked", each, actor, {"why": why})


def tokens_of(connection: sa.Connection, clock: Clock, *, actor: Actor) -> list[Known]:
    """Return the actor's tokens that open something, newest first."""
    columns = store.api_token.c
    rows = connection.execute(
        sa.select(*[columns[name] for name in Known._fields])
        .where(columns.person == actor.id, columns.revoked_at.is_(None), columns.expires_at > to_ms(clock.now()))
        .order_by(columns.created_at.desc(), columns.id)
    )
    return [Known._make(row) for row in rows]


def own_token(connection: sa.Connection, *, actor: Actor) -> Known:
    """Return the token the actor came with.

    Raises:
        NotFoundError: they came with a session.

    """
    columns = store.api_token.c
    row = connection.execute(
        sa.select(*[columns[name] for name in Known._fields]).where(
            columns.id == actor.proof.id, columns.person == actor.id
        )
    ).one_or_none()
    if row is None:
        message = "this is no token"
        raise NotFoundError(message, remedy="Ask with the header Authorization: Bearer hy_….", code="token_none")
    return Known._make(row)


def access_token(connection: sa.Connection, token: str, clock: Clock) -> Access:
    """Return who made a token, as an actor with the token's scopes.

    Raises:
        NotSignedInError: no token, a revoked or expired one, or one of somebody who is gone.

    """
    if not well_formed(token):
        raise _no_token()
    row = connection.execute(
        sa.select(store.api_token).where(store.api_token.c.token_hash == hashed(token))
    ).one_or_none()
    now = to_ms(clock.now())
    if row is None or row.revoked_at is not None or not row.created_at - CLOCK_SLACK_MS <= now < row.expires_at:
        raise _no_token()
    actor = signed_in(connection, row.person, clock)
    proof = Proof("token", row.id, scopes=frozenset(msgspec.json.decode(row.scopes)) | {str(OWN_SCOPES)})
    stale = row.used_at is None or abs(now - row.used_at) > NOTED_EVERY_MS
    return Access(msgspec.structs.replace(actor, proof=proof), stale)


def touch_token(uow: UnitOfWork, token: str) -> None:
    """Note that a token, named by its id, is in use."""
    uow.connection.execute(store.api_token.update().where(store.api_token.c.id == token).values(used_at=uow.now_ms()))


def well_formed(token: str) -> bool:
    """Tell whether this could be a token of ours at all."""
    head, tail = token[:-CHECKSUM_CHARACTERS], token[-CHECKSUM_CHARACTERS:]
    right_length = len(token) == len(PREFIX) + RANDOM_CHARACTERS + CHECKSUM_CHARACTERS
    return right_length and token.startswith(PREFIX) and token.isascii() and _checksum(head) == tail


def _check(uow: UnitOfWork, new: NewToken, actor: Actor) -> None:
    name = new.name.strip()
    if not 0 < len(name) <= MOST_NAME or not name.isprintable():
        message = f"a token has a name of 1 to {MOST_NAME} characters"
        raise InvalidError(message, remedy="Name it for the program that uses it.", code="token_name")
    grantable = scopes_for(actor)
    if not new.scopes or not new.scopes <= set(grantable):
        message = "a token may do some of what you may do, and nothing that wants a second factor"
        raise InvalidError(message, remedy=f"Choose among {', '.join(grantable)}.", code="token_scopes")
    if not timedelta(0) < new.lasts <= LONGEST:
        message = f"a token lasts for {LONGEST.days} days at most"
        raise InvalidError(message, remedy="Choose a nearer end; make a new token then.", code="token_long")
    columns = store.api_token.c
    query = sa.select(sa.func.count()).where(
        columns.person == actor.id, columns.revoked_at.is_(None), columns.expires_at > uow.now_ms()
    )
    if uow.connection.execute(query).scalar_one() >= MOST_TOKENS:
        message = f"you have {MOST_TOKENS} tokens already"
        raise InvalidError(message, remedy="Revoke those nobody uses.", code="token_many")


def _write(uow: UnitOfWork, action: str, token: str, actor: Actor, detail: dict[str, Value]) -> None:
    write_down(uow, Entry(action=action, actor=actor, tenant=actor.tenant, subject=token, detail=detail))


def _drawn() -> str:
    head = PREFIX + "".join(secrets.choice(SIGNS) for _ in range(RANDOM_CHARACTERS))
    return head + _checksum(head)


def _checksum(text: str) -> str:
    number, signs = zlib.crc32(text.encode()), ""
    for _ in range(CHECKSUM_CHARACTERS):
        number, place = divmod(number, len(SIGNS))
        signs += SIGNS[place]
    return signs


def _no_token() -> NotSignedInError:
    message = "this token opens nothing"
    return NotSignedInError(message, remedy="Make a new one in your account, and replace it where it is used.")
