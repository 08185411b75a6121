"""Somebody is shredded while others read: what was read before it is shown to nobody afterwards."""

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import sqlalchemy as sa

from huiyin.conversations import store, subjects
from huiyin.conversations.bodies import ERASED, Bodies
from huiyin.kernel.actors import system
from huiyin.org.people import ERASED as ERASED_NAME
from huiyin.security.sealing import Place, Sealer
from huiyin.security.store import data_key
from huiyin.worker import Worker

from .stage import Customer, Person, Stage
from .test_erasing import CUSTOMERS, PHONE, finds, officer, shreds
from .test_keys import forget, subject_of

__all__ = ["officer"]

TERMINAL = system("terminal")
SAID = "我想退货因为颜色不对"


@contextmanager
def before(stage: Stage, words: str, happens: Callable[[], object]) -> Iterator[None]:
    """Let something happen once, just before somebody reads with a statement that has these words."""
    still = [happens]

    def meanwhile(_connection: Any, _cursor: Any, statement: str, *_rest: object) -> None:
        if words in statement and still:
            still.pop()()

    sa.event.listen(stage.house.reading, "before_cursor_execute", meanwhile)
    try:
        yield
    finally:
        sa.event.remove(stage.house.reading, "before_cursor_execute", meanwhile)
    assert not still, "nobody read that"


@contextmanager
def reading(stage: Stage) -> Iterator[sa.Connection]:
    """Read the database as it stands now, whatever is written meanwhile."""
    with stage.house.reading.connect() as connection:
        connection.exec_driver_sql("BEGIN")
        connection.execute(sa.select(data_key)).all()
        yield connection
        connection.exec_driver_sql("ROLLBACK")


def first_row(stage: Stage, customer: Customer) -> Any:
    talk = sa.select(store.conversation.c.id).where(store.conversation.c.customer == subject_of(stage, customer))
    return stage.rows(sa.select(store.message).where(store.message.c.conversation.in_(talk)))[0]


async def shown(stage: Stage, conversation: str) -> list[str]:
    lead = await stage.person("lead")
    return [each["text"] for each in (await lead.opens(conversation))["messages"]]


async def spoke(stage: Stage, text: str = SAID) -> Customer:
    customer = stage.customer("direct")
    await customer.says(text)
    await customer.ends()
    return customer


async def test_whoever_is_shredded_while_a_telephone_is_looked_for_stays_unreadable(
    officer: Person, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(subjects, "BATCH", 1)
    people = [Customer(stage, "direct", f"jd_buyer{number}") for number in range(4)]
    for number, each in enumerate(people):
        await each.says(f"打我电话 1391234567{number}")
    await stage.settle()
    conversation, customer = await people[2].ends(), subject_of(stage, people[2])
    forget(stage)
    with before(stage, "FROM data_key", lambda: stage.house.keyroom.shred(customer, "来信 1", actor=TERMINAL)):
        assert await finds(officer, "phone", "13912345672") == []
    assert await shown(stage, conversation) == [ERASED.content.text]


async def test_a_key_read_from_how_things_stood_before_is_kept_by_nobody(stage: Stage) -> None:
    customer = await spoke(stage)
    row, subject = first_row(stage, customer), subject_of(stage, customer)
    house = stage.house
    forget(stage)
    with reading(stage) as earlier:
        await asyncio.to_thread(house.keyroom.shred, subject, "来信 1", actor=TERMINAL)
        seen = house.bodies.open(earlier, row.tenant, row.id, row.body)
        assert seen.content.text == SAID, "the reader's own moment"
    with house.reading.connect() as now:
        assert house.bodies.open(now, row.tenant, row.id, row.body) == ERASED
    assert await shown(stage, row.conversation) == [ERASED.content.text]


async def test_a_name_read_from_how_things_stood_before_is_kept_by_nobody(stage: Stage) -> None:
    house, lin = stage.house, await stage.agent()
    forget(stage)
    with reading(stage) as earlier:
        await asyncio.to_thread(house.keyroom.shred, lin.id, "案卷 9", actor=TERMINAL)
        assert house.people.name(earlier, lin.id) not in {"", ERASED_NAME}, "the reader's own moment"
    with house.reading.connect() as now:
        assert house.people.name(now, lin.id) == ERASED_NAME


async def test_what_was_opened_just_before_the_shredding_is_not_shown_from_memory(stage: Stage) -> None:
    customer = await spoke(stage)
    row, subject = first_row(stage, customer), subject_of(stage, customer)
    house = stage.house

    class Slow(Sealer):
        """Opens, and then is so slow that somebody is shredded meanwhile."""

        def open_at(self, connection: sa.Connection, place: Place, sealed: bytes) -> tuple[int, bytes | None]:
            opened = super().open_at(connection, place, sealed)
            if opened[1] is not None:
                house.keyroom.shred(subject, "来信 1", actor=TERMINAL)
            return opened

    bodies = Bodies(Slow(house.ring))
    house.writer.watch(bodies.watch)

    def opened() -> str:
        with house.reading.connect() as connection:
            return bodies.open(connection, row.tenant, row.id, row.body).content.text

    assert await asyncio.to_thread(opened) == SAID
    assert await asyncio.to_thread(opened) == ERASED.content.text


async def test_the_log_is_emptied_once_no_reader_is_in_the_way_and_nobody_waits_for_it(
    officer: Person, stage: Stage
) -> None:
    customer = await spoke(stage)
    log = stage.folder / "huiyin.db-wal"
    key = stage.rows(sa.select(data_key.c.wrapped).where(data_key.c.subject == subject_of(stage, customer)))[0][0]
    await stage.worker.look_after_keys()
    with reading(stage):
        began = time.monotonic()
        assert (await shreds(officer, subject_of(stage, customer))).status_code == 200
        assert time.monotonic() - began < 5
        await stage.worker.look_after_keys()
        assert log.stat().st_size > 0, "the reader keeps it"
    await stage.worker.look_after_keys()
    assert log.stat().st_size == 0
    assert key not in (stage.folder / "huiyin.db").read_bytes()


async def test_after_a_restart_the_log_is_emptied_of_what_could_not_be_before(stage: Stage) -> None:
    customer = await spoke(stage)
    with reading(stage):
        await asyncio.to_thread(stage.house.keyroom.shred, subject_of(stage, customer), "来信 1", actor=TERMINAL)
    assert (stage.folder / "huiyin.db-wal").stat().st_size > 0
    await Worker(stage.house).look_after_keys()
    assert (stage.folder / "huiyin.db-wal").stat().st_size == 0


async def test_one_telephone_is_looked_for_at_a_time_and_everything_else_goes_on(officer: Person, stage: Stage) -> None:
    customer = await spoke(stage, f"打我电话 {PHONE}")
    under_way, goes_on = threading.Event(), threading.Event()

    def hold() -> None:
        under_way.set()
        goes_on.wait(20)

    wanted = {"by": "phone", "value": PHONE}
    with before(stage, "message.original", hold):
        first = asyncio.create_task(officer.http.post(CUSTOMERS, json=wanted))
        assert await asyncio.to_thread(under_way.wait, 20)
        second = await officer.http.post(CUSTOMERS, json=wanted)
        assert (second.status_code, second.json()["code"]) == (429, "search_busy")
        assert second.json()["retryAfter"] > 0
        assert len(await finds(officer, "account", customer.pin)) == 1
        goes_on.set()
        assert len((await first).json()) == 1
    assert len(await finds(officer, "phone", PHONE)) == 1
