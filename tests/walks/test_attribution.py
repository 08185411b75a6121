"""Who answered, stretch by stretch: own team by day, vendor by night; what is not on record is never guessed."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from huiyin.channels.port import Content, Inbound, Origin, Sender
from huiyin.eventlog.unit_of_work import UnitOfWork
from huiyin.insight.store import session_figures
from huiyin.kernel.actors import Actor, Role
from huiyin.kernel.errors import ConflictError, HuiyinError, InvalidError, NotFoundError
from huiyin.kernel.ids import EngagementId, PersonId, ShiftId, TenantId, new_id
from huiyin.org import administering, shifts
from huiyin.org import store as org
from huiyin.org.access import access_person
from huiyin.org.accounts import Sitting, map_account
from huiyin.org.hours import every_day

from .founding import FOUNDER, NOON
from .moments import at, is_now
from .stage import Customer, Person, Stage

NIGHT = every_day("00:00-08:00 20:00-24:00")


async def works(stage: Stage, person: str, name: str, begin: datetime, end: datetime, **more: object) -> ShiftId:
    """Write a shift down."""
    shop = more.pop("shop", "")
    new = shifts.NewShift(
        person=stage.founded.people[person], name=name, starts_at=begin, ends_at=end, shop=stage.shops.get(shop, shop)
    )
    return await stage.house.writer.do(shifts.record_shift, new, **{"actor": FOUNDER, **more})


@pytest.fixture
async def wang(stage: Stage) -> Person:
    """Hire 小王 into the merchant's own team; the vendor serves the shop by night only."""

    def hire(uow: UnitOfWork) -> PersonId:
        shop = stage.shops["direct"]
        merchant = TenantId(
            uow.connection.execute(sa.select(org.shop.c.tenant).where(org.shop.c.id == shop)).scalar_one()
        )
        always = uow.connection.execute(sa.select(org.engagement).where(org.engagement.c.shop == shop)).one()
        administering.record_engagement(
            uow,
            administering.NewEngagement(
                vendor=always.vendor, shop=shop, hours=NIGHT, effective_from=NOON - timedelta(days=1),
                replaces=EngagementId(always.id),
            ),
            actor=FOUNDER,
        )  # fmt: skip
        new = administering.NewPerson(
            tenant=merchant, name="小王", login="wang", password="-", roles=frozenset({Role.AGENT}), capacity=2
        )
        return administering.register_person(uow, new, stage.house.sealer, actor=FOUNDER)

    hired = await stage.house.writer.do(hire)
    stage.founded = replace(stage.founded, people={**stage.founded.people, "wang": hired})
    return await stage.person("wang")


async def strip(person: Person, conversation: str) -> list[tuple[str, str, str, str]]:
    """Return who answered as a screen shows it: side, organisation, name or account, shift."""
    shown = await person.get(f"/api/desk/conversations/{conversation}/attribution")
    return [
        (each["side"], each["organisation"], (each["agent"] or {"name": each["account"]})["name"], each["shift"])
        for each in shown
    ]


def figures(stage: Stage, conversation: str) -> tuple[str, bool, bool]:
    """Return whom the figures of a session name at last, and whether under an engagement and on a shift."""
    row = stage.rows(sa.select(session_figures).where(session_figures.c.conversation == conversation))[0]
    return row.person, bool(row.engagement), bool(row.shift)


