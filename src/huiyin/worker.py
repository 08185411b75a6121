"""The worker door: carries events to listeners, thinks, delivers, and runs the clock.

Walks in:  committed events (it is woken by them), due replies, the passing of time.
Walks out: effects of listeners, replies handed to channels.
Not here:  what any of it means; each loop calls one verb of a room.
"""

import asyncio
import contextlib
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from functools import partial

import structlog

from huiyin.audit.witnessing import WITNESS_SECONDS
from huiyin.channels.port import Channel, Outbound, Sender
from huiyin.connections.events import ConnectionChanged
from huiyin.connections.patience import Patience
from huiyin.connections.troubles import note_trouble
from huiyin.conversations import handing
from huiyin.conversations.delivering import Outcome, Parcel
from huiyin.conversations.events import (
    DeliveryFailed,
    DeliveryUnknown,
    ReplyApproved,
    ReplyDelivered,
    ReplyWithdrawn,
)
from huiyin.conversations.polling import mark_polled, polled_since
from huiyin.eventlog.database import empty_wal
from huiyin.eventlog.events import Event, Recorded, kind_of
from huiyin.eventlog.unit_of_work import UnitOfWork
from huiyin.eventlog.writer import Heard, Notice
from huiyin.kernel.actors import system
from huiyin.kernel.clock import to_ms
from huiyin.kernel.errors import OutcomeUnknownError, PermanentError, RefusedError, TemporaryError
from huiyin.kernel.ids import ShopId
from huiyin.kernel.resting import resting
from huiyin.kernel.units import Seconds
from huiyin.org import seats
from huiyin.rounds import Rounds
from huiyin.security.key_rows import epoch_of
from huiyin.security.keys import keys_changed
from huiyin.wiring import House

log = structlog.get_logger(__name__)

CLOCKWORK = system("clockwork")
VANISHED_AFTER = timedelta(seconds=90)
"""A desk whose screen is silent this long is taken as left; its customers go back to the queue."""
BOT_ACCOUNT, AGENT_ACCOUNT = "huiyin-bot", "huiyin-agent"
"""Platform accounts replies are sent under where a shop has not named its own."""
TICK_SECONDS = 1.0
LINGER_SECONDS = 0.008
INDEX_SECONDS, INDEX_REST = 10.0, 3.0
"""A session is written anew whenever something was said in it, which takes ten milliseconds: not at each word, and at
most a quarter of one processor's time."""
CARRIED = Heard("", "eventlog.Carried")  # listeners are up to date

_FREEING: tuple[type[Event], ...] = (ReplyApproved, ReplyDelivered, DeliveryUnknown, DeliveryFailed, ReplyWithdrawn)
DELIVERABLE = frozenset(kind_of(each) for each in _FREEING)
"""Events after which a reply may leave: a new one, or the next of a conversation whose last one is settled."""
CONNECTED = kind_of(ConnectionChanged)
"""After it a shop is asked at once: whoever connected it waits to see the first message."""
POLL_SECONDS = 20.0
IDLE_SECONDS = 0.5


