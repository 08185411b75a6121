"""What the platform tells of a session afterwards: kept once, joined to the session, counted, never in the clear."""

from dataclasses import replace
from datetime import timedelta

import msgspec
import pytest
import sqlalchemy as sa

from huiyin.channels.jd import JdChannel, MemoryTokenStore
from huiyin.channels.jd.settings import GatewayName
from huiyin.kernel.actors import Actor, ActorKind
from huiyin.kernel.clock import to_ms
from huiyin.kernel.ids import ShopId, TenantId
from huiyin.kernel.units import Seconds
from huiyin.outcomes import store
from huiyin.outcomes.model import Move, Stretch, degree_of, stretches
from huiyin.outcomes.views import presence
from huiyin.simulator.world import Move as Moved
from huiyin.simulator.world import Shop as SimulatedShop
from huiyin.simulator.world import Verdict
from huiyin.wiring import scrub

from .codes import with_second_factor
from .founding import PASSWORD
from .stage import Customer, Person, Stage

PATH = "/api/reports"
TODAY = {"since": "2026-06-01", "until": "2026-06-01"}
HOUR = Seconds(3700)


@pytest.fixture
async def owner(stage: Stage) -> Person:
    person = await stage.person("owner")
    await with_second_factor(person, PASSWORD)
    return person


def world(stage: Stage) -> SimulatedShop:
    return stage.simulator.world.shops[stage.shops["digital"]]


async def served(stage: Stage, customer: Customer) -> str:
    """Let an agent answer a customer and end the session; return it."""
    await customer.says("在吗")
    await stage.settle()
    agent = await stage.agent()
    await agent.takes_over(customer.conversation)
    await agent.sends(customer.conversation, "在的，请讲。")
    await stage.settle()
    await agent.closes(customer.conversation)
    stage.clock.advance(Seconds(60))
    return customer.conversation


def judges(stage: Stage, customer: Customer, label: str, score: int) -> None:
    said = customer.said()[-1]
    world(stage).verdicts.append(
        Verdict(
            customer.pin,
            world(stage).seed.main_waiter,
            label,
            score,
            stage.clock.now() - timedelta(seconds=1),
            said.sid,
        )
    )


def through_sp(stage: Stage) -> None:
    """Connect the shop through SP-API alone."""
    shop = stage.shops["digital"]
    line = stage.house.lines.by_shop[shop]
    assert isinstance(line, JdChannel)
    settings = msgspec.structs.replace(
        line._settings, gateways=(GatewayName.SP_API, GatewayName.JOS), sp_url="http://127.0.0.1:8790/rest"
    )
    stage.house.lines.by_shop[shop] = JdChannel(settings, stage.clock, store=MemoryTokenStore(), post=line._post)


async def values(who: Person, stage: Stage, **query: str) -> dict[str, dict[str, object]]:
    report = await who.get(PATH, shop=stage.shops["digital"], **(query or TODAY))
    return {each["key"]: each for each in report["figures"]}


@pytest.mark.parametrize("gateway", ["jos", "sp-api"])
async def test_a_verdict_is_kept_once_joined_to_its_session_and_counted(
    stage: Stage, owner: Person, customer: Customer, gateway: str
) -> None:
    conversation = await served(stage, customer)
    if gateway == "sp-api":
        through_sp(stage)
    assert (await values(owner, stage))["rated_share"]["why"] == "no_evaluations"
    judges(stage, customer, "满意", 4)
    reader = stage.worker.rounds.outcomes
    assert await reader.read() > 0
    await stage.settle()
    found = await values(owner, stage)
    assert (found["satisfaction"]["value"], found["satisfaction"]["whole"]) == (1, 1)
    assert found["rated_share"]["value"] == 1
    rows = await owner.get(f"{PATH}/rows", figure="satisfaction", shop=stage.shops["digital"], **TODAY)
    assert [each["conversation"] for each in rows["rows"]] == [conversation]
    [kept] = stage.rows(sa.select(store.evaluation).where(store.evaluation.c.conversation == conversation))
    assert (kept.degree, kept.gateway, kept.score) == (4, gateway, "4")
    assert "满意".encode() not in kept.label_sealed
    before = len(stage.rows(sa.select(store.evaluation)))
    stage.clock.advance(HOUR)
    assert await reader.read() == 0, "what is told again is known"
    assert len(stage.rows(sa.select(store.evaluation))) == before
    assert stage.happened(conversation).count("SessionRated") == 1


async def test_both_gateways_tell_one_verdict(stage: Stage, customer: Customer) -> None:
    await served(stage, customer)
    judges(stage, customer, "非常不满意", 1)
    await stage.worker.rounds.outcomes.read()
    kept = stage.rows(sa.select(store.evaluation.c.id).where(store.evaluation.c.shop == stage.shops["digital"]))
    through_sp(stage)
    stage.clock.advance(HOUR)
    await stage.worker.rounds.outcomes.read()
    again = stage.rows(sa.select(store.evaluation.c.id).where(store.evaluation.c.shop == stage.shops["digital"]))
    assert sorted(again) == sorted(kept)


async def test_a_verdict_on_a_session_that_is_not_here_is_kept_and_counts_nowhere(stage: Stage, owner: Person) -> None:
    world(stage).verdicts = [Verdict("nobody-here", "w", "不满意", 2, stage.clock.now() - timedelta(minutes=1))]
    await stage.worker.rounds.outcomes.read()
    await stage.settle()
    [kept] = stage.rows(sa.select(store.evaluation).where(store.evaluation.c.shop == stage.shops["digital"]))
    assert (kept.conversation, kept.customer, kept.label_sealed) == ("", "", None)
    assert (await values(owner, stage))["satisfaction"]["value"] is None


