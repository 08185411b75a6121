"""The stage of every walk: a house on a fake clock, the strict simulator at the end of its lines, people at desks."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, cast

import httpx
import sqlalchemy as sa
from litestar import Litestar

from huiyin.audit.store import audit_entry
from huiyin.channels.jd import JdChannel, JdSettings, MemoryTokenStore
from huiyin.channels.port import Inbound, Origin
from huiyin.channels.posting import ClientPost
from huiyin.conversations import store
from huiyin.conversations.inbox import Received
from huiyin.eventlog.events import Recorded
from huiyin.eventlog.views import parked, stream
from huiyin.kernel.clock import ManualClock
from huiyin.kernel.ids import PersonId
from huiyin.kernel.units import Seconds
from huiyin.org import signing_in
from huiyin.simulator import Faults, Simulator, SimulatorSettings
from huiyin.simulator.settings import ShopSeed
from huiyin.simulator.visits import Line
from huiyin.simulator.world import Said
from huiyin.simulator.world import Shop as SimulatedShop
from huiyin.web.app import empty_app, move_in
from huiyin.web.identity import COOKIE
from huiyin.wiring import Settings, build
from huiyin.worker import Worker

from .founding import NOON, PASSWORD, Founded, key
from .wording import unworded

SECRET = "a-secret-of-these-tests"
HUIYIN = "http://huiyin.invalid"


class Wire(httpx.AsyncBaseTransport):
    """The way to the platform: counts sends, cuts the way or the answer as often as told."""

    def __init__(self, inner: httpx.AsyncBaseTransport) -> None:
        self._inner = inner
        self.sends = 0
        self.cut = 0
        self.silent = 0
        self.away = False
        self.addresses: list[str] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.addresses.append(request.url.netloc.decode())
        sends = b"pushChatTextMessage" in request.content
        self.sends += sends
        if self.away or (sends and self.cut):
            self.cut -= not self.away
            message = "planted: no way to the platform"
            raise httpx.ConnectError(message)
        response = await self._inner.handle_async_request(request)
        if sends and self.silent:
            self.silent -= 1
            message = "planted: no answer"
            raise httpx.ReadTimeout(message)
        return response


def plenty(_shop: str) -> int:
    """Leave room for every send."""
    return 99


@dataclass
class Customer:
    """A customer at the platform's end."""

    stage: "Stage"
    shop: str
    pin: str

    @property
    def _world(self) -> SimulatedShop:
        return self.stage.simulator.world.shops[self.stage.shops[self.shop]]

    async def says(self, text: str = "", mt: str = "text", **fields: str) -> Said:
        """Say something; it is stored when this returns, and nothing has reacted to it yet."""
        said = self.writes(text, mt, **fields)
        await self.stage.simulator.courier.settle()
        return said

    def writes(self, text: str = "", mt: str = "text", **fields: str) -> Said:
        """Say something without waiting for its delivery."""
        return self.stage.simulator.crowd.say(self._world, self.pin, Line(mt, text, **fields))

    def heard(self) -> list[str]:
        """Return every reply that reached the customer since the story began."""
        said = [each for each in self._world.said() if each.customer == self.pin and each.at >= NOON]
        return [each.content for each in said if each.by_waiter]

    def said(self) -> list[Said]:
        """Return everything the platform keeps of the chat with this customer."""
        return [each for each in self._world.said() if each.customer == self.pin]

    def hears(self) -> str:
        """Return the last reply, "" if there was none."""
        return (self.heard() or [""])[-1]

    async def ends(self) -> str:
        """Let the team lead end the customer's conversation once everything has reacted; return its id."""
        await self.stage.settle()
        conversation = self.conversation
        await (await self.stage.person("lead")).closes(conversation)
        await self.stage.settle()
        return conversation

    @property
    def order(self) -> str:
        """Return the number of the customer's newest order."""
        return self._world.orders_of(self.pin)[0].order_id

    @property
    def conversations(self) -> list[str]:
        """Return the ids of all conversations with the customer, oldest first."""
        house, shop = self.stage.house, self.stage.shops[self.shop]
        tenant = house.shops.all()[shop].tenant
        query = (
            sa.select(store.conversation.c.id)
            .join(store.customer, store.customer.c.id == store.conversation.c.customer)
            .where(store.customer.c.shop == shop)
            .order_by(store.conversation.c.id)
        )
        with house.reading.connect() as connection:
            index = house.ring.look_up(connection, tenant, "customer", self.pin)
            return list(connection.execute(query.where(store.customer.c.ref_index == index)).scalars())

    @property
    def conversation(self) -> str:
        """Return the id of the latest conversation."""
        return self.conversations[-1]