class Worker:
    """All loops of one process."""

    def __init__(self, house: House) -> None:
        """Prepare the loops; `run` starts them."""
        self._house = house
        self._to_carry, self._to_think = asyncio.Event(), asyncio.Event()
        self._to_deliver, self._to_poll = asyncio.Event(), asyncio.Event()
        self._in_flight: set[asyncio.Task[None]] = set()
        self._under_way: Counter[str] = Counter()
        self._polling: set[str] = set()
        self._patience = Patience()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._epoch = self._emptied = 0
        self.rounds = Rounds(house)

    async def run(self) -> None:
        """Work until cancelled."""
        self._loop = asyncio.get_running_loop()
        self._house.writer.watch(self._noticed)
        await self._house.writer.do(self._house.delivery.after_restart, self._house.lines.repeats)
        async with asyncio.TaskGroup() as group:
            group.create_task(self._repeat("carry", self.carry, self._to_carry))
            group.create_task(self._repeat("think", self._house.thinker.work, self._to_think))
            group.create_task(self._repeat("deliver", self._deliver_on, self._to_deliver))
            group.create_task(self._every(TICK_SECONDS, "tick", self.tick))
            group.create_task(self._every(POLL_SECONDS, "poll", self.poll, self._to_poll))
            for name, seconds, work in self.rounds.all():
                group.create_task(self._every(seconds, name, work))
            group.create_task(self._every(TICK_SECONDS, "keys", self.look_after_keys))
            group.create_task(self._every(INDEX_SECONDS, "index", self.index))
            group.create_task(self._every(WITNESS_SECONDS, "witness", self.witness))
            group.create_task(self._house.lines.run())

    async def witness(self) -> None:
        """Have what was written down since the last time witnessed."""
        await asyncio.to_thread(self._house.witness.look)

    async def index(self) -> None:
        """Bring session search up to date, in steps; after each, live work has the machine for longer than it took."""
        looked = 1
        while looked:
            async with resting(INDEX_REST, Seconds(LINGER_SECONDS)):
                looked = await asyncio.to_thread(self._house.finder.indexer.step)

    async def look_after_keys(self) -> None:
        """Notice keys that a third process changed, such as a person at a terminal; let everybody know.

        Then empty the log of recent changes of what was overwritten: after each change, and after a restart, until
        no reader is in the way.
        """
        epoch = await asyncio.to_thread(self._key_epoch)
        if self._epoch != epoch:
            self._house.writer.announce([keys_changed(epoch)])
        self._epoch = epoch
        if self._emptied != epoch and await asyncio.to_thread(empty_wal, self._house.settings.database):
            self._emptied = epoch

    def _key_epoch(self) -> int:
        with self._house.reading.connect() as connection:
            return epoch_of(connection)

    async def settle(self) -> None:
        """Work until nothing is left to do at this moment; for replays and tests, which own the clock."""
        idle = 0
        while idle < 2:  # one more round: the last step of one loop may feed the first
            moved = await self.carry() + await self._house.thinker.work() + await self.deliver()
            idle = 0 if moved else idle + 1

    async def carry(self) -> int:
        """Carry events to listeners until they are all up to date; return how many events there were."""
        carried = 0
        while ahead := await asyncio.to_thread(self._look_ahead):
            carried += await self._house.writer.do(self._house.subscriptions.turn, ahead)
            self._to_think.set()
        if carried:
            # What listeners wrote, figures above all, needs no event of its own; who shows it must look again.
            self._house.writer.announce((CARRIED,))
        return carried

    async def deliver(self) -> int:
        """Claim due replies, hand them to their channels and wait until all are settled; return how many."""
        claimed = await self._deliver_on()
        await asyncio.gather(*self._in_flight)
        return claimed

    def _room(self, shop: str) -> int:
        """Return how many more sends a shop's line can have under way; a shop without a line fails at once."""
        line = self._house.lines.get(shop)
        return 1 if line is None else line.sends_at_once - self._under_way[shop]

    def _landed(self, shop: str, task: asyncio.Task[None]) -> None:
        self._under_way[shop] -= 1
        self._in_flight.discard(task)
        self._to_deliver.set()

    async def _deliver_on(self) -> int:
        """Claim due replies and hand them to their channels; a slow platform keeps nobody else waiting."""
        parcels = await self._house.writer.do(self._house.delivery.claim, self._room)
        for parcel in parcels:
            self._under_way[parcel.shop] += 1
            task = asyncio.create_task(self._deliver_one(parcel))
            self._in_flight.add(task)
            task.add_done_callback(partial(self._landed, parcel.shop))
        return len(parcels)

    async def poll(self) -> int:
        """Ask the platforms that push nothing for what was written since the last poll; return how much was new.

        Each shop by itself: one whose platform is away keeps no other waiting.
        """
        lines = [each for each in self._house.lines.by_shop.items() if self._house.lines.is_polled(each[0])]
        return sum(await asyncio.gather(*(self._poll_one(shop, line) for shop, line in lines)))

    async def _poll_one(self, shop: str, line: Channel) -> int:
        house, now = self._house, self._house.clock.now()
        known = house.shops.all()[shop]
        if shop in self._polling or not self._patience.is_due(shop, now):
            return 0
        with house.reading.connect() as connection:
            since = polled_since(connection, shop, now)
        self._polling.add(shop)
        try:
            records = await line.poll(since, now)
        except (TemporaryError, PermanentError) as error:
            log.warning("worker.poll_failed", shop=shop, error=type(error).__name__, code=error.code)
            self._patience.failed(shop, now)
            await house.writer.do(note_trouble, known.tenant, shop, error, actor=CLOCKWORK)
            return 0
        finally:
            self._polling.discard(shop)
        received = await asyncio.gather(
            *(house.writer.do_with_others(house.inbox.receive, house.inbox.arriving(each, known)) for each in records)
        )
        await house.writer.do(self._note_polled, known.tenant, shop, now)
        return sum(1 for each in received if not each.duplicate)

    def _note_polled(self, uow: UnitOfWork, tenant: str, shop: str, now: datetime) -> None:
        self._patience.worked(shop)
        mark_polled(uow, shop, now)
        note_trouble(uow, tenant, shop, None, actor=CLOCKWORK)

    def _look_ahead(self) -> list[Recorded]:
        with self._house.reading.connect() as connection:
            return self._house.subscriptions.look_ahead(connection)

    async def _deliver_one(self, parcel: Parcel) -> None:
        writer, delivery = self._house.writer, self._house.delivery
        channel = self._house.lines.get(parcel.shop)
        if channel is None:
            await writer.do_with_others(delivery.settle, Outcome(parcel.message, "failed", reason="店铺没有可用的通道"))
            return
        reply = Outbound(
            shop=ShopId(parcel.shop), dedupe=parcel.message, customer_ref=parcel.customer_ref,
            waiter_ref=BOT_ACCOUNT if parcel.sender == Sender.BOT else AGENT_ACCOUNT,
            content=parcel.content, session_ref=parcel.session_ref,
        )  # fmt: skip
        try:
            receipt = await channel.send(reply)
        except OutcomeUnknownError:
            outcome = Outcome(parcel.message, "unknown")
        except TemporaryError:
            await writer.do(delivery.postpone, parcel.message, parcel.attempts)
            return
        except (PermanentError, RefusedError) as error:
            outcome = Outcome(parcel.message, "failed", reason=str(error))
        except Exception as error:  # noqa: BLE001  # as below; whether it left us nobody knows, so a person looks
            log.error("worker.send_failed", conversation=parcel.conversation, error=type(error).__name__)
            outcome = Outcome(parcel.message, "unknown")
        else:
            outcome = Outcome(parcel.message, "delivered", to_ms(receipt.at), receipt.source_id)
        await writer.do_with_others(delivery.settle, outcome)

    async def _repeat(self, name: str, work: Callable[[], Awaitable[int]], wake: asyncio.Event) -> None:
        while True:
            wake.clear()
            try:
                moved = await work()
            except Exception as error:  # noqa: BLE001  # the worker's outer door: one bad turn must not end the loop
                log.error("worker.failed", loop=name, error=type(error).__name__)
                moved = 0
                await asyncio.sleep(TICK_SECONDS)
            if not moved:
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(IDLE_SECONDS):
                        await wake.wait()
            # One transaction for what gathers in a few milliseconds costs a fraction of one for each.
            await asyncio.sleep(LINGER_SECONDS)

    async def _every(
        self, seconds: float, name: str, work: Callable[[], Awaitable[object]], wake: asyncio.Event | None = None
    ) -> None:
        """Do some work every so many seconds, and at once when something wakes it."""
        while True:
            try:
                await work()
            except Exception as error:  # noqa: BLE001  # the worker's outer door, as above
                log.error("worker.failed", loop=name, error=type(error).__name__)
            if wake is None:
                await asyncio.sleep(seconds)
                continue
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(seconds):
                    await wake.wait()
            wake.clear()

    async def tick(self) -> None:
        """Do what only the passing of time brings: try failed events again, send silent seats offline."""
        await self._house.writer.do(self._keep_time)

    def _keep_time(self, uow: UnitOfWork) -> None:
        self._house.subscriptions.retry_due(uow)
        handing.close_quiet(uow, actor=CLOCKWORK)
        silent = to_ms(uow.now() - VANISHED_AFTER)
        for person in seats.vanished(uow.connection, silent):
            seats.change_presence(uow, person, "offline", "屏幕已离开", actor=CLOCKWORK)

    def _noticed(self, notices: Sequence[Notice]) -> None:
        if self._loop is None or self._loop.is_closed():
            return
        if self._house.subscriptions.interested(notices):
            self._loop.call_soon_threadsafe(self._to_carry.set)
        if any(each.kind == CONNECTED for each in notices):
            self._loop.call_soon_threadsafe(self._to_poll.set)
        if any(each.kind in DELIVERABLE for each in notices):
            self._loop.call_soon_threadsafe(self._to_deliver.set)
