"""Door and worker in two processes over one folder: each hears the other, and either may die."""

import asyncio
import fcntl
import os
import signal
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest
import sqlalchemy as sa

from huiyin import beside
from huiyin.bench import company as founding
from huiyin.bench.gateway import Gateway
from huiyin.bench.orders import Order
from huiyin.channels.port import Content, Inbound, Origin, Sender
from huiyin.eventlog.writer import Heard
from huiyin.kernel.ids import new_id
from huiyin.wiring import House, Settings, build

PATIENCE_SECONDS = 30.0


class Office:
    """The door's house, and a shop whose customers write."""

    def __init__(self, house: House, company: founding.Company, gateway: Gateway, address: str) -> None:
        self.house = house
        self.company = company
        self.gateway = gateway
        self.order = Order(str(house.settings.folder), address)
        self.heard: list[Heard] = []
        house.writer.watch(lambda notices: self.heard.extend(Heard(each.subject, each.kind) for each in notices))

    async def says(self, text: str) -> None:
        """Let a customer write."""
        shop = self.house.shops.all()[self.company.shops[0].id]
        inbound = Inbound(
            shop=self.company.shops[0].id, source_id=new_id(), customer_ref=f"jd_{new_id()}", sender=Sender.CUSTOMER,
            content=Content(text=text), platform_at=self.house.clock.now(), origin=Origin.SIMULATED,
        )  # fmt: skip
        await self.house.writer.do_with_others(self.house.inbox.receive, self.house.inbox.arriving(inbound, shop))

    def replaces(self, worker: beside.WorkerProcess, program: str) -> None:
        """Let a worker's first start run another program before it works."""
        starts = self.house.settings.folder / "starts"
        code = (
            f"import os, sys; from pathlib import Path; starts = Path({str(starts)!r})\n"
            "first = not starts.exists()\n"
            "starts.open('a').write('.')\n"
            f"if first:\n    {program}\n"
            "from huiyin.bench.working import main; main()"
        )
        worker._command = (sys.executable, "-c", code)

    def count(self, table: str) -> int:
        """Return how many rows a table has."""
        with self.house.reading.connect() as connection:
            return int(connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar_one())  # ours

    @asynccontextmanager
    async def worker(self, first: str = "") -> AsyncIterator[beside.WorkerProcess]:
        """Keep a worker beside the door; `first` is a program that its first start runs before anything else."""
        process = beside.WorkerProcess(self.house, "huiyin.bench.working", self.order)
        if first:
            self.replaces(process, first)
        running = asyncio.create_task(process.run())
        try:
            yield process
        finally:
            running.cancel()
            with suppress(asyncio.CancelledError):
                await running


@pytest.fixture
async def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Office]:
    monkeypatch.setattr(beside, "PAUSE_SECONDS", 0.05)
    house, gateway = build(Settings(tmp_path)), Gateway()
    company = house.writer.run(founding.found, house.sealer, 1)
    founding.save(tmp_path, company)
    address = await gateway.open()
    house.writer.run(founding.connect, house.sealer, company, address)
    yield Office(house, company, gateway, address)
    await house.lines.close()
    house.close()
    gateway.close()


async def until(true: Callable[[], object]) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not true():  # noqa: ASYNC110  # it happens in another process, which offers no event
            await asyncio.sleep(0.02)


async def test_what_the_door_takes_the_worker_answers_and_the_door_hears_of_it(office: Office) -> None:
    async with office.worker() as worker:
        await office.says("付款后多久发货？")
        await until(lambda: office.gateway.delivered == 1 and office.count("verdict") == 2)
        told = {"conversations.MessageReceived", "conversations.Routed", "conversations.ReplyDelivered"}
        await until(lambda: told | {"eventlog.Carried"} <= {each.kind for each in office.heard})
        pid = worker.pid
    assert pid is not None
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


async def test_a_worker_that_was_killed_is_followed_by_another(office: Office) -> None:
    async with office.worker() as worker:
        await office.says("你好")
        await until(lambda: office.count("verdict") >= 1)
        first = worker.pid
        assert first is not None
        os.kill(first, signal.SIGKILL)
        await office.says("付款后多久发货？")
        await until(lambda: office.count("verdict") == office.count("message") >= 3)
        assert worker.pid not in {None, first}


async def test_a_worker_that_starts_while_many_write_hears_every_line_whole(office: Office) -> None:
    async with office.worker() as worker:
        await until(lambda: worker.pid)
        first = worker.pid
        for _ in range(300):
            # More than a buffer's worth of notices waits behind the order before the worker can read it.
            office.house.writer.announce((Heard(new_id(), "conversations.MessageReceived"),))
        await office.says("你好")
        await until(lambda: office.count("verdict") == office.count("message") >= 2)
        assert worker.pid == first


@pytest.mark.parametrize(
    "garbage", ["b'[[\"half'", "b'not ours\\n\\xff\\n'", "b'x' * 5_000_000"], ids=["cut", "foreign", "endless"]
)
async def test_a_worker_that_ends_in_the_middle_of_a_word_is_followed_by_another(office: Office, garbage: str) -> None:
    program = f"sys.stdout.buffer.write({garbage}); sys.stdout.flush(); sys.exit()"
    async with office.worker(program):
        await office.says("你好")
        await until(lambda: office.count("verdict") == office.count("message") >= 2)


async def test_a_worker_that_cannot_begin_its_work_is_followed_by_another_though_nobody_writes(office: Office) -> None:
    await office.says("你好")
    refuse = "from huiyin.conversations.delivering import Delivery; Delivery.after_restart = None"
    async with office.worker(refuse):
        await until(lambda: office.count("verdict") == office.count("message") >= 2)


async def test_a_worker_that_hangs_in_the_middle_of_writing_does_not_keep_customers_out(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(beside, "LONGEST_TURN_SECONDS", 2.0)
    hang = (
        "import time; from huiyin.conversations.delivering import Delivery;"
        " Delivery.after_restart = lambda self, uow, repeats: time.sleep(1_000)"
    )
    async with office.worker(hang) as worker:
        await until(worker.ready.is_set)
        first = worker.pid
        await asyncio.sleep(0.5)
        await office.says("你好")
        await until(lambda: office.count("verdict") == office.count("message") >= 2)
        assert worker.pid != first


async def test_a_second_worker_waits_for_the_first_to_be_gone(office: Office) -> None:
    lease = beside.lease_of(office.house.settings.folder)
    with lease.open("ab") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        async with office.worker():
            await office.says("你好")
            await asyncio.sleep(2)
            assert office.count("verdict") == 0
            fcntl.flock(other, fcntl.LOCK_UN)
            await until(lambda: office.count("verdict") >= 1)


async def test_a_worker_that_waits_for_another_to_be_gone_ends_with_its_door(office: Office) -> None:
    with beside.lease_of(office.house.settings.folder).open("ab") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        async with office.worker():
            await asyncio.sleep(3)
            begun = time.monotonic()
        assert time.monotonic() - begun < beside.END_SECONDS / 2


async def test_two_writers_over_one_file_take_turns(tmp_path: Path) -> None:
    houses = [build(Settings(tmp_path)) for _ in range(2)]

    async def write(house: House) -> None:
        for _ in range(150):
            await house.writer.do(founding.seats.seen, [])
            await house.writer.do(founding.org.register_organisation, "merchant", "商家", actor=founding.FOUNDER)

    await asyncio.gather(*map(write, houses))
    with houses[0].reading.connect() as connection:
        assert connection.execute(sa.text("SELECT count(*) FROM organisation")).scalar_one() == 300
    for house in houses:
        house.close()