@dataclass
class Person:
    """Somebody with a login, through the front door."""

    stage: "Stage"
    login: str
    http: httpx.AsyncClient

    @property
    def id(self) -> str:
        return str(self.stage.founded.people[self.login])

    async def signs_in(self) -> "Person":
        """Sign in."""
        answer = await self.http.post("/api/session", json={"login": self.login, "password": PASSWORD})
        assert answer.status_code == 200, answer.text
        return self

    async def goes(self, state: str) -> None:
        """Change presence, and let the house react."""
        answer = await self.http.put("/api/desk/presence", json={"state": state})
        assert answer.status_code == 200, answer.text
        await self.stage.settle()

    async def get(self, path: str, **query: str) -> Any:
        """Read, expecting an answer."""
        answer = await self.http.get(path, params=query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def sees(self, tab: str = "mine", **query: str) -> list[str]:
        """Return the conversations of one tab, in their order."""
        found = await self.get("/api/desk/conversations", tab=tab, **query)
        return [each["id"] for each in found["conversations"]]

    async def opens(self, conversation: str) -> Any:
        """Open a conversation."""
        return await self.get(f"/api/desk/conversations/{conversation}")

    async def does(self, conversation: str, what: str, **data: object) -> httpx.Response:
        """Ask for something to be done with a conversation; the answer may be a refusal."""
        return await self.http.post(f"/api/desk/conversations/{conversation}/{what}", json=data or None)

    async def takes_over(self, conversation: str) -> None:
        """Take a conversation over."""
        await self._done(conversation, "take-over")

    async def sends(self, conversation: str, text: str, **options: object) -> Any:
        """Send a reply through the gates."""
        return await self._done(conversation, "send", **{"text": text, "key": key(), **options})

    async def closes(self, conversation: str, reason: str = "solved") -> None:
        """Close a conversation and let the house react."""
        await self._done(conversation, "close", reason=reason)
        await self.stage.settle()

    async def transfers(self, conversation: str, **to: str) -> None:
        """Hand a conversation on and let the house react."""
        await self._done(conversation, "transfer", **to)
        await self.stage.settle()

    async def _done(self, conversation: str, what: str, **data: object) -> Any:
        answer = await self.does(conversation, what, **data)
        assert answer.status_code == 200, answer.text
        return answer.json()


_EMPTY: list[Litestar] = []
"""Applications no story uses now: to build one takes longer than most stories."""


@dataclass
class Stage:
    """Everything a story needs."""

    founded: Founded
    folder: Path
    clock: ManualClock = field(default_factory=lambda: ManualClock(NOON))
    clients: list[httpx.AsyncClient] = field(default_factory=list)
    expects_parked: bool = False
    """Whether the story is about events that no listener can take."""
    loopback: bool = False
    """Whether webhooks may call this machine."""

    def __post_init__(self) -> None:
        self.shops = self.founded.shops
        self.house = build(Settings(self.folder, synchronous="OFF", loopback=self.loopback), self.clock)
        self.worker = Worker(self.house)
        self._closed = False
        self.app = self._lent = _EMPTY.pop() if _EMPTY else empty_app()
        move_in(self.app, self.house)
        self.simulator = Simulator(self._simulated(), self.clock, self.client())
        self.wire = Wire(httpx.ASGITransport(app=cast("Any", self.simulator.app)))
        for name, shop in self.shops.items():
            self.house.lines.by_shop[shop] = self._line(name)

    def client(self, **headers: str) -> httpx.AsyncClient:
        """Return a browser without a session at our front door."""
        client = httpx.AsyncClient(
            transport=httpx.ASGITransport(app=cast("Any", self.app), raise_app_exceptions=False),
            base_url=HUIYIN, headers={"X-Huiyin": "1", **headers},
        )  # fmt: skip
        self.clients.append(client)
        return client

    async def person(self, login: str) -> Person:
        """Return somebody with an open session; only the tests about signing in hash passwords, which is slow."""
        person = Person(self, login, self.client())
        token = await self.house.writer.do(signing_in.open_session, PersonId(person.id))
        person.http.cookies.set(COOKIE, token)
        return person

    async def agent(self, login: str = "lin") -> Person:
        """Return an agent who signed in and is online."""
        person = await self.person(login)
        await person.goes("online")
        return person

    def customer(self, shop: str = "digital", place: int = 0) -> Customer:
        """Return one of the platform's customers whose newest order is on its way."""
        world = self.simulator.world.shops[self.shops[shop]]
        newest = {pin: orders[0] for pin in sorted(world.customers) if (orders := world.orders_of(pin))}
        buyers = [pin for pin, order in newest.items() if order.state == "WAIT_GOODS_RECEIVE_CONFIRM"]
        return Customer(self, shop, buyers[place])

    async def settle(self) -> None:
        """Let everything that is on its way arrive, and everybody react, until nothing is left to do."""
        await self.simulator.courier.settle()
        await self.worker.settle()
        with self.house.reading.connect() as connection:
            stuck = [(each.listener, each.error) for each in parked(connection)]
        assert self.expects_parked or not stuck, f"a listener could not take what happened: {stuck}"

    async def passes(self, seconds: float) -> None:
        """Let time pass, then let the house notice."""
        self.clock.advance(Seconds(seconds))
        await self.house.writer.do(self.worker._keep_time)
        await self.settle()

    async def polls(self, shop: str, since: datetime = NOON - timedelta(days=1)) -> list[Received]:
        """Poll a shop's history and receive what it holds."""
        found = await self.house.lines.by_shop[self.shops[shop]].poll(since, self.clock.now() + timedelta(seconds=1))
        return [await self.receives(shop, each) for each in found if each.platform_at >= NOON]

    async def receives(self, shop: str, inbound: Inbound) -> Received:
        """Receive one record of a shop, whichever way it came."""
        arrival = self.house.inbox.arriving(inbound, self.house.shops.all()[self.shops[shop]])
        return await self.house.writer.do_with_others(self.house.inbox.receive, arrival)

    def events(self, conversation: str) -> list[Recorded]:
        """Return everything that happened to a conversation."""
        with self.house.reading.connect() as connection:
            return stream(connection, self.house.catalogue, conversation, 0)

    def happened(self, conversation: str) -> list[str]:
        """Return the kinds of what happened to a conversation, without their room."""
        return [each.kind.partition(".")[2] for each in self.events(conversation)]

    def rows(self, query: sa.Select[Any]) -> list[Any]:
        """Read rows."""
        with self.house.reading.connect() as connection:
            return list(connection.execute(query))

    async def close(self) -> None:
        """Let go of everything; a second time is no error."""
        if self._closed:
            return
        self._closed = True
        await self.simulator.courier.close()
        bare = unworded(self.rows(sa.select(audit_entry)))
        for client in self.clients:
            await client.aclose()
        await self.house.lines.close()
        self.house.close()
        _EMPTY.append(self._lent)
        assert not bare, (
            f"the audit page has no word for these: zh.audit.ts, zh.details.ts and the English ones: {bare}"
        )

    def _simulated(self) -> SimulatorSettings:
        seeds = tuple(
            ShopSeed(
                shop=shop, name=f"{name}旗舰店", vender_id=str(100101 + place), kind="digital",
                access_token=key(), refresh_token=key(), dd_token=key(), bots=frozenset({"huiyin-bot"}),
            )
            for place, (name, shop) in enumerate(self.shops.items())
        )  # fmt: skip
        return SimulatorSettings(
            app_key="tests", app_secret=SECRET, shops=seeds, hook=f"{HUIYIN}/hooks/jd", customers=40,
            pace=1_000_000.0, push_attempts=2, faults=Faults(hang_seconds=0.0),
        )  # fmt: skip

    def _line(self, name: str) -> JdChannel:
        simulated = self.simulator.world.settings
        seed = self.simulator.world.shops[self.shops[name]].seed
        settings = JdSettings(
            shop=self.shops[name], app_key=simulated.app_key, app_secret=SECRET, vender_id=seed.vender_id,
            access_token=seed.access_token, refresh_token=seed.refresh_token,
            gateway_url="http://127.0.0.1:8790/routerjson", oauth_url="http://127.0.0.1:8790/oauth2/refresh_token",
            aspid=simulated.aspid, dd_token=seed.dd_token, dd_app_id=simulated.dd_app_id,
            customer_code=simulated.customer_code, origin=Origin.SIMULATED, live=name != "pasted",
            calls_per_second=100_000.0,
        )  # fmt: skip
        post = ClientPost(httpx.AsyncClient(transport=self.wire))
        return JdChannel(settings, self.clock, store=MemoryTokenStore(), post=post)
