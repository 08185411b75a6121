"""Customers talk as scripted, push in order, react to what comes back, and leave."""

import asyncio
from random import Random

import msgspec
import pytest

from huiyin.security.masking import mask
from huiyin.simulator.faults import Faults
from huiyin.simulator.scenarios import (
    Scenario,
    State,
    Wording,
    check_scenario,
    load_manners,
    load_scenarios,
    reactions_of,
)  # fmt: skip
from huiyin.simulator.visits import Cast, Line, Visit
from huiyin.simulator.world import Said

from .rig import NOON, Rig

SCENARIOS = load_scenarios()
ADDRESS = "/hooks/jd/jd-digital"


def test_there_are_many_scenarios_on_all_that_customers_ask() -> None:
    assert len(SCENARIOS) >= 40
    assert all(len(scenario.openers) >= 2 for scenario in SCENARIOS)
    topics = {scenario.topic for scenario in SCENARIOS}
    wanted = {
        "售前",
        "库存",
        "价保",
        "物流",
        "催发货",
        "退货",
        "换货",
        "发票",
        "优惠券",
        "PLUS",
        "少件",
        "坏果",
    }
    assert wanted | {"投诉", "辱骂", "闲聊", "要人工", "表情", "改地址", "联系方式"} <= topics


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.id)
def test_every_scenario_plays_to_an_end_whatever_comes_back(scenario: Scenario) -> None:
    shop = Rig().world.shops["jd-fresh" if scenario.shop == "fresh" else "jd-digital"]
    orders = [order for order in shop.orders.values() if scenario.about in ("", order.state)]
    cast = Cast(shop.customers[orders[0].pin], shop.skus[0], orders[0])
    for seed in range(30):
        chance = Random(seed)  # repeatable
        visit = Visit(scenario, cast, load_manners(), chance)
        turn = visit.open()
        assert turn.lines
        for _ in range(60):
            if turn.over:
                break
            came = chance.randrange(3)
            turn = visit.wait_in_vain() if came == 0 else visit.hear("您可以在我的订单里申请", bot=came == 1)
            assert not any("{" in line.text or "[[" in line.text for line in turn.lines)
        assert turn.over, scenario.id


def said(scenario: Scenario, wording: Wording) -> list[str]:
    """Return what a customer of a digital shop, in whose order the scenario is about, says in these words."""
    shop = Rig().world.shops["jd-digital"]
    order = next(order for order in shop.orders.values() if scenario.about in ("", order.state))
    one = msgspec.structs.replace(scenario, openers=[wording])
    visit = Visit(one, Cast(shop.customers[order.pin], shop.skus[0], order), load_manners(), Random(1))  # repeatable
    return [line.text for line in visit.open().lines]


def test_whoever_looks_at_the_demo_for_a_minute_sees_something_masked() -> None:
    """One visit in six opens with personal data, of all the kinds a desk deals with every day."""
    kinds: set[str] = set()
    fitting = [scenario for scenario in SCENARIOS if scenario.shop in ("any", "digital")]
    masked = 0.0
    for scenario in fitting:
        openers = [mask("\n".join(said(scenario, wording))).spans for wording in scenario.openers]
        kinds.update(span.kind for spans in openers for span in spans)
        masked += scenario.weight * sum(map(bool, openers)) / len(openers)
    assert masked / sum(scenario.weight for scenario in fitting) > 1 / 6
    assert kinds >= {"phone", "address", "name", "wechat", "email", "code"}


TYPED = ("songguo", "xiaomanma", "taohua", "caiwu.lin", "663801", "520918")
CONTACTS = [each for each in SCENARIOS if each.id.startswith("contact-")]


@pytest.mark.parametrize("scenario", CONTACTS, ids=lambda scenario: scenario.id)
def test_what_customers_leave_of_themselves_is_masked_wherever_they_say_it(scenario: Scenario) -> None:
    reactions = [reaction for state in scenario.states.values() for reaction in reactions_of(state)]
    left = []
    for wording in [*scenario.openers, *(each for reaction in reactions for each in reaction.say)]:
        before = shown = ""
        for line in said(scenario, wording):
            shown += mask(line, before).text
            before += line + "\n"
        left += [shown for secret in (*said(scenario, "{phone}"), *said(scenario, "{address}")) if secret in shown]
        left += [shown for secret in TYPED if secret in shown]
    assert left == []


def test_bot_human_and_silence_are_met_differently() -> None:
    scenario = next(scenario for scenario in SCENARIOS if scenario.id == "want-person")
    shop = Rig().shop
    cast = Cast(next(iter(shop.customers.values())), shop.skus[0], None)
    own = {line for wording in scenario.states["start"].bot.say for line in [wording]}  # type: ignore[union-attr]  # written
    visit = Visit(scenario, cast, load_manners(), Random(1))  # repeatable
    visit.open()
    assert visit.hear("亲，请描述问题", bot=True).lines[0].text in own
    assert visit.state == "start"
    visit.hear("您好，人工客服为您服务", bot=False)
    assert visit.state == "asked"
    assert not visit.wait_in_vain().over
    assert not visit.wait_in_vain().over
    assert visit.wait_in_vain().over


