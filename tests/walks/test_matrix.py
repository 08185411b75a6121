"""Every role at every route and every topic of the socket: what the table says is what happens.

The rows come from the table of rights and the routes of the application, so that a new route is tested the day it
comes. For each role there is somebody of the shop's own side, and somebody of another company with the same role.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Any, cast

import pytest
from litestar import Litestar
from litestar.routes import HTTPRoute

from huiyin.conversations import access
from huiyin.eventlog.unit_of_work import UnitOfWork
from huiyin.kernel.actors import Actor, Role
from huiyin.kernel.ids import PersonId, TenantId, new_id
from huiyin.org import administering, signing_in
from huiyin.org.access import access_person
from huiyin.policy.deciding import may, may_any_field
from huiyin.policy.terms import Right
from huiyin.web import live
from huiyin.web.changes import TOPICS, Topic
from huiyin.web.guarding import RIGHTS
from huiyin.web.identity import COOKIE

from .founding import ALWAYS, FOUNDER
from .screens import Tab
from .stage import Person, Stage
from .test_tenancy import ROUTES, Ours

TYPES = {
    Topic.GREETING: "hello", Topic.LIST: "list", Topic.LINE: "conversation", Topic.COUNTS: "counts",
    Topic.EVENTS: "events", Topic.WALL: "wall",
}  # fmt: skip
HASH = "no password opens this"


LAST = {"DELETE /api/account/sessions"}
"""It ends the session that asks."""


def guarded(app: Litestar) -> dict[str, tuple[Right, ...]]:
    """Return every route that wants a right, with the rights that open it; those that end the session come last."""
    found = {
        f"{method} {route.path}": handler.opt[RIGHTS]
        for route in app.routes
        if isinstance(route, HTTPRoute)
        for handler in route.route_handlers
        for method in handler.http_methods
        if handler.opt.get(RIGHTS) and method != "OPTIONS"
    }
    return dict(sorted(found.items(), key=lambda each: each[0] in LAST))


def ends_the_session(asked: tuple[str, object]) -> bool:
    """Tell whether nothing can be asked after this."""
    return asked[0] == "DELETE /api/account/sessions"


class Joined:
    """Somebody with one role, in the company of somebody who is there already."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage

    async def beside(self, colleague: str, role: Role) -> Person:
        """Return them, signed in."""
        login = f"{role}-{colleague}"
        house = self.stage.house

        def join(uow: UnitOfWork) -> str:
            tenant = access_person(uow.connection, self.stage.founded.people[colleague], uow.now()).tenant
            new = administering.NewPerson(
                tenant=TenantId(tenant), name=f"{role}某", login=login, password="", roles=frozenset({role}),
                capacity=3,
            )  # fmt: skip
            self.stage.founded.people[login] = administering.register_person(
                uow, new, self.stage.house.sealer, actor=FOUNDER
            )
            return signing_in.open_session(uow, self.stage.founded.people[login])

        person = Person(self.stage, login, self.stage.client())
        person.http.cookies.set(COOKIE, await house.writer.do(join))
        return person

    def actor(self, person: Person) -> Actor:
        """Return them as the house sees them."""
        with self.stage.house.reading.connect() as connection:
            return access_person(connection, PersonId(person.id), self.stage.clock.now())


