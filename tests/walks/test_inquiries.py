"""What a consult led to: who asked before buying and ordered within the shop's window counts for whom they asked."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from huiyin.insight.store import inquiry
from huiyin.kernel.units import Seconds
from huiyin.outcomes import store
from huiyin.simulator.world import Shop as SimulatedShop
from huiyin.simulator.world import SimOrder
from huiyin.wiring import scrub

from .codes import with_second_factor
from .founding import PASSWORD
from .stage import Customer, Person, Stage
from .test_outcomes import served, values, world

HOUR = Seconds(3700)


@pytest.fixture
async def owner(stage: Stage) -> Person:
    person = await stage.person("owner")
    await with_second_factor(person, PASSWORD)
    return person


def newcomer(stage: Stage, place: int = 0) -> Customer:
    """Return somebody who never bought anything."""
    customer, shop = stage.customer(place=place), world(stage)
    shop.orders = {number: each for number, each in shop.orders.items() if each.pin != customer.pin}
    return customer


def buys(stage: Stage, customer: Customer, number: str, *, sku: int = 0) -> SimOrder:
    shop = world(stage)
    order = SimOrder(
        number, customer.pin, "WAIT_SELLER_STOCK_OUT", [(shop.skus[sku], 1)], stage.clock.now(), None, None, "", []
    )
    shop.orders[number] = order
    return order


def cancels(shop: SimulatedShop, order: SimOrder, stage: Stage) -> None:
    order.state, order.finished = "TRADE_CANCELED", stage.clock.now()
    shop.orders[order.order_id] = order


async def reads(stage: Stage, after: Seconds = HOUR) -> None:
    """Let an hour pass; orders are read, and consults worked out."""
    stage.clock.advance(after)
    await stage.worker.rounds.outcomes.read()
    await stage.settle()
    while await stage.worker.rounds.inquirer.work():
        pass


async def share(owner: Person, stage: Stage) -> tuple[object, object, object]:
    found = (await values(owner, stage))["inquiry_conversion"]
    return found["part"], found["whole"], found["why"]


async def test_who_asks_and_then_orders_counts_and_who_bought_before_is_no_inquirer(
    stage: Stage, owner: Person
) -> None:
    assert await share(owner, stage) == (None, None, "orders_not_kept")
    buyer, looker, owns_one = newcomer(stage, 0), newcomer(stage, 1), stage.customer(place=2)
    for each in (buyer, looker, owns_one):
        await served(stage, each)
    order = buys(stage, buyer, "900000000001")
    await reads(stage)
    assert await share(owner, stage) == (1, 2, "")
    rows = stage.rows(sa.select(inquiry).where(inquiry.c.person == ""))
    assert sorted((row.presale, row.converted) for row in rows) == [(False, False), (True, False), (True, True)]
    agents = [row.person for row in stage.rows(sa.select(inquiry).where(inquiry.c.converted, inquiry.c.person != ""))]
    assert agents == [(await stage.person("lin")).id]
    cancels(world(stage), order, stage)
    await reads(stage)
    assert await share(owner, stage) == (0, 2, ""), "cancelled within fifteen days"


async def test_an_order_after_the_window_counts_for_nobody(stage: Stage, owner: Person) -> None:
    late = newcomer(stage)
    await served(stage, late)
    stage.clock.advance(Seconds(timedelta(hours=24).total_seconds()))
    buys(stage, late, "900000000002")
    await reads(stage)
    rows = stage.rows(sa.select(inquiry.c.converted).where(inquiry.c.person == ""))
    assert [row.converted for row in rows] == [False]


async def test_only_orders_of_customers_who_wrote_are_kept_and_they_go_with_them(stage: Stage) -> None:
    customer = newcomer(stage)
    await served(stage, customer)
    buys(stage, customer, "900000000003")
    assert len(world(stage).orders) > 1, "others buy here, too"
    await reads(stage)
    orders = store.placed_order.c
    rows = stage.rows(sa.select(store.placed_order).where(orders.shop == stage.shops["digital"]))
    [kept] = [each for each in rows if not each.customer.startswith(store.UNNAMED)]
    assert kept.number == "900000000003"
    told = {each.pin for each in world(stage).orders.values()} | set(world(stage).orders) - {kept.number}
    others = [each for each in rows if each is not kept]
    assert others, "that others bought is known, and not who or what"
    assert not [each for each in told if each in str(others)]
    assert {each.skus for each in others} == {""}
    await stage.house.writer.do(scrub, stage.house.ring, kept.tenant, kept.customer)
    stage.clock.advance(Seconds(32 * 86_400))
    await reads(stage)
    assert stage.rows(sa.select(store.placed_order)) == []


async def test_the_agent_who_spoke_of_the_goods_has_the_order_and_not_the_last_one(stage: Stage) -> None:
    customer, shop = newcomer(stage), world(stage)
    await customer.says("这个怎么样", "sku", sku_id=shop.skus[0].sku_id)
    for login in ("lin", "mei"):
        await customer.says("在吗")
        await stage.settle()
        agent = await stage.agent(login)
        await agent.takes_over(customer.conversations[-1])
        await agent.sends(customer.conversations[-1], "在的，请讲。")
        await stage.settle()
        await agent.closes(customer.conversations[-1])
        stage.clock.advance(Seconds(1200))
    buys(stage, customer, "900000000004", sku=0)
    await reads(stage)
    won = stage.rows(sa.select(inquiry.c.person).where(inquiry.c.converted, inquiry.c.person != ""))
    assert [row.person for row in won] == [(await stage.person("lin")).id]


async def test_what_was_worked_out_once_is_left_alone_and_costs_two_looks(stage: Stage) -> None:
    customer = newcomer(stage)
    await served(stage, customer)
    buys(stage, customer, "900000000005")
    await reads(stage)
    assert await stage.worker.rounds.inquirer.work() == 0
