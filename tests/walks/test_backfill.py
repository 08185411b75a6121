"""A shop's past comes in from its platform, a day at a time: all of it once, whatever stands in the way."""

import asyncio
import contextlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any, cast
from zoneinfo import ZoneInfo

import httpx
import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from huiyin.backfill.days import MOST_DAYS, spans
from huiyin.channels.port import Capability, Channel, Inbound
from huiyin.conversations import store
from huiyin.insight.store import session_figures
from huiyin.kernel.units import Seconds
from huiyin.outcomes.store import evaluation
from huiyin.simulator.world import Said, Verdict

from .codes import with_second_factor
from .founding import PASSWORD
from .stage import Person, Stage

DAY = Seconds(86_400)
CHINA = ZoneInfo("Asia/Shanghai")
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001


@given(MOMENTS, st.timedeltas(timedelta(0), timedelta(days=MOST_DAYS)))
def test_days_follow_each_other_without_a_gap_the_oldest_first(since: datetime, length: timedelta) -> None:
    found = spans(since, since + length, CHINA)
    assert not found or (found[0].since, found[-1].until) == (since, since + length)
    for earlier, later in pairwise(found):
        assert earlier.until == later.since
        assert later.since.astimezone(CHINA).timetz().replace(tzinfo=None).isoformat() == "00:00:00"
    assert all(timedelta(0) < each.until - each.since <= timedelta(days=1) for each in found)


async def owner_of(stage: Stage) -> Person:
    """Return the owner with a second factor shown this very moment."""
    person = await stage.person("owner")
    await with_second_factor(person, PASSWORD)
    return person


async def talked(stage: Stage, days: int = 3, customers: int = 4) -> int:
    """Let customers of the read shop talk for some days, nobody listening; return how many messages JD has of it."""
    for _ in range(days):
        for place in range(customers):
            customer = stage.customer("pasted", place)
            customer.writes("在吗")
            stage.clock.advance(Seconds(40))
            customer.writes("我的订单什么时候发货？")
            stage.clock.advance(Seconds(3600))
        stage.clock.advance(DAY)
    return len(kept(stage))


def talks_on(stage: Stage, messages: int = 120) -> list[Said]:
    """Let one customer write more than fits on two pages; return what JD has of the shop."""
    customer = stage.customer("pasted", 5)
    for number in range(messages):
        customer.writes(f"第 {number} 句")
        stage.clock.advance(Seconds(2))
    stage.clock.advance(DAY)
    return kept(stage)


def kept(stage: Stage) -> list[Said]:
    """Return what the platform keeps of the read shop's last thirty days."""
    said = stage.simulator.world.shops[stage.shops["pasted"]].said()
    return [each for each in said if each.at >= stage.clock.now() - timedelta(days=30)]


def plants(stage: Stage, **faults: int) -> None:
    for name, value in faults.items():
        setattr(stage.simulator.world.settings.faults, name, value)


def path(stage: Stage, shop: str = "pasted", rest: str = "") -> str:
    return f"/api/connections/{stage.shops[shop]}/backfills{rest}"


async def asked(stage: Stage, who: Person, days: int = 30) -> dict[str, Any]:
    answer = await who.http.post(path(stage), json={"days": days})
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()[0]
    return found


async def state(stage: Stage, who: Person) -> dict[str, Any]:
    return dict((await who.get(path(stage)))[0])


def stored(stage: Stage) -> list[str]:
    query = sa.select(store.conversation.c.origin).join(
        store.message, store.message.c.conversation == store.conversation.c.id
    )
    with stage.house.reading.connect() as connection:
        return list(connection.execute(query).scalars())


