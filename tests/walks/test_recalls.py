"""A message and its recall in whatever order they reach us: the message ends marked, once."""

import itertools

import pytest
import sqlalchemy as sa

from huiyin.conversations import store
from huiyin.conversations.source_keys import keyed
from huiyin.kernel.units import Seconds
from huiyin.simulator.world import Said

from .stage import Customer, Stage


async def delivered(stage: Stage, *said: Said, shop: str = "digital", carried: bool = True) -> None:
    """Deliver in this order, in one delivery, and let the house react, unless it has no time to."""
    world = stage.simulator.world.shops[stage.shops[shop]]
    body = stage.simulator.courier.body(world, list(said))
    answer = await stage.client().post(f"/hooks/jd/{stage.shops[shop]}", content=body)
    assert answer.status_code == 200, answer.text
    if carried:
        await stage.worker.carry()


async def marks(stage: Stage, customer: Customer) -> list[tuple[str, list[str]]]:
    lead = await stage.person("lead")
    shown = await lead.opens(customer.conversation)
    return [(each["text"], each["flags"]) for each in shown["messages"] if each["sender"] == "customer"]


@pytest.fixture
def taken_back(stage: Stage, customer: Customer) -> tuple[Said, Said]:
    stage.simulator.courier.push = lambda *_: None  # delivered by hand
    return customer.writes("我不要了"), customer.writes(mt="recall")


ORDERS = sorted({*itertools.permutations("mrr"), *itertools.permutations("mmrr")})


@pytest.mark.parametrize("together", [True, False], ids=["one delivery", "one by one"])
@pytest.mark.parametrize("order", ORDERS, ids="".join)
async def test_a_recall_is_never_lost(
    stage: Stage, customer: Customer, taken_back: tuple[Said, Said], order: tuple[str, ...], together: bool
) -> None:
    way = [taken_back[each == "r"] for each in order]
    for batch in [way] if together else [[each] for each in way]:
        await delivered(stage, *batch)
    assert await marks(stage, customer) == [("我不要了", ["recalled"])]
    assert stage.happened(customer.conversation).count("MessageRecalled") == 1
    assert stage.rows(sa.select(store.early_recall)) == []


async def test_a_recall_told_again_before_the_house_came_to_the_first_marks_once(
    stage: Stage, customer: Customer, taken_back: tuple[Said, Said]
) -> None:
    message, recall = taken_back
    for each in (recall, message, recall):
        await delivered(stage, each, carried=False)
    await stage.worker.carry()
    assert await marks(stage, customer) == [("我不要了", ["recalled"])]
    assert stage.happened(customer.conversation).count("MessageRecalled") == 1
    assert stage.rows(sa.select(store.early_recall)) == []


async def test_a_recall_marks_its_own_message_and_no_other(
    stage: Stage, customer: Customer, taken_back: tuple[Said, Said]
) -> None:
    message, recall = taken_back
    other = customer.writes("换个颜色")
    await delivered(stage, recall)
    await delivered(stage, other)
    assert await marks(stage, customer) == [("换个颜色", [])]
    await delivered(stage, message)
    assert dict(await marks(stage, customer)) == {"换个颜色": [], "我不要了": ["recalled"]}


async def test_many_early_recalls_mark_their_messages_in_one_turn(stage: Stage) -> None:
    stage.simulator.courier.push = lambda *_: None
    customers = [stage.customer(place=place) for place in range(3)]
    said = [[each.writes("我不要了"), each.writes(mt="recall")] for each in customers]
    await delivered(stage, *(recall for _, recall in said))
    await delivered(stage, *(message for message, _ in said))
    for each in customers:
        assert await marks(stage, each) == [("我不要了", ["recalled"])]


async def test_another_shops_message_of_the_same_id_is_not_marked(stage: Stage, taken_back: tuple[Said, Said]) -> None:
    message, recall = taken_back
    buyer = stage.customer("direct")
    theirs = Said(message.mid, "", buyer.pin, "", by_waiter=False, content="在吗", at=stage.clock.now())
    await delivered(stage, recall)
    await delivered(stage, theirs, shop="direct")
    assert await marks(stage, buyer) == [("在吗", [])]


async def test_a_recall_whose_message_never_comes_is_forgotten_after_a_week(
    stage: Stage, customer: Customer, taken_back: tuple[Said, Said]
) -> None:
    _, recall = taken_back
    await delivered(stage, recall)
    stage.clock.advance(Seconds(7 * 86400 + 1))
    assert len(stage.rows(sa.select(store.early_recall))) == 1
    later = customer.writes("又不要了")
    await delivered(stage, customer.writes(mt="recall"))
    kept = stage.rows(sa.select(store.early_recall.c.source_key))
    assert [each.source_key.endswith(keyed(stage.house.ring, later.mid)) for each in kept] == [True]
