"""Begin a call that has a key, and keep its answer once it did something.

A call that was refused did nothing and leaves nothing: it may be made again with its key, as after a second factor.
One whose end is not known is not made again by itself: whoever called looks first.
"""

from hashlib import sha256
from typing import NamedTuple

import re2
import sqlalchemy as sa

from huiyin.eventlog.unit_of_work import UnitOfWork
from huiyin.idempotency.sealed import place
from huiyin.idempotency.store import kept_answer as table
from huiyin.kernel.actors import Actor
from huiyin.kernel.errors import BusyError, ConflictError, InvalidError, RefusedError
from huiyin.kernel.units import Seconds
from huiyin.security.sealing import Sealer

KEY = re2.compile(r"[!-~]{1,64}")
DAY_MS = 24 * 3_600_000
PATIENCE_MS = 60_000
"""How long a call may be under way before its end counts as not known."""
UNANSWERED = ("running", "unknown")
MOST_SWEPT = 500


class Asked(NamedTuple):
    """A call: its key, its route with what stands in the address, its body."""

    key: str
    route: str
    body: bytes


class Kept(NamedTuple):
    """An answer that was given before."""

    status: int
    body: bytes


class Begun(NamedTuple):
    """A call that began: `row` is where its answer is to be kept; or the answer of the first time."""

    row: str
    kept: Kept | None


def check_key(key: str) -> None:
    """Refuse what is no key; InvalidError."""
    if not KEY.fullmatch(key):
        message = "an idempotency key is 1 to 64 visible ASCII characters"
        raise InvalidError(message, remedy="Draw a UUID for each thing you want done.", code="idempotency_key")


def begin(uow: UnitOfWork, sealer: Sealer, asked: Asked, *, actor: Actor) -> Begun:
    """Begin a call, or find out that it was made before.

    Raises:
        RefusedError: the key was used for something else.
        BusyError: the same call is under way.
        ConflictError: its answer is not shown twice, or its end is not known.

    """
    row = sealer.ring.index(uow, actor.tenant, "idempotency", f"{actor.id}|{asked.route}|{asked.key}")
    said = sealer.ring.index(uow, actor.tenant, "idempotency", sha256(asked.body).hexdigest())
    found = uow.connection.execute(sa.select(table).where(table.c.id == row)).one_or_none()
    now = uow.now_ms()
    if found is not None and found.created_at <= now - DAY_MS:
        uow.connection.execute(table.delete().where(table.c.id == row))
        found = None
    if found is None:
        fresh = {"id": row, "tenant": actor.tenant, "request": said, "state": "running", "created_at": now}
        uow.connection.execute(table.insert().values(fresh))
        return Begun(row, None)
    if found.request != said:
        message = "this idempotency key was used with another body"
        raise RefusedError(message, remedy="Draw a new key for what is new.", code="idempotency_other")
    if found.state in UNANSWERED:
        raise _unanswered(now - found.created_at if found.state == "running" else PATIENCE_MS)
    if found.answer_sealed is None:
        message = "this was done already, and its answer is not shown again"
        remedy = "Look at the list; what is shown once is made anew with a new key."
        raise ConflictError(message, remedy=remedy, code="idempotency_done")
    plain = sealer.open(uow.connection, place(found.tenant, row), found.answer_sealed) or b""
    return Begun(row, Kept(found.status, plain))


def finish(uow: UnitOfWork, sealer: Sealer, row: str, answer: Kept, *, shown_once: bool) -> None:
    """Keep the answer of a call that did something; of one that shows a secret once, only that it was given."""
    found = uow.connection.execute(sa.select(table.c.tenant).where(table.c.id == row)).one_or_none()
    if found is None:
        return
    values: dict[str, object] = {"state": "shown_once" if shown_once else "done", "status": answer.status}
    if not shown_once:
        key = sealer.ring.for_writing(uow, found.tenant, (found.tenant,))[found.tenant]
        values["answer_sealed"] = sealer.seal(uow.connection, key, place(found.tenant, row), answer.body)
    uow.connection.execute(table.update().where(table.c.id == row).values(values))


def release(uow: UnitOfWork, row: str) -> None:
    """Forget a call that was refused: it did nothing."""
    uow.connection.execute(table.delete().where(table.c.id == row, table.c.state == "running"))


def lose(uow: UnitOfWork, row: str) -> None:
    """Note that nobody knows how a call ended: it fell over, perhaps behind its deed."""
    uow.connection.execute(table.update().where(table.c.id == row, table.c.state == "running").values(state="unknown"))


def sweep(uow: UnitOfWork) -> int:
    """Let go of some answers that are older than a day; return how many."""
    old = sa.select(table.c.id).where(table.c.created_at <= uow.now_ms() - DAY_MS).limit(MOST_SWEPT)
    return uow.connection.execute(table.delete().where(table.c.id.in_(old))).rowcount


def _unanswered(since_ms: int) -> ConflictError:
    if since_ms < PATIENCE_MS:
        message = "the same call is under way"
        remedy = "Repeat it in a moment: you will get its answer."
        return BusyError(message, retry_after=Seconds(1), remedy=remedy, code="idempotency_running")
    message = "the same call was begun, and how it ended is not known"
    return ConflictError(message, remedy="Look whether it was done; if not, use a new key.", code="idempotency_unknown")