async def test_an_owner_has_the_past_brought_in_marked_as_such_and_nobody_is_alarmed(stage: Stage) -> None:
    said = await talked(stage)
    owner = await owner_of(stage)
    begun = await asked(stage, owner)
    assert (begun["state"], begun["done"], begun["parts"]) == ("running", 0, 31)
    assert await stage.worker.rounds.backfiller.work() == said
    done = await state(stage, owner)
    assert {name: done[name] for name in ("state", "done", "messages", "fresh", "trouble")} == {
        "state": "done", "done": 31, "messages": said, "fresh": said, "trouble": "",
    }  # fmt: skip
    assert stored(stage) == ["backfill"] * said
    await stage.settle()
    lead = await stage.person("lead")
    assert await lead.sees("waiting") == []
    assert stage.wire.sends == 0


async def test_a_session_over_midnight_is_heard_from_its_first_word_to_its_answer(stage: Stage) -> None:
    customer, world = stage.customer("pasted", 1), stage.simulator.world
    shop = world.shops[stage.shops["pasted"]]
    asked_at = datetime(2026, 6, 1, 15, 58, tzinfo=UTC)  # two minutes to the shop's midnight
    stage.clock.set(asked_at)
    said = customer.writes("这件什么时候发货")
    stage.clock.advance(Seconds(150))
    answer = Said(
        "answer",
        said.sid,
        said.customer,
        "waiter1",
        by_waiter=True,
        content="明天发货",
        at=stage.clock.now(),
    )
    world.record(shop, answer)
    stage.clock.advance(Seconds(2 * DAY))
    owner = await owner_of(stage)
    await asked(stage, owner)
    await stage.worker.rounds.backfiller.work()
    await stage.settle()
    figures = sa.select(session_figures).where(session_figures.c.shop == stage.shops["pasted"])
    [row] = [each for each in stage.rows(figures) if each.opened_at >= int(asked_at.timestamp() * 1000)]
    assert (row.opened_at, row.first_by, row.first_response_ms) == (int(asked_at.timestamp() * 1000), "human", 150_000)
    opened = await owner.opens(row.conversation)
    assert [each["text"] for each in opened["messages"]] == ["这件什么时候发货", "明天发货"]


async def test_days_the_platform_keeps_no_longer_are_told_and_the_others_come_in(stage: Stage) -> None:
    await talked(stage)
    owner, since = await owner_of(stage), stage.clock.now() - timedelta(days=MOST_DAYS - 5)
    said = [each for each in stage.simulator.world.shops[stage.shops["pasted"]].said() if each.at >= since]
    await asked(stage, owner, MOST_DAYS)
    plants(stage, quota_spent=999)
    await stage.worker.rounds.backfiller.work()
    plants(stage, quota_spent=0)
    stage.clock.advance(Seconds(4 * DAY))
    await stage.worker.rounds.backfiller.work()
    done = await state(stage, await stage.person("owner"))
    assert (done["state"], done["trouble"], done["fresh"]) == ("done", "backfill_too_old", len(said))


async def test_what_customers_said_of_the_past_comes_in_with_it(stage: Stage) -> None:
    await talked(stage)
    shop = stage.simulator.world.shops[stage.shops["pasted"]]
    of = shop.sessions[-1]
    shop.verdicts = [Verdict(of.customer, of.waiter, "满意", 4, of.last + timedelta(minutes=1), of.sid)]
    owner = await owner_of(stage)
    await asked(stage, owner)
    await stage.worker.rounds.backfiller.work()
    with stage.house.reading.connect() as connection:
        [kept] = connection.execute(sa.select(evaluation).where(evaluation.c.shop == stage.shops["pasted"]))
    assert kept.conversation
    assert stage.happened(kept.conversation)[-1] == "SessionRated"


async def test_asked_again_it_adds_nothing_and_live_words_are_not_brought_in_twice(stage: Stage) -> None:
    said = await talked(stage)
    stage.customer("pasted").writes("还在吗")
    stage.clock.advance(Seconds(60))
    await stage.polls("pasted", stage.clock.now() - timedelta(minutes=5))
    live = len(stored(stage))
    assert live == 1
    owner = await owner_of(stage)
    for fresh in (said, 0):
        await asked(stage, owner)
        await stage.worker.rounds.backfiller.work()
        assert (await state(stage, owner))["fresh"] == fresh
    assert sorted(set(stored(stage))) == ["backfill", "simulated"]
    assert len(stored(stage)) == said + live