@pytest.mark.parametrize(
    "states",
    [
        {},
        {"start": {}},
        {"start": {"bot": {"go": "nowhere"}}},
        {"start": {"bot": {"end": "later"}}},
    ],
    ids=["no start", "reacts to nobody", "goes nowhere", "unknown end"],
)
def test_a_scenario_that_cannot_end_is_refused_on_load(states: dict[str, object]) -> None:
    scenario = Scenario("x", "x", ["在吗"], msgspec.convert(states, dict[str, State]))
    with pytest.raises(ValueError, match="x"):
        check_scenario(scenario)


@pytest.mark.asyncio
async def test_a_message_is_pushed_signed_to_the_shops_hook(rig: Rig) -> None:
    pin = next(iter(rig.shop.customers))
    rig.simulator.crowd.say(rig.shop, pin, Line("text", "在吗"))
    await rig.simulator.courier.settle()
    assert rig.hook.paths == [ADDRESS]
    (pushed,) = rig.hook.messages
    assert (pushed["customer"], pushed["content"], pushed["waiterSend"]) == (pin, "在吗", False)
    assert pushed["mid"]
    assert pushed["sid"]


@pytest.mark.asyncio
@pytest.mark.parametrize("failures", [[503], [429, 429], [None, 500, None]], ids=["busy", "limited", "down"])
async def test_a_hook_that_fails_gets_everything_later_in_order(rig: Rig, failures: list[int | None]) -> None:
    rig.hook.answers = list(failures)
    pin = next(iter(rig.shop.customers))
    words = [f"第{place}句" for place in range(5)]
    for word in words:
        rig.simulator.crowd.say(rig.shop, pin, Line("text", word))
    await rig.simulator.courier.settle()
    assert rig.hook.contents() == words


@pytest.mark.asyncio
async def test_a_delivery_refused_for_good_is_dropped_and_counted(rig: Rig) -> None:
    rig.hook.answers = [400]
    pin = next(iter(rig.shop.customers))
    for word in ("一", "二"):
        rig.simulator.crowd.say(rig.shop, pin, Line("text", word))
    await rig.simulator.courier.settle()
    assert rig.hook.contents() == ["二"]
    assert rig.simulator.courier.refused == 1


@pytest.mark.asyncio
@pytest.mark.parametrize(
    "faults",
    [
        Faults(duplicates=1.0),
        Faults(reordering=0.5),
        Faults(late=0.5),
        Faults(duplicates=0.5, reordering=0.5),
    ],
    ids=["duplicates", "reordering", "late", "both"],
)
async def test_mischief_loses_nothing(faults: Faults) -> None:
    rig = Rig(faults=faults)
    pin = next(iter(rig.shop.customers))
    words = [f"第{place}句" for place in range(20)]
    for word in words:
        rig.simulator.crowd.say(rig.shop, pin, Line("text", word))
    await rig.simulator.courier.settle()
    assert set(rig.hook.contents()) == set(words)
    assert rig.hook.contents() != words


@pytest.mark.asyncio
async def test_a_recall_names_the_message_it_takes_back() -> None:
    rig = Rig(faults=Faults(recalls=1.0))
    rig.simulator.crowd.visit(rig.shop, "praise")
    await rig.simulator.crowd.settle()
    await rig.simulator.courier.settle()
    recalls = [message for message in rig.hook.messages if message["mt"] == "recall"]
    assert recalls
    assert {recall["recallOf"] for recall in recalls} <= {message["mid"] for message in rig.hook.messages}


@pytest.mark.asyncio
async def test_visits_answered_by_people_end_and_leave_a_session_to_poll() -> None:
    rig = Rig(pace=3000.0)

    def answer(pushed: dict[str, object]) -> None:
        said = Said(
            f"r{pushed['mid']}",
            "",
            str(pushed["customer"]),
            "客服01",
            by_waiter=True,
            content="好的",
            at=NOON,
        )
        rig.simulator.crowd.heard(rig.shop, rig.world.record(rig.shop, said))

    rig.hook.on_message = answer
    for _ in range(25):
        assert rig.simulator.crowd.visit(rig.shop) is not None
    await rig.simulator.crowd.settle()
    assert rig.simulator.crowd.visits_ended == 25
    await rig.simulator.courier.settle()
    pushed = {str(message["mid"]) for message in rig.hook.messages}
    assert pushed <= {said.mid for said in rig.shop.said()}


@pytest.mark.asyncio
async def test_customers_nobody_answers_leave_by_themselves(rig: Rig) -> None:
    for _ in range(10):
        rig.simulator.crowd.visit(rig.shop)
    async with asyncio.timeout(20):
        await rig.simulator.crowd.settle()
    assert rig.simulator.crowd.visits_ended == 10
