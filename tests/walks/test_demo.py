"""The demo's company: who signs in, which shops there are, and that an earlier demo goes on with all of them."""

import random
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from huiyin.audit.store import audit_entry
from huiyin.channels.jd import JdChannel
from huiyin.channels.port import Outbound, Receipt, Tier
from huiyin.cli import founding
from huiyin.kernel.actors import Role
from huiyin.kernel.clock import ManualClock, to_ms
from huiyin.kernel.errors import PermanentError
from huiyin.kernel.ids import PersonId
from huiyin.org import approvals
from huiyin.org import store as org
from huiyin.org.access import access_person
from huiyin.org.people import find_person
from huiyin.simulator.dongdong import type_message
from huiyin.stand_ins import StandIns
from huiyin.wiring import House, Settings, build

from .founding import NOON
from .stage import Stage


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    built = build(Settings(tmp_path, synchronous="OFF"), ManualClock(NOON))
    yield built
    built.close()


def settings(state: founding.DemoState) -> list[bool]:
    simulated = founding.simulator_settings(state, port=1, hook="http://127.0.0.1:1", talking=0)
    return [founding.jd_settings(shop, simulated, "http://127.0.0.1:1").live for shop in state.shops]


def test_two_shops_are_live_one_is_read_and_nothing_can_be_sent_for_that_one(house: House, tmp_path: Path) -> None:
    state = house.writer.run(founding.found, house.sealer)
    assert [shop.tier for shop in state.shops] == [Tier.LIVE, Tier.LIVE, Tier.READ]
    assert settings(state) == [True, True, False]
    assert [(shop.seed.pushes, bool(shop.seed.dd_token)) for shop in state.shops] == [(True, True)] * 2 + [(False,) * 2]
    founding.save(tmp_path, state)
    assert founding.load(tmp_path) == state
    assert house.writer.run(founding.complete, house.sealer, state) == state
    assert len(house.shops.all()) == 3


def test_both_companies_have_guardians_let_in_by_two_and_nothing_waits(house: House) -> None:
    house.writer.run(founding.found, house.sealer)
    with house.reading.connect() as connection:
        people = {part.login: find_person(connection, house.sealer, part.login) for part in founding.PEOPLE}
        waits = approvals.waiting(connection, to_ms(NOON), actor=founding.TERMINAL)
        columns = audit_entry.c
        query = sa.select(columns.subject, columns.actor).where(columns.action == "approval.given")
        given = {row.subject: row.actor for row in connection.execute(query)}
        tenants = {
            login: access_person(connection, PersonId(person), NOON).tenant
            for login, person in people.items()
            if person
        }
    assert waits == []
    assert given == {
        people["shop-security"]: "system:terminal", people["shop-auditor"]: f"person:{people['shop-security']}",
        people["security"]: "system:terminal", people["auditor"]: f"person:{people['security']}",
    }  # fmt: skip
    shop = next(iter(house.shops.all().values()))
    assert tenants["shop-security"] == tenants["shop-auditor"] == tenants["merchant"] == shop.tenant


def test_a_demo_of_an_earlier_version_gets_the_people_it_lacks(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as earlier:
        earlier.setattr(founding, "PEOPLE", tuple(each for each in founding.PEOPLE if "shop-" not in each.login))
        state = house.writer.run(founding.found, house.sealer)
    for _ in range(2):
        state = house.writer.run(founding.complete, house.sealer, state)
    with house.reading.connect() as connection:
        found = find_person(connection, house.sealer, "shop-auditor")
        assert access_person(connection, PersonId(found or ""), NOON).roles == {Role.AUDITOR}
        number = connection.execute(sa.select(sa.func.count()).select_from(org.person)).scalar_one()
    assert number == len(founding.PEOPLE) + len(founding.STAND_INS)


def test_a_demo_of_an_earlier_version_goes_on_and_gets_the_shop_it_lacks(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as earlier:
        earlier.setattr(founding, "SHOPS", founding.SHOPS[:2])
        state = house.writer.run(founding.found, house.sealer)
    known = [shop.id for shop in state.shops]
    state = house.writer.run(founding.complete, house.sealer, state)
    assert [shop.id for shop in state.shops[:2]] == known
    assert state.shops[2].tier is Tier.READ
    shops = house.shops.all()
    assert {shops[shop.id].tenant for shop in state.shops} == {shops[known[0]].tenant}
    with house.reading.connect() as connection:
        stand_in = access_person(connection, PersonId(state.stand_ins[0]), house.clock.now())
    assert stand_in.shops == {shop.id for shop in state.shops}


async def test_a_stand_in_pastes_what_the_read_tier_lets_it_only_copy(stage: Stage) -> None:
    customer = stage.customer("pasted")
    world = stage.simulator.world
    typed: list[str] = []

    async def paste(shop: str, pin: str, text: str) -> None:
        typed.append(type_message(world, world.shops[shop], pin, text).content)

    chance = random.Random(1)
    lin = [stage.founded.people["lin"]]
    stand_ins = StandIns(stage.house, lin, chance, (1.0, 1.0), paste)
    without_hands = StandIns(stage.house, lin, chance, (1.0, 1.0))
    await stand_ins.come_online()
    customer.writes("尺码偏大吗")
    stage.clock.advance(5)
    await stage.polls("pasted")
    await stage.settle()
    assert await without_hands.step() == 0
    assert await stand_ins.step() == 1
    assert await stand_ins.step() == 0
    stage.clock.advance(5)
    await stage.polls("pasted")
    assert customer.heard() == typed
    assert stage.happened(customer.conversation)[-2:] == ["ReplyCopied", "EchoRecognised"]


async def test_who_left_with_an_earlier_simulated_jd_is_answered_once_and_then_let_go(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def gone(_line: JdChannel, _reply: Outbound) -> Receipt:
        message = "JD did not deliver"
        raise PermanentError(message)

    monkeypatch.setattr(JdChannel, "send", gone)
    stand_ins = StandIns(stage.house, [stage.founded.people["lin"]], random.Random(1), (1.0, 1.0))
    await stand_ins.come_online()
    buyer = stage.customer("direct")
    await buyer.says("在吗")
    await stage.settle()
    for _ in range(30):
        await stage.passes(2)
        await stand_ins.step()
    assert stage.happened(buyer.conversation).count("DeliveryFailed") == 1
    assert stage.happened(buyer.conversation)[-1] == "ConversationClosed"