async def test_a_day_that_was_missed_while_the_line_was_away_comes_in_and_nothing_twice(stage: Stage) -> None:
    shop, lines = stage.shops["digital"], stage.house.lines.by_shop
    await stage.customer("digital").says("接入之后说的话")
    await stage.settle()
    world = stage.simulator.world
    pushed = next(each for each in stage.customer("digital").said() if each.content == "接入之后说的话")
    world.record(world.shops[shop], replace(pushed, mid="another-id-in-its-history"))
    stage.clock.advance(DAY)
    line, stage.wire.away = lines.pop(shop), True
    missed = [stage.customer("digital", place) for place in (1, 2)]
    for each in missed:
        each.writes("断线时说的话")
        stage.clock.advance(Seconds(3600))
    await stage.simulator.courier.settle()
    stage.clock.advance(DAY)
    lines[shop], stage.wire.away = line, False
    owner = await owner_of(stage)
    answer = await owner.http.post(path(stage, "digital"), json={"days": 3})
    assert answer.status_code == 201, answer.text
    await stage.worker.rounds.backfiller.work()
    said = [each["text"] for each in await everything(stage, owner, shop)]
    assert sorted(each for each in said if each in {"断线时说的话", "接入之后说的话"}) == [
        "接入之后说的话", "断线时说的话", "断线时说的话",
    ]  # fmt: skip


async def everything(stage: Stage, who: Person, shop: str) -> list[dict[str, Any]]:
    ids = stage.rows(sa.select(store.conversation.c.id).where(store.conversation.c.shop == shop))
    return [each for row in ids for each in (await who.opens(row.id))["messages"]]


async def test_it_goes_on_after_an_end_in_the_middle(stage: Stage) -> None:
    said = await talked(stage, days=4)
    owner = await owner_of(stage)
    await asked(stage, owner)
    worker = stage.worker.rounds.backfiller
    half_way = asyncio.create_task(worker.work())
    while not (await state(stage, owner))["messages"]:
        assert not half_way.done()
    half_way.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await half_way
    assert 0 < (await state(stage, owner))["done"] + 1 < 31
    assert await worker.work() == 0, "another process may still be at it"
    stage.clock.advance(Seconds(601))
    await worker.work()
    done = await state(stage, owner)
    assert (done["state"], done["fresh"], len(stored(stage))) == ("done", said, said)


@pytest.mark.parametrize(
    ("fault", "trouble", "waits"),
    [
        ("busy", "platform_away", timedelta(minutes=2)),
        ("quota_spent", "quota_used", None),
        ("failures_inside", "platform_refused", timedelta(minutes=10)),
        ("repeated_pages", "page_repeats", timedelta(minutes=2)),
    ],
    ids=["busy", "quota spent", "a failure inside a 200", "a page again and again"],
)
async def test_what_stands_in_the_way_is_told_and_waited_for(stage: Stage, fault, trouble, waits) -> None:
    await talked(stage)
    said = len(talks_on(stage))
    owner = await owner_of(stage)
    await asked(stage, owner)
    plants(stage, **{fault: 999})
    await stage.worker.rounds.backfiller.work()
    waiting = await state(stage, owner)
    assert (waiting["state"], waiting["trouble"]) == ("running", trouble)
    until = datetime.fromisoformat(waiting["notBefore"])
    if waits is None:
        assert until.astimezone(CHINA).time().isoformat() == "00:00:00"
    else:
        assert until == stage.clock.now() + waits
    plants(stage, **{fault: 0})
    assert await stage.worker.rounds.backfiller.work() == 0, "it waits"
    stage.clock.set(until)
    await stage.worker.rounds.backfiller.work()
    done = await state(stage, await stage.person("owner"))
    assert (done["state"], done["trouble"], done["fresh"], len(stored(stage))) == ("done", "", said, said)


