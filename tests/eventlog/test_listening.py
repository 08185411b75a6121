"""Listeners: in order, exactly once, one failure holds back its own subject and nothing else."""

from collections.abc import Sequence

import pytest

from huiyin.eventlog.events import Recorded
from huiyin.eventlog.listening import Listener
from huiyin.eventlog.unit_of_work import UnitOfWork
from huiyin.kernel.errors import TemporaryError
from huiyin.kernel.units import Seconds

from .log import Log, Rang, noting, ring, subscribed


class Bells:
    """Bells of two towers, with one out of tune until it is mended."""

    def __init__(self, log: Log) -> None:
        self.log = log
        self.broken = True
        self.tries = 0
        self.subscriptions = subscribed(log, noting("careful", self._breaks), noting("robust"))

    def _breaks(self, recorded: Recorded) -> bool:
        wrong = self.broken and (recorded.subject, recorded.version) == ("north", 2)
        self.tries += wrong
        return wrong

    async def ring(self, *subjects: str) -> None:
        for each in subjects:
            await self.log.writer.do(ring, each, 0)

    async def turn(self) -> int:
        return await self.log.writer.do(self.subscriptions.turn)

    async def passes(self, seconds: float) -> int:
        self.log.clock.advance(Seconds(seconds))
        return await self.log.writer.do(self.subscriptions.retry_due)

    def states(self) -> list[tuple[int, str, int]]:
        return [(each.position, each.state, each.attempts) for each in self.log.parked()]


async def test_every_listener_hears_every_event_once_in_order(log: Log) -> None:
    bells = Bells(log)
    bells.broken = False
    await bells.ring("north", "south", "north")
    assert await bells.turn() == 3
    assert await bells.turn() == 0
    for listener in ("careful", "robust"):
        assert log.effects(listener, "north") == [1, 2]
        assert log.effects(listener, "south") == [1]


async def test_a_failing_event_holds_back_its_own_subject_and_nothing_else(log: Log) -> None:
    bells = Bells(log)
    await bells.ring("north", "south", "north", "north", "south")
    await bells.turn()
    await bells.ring("north", "south")
    await bells.turn()
    assert log.effects("careful", "north") == [1]
    assert log.effects("careful", "south") == [1, 2, 3]
    assert log.effects("robust", "north") == [1, 2, 3, 4]
    assert [position for position, _, _ in bells.states()] == [3, 4, 6]
    assert {each.listener for each in log.parked()} == {"careful"}


async def test_a_failing_event_is_tried_again_with_growing_pauses_and_then_parked(log: Log) -> None:
    bells = Bells(log)
    await bells.ring("north", "north", "north")
    await bells.turn()
    bells.tries = 0
    for attempts, pause in enumerate((1, 5, 30, 120), start=1):
        assert await bells.passes(pause - 0.001) == 0
        assert bells.tries == attempts - 1, "tried before its pause was over"
        assert await bells.passes(0.001) == 0
        assert bells.tries == attempts
    assert bells.states()[0] == (2, "parked", 4)
    assert log.parked()[0].error == "ValueError", "what a library says may hold the words it stumbled over"
    await bells.passes(3600)
    assert bells.tries == 4


async def test_what_waits_behind_a_parked_event_goes_on_waiting(log: Log) -> None:
    bells = Bells(log)
    await bells.ring("north", "north", "north")
    await bells.turn()
    for _ in range(12):
        await bells.passes(3600)
    assert bells.states() == [(2, "parked", 4), (3, "retrying", 0)]
    assert log.effects("careful", "north") == [1]


async def test_releasing_heals_in_order_and_nothing_is_skipped_or_done_twice(log: Log) -> None:
    bells = Bells(log)
    await bells.ring("north", "north", "north", "south")
    await bells.turn()
    for _ in range(6):
        await bells.passes(3600)
    bells.broken = False
    assert await log.writer.do(bells.subscriptions.release, "careful", "north") == 2
    assert await bells.passes(0) == 2
    await bells.ring("north")
    await bells.turn()
    assert log.parked() == []
    assert log.effects("careful", "north") == [1, 2, 3, 4]
    assert log.effects("careful", "south") == [1]
    assert log.effects("robust", "north") == [1, 2, 3, 4]


async def test_an_event_that_heals_by_itself_lets_the_rest_follow(log: Log) -> None:
    bells = Bells(log)
    await bells.ring("north", "north", "north")
    await bells.turn()
    bells.broken = False
    assert await bells.passes(1) == 2
    assert log.effects("careful", "north") == [1, 2, 3]
    assert log.parked() == []


async def test_how_far_a_listener_came_survives_a_restart(log: Log) -> None:
    bells = Bells(log)
    bells.broken = False
    await bells.ring("north")
    await bells.turn()
    again = Bells(log)
    assert await again.turn() == 0
    assert log.effects("careful", "north") == [1]


async def test_a_disk_that_fills_while_listeners_work_costs_no_event(log: Log) -> None:
    def limited(uow: UnitOfWork, pages: int) -> None:
        uow.connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")

    def greedy(uow: UnitOfWork, events: Sequence[Recorded]) -> None:
        uow.connection.exec_driver_sql(
            "INSERT INTO effect VALUES ('greedy', hex(randomblob(4000000)), ?)", (len(events),)
        )

    both = subscribed(log, noting("modest"), Listener("greedy", (Rang,), greedy))
    await log.writer.do(ring, "north", 0)
    await log.writer.do(limited, 1)
    with pytest.raises(TemporaryError):
        await log.writer.do(both.turn)
    assert (log.effects("modest", "north"), log.parked(), log.rows("SELECT * FROM listener_position")) == ([], [], [])
    await log.writer.do(limited, 1_000_000)
    assert await log.writer.do(both.turn) == 1
    assert log.effects("modest", "north") == [1]
    assert log.rows("SELECT count(*) FROM effect WHERE listener = 'greedy'") == [(1,)]


async def test_a_new_listener_hears_everything_from_the_beginning(log: Log) -> None:
    bells = Bells(log)
    bells.broken = False
    await bells.ring("north", "north")
    await bells.turn()
    later = subscribed(log, noting("careful"), noting("late"))
    while await log.writer.do(later.turn):
        pass
    assert log.effects("late", "north") == [1, 2]
    assert log.effects("careful", "north") == [1, 2]