async def test_a_conversation_over_the_evening_belongs_to_the_own_team_by_day_and_to_the_vendor_by_night(
    stage: Stage, wang: Person
) -> None:
    lin, buyer = await stage.agent(), stage.customer("direct")
    await works(stage, "wang", "早班", at("08:00"), at("18:00"))
    await works(stage, "lin", "晚班", at("20:00"), at("04:00", 2))
    await is_now(stage, at("17:30"), lin, wang)
    await buyer.says("耳机连不上")
    await stage.settle()
    assert await wang.sees() == [buyer.conversation], "the vendor is online too, and not engaged by day"
    await wang.sends(buyer.conversation, "请您先重启耳机。")
    await stage.settle()
    assert figures(stage, buyer.conversation) == (wang.id, False, True)
    await is_now(stage, at("20:30"), lin)
    assert await lin.sees() == [buyer.conversation]
    await lin.sends(buyer.conversation, "您好，夜间由我继续为您处理。")
    await stage.settle()
    assert figures(stage, buyer.conversation) == (lin.id, True, True)
    assert await strip(lin, buyer.conversation) == [
        ("own", "远山数码", "小王", "早班"),
        ("vendor", "松果客服", "小林", "晚班"),
    ]
    day, night = await lin.get(f"/api/desk/conversations/{buyer.conversation}/attribution")
    assert (day["startsAt"], night["endsAt"]) == ("2026-06-01T09:30:00Z", None)
    assert day["endsAt"] <= night["startsAt"]


async def test_who_is_on_no_shift_is_shown_without_one_and_a_shift_recorded_later_changes_nothing(
    stage: Stage, wang: Person
) -> None:
    buyer = stage.customer("direct")
    await works(stage, "wang", "早班", at("08:00"), at("11:30"))
    await wang.goes("online")
    await buyer.says("在吗")
    await stage.settle()
    assert await strip(wang, buyer.conversation) == [("own", "远山数码", "小王", "")]
    await works(stage, "wang", "中班", at("11:30"), at("14:00"))
    assert await strip(wang, buyer.conversation) == [("own", "远山数码", "小王", "")]
    await wang.closes(buyer.conversation)
    stage.clock.advance(3600)  # type: ignore[arg-type]  # seconds
    await wang.goes("online")
    await buyer.says("还有个问题")
    await stage.settle()
    assert await strip(wang, buyer.conversation) == [("own", "远山数码", "小王", "中班")]


async def test_taking_over_and_transferring_name_the_shift_and_a_vendor_outside_its_hours_is_shown_as_such(
    stage: Stage, wang: Person
) -> None:
    lin, mei, buyer = await stage.agent(), await stage.agent("mei"), stage.customer("direct")
    await works(stage, "wang", "早班", at("08:00"), at("18:00"), shop="direct")
    await works(stage, "lin", "早班", at("08:00"), at("18:00"), shop="pasted")
    await buyer.says("在吗")
    await stage.settle()
    await lin.takes_over(buyer.conversation)
    await stage.settle()
    assert figures(stage, buyer.conversation) == (lin.id, False, False)
    await wang.goes("online")
    await lin.transfers(buyer.conversation, person=wang.id)
    assert figures(stage, buyer.conversation) == (wang.id, False, True)
    await is_now(stage, at("20:30"), mei)
    assert figures(stage, buyer.conversation) == (mei.id, True, False)
    assert await strip(mei, buyer.conversation) == [
        ("unengaged", "松果客服", "小林", ""),
        ("own", "远山数码", "小王", "早班"),
        ("vendor", "松果客服", "小梅", ""),
    ]


async def test_behind_a_shared_account_each_interval_shows_its_person_and_an_unmapped_one_shows_the_account(
    stage: Stage, wang: Person
) -> None:
    shop, buyer = stage.shops["direct"], stage.customer("direct")
    await works(stage, "wang", "早班", at("08:00"), at("18:00"))
    await works(stage, "lin", "晚班", at("20:00"), at("04:00", 2))

    def share(uow: UnitOfWork) -> None:
        for person, since in (("wang", at("08:00")), ("lin", at("20:00"))):
            sitting = Sitting(shop, "客服账号1", stage.founded.people[person], since)
            map_account(uow, sitting, stage.house.accounts, actor=FOUNDER)

    await stage.house.writer.do(share)
    await is_now(stage, at("21:30"))
    for moment, account in (("17:00", "客服账号1"), ("17:05", "客服账号9"), ("20:10", "客服账号1")):
        await told(stage, buyer, at(moment), account)
    assert await strip(wang, buyer.conversation) == [
        ("own", "远山数码", "小王", "早班"),
        ("unmapped", "", "客服账号9", ""),
        ("vendor", "松果客服", "小林", "晚班"),
    ]