class Slow:
    """A line to a shop so busy that a day of it takes long to read."""

    def __init__(self, line: Channel) -> None:
        self._line = line
        self.capabilities = frozenset({Capability.READ_HISTORY})
        self.asked, self.go = asyncio.Event(), asyncio.Event()

    async def poll(self, since: datetime, until: datetime) -> list[Inbound]:
        self.asked.set()
        await self.go.wait()
        return await self._line.poll(since, until)

    async def close(self) -> None:
        await self._line.close()


class Unforeseen(Slow):
    """A line whose answer nobody foresaw."""

    async def poll(self, since: datetime, until: datetime) -> list[Inbound]:
        return [cast("dict[str, Inbound]", {})["chat"]]


async def test_a_fault_nobody_foresaw_is_told_and_tried_again(stage: Stage) -> None:
    said, owner, lines = await talked(stage), await owner_of(stage), stage.house.lines.by_shop
    await asked(stage, owner)
    whole = lines[stage.shops["pasted"]]
    lines[stage.shops["pasted"]] = cast("Channel", Unforeseen(whole))
    worker = stage.worker.rounds.backfiller
    for _again in range(2):
        with pytest.raises(KeyError):
            await worker.work()
        stage.clock.advance(Seconds(601))
    assert (await state(stage, owner))["trouble"] == "backfill_cut_off"
    lines[stage.shops["pasted"]] = whole
    await worker.work()
    done = await state(stage, owner)
    assert (done["state"], done["trouble"], done["fresh"]) == ("done", "", said)


async def test_a_token_that_expires_in_the_middle_is_renewed_and_nothing_is_missed(stage: Stage) -> None:
    said = await talked(stage)
    owner = await owner_of(stage)
    await asked(stage, owner)
    plants(stage, calls_before_expiry=7)
    await stage.worker.rounds.backfiller.work()
    assert (await state(stage, owner))["fresh"] == said


async def test_a_token_refused_for_good_is_waited_for_and_the_shop_connected_again_goes_on(stage: Stage) -> None:
    said, owner, shop = await talked(stage), await owner_of(stage), stage.shops["pasted"]
    begun = await asked(stage, owner)
    simulated = stage.simulator.world.shops[shop]
    plants(stage, calls_before_expiry=7)
    simulated.refresh_token = "withdrawn"  # what the platform does when a seller takes the right back
    await stage.worker.rounds.backfiller.work()
    assert (await state(stage, owner))["trouble"] == "authorise_again"
    settings = {"vender_id": simulated.seed.vender_id, "app_key": "tests", "app_secret": "s", "access_token": "anew"}
    answer = await owner.http.put("/api/connections/" + shop, json={"settings": settings})
    assert answer.status_code == 200, answer.text
    simulated.access_token = simulated.seed.access_token
    stage.house.lines.by_shop[shop] = stage._line("pasted")
    assert await stage.worker.rounds.backfiller.work() == 0, "nobody told it yet"
    await stage.settle()
    await stage.worker.rounds.backfiller.work()
    done = await state(stage, owner)
    assert (done["id"], done["state"], done["fresh"], len(stored(stage))) == (begun["id"], "done", said, said)


