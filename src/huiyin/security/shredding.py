"""Destroy a person's keys: what they wrote becomes unreadable everywhere, without finding a single copy of it.

In the database that happens at once. A backup holds the same wrapped keys, so the keys above them must go, too:
`tenants_to_bury` names the tenants whose key, and with it the master key, has to be renewed (`rotating`) and whose
older versions then are destroyed (`bury`). Everybody else's keys were wrapped anew by then.
"""

import json
from collections.abc import Callable, Mapping
from typing import NamedTuple

import sqlalchemy as sa
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from huiyin.audit.writing import Entry, write_down
from huiyin.eventlog.unit_of_work import UnitOfWork
from huiyin.kernel.actors import Actor, ActorKind
from huiyin.kernel.errors import ConflictError, NotFoundError, TooManyError
from huiyin.kernel.ids import new_id
from huiyin.kernel.units import Seconds
from huiyin.policy.terms import Action
from huiyin.security.holds import DAY_MS, check_not_held, check_reason, check_second_hand
from huiyin.security.keys import HOUSE, KeyRing
from huiyin.security.rights import GONE, check_keys, may_keys
from huiyin.security.rotating import under_older_master
from huiyin.security.store import data_key, tenant_key, tombstone

SIGN = "sign"
SHREDDED = "subject.shredded"
MOST_A_DAY = 20
"""How many of a tenant are shredded at screens within a day."""


class Rooms(NamedTuple):
    """What the rooms above say and do when a subject of a tenant is shredded.

    `check` refuses while something of theirs is under way. `scrub` takes away what else leads back to them, as often
    as it is called, and tells how many sealed rows they had, by table.
    """

    check: Callable[[UnitOfWork, str, str], None]
    scrub: Callable[[UnitOfWork, str, str], Mapping[str, int]]


class Tombstone(NamedTuple):
    """What stands in a tombstone, as it was signed."""

    id: str
    tenant: str
    subject: str
    at: int
    actor: str
    reason: str
    keys: tuple[str, ...]
    sealed: Mapping[str, int]


def shred(  # what, whose, why, and who says so
    uow: UnitOfWork, ring: KeyRing, subject: str, reason: str, rooms: Rooms, *, actor: Actor
) -> Tombstone:
    """Destroy all data keys of a subject and leave a signed tombstone.

    Raises:
        NotFoundError: nobody by that id has keys, or they are not the actor's to destroy.
        ConflictError: a legal hold stands, the actor lifted one within the day, or something is under way.
        TooManyError: as many of the tenant were destroyed within a day as people may.
        InvalidError: no reason.

    """
    columns = data_key.c
    rows = uow.connection.execute(
        sa.select(columns.id, columns.tenant).where(columns.subject == subject, columns.state != "destroyed")
    ).all()
    if not rows or not may_keys(actor, Action.ERASE, str(rows[0].tenant)):
        message = "nobody by this id has keys"
        remedy = "Look the id up again; perhaps it was done before: huiyin keys tombstones."
        raise NotFoundError(message, remedy=remedy, code=GONE)
    tenant = str(rows[0].tenant)
    reason = check_reason(reason)
    check_not_held(uow, tenant, subject)
    check_second_hand(uow, tenant, subject, actor=actor)
    _check_number(uow, tenant, actor)
    rooms.check(uow, tenant, subject)
    sealed = rooms.scrub(uow, tenant, subject)
    uow.connection.execute(data_key.update().where(columns.subject == subject).values(state="destroyed", wrapped=b""))
    ring.changed(uow)
    keys = tuple(sorted(row.id for row in rows))
    stone = Tombstone(new_id(), tenant, subject, uow.now_ms(), actor.label, reason, keys, sealed)
    _set(uow, ring, stone)
    detail = {"tombstone": stone.id, "keys": len(keys), "sealed": sum(sealed.values())}
    write_down(uow, Entry(action=SHREDDED, actor=actor, tenant=tenant, subject=subject, detail=detail))
    return stone


def scrub_again(uow: UnitOfWork, rooms: Rooms) -> None:
    """Take away what leads back to those shredded from an earlier database, which still has it."""
    for tenant, subject in uow.connection.execute(sa.select(tombstone.c.tenant, tombstone.c.subject)).all():
        rooms.scrub(uow, tenant, subject)


