"""Plant a fault in the measured process. A harness that does not catch its fault proves nothing.

Nothing here is reachable from a running Huiyin: only the measured process calls it, only when told to.
"""

import asyncio
from collections.abc import Callable, Sequence
from typing import Any, cast

import sqlalchemy as sa

from huiyin.conversations.inbox import Arrival, Inbox, Received
from huiyin.eventlog.unit_of_work import UnitOfWork
from huiyin.eventlog.writer import Writer
from huiyin.kernel.errors import InvalidError
from huiyin.web.changes import Screen, Topic
from huiyin.wiring import House

DROPPED_EVERY = 100
SKIPPED_EVERY = 20
EARLY_BY_SECONDS = 0.2


def drop(house: House) -> None:
    """Acknowledge every 100th delivery and keep nothing of it."""
    house.inbox = cast("Inbox", _Forgetful(house.inbox))


def ack_before_commit(house: House) -> None:
    """Acknowledge at once, commit a little later."""
    house.writer = cast("Writer", _Hasty(house.writer))


def resend(house: House) -> None:
    """Send again after a restart what may have been delivered already."""
    house.delivery.after_restart = _send_again  # type: ignore[method-assign]  # that is the fault


def skip_frames(_house: House) -> None:
    """Count every 20th frame of events as sent and throw it away."""
    send, seen = Screen.send, 0

    def skipping(screen: Screen, topic: Topic, frame: bytes) -> bool:
        nonlocal seen
        if topic is Topic.EVENTS:
            seen += 1
            if seen % SKIPPED_EVERY == 0:
                return True
        return send(screen, topic, frame)

    setattr(Screen, "send", skipping)  # noqa: B010  # an assignment that type checkers let pass: it is the fault


def cut_chain(house: House) -> None:
    """Take one entry out of the middle of the audit, past its triggers."""

    def cut(uow: UnitOfWork) -> None:
        for statement in (
            "DROP TRIGGER IF EXISTS audit_entry_is_never_deleted",
            "DELETE FROM audit_entry WHERE seq = (SELECT max(seq) / 2 FROM audit_entry)",
        ):
            uow.connection.exec_driver_sql(statement)

    house.writer.run(cut)


PLANTS: dict[str, Callable[[House], None]] = {
    "drop-every-100th": drop,
    "ack-before-commit": ack_before_commit,
    "resend-after-restart": resend,
    "skip-frames": skip_frames,
    "cut-chain": cut_chain,
}


def sow(name: str, house: House) -> None:
    """Plant the named fault; "" plants none.

    Raises:
        InvalidError: there is no such fault.

    """
    if not name:
        return
    if name not in PLANTS:
        message = f"there is no fault {name!r}"
        raise InvalidError(message, remedy=f"Use one of {', '.join(PLANTS)}.")
    PLANTS[name](house)


class _Forgetful:
    """An inbox that forgets."""

    def __init__(self, inbox: Inbox) -> None:
        self._inbox = inbox
        self.arriving = inbox.arriving
        self._seen = 0

    def receive(self, uow: UnitOfWork, arrivals: Sequence[Arrival]) -> list[Received]:
        kept = []
        for each in arrivals:
            self._seen += 1
            if self._seen % DROPPED_EVERY:
                kept.append(each)
        known = iter(self._inbox.receive(uow, kept) if kept else ())
        remembered = {id(each) for each in kept}
        return [next(known) if id(each) in remembered else Received("", "", duplicate=False) for each in arrivals]


class _Hasty:
    """A writer that answers first."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer
        self._late: set[asyncio.Task[None]] = set()

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401  # whatever the writer has
        return getattr(self._writer, name)

    async def do_with_others(self, verb: Any, item: Any) -> Received:  # noqa: ANN401  # as the writer's own
        task = asyncio.create_task(self._later(verb, item))
        self._late.add(task)
        task.add_done_callback(self._late.discard)
        return Received("", "", duplicate=False)

    async def _later(self, verb: Any, item: Any) -> None:  # noqa: ANN401  # as above
        await asyncio.sleep(EARLY_BY_SECONDS)
        await self._writer.do_with_others(verb, item)


def _send_again(uow: UnitOfWork, repeats: Callable[[str], bool] = bool) -> int:  # noqa: ARG001  # the verb's shape
    again = uow.connection.execute(sa.text("UPDATE outbox SET state = 'queued' WHERE state = 'sending'"))
    return int(again.rowcount)