@pytest.mark.parametrize("stopped", [False, True], ids=["read to its end", "stopped"])
async def test_a_long_read_keeps_its_lease_and_hears_that_it_was_stopped(stage: Stage, *, stopped: bool) -> None:
    said, owner, lines = await talked(stage), await owner_of(stage), stage.house.lines.by_shop
    begun = await asked(stage, owner)
    slow = Slow(lines[stage.shops["pasted"]])
    lines[stage.shops["pasted"]] = cast("Channel", slow)
    patient = replace(stage.worker.rounds.backfiller, beat=0.01)
    reading = asyncio.create_task(patient.work())
    await slow.asked.wait()
    for _ in range(0 if stopped else 3):
        stage.clock.advance(Seconds(360))
        await asyncio.sleep(0.1)
        assert await stage.worker.rounds.backfiller.work() == 0, "the first still reads"
    if stopped:
        answer = await owner.http.post(path(stage, rest=f"/{begun['id']}/stop"))
        assert answer.status_code == 200, answer.text
    else:
        slow.go.set()
    assert await reading == (0 if stopped else said)
    assert (await state(stage, owner))["state"] == ("stopped" if stopped else "done")


async def test_shops_have_their_turns_a_few_days_each(stage: Stage) -> None:
    owner, lines, asked_for = await owner_of(stage), stage.house.lines.by_shop, list[str]()
    for name in ("pasted", "direct"):
        line = lines[stage.shops[name]]

        class Watched(Slow):
            async def poll(self, since: datetime, until: datetime, name: str = name) -> list[Inbound]:
                asked_for.append(name)
                return await self._line.poll(since, until)

        lines[stage.shops[name]] = cast("Channel", Watched(line))
        answer = await owner.http.post(path(stage, name), json={"days": 7})
        assert answer.status_code == 201, answer.text
    await stage.worker.rounds.backfiller.work()
    assert asked_for == ["pasted"] * 5 + ["direct"] * 5 + ["pasted"] * 3 + ["direct"] * 3


async def test_a_shop_without_a_line_waits_for_one_and_goes_on_when_told(stage: Stage) -> None:
    said = await talked(stage)
    owner = await owner_of(stage)
    begun = await asked(stage, owner)
    line = stage.house.lines.by_shop.pop(stage.shops["pasted"])
    await stage.worker.rounds.backfiller.work()
    assert (await state(stage, owner))["trouble"] == "line_none"
    stage.house.lines.by_shop[stage.shops["pasted"]] = line
    told = await owner.http.post(path(stage, rest=f"/{begun['id']}/go-on"))
    assert told.status_code == 200, told.text
    assert await stage.worker.rounds.backfiller.work() == said


async def test_it_is_stopped_once_and_one_runs_at_a_time(stage: Stage) -> None:
    await talked(stage)
    owner = await owner_of(stage)
    begun = await asked(stage, owner)
    again = await owner.http.post(path(stage), json={"days": 7})
    assert (again.status_code, again.json()["code"]) == (409, "backfill_running")
    stopped = await owner.http.post(path(stage, rest=f"/{begun['id']}/stop"))
    assert stopped.json()[0]["state"] == "stopped"
    assert await stage.worker.rounds.backfiller.work() == 0
    for deed in ("stop", "go-on"):
        again = await owner.http.post(path(stage, rest=f"/{begun['id']}/{deed}"))
        assert (again.status_code, again.json()["code"]) == (409, "backfill_ended")
    far = await owner.http.post(path(stage), json={"days": MOST_DAYS + 1})
    assert (far.status_code, far.json()["code"]) == (400, "backfill_days")


async def test_no_other_organisation_asks_or_learns_of_it(stage: Stage) -> None:
    owner = await owner_of(stage)
    begun = await asked(stage, owner)
    stranger = await stage.person("stranger")
    await with_second_factor(stranger, PASSWORD)

    async def refused(answer: httpx.Response) -> None:
        assert answer.status_code == 404
        assert answer.json()["code"] == "shop_gone"

    await refused(await stranger.http.get(path(stage)))
    await refused(await stranger.http.post(path(stage), json={"days": 7}))
    for what in ("stop", "go-on"):
        await refused(await stranger.http.post(path(stage, rest=f"/{begun['id']}/{what}")))
        other = await stranger.http.post(path(stage, "foreign", f"/{begun['id']}/{what}"))
        assert (other.status_code, other.json()["code"]) == (404, "backfill_gone")