@pytest.fixture
def joined(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> Joined:
    """Let people join without a password: hashing one is slow on purpose, and nobody here uses it."""
    monkeypatch.setattr(administering, "hash_password", lambda _password: HASH)
    return Joined(stage)


@pytest.fixture
async def ours(stage: Stage) -> Ours:
    lin = await stage.agent()
    customer = stage.customer("direct")
    await customer.says("我的订单呢", mt="order", order_id=customer.order)
    await stage.settle()
    return Ours(stage, lin, lin, customer.conversation, customer.order)


def side(role: Role) -> str:
    return "owner" if role in {Role.MERCHANT_OWNER, Role.MERCHANT_VIEWER} else "lin"


@pytest.mark.parametrize("role", Role)
async def test_a_role_gets_through_the_doors_the_table_opens_and_no_other(
    ours: Ours, joined: Joined, role: Role
) -> None:
    person = await joined.beside(side(role), role)
    actor = joined.actor(person)
    no_page = (await person.http.get("/api/no/such/page")).content
    for route, rights in sorted(guarded(ours.stage.app).items(), key=ends_the_session):
        open_ = any(may_any_field(actor, right) for right in rights)
        before = ours.stage.events(ours.conversation)
        answer = await ours.asked(person.http, route)
        assert answer.status_code < 500, (route, answer.text)
        assert (answer.content != no_page) == open_, (route, answer.text)
        if not open_:
            assert answer.status_code == 404
            assert ours.stage.events(ours.conversation) == before


@pytest.mark.parametrize("role", Role)
async def test_another_companys_people_learn_nothing_whatever_their_role(
    ours: Ours, joined: Joined, role: Role
) -> None:
    assert not await leaks(ours, await joined.beside("stranger", role))


async def leaks(ours: Ours, foreigner: Person) -> list[str]:
    """Return the routes that answer a foreigner about our conversation other than about one that does not exist."""
    found = []
    before = ours.stage.events(ours.conversation)
    for route, _ in sorted(guarded(ours.stage.app).items(), key=ends_the_session):
        theirs = await ours.asked(foreigner.http, route)
        if ROUTES[route].scope == "conversation":
            absent = await ours.asked(foreigner.http, route, new_id())
            if theirs.status_code not in {403, 404} or theirs.content != absent.content:
                found.append(route)
        if ours.conversation in theirs.text:
            found.append(route)
    if ours.stage.events(ours.conversation) != before:
        found.append("something happened")
    return found


async def test_the_harness_sees_a_tenant_filter_that_was_dropped(
    ours: Ours, joined: Joined, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(access, "may_see", lambda _conversation, _actor: True)
    found = await leaks(ours, await joined.beside("stranger", Role.AGENT))
    assert "GET /api/desk/conversations/{conversation:str}" in found


def test_a_route_without_a_right_keeps_the_application_from_starting(stage: Stage) -> None:
    from litestar import get  # the planted route's
    from litestar.exceptions import ImproperlyConfiguredException

    from huiyin.web.guarding import check_every_route

    @get("/api/forgotten", sync_to_thread=False)
    def forgotten() -> None:
        """Say nothing about who may."""

    check_every_route(cast("Litestar", stage.app))
    with pytest.raises(ImproperlyConfiguredException, match="GET /api/forgotten"):
        check_every_route(Litestar([forgotten]))


@pytest.fixture
async def hub(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[None]:
    """Run the hub with ticks as short as they get."""
    for name in ("TICK_SECONDS", "WALL_SECONDS", "COUNTS_SECONDS"):
        monkeypatch.setattr(live, name, 0.001)
    running = asyncio.ensure_future(stage.app.state.hub.run())
    await asyncio.sleep(0)
    yield
    running.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await running


@pytest.mark.usefixtures("hub")
@pytest.mark.parametrize("role", Role)
async def test_a_screen_hears_the_topics_the_table_opens_and_no_other(ours: Ours, joined: Joined, role: Role) -> None:
    person = await joined.beside(side(role), role)
    foreigner = await joined.beside("stranger", role)
    tabs = [await _watching(ours, each) for each in (person, foreigner)]
    actor = joined.actor(person)
    expected = {TYPES[topic] for topic, right in TOPICS.items() if may(actor, right)}
    await ours.lin.takes_over(ours.conversation)
    await ours.lin.sends(ours.conversation, "您好，马上为您查询")
    async with asyncio.timeout(5):
        while await _heard(tabs[0]) < expected:
            pass
    await asyncio.sleep(0.05)
    assert await _heard(tabs[0]) == expected
    await _heard(tabs[1])
    assert ours.conversation not in str(tabs[1].frames)
    for tab in tabs:
        await tab.leaves()


async def _watching(ours: Ours, person: Person) -> Tab:
    tab = await Tab(ours.stage, cookie=person.http.cookies[COOKIE]).connects()
    tab.says(type="resume", open={ours.conversation: 0}, wall=True, tab="waiting")
    return tab


async def _heard(tab: Tab) -> set[str]:
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(0.02):
            await tab.hears(lambda _frame: False)
    return {frame["type"] for frame in tab.frames} - {"ping"}


async def figures(person: Person) -> dict[str, Any]:
    return {each["key"]: each["value"] for each in (await person.get("/api/wall"))["figures"]}


async def test_a_vendor_sees_what_was_open_when_its_engagement_began_and_nothing_closed_before(
    stage: Stage, joined: Joined
) -> None:
    """The interval: data of before the engagement were never entrusted to it (PIPL article 21)."""
    lin, owner = await stage.agent(), await stage.person("owner")
    before, across = stage.customer("direct"), stage.customer("direct", 1)
    await before.says("昨天的事")
    await stage.settle()
    await lin.takes_over(before.conversation)
    await lin.closes(before.conversation)
    await across.says("在吗")
    await stage.settle()
    await stage.passes(60)
    newcomer = await _engaged_now(stage, joined)
    assert await newcomer.sees("closed") == []
    assert (await newcomer.http.get(f"/api/desk/conversations/{before.conversation}")).status_code == 404
    assert (await newcomer.opens(across.conversation))["conversation"]["id"] == across.conversation
    assert (await figures(newcomer))["sessions"] == 0
    assert (await newcomer.get("/api/wall/rows", figure="sessions"))["rows"] == []
    assert before.conversation in await owner.sees("closed")
    assert (await figures(owner))["sessions"] == 2
    await lin.closes(across.conversation)
    assert await newcomer.sees("closed") == [across.conversation]


async def _engaged_now(stage: Stage, joined: Joined) -> Person:
    """Let the neighbour company serve the shop from this moment on, and return a lead of its."""

    def engage(uow: UnitOfWork) -> None:
        vendor = access_person(uow.connection, stage.founded.people["stranger"], uow.now()).tenant
        administering.engage(
            uow, TenantId(vendor), stage.shops["direct"], ALWAYS, effective_from=uow.now(), actor=FOUNDER
        )

    await stage.house.writer.do(engage)
    newcomer = await joined.beside("stranger", Role.TEAM_LEAD)
    shops = joined.actor(newcomer).shops
    assert stage.shops["direct"] in shops
    return newcomer


async def test_vendors_of_one_shop_know_neither_each_others_people_nor_accounts(stage: Stage, joined: Joined) -> None:
    lead, owner = await stage.person("lead"), await stage.person("owner")
    shop, now = stage.shops["direct"], stage.clock.now().isoformat()
    ours = {"shop": shop, "account": "松果-王小明", "effectiveFrom": now}
    mapped = await lead.http.post("/api/accounts", json={**ours, "person": str(stage.founded.people["lin"])})
    assert mapped.status_code == 200
    stage.clock.advance(60)
    newcomer = await _engaged_now(stage, joined)
    assert "松果-王小明" not in str(await newcomer.get("/api/accounts"))
    people = {each["id"] for each in await newcomer.get("/api/accounts/people", shop=shop)}
    assert people == {str(newcomer.id), str(stage.founded.people["stranger"])}
    theirs = {**ours, "person": str(newcomer.id), "effectiveFrom": stage.clock.now().isoformat()}
    taken = await newcomer.http.post("/api/accounts", json=theirs)
    assert (taken.status_code, "小林" in taken.text) == (409, False)
    replacing = {**theirs, "replaces": mapped.json()["sittings"][0]["id"]}
    assert (await newcomer.http.post("/api/accounts", json=replacing)).status_code == 409
    named = {**theirs, "account": "乙商-1", "person": str(stage.founded.people["lin"])}
    assert (await newcomer.http.post("/api/accounts", json=named)).status_code == 404
    assert (await newcomer.http.post("/api/accounts", json={**theirs, "account": "乙商-1"})).status_code == 200
    assert "乙商-1" not in str(await lead.get("/api/accounts"))
    everything = str(await owner.get("/api/accounts"))
    assert ("松果-王小明" in everything, "乙商-1" in everything) == (True, True)
