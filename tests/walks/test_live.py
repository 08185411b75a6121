"""Open screens: nothing missed and nothing repeated, whatever is cut, however slow, whoever looks."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from typing import Any

import msgspec
import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from huiyin.channels.port import Content, Inbound, Origin, Sender
from huiyin.kernel.actors import Proof
from huiyin.kernel.ids import new_id
from huiyin.org import store as org_store
from huiyin.org.access import access_person
from huiyin.web import changes, live
from huiyin.web.identity import COOKIE

from .screens import Tab, tab_of
from .stage import Customer, Stage


@pytest.fixture(autouse=True)
async def hub(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[live.Hub]:
    """Run the hub with ticks as short as they get."""
    monkeypatch.setattr(live, "TICK_SECONDS", 0)
    monkeypatch.setattr(live, "WALL_SECONDS", 0.001)
    running = asyncio.ensure_future(stage.app.state.hub.run())
    await asyncio.sleep(0)
    yield stage.app.state.hub
    assert not running.done(), "the hub died"
    running.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await running


async def speak(stage: Stage, customer: Customer, text: str) -> None:
    """Let a record come in without the simulator."""
    await stage.receives(customer.shop, Inbound(
        shop=stage.shops[customer.shop], source_id=new_id(), customer_ref=customer.pin, sender=Sender.CUSTOMER,
        content=Content(text=text), platform_at=stage.clock.now(), origin=Origin.SIMULATED,
    ))  # fmt: skip


class Client:
    """What a client that obeys the protocol keeps of one conversation."""

    def __init__(self, conversation: str) -> None:
        self.conversation = conversation
        self.version = 0
        self.messages: dict[str, Any] = {}
        self.told = 0

    def takes(self, frame: dict[str, Any]) -> None:
        """Apply a frame: never one beyond a gap, dropped if known, whole messages replacing older ones."""
        if frame["type"] != "events" or frame["conversation"] != self.conversation:
            return
        assert frame["from"] <= self.version, "a gap"
        if frame["to"] > self.version:
            self.version = frame["to"]
            self.messages |= {each["id"]: each for each in frame["messages"]}
            self.told += len(frame["messages"])


async def test_whoever_is_not_signed_in_is_closed_with_4401(stage: Stage) -> None:
    for cookie in ("", "made-up"):
        tab = await Tab(stage, cookie=cookie).connects()
        assert await tab.is_closed_with() == 4401


@pytest.mark.parametrize(
    ("origin", "code"),
    [
        pytest.param("https://huiyin.invalid.evil.example", 4403, id="another site"),
        pytest.param("null", 4403, id="a sandboxed page"),
        pytest.param("http://huiyin.invalid:8600", 4403, id="another port"),
    ],
)
async def test_a_page_of_another_site_is_closed_with_4403(stage: Stage, origin: str, code: int) -> None:
    lin = await stage.person("lin")
    tab = await Tab(stage, cookie=lin.http.cookies[COOKIE], origin=origin).connects()
    assert await tab.is_closed_with() == code


@pytest.mark.parametrize(
    ("frame", "code"),
    [
        pytest.param("half {", 4400, id="no JSON"),
        pytest.param('{"type":"resume","open":{"x":"y"}}', 4400, id="a version that is no number"),
        pytest.param("x" * (64 * 1024 + 1), 4413, id="too large"),
    ],
)
async def test_a_frame_that_cannot_be_read_closes_its_own_socket_only(stage: Stage, frame: str, code: int) -> None:
    lin = await stage.person("lin")
    other, tab = await tab_of(lin), await tab_of(lin)
    tab.says_raw(frame)
    assert await tab.is_closed_with() == code
    other.says(type="resume", open={}, wall=False)
    await other.hears("list")
    await other.leaves()


@pytest.mark.parametrize("version", [0, -1, 2**63, 10**40], ids=["zero", "negative", "64 bits", "huge"])
async def test_no_cursor_a_client_makes_up_hurts_the_other_screens(
    stage: Stage, customer: Customer, version: int
) -> None:
    lin, lead = await stage.agent("lin"), await stage.person("lead")
    await speak(stage, customer, "在吗")
    honest, odd = await tab_of(lead), await tab_of(lin)
    odd.says(type="resume", wall=False, open={
        lin.id: version, str(stage.shops["digital"]): version, customer.conversation: version, "无": version,
    })  # fmt: skip
    honest.says(type="resume", open={customer.conversation: 0}, wall=False)
    assert (await honest.hears("events"))["messages"][0]["text"] == "在吗"
    await speak(stage, customer, "有人吗")
    assert (await honest.hears("events"))["messages"][0]["text"] == "有人吗"
    for tab in (honest, odd):
        await tab.leaves()


async def test_frames_are_only_for_those_who_serve_the_shop(stage: Stage, customer: Customer) -> None:
    lin, stranger = await stage.person("lin"), await stage.person("stranger")
    ours, theirs = await tab_of(lin), await tab_of(stranger)
    await speak(stage, customer, "在吗")
    for tab in (ours, theirs):
        tab.says(type="resume", open={customer.conversation: 0}, wall=True, tab="bot")
    await ours.hears("events")
    foreign = stage.customer("foreign")
    await speak(stage, foreign, "别家的客户")
    shown = await theirs.hears("conversation")
    assert shown["body"]["id"] == foreign.conversation
    wall = next((each for each in theirs.frames if each["type"] == "wall"), None) or await theirs.hears("wall")
    assert [each["name"] for each in wall["body"]["shops"]] == ["foreign旗舰店"]
    assert customer.conversation not in str(theirs.frames)
    await speak(stage, customer, "最后一句")
    await ours.hears("events")
    assert foreign.conversation not in str(ours.frames)
    for tab in (ours, theirs):
        await tab.leaves()


async def test_a_screen_is_told_of_its_own_lines_and_of_those_it_looks_at_and_counts_of_the_rest(
    stage: Stage, customer: Customer
) -> None:
    lin, lead = await stage.person("lin"), await stage.person("lead")
    desk, elsewhere = await tab_of(lin), await tab_of(lead)
    desk.says(type="resume", open={}, wall=False, tab="mine")
    elsewhere.says(type="resume", open={}, wall=False, tab="waiting")
    await desk.hears("list")
    await elsewhere.hears("list")
    await speak(stage, customer, "在吗")
    counts = await desk.hears("counts")
    assert counts["body"] == {"waiting": 0, "bot": 1}
    assert customer.conversation not in str(desk.frames) + str(elsewhere.frames)
    await lin.goes("online")
    await lin.takes_over(customer.conversation)
    mine = await desk.hears("conversation")
    assert mine["body"]["state"] == "human"
    await lin.transfers(customer.conversation, skill="售后")
    left = await desk.hears("conversation")
    assert left["body"]["agent"] is None
    queued = await elsewhere.hears("conversation")
    assert queued["body"]["state"] == "waiting"
    for tab in (desk, elsewhere):
        await tab.leaves()


steps = st.lists(st.sampled_from(["speak", "speak", "cut", "settle", "resume"]), max_size=12)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps)
async def test_a_screen_that_is_cut_anywhere_misses_nothing_and_repeats_nothing(stage: Stage, steps: list[str]) -> None:
    lead = await stage.person("lead")
    customer = Customer(stage, "digital", f"jd_{new_id()}")
    await speak(stage, customer, "第0句")
    client = Client(customer.conversation)
    tab = await tab_of(lead)

    async def caught_up() -> None:
        tab.says(type="resume", open={client.conversation: client.version}, wall=False)
        while client.version < stage.events(client.conversation)[-1].version:
            client.takes(await tab.hears("events"))

    for number, step in enumerate([*steps, "resume"], start=1):
        if step == "speak":
            await speak(stage, customer, f"第{number}句")
        elif step == "settle":
            await stage.settle()
        elif step == "resume":
            await caught_up()
        else:
            await tab.leaves()
            tab = await tab_of(lead)
    await tab.leaves()
    stored = (await lead.opens(client.conversation))["messages"]
    assert sorted(client.messages.values(), key=lambda each: each["version"]) == stored


async def test_a_screen_that_stays_is_told_each_change_once(stage: Stage, customer: Customer) -> None:
    lead = await stage.person("lead")
    await speak(stage, customer, "第0句")
    client, tab = Client(customer.conversation), await tab_of(lead)
    tab.says(type="resume", open={client.conversation: 0}, wall=False)
    for number in range(8):
        while client.version < stage.events(client.conversation)[-1].version:
            frame = await tab.hears("events")
            assert frame["from"] == client.version
            client.takes(frame)
        await speak(stage, customer, f"第{number + 1}句")
    assert (len(client.messages), client.told) == (8, 8)
    await tab.leaves()


async def test_a_screen_too_slow_for_its_frames_is_told_to_fetch_its_list_and_loses_no_message(
    stage: Stage, customer: Customer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(changes, "MOST_QUEUED", 4)
    lead = await stage.person("lead")
    await speak(stage, customer, "第一句")
    conversation = customer.conversation
    hub: live.Hub = stage.app.state.hub
    with stage.house.reading.connect() as connection:
        (session,) = stage.rows(sa.select(org_store.session.c.id).where(org_store.session.c.person == lead.id))
        actor = access_person(connection, lead.id, stage.clock.now())
        actor = msgspec.structs.replace(actor, proof=Proof("session", session.id))
    screen = live.Screen(actor, asyncio.Queue(4))
    hub.join(screen)
    hub.resume(screen, live.Resume("resume", {conversation: 0}))
    for number in range(12):
        await speak(stage, customer, f"第{number}句")
        for _ in range(30):
            await asyncio.sleep(0.001)
    assert screen.outgoing.full()
    client, kinds = Client(conversation), list[str]()
    async with asyncio.timeout(10):
        while client.version < stage.events(conversation)[-1].version:
            frame = json.loads(await screen.outgoing.get())
            kinds.append(frame["type"])
            client.takes(frame)
    assert (len(client.messages), client.told) == (13, 13)
    await speak(stage, customer, "再一句")
    async with asyncio.timeout(10):
        while kinds.count("list") < 2:
            kinds.append(json.loads(await screen.outgoing.get())["type"])
    hub.leave(screen)


async def test_opening_a_socket_counts_as_being_there(stage: Stage, customer: Customer) -> None:
    lin = await stage.agent()
    tab = await tab_of(lin)
    for _ in range(3):
        stage.clock.advance(60)
        tab.says(type="pong")
        tab.says(type="resume", open={}, wall=False)
        await tab.hears("list")
        await stage.house.writer.do(stage.worker._keep_time)
    assert (await lin.get("/api/session"))["presence"] == "online"
    await tab.leaves()
    await stage.passes(91)
    assert (await lin.get("/api/session"))["presence"] == "offline"