async def told(stage: Stage, buyer: Customer, moment: datetime, account: str) -> None:
    """Receive a record of what somebody wrote in the platform's own window."""
    await stage.receives("direct", Inbound(
        shop=stage.shops["direct"], source_id=new_id(), customer_ref=buyer.pin, sender=Sender.AGENT,
        content=Content(text=f"{moment:%H:%M} 好的"), platform_at=moment, origin=Origin.BACKFILL, waiter_ref=account,
    ))  # fmt: skip


async def test_the_strip_is_absent_for_whom_the_conversation_is_absent(stage: Stage, customer: Customer) -> None:
    await customer.says("在吗")
    await stage.settle()
    lin, stranger = await stage.person("lin"), await stage.person("stranger")
    assert await strip(lin, customer.conversation) == [("bot", "", "", "")]
    path = "/api/desk/conversations/{}/attribution"
    theirs = await stranger.http.get(path.format(customer.conversation))
    absent = await stranger.http.get(path.format(new_id()))
    assert theirs.status_code == absent.status_code == 404
    assert theirs.json() == absent.json()


async def actor(stage: Stage, login: str) -> Actor:
    with stage.house.reading.connect() as connection:
        return access_person(connection, stage.founded.people[login], stage.clock.now())


@pytest.mark.parametrize(
    ("who", "whom", "begin", "end", "name", "refused"),
    [
        pytest.param("lead", "lin", "08:00", "18:00", "早班", None, id="a lead, their own team"),
        pytest.param("lead", "lin", "06:00", "10:00", "早班", None, id="up to where the other begins"),
        pytest.param("lead", "lin", "06:00", "10:01", "早班", ConflictError, id="a minute too long"),
        pytest.param("lin", "lin", "06:00", "10:00", "早班", NotFoundError, id="an agent, themselves"),
        pytest.param("stranger", "lin", "06:00", "10:00", "早班", NotFoundError, id="another organisation's lead"),
        pytest.param("owner", "lin", "06:00", "10:00", "早班", NotFoundError, id="the merchant, the vendor's people"),
        pytest.param("lead", "lin", "10:00", "10:00", "早班", InvalidError, id="no length"),
        pytest.param("lead", "lin", "06:00", "10:00", " ", InvalidError, id="no name"),
    ],
)
async def test_who_may_write_which_shift_down(
    stage: Stage, who: str, whom: str, begin: str, end: str, name: str, refused: type[HuiyinError] | None
) -> None:
    earlier = await works(stage, "lin", "中班", at("10:00"), at("16:00"))
    replaces = earlier if end == "18:00" else None
    writing = works(stage, whom, name, at(begin), at(end), actor=await actor(stage, who), replaces=replaces)
    if refused is None:
        await writing
        return
    with pytest.raises(refused) as caught:
        await writing
    assert caught.value.remedy


async def test_a_cancelled_shift_covers_nothing_and_is_replaced_only_once(stage: Stage, wang: Person) -> None:
    buyer = stage.customer("direct")
    shift = await works(stage, "wang", "早班", at("08:00"), at("18:00"))
    await stage.house.writer.do(shifts.cancel_shift, shift, actor=FOUNDER)
    with pytest.raises(ConflictError):
        await stage.house.writer.do(shifts.cancel_shift, shift, actor=FOUNDER)
    await wang.goes("online")
    await buyer.says("在吗")
    await stage.settle()
    assert await strip(wang, buyer.conversation) == [("own", "远山数码", "小王", "")]
    assert stage.happened(wang.id).count("ShiftRecorded") == 2