def write_refused(uow: UnitOfWork, subject: str, why: str, *, actor: Actor) -> None:
    """Write down that somebody wanted to destroy a subject's keys and could not, for a command of its own."""
    tenant = uow.connection.execute(sa.select(data_key.c.tenant).where(data_key.c.subject == subject).limit(1)).scalar()
    detail = {"why": why}
    write_down(
        uow,
        Entry(action=SHREDDED, actor=actor, tenant=str(tenant), subject=subject, outcome="refused", detail=detail),
    )


def _check_number(uow: UnitOfWork, tenant: str, actor: Actor) -> None:
    """Refuse a person who would destroy very many in a day: somebody else may sit at their screen."""
    columns = tombstone.c
    query = sa.select(sa.func.count(), sa.func.min(columns.at)).where(
        columns.tenant == tenant, columns.at > uow.now_ms() - DAY_MS
    )
    number, first = uow.connection.execute(query).one()
    if actor.kind is ActorKind.PERSON and number >= MOST_A_DAY:
        message = f"{number} were shredded within a day, as many as one does at a screen"
        wait = Seconds((first + DAY_MS - uow.now_ms()) / 1000)
        remedy = "Go on tomorrow, or let whoever runs the server do it: huiyin keys shred."
        raise TooManyError(message, retry_after=wait, remedy=remedy, code="shred_day")


def tenants_to_bury(connection: sa.Connection) -> list[str]:
    """Return the tenants with tombstones whose subjects can still be read in earlier backups."""
    query = sa.select(tombstone.c.tenant).where(tombstone.c.copies_gone_at.is_(None)).distinct()
    return sorted(connection.execute(query).scalars())


def bury(uow: UnitOfWork, ring: KeyRing, before: int, *, actor: Actor) -> int:
    """Note that no key of those shredded before a moment is left in any copy; return how many tombstones that closes.

    The keys above theirs were renewed, and the older versions of the master key destroyed.

    Raises:
        ConflictError: an older version of the master key is still there.

    """
    check_keys(actor, Action.ERASE, HOUSE)
    if len(ring.keeper.versions()) > 1 or under_older_master(uow.connection, ring):
        message = "older versions of the master key are still there"
        raise ConflictError(message, remedy="Run it again: huiyin keys bury. It goes on where it was cut off.")
    open_ones = sa.and_(tombstone.c.copies_gone_at.is_(None), tombstone.c.at <= before)
    closed = uow.connection.execute(tombstone.update().where(open_ones).values(copies_gone_at=uow.now_ms())).rowcount
    detail = {"tombstones": closed}
    write_down(uow, Entry(action="copies.buried", actor=actor, tenant=HOUSE, subject=HOUSE, detail=detail))
    return closed


class Checked(NamedTuple):
    """A tombstone and whether its signature is ours, over these very words, and the keys it names are gone."""

    stone: Tombstone
    signed: bool
    gone: bool
    copies_gone_at: int | None


def tombstones(connection: sa.Connection, ring: KeyRing) -> list[Checked]:
    """Return all tombstones, oldest first, checked."""
    ours = {
        _public(ring.open_above(row))
        for row in connection.execute(sa.select(tenant_key).where(tenant_key.c.purpose == SIGN))
    }
    alive = set(connection.execute(sa.select(data_key.c.id).where(data_key.c.state != "destroyed")).scalars())
    found = []
    for row in connection.execute(sa.select(tombstone).order_by(tombstone.c.at, tombstone.c.id)):
        said = json.loads(row.body)
        stone = Tombstone(**{**said, "keys": tuple(said["keys"])})
        signed = bytes(row.signer) in ours and _holds(row.signer, row.signature, row.body)
        told = (stone.id, stone.tenant, stone.subject, stone.at) == (row.id, row.tenant, row.subject, row.at)
        found.append(Checked(stone, signed and told, alive.isdisjoint(stone.keys), row.copies_gone_at))
    return found


def _set(uow: UnitOfWork, ring: KeyRing, stone: Tombstone) -> None:
    _, seed = ring.for_tenant(uow, HOUSE, SIGN)
    body = json.dumps(stone._asdict(), ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    uow.connection.execute(
        tombstone.insert().values(
            id=stone.id, tenant=stone.tenant, subject=stone.subject, at=stone.at, body=body, signer=_public(seed),
            signature=Ed25519PrivateKey.from_private_bytes(seed).sign(body), copies_gone_at=None,
        )
    )  # fmt: skip


def _public(seed: bytes) -> bytes:
    return Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()


def _holds(signer: bytes, signature: bytes, body: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(signer).verify(signature, body)
    except (InvalidSignature, ValueError):
        return False
    return True