async def test_a_platform_that_is_away_is_told_and_asked_again(stage: Stage, customer: Customer) -> None:
    await served(stage, customer)
    reader = stage.worker.rounds.outcomes
    stage.wire.away = True
    assert await reader.read() == 0
    marks = stage.rows(sa.select(store.mark).where(store.mark.c.kind == "evaluations"))
    assert {(each.trouble, each.lasting, each.until) for each in marks} == {("platform_away", False, None)}
    stage.wire.away = False
    assert await reader.read() == 0, "not before an hour is over"
    judges(stage, customer, "满意", 4)
    stage.clock.advance(HOUR)
    assert await reader.read() > 0
    marks = stage.rows(sa.select(store.mark).where(store.mark.c.kind == "evaluations"))
    assert {each.trouble for each in marks} == {""}
    report = await (await stage.person("owner")).get(PATH, shop=stage.shops["digital"], **TODAY)
    told = {each["kind"]: each for each in report["readings"]}
    assert told.keys() == {"evaluations", "after_sales", "comments", "orders", "presence"}
    assert told["evaluations"]["until"] == stage.clock.now().strftime("%Y-%m-%dT%H:%M:%SZ")


async def test_after_sales_cases_count_where_the_platform_tells_their_end(stage: Stage, owner: Person) -> None:
    begin = stage.clock.now() - timedelta(hours=6)
    case = replace(
        world(stage).cases[0], applied=begin, changed=begin + timedelta(hours=4), finished=begin + timedelta(hours=4)
    )
    world(stage).cases = [case]
    await stage.worker.rounds.outcomes.read()
    assert (await values(owner, stage))["after_sale_mean"]["why"] == "ends_not_told", "JOS tells no end"
    through_sp(stage)
    stage.clock.advance(HOUR)
    await stage.worker.rounds.outcomes.read()
    found = (await values(owner, stage))["after_sale_mean"]
    assert (found["value"], found["whole"], found["unit"]) == (4, 1, "hours")
    [kept] = stage.rows(sa.select(store.after_sale).where(store.after_sale.c.shop == stage.shops["digital"]))
    assert (kept.gateway, kept.refunded) == ("sp-api", None), "a finished case proves nothing about money"


async def test_presence_is_read_slot_by_slot_and_makes_stretches(stage: Stage) -> None:
    stage.clock.advance(Seconds(3 * 86_400))

    now = stage.clock.now()
    shop = world(stage)
    shop.moves = [
        Moved(shop.seed.main_waiter, "1", now - timedelta(minutes=40)),
        Moved(shop.seed.main_waiter, "2", now - timedelta(minutes=20)),
    ]
    await stage.worker.rounds.outcomes.read()
    moves = store.waiter_move
    kept = stage.rows(sa.select(moves.c.state).where(moves.c.shop == stage.shops["digital"]).order_by(moves.c.at))
    assert [each.state for each in kept] == ["1", "2"]
    stage.clock.advance(HOUR)
    await stage.worker.rounds.outcomes.read()
    assert len(stage.rows(sa.select(moves).where(moves.c.shop == stage.shops["digital"]))) == 2
    reader = Actor(ActorKind.PERSON, "p", "p", TenantId("t"), frozenset(), frozenset({ShopId(stage.shops["digital"])}))
    with stage.house.reading.connect() as connection:
        span = (stage.shops["digital"], to_ms(now - timedelta(hours=1)), to_ms(now))
        assert [each.state for each in presence(connection, *span, actor=reader)] == ["1", "2"]
        stranger = msgspec.structs.replace(reader, shops=frozenset())
        assert presence(connection, *span, actor=stranger) == []


async def test_a_customer_who_is_forgotten_leaves_no_words_behind(stage: Stage, customer: Customer) -> None:
    conversation = await served(stage, customer)
    judges(stage, customer, "不满意", 2)
    await stage.worker.rounds.outcomes.read()
    evaluation = store.evaluation
    [kept] = stage.rows(sa.select(evaluation).where(evaluation.c.conversation == conversation))

    counts = await stage.house.writer.do(scrub, stage.house.ring, kept.tenant, kept.customer)
    assert counts["evaluation"] == 1
    through_sp(stage)  # which names the session
    world(stage).verdicts[-1] = replace(world(stage).verdicts[-1], desc="非常满意", score=5)
    for _ in range(2):
        [bare] = stage.rows(sa.select(evaluation).where(evaluation.c.conversation == conversation))
        assert (bare.label_sealed, bare.session_ref, bare.degree) == (None, "", 2)
        stage.clock.advance(HOUR)
        await stage.worker.rounds.outcomes.read()


@pytest.mark.parametrize(
    ("label", "score", "degree"),
    [("非常满意", "1", 5), ("满意", "", 4), ("", "3", 3), ("回复慢", "2", 2), ("", "100", 0), ("", "", 0)],
)
def test_a_degree_is_read_by_its_word_first(label: str, score: str, degree: int) -> None:
    assert degree_of(label, score) == degree


def test_moves_make_stretches() -> None:
    told = [Move("a", "1", 10), Move("b", "1", 5), Move("a", "1", 20), Move("a", "2", 30)]
    assert stretches(told) == [Stretch("a", "1", 10, 30), Stretch("a", "2", 30, None), Stretch("b", "1", 5, None)]
