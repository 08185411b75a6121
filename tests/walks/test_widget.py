"""A visitor of a shop's own page: the bot first, a person at any time, nothing lost, nothing twice, nobody else's."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import httpx
import pytest
import sqlalchemy as sa

from huiyin.channels.port import Origin, Tier
from huiyin.channels.widget import WidgetSettings, new_site
from huiyin.connections.connecting import Connected, connect, disconnect
from huiyin.conversations import store, visitors
from huiyin.conversations.model import SAME_SESSION_MS
from huiyin.eventlog.unit_of_work import UnitOfWork
from huiyin.kernel.actors import system
from huiyin.kernel.ids import ShopId, TenantId
from huiyin.org import administering as org
from huiyin.org import views
from huiyin.org.administering import NewShop
from huiyin.web import visiting, visitor_socket
from huiyin.web.pace import Buckets
from huiyin.web.visiting import visitor_of

from .codes import with_second_factor
from .founding import ALWAYS, PASSWORD, key
from .screens import Tab
from .stage import Stage
from .test_statements import Counter, counter

__all__ = ["counter"]  # a fixture

OWN, ELSEWHERE = "https://shop.example", "https://elsewhere.example"
ASKS = "转人工"
TESTS, TERMINAL = system("tests"), system("terminal")


@dataclass
class Site:
    """A shop with a widget on its own page."""

    stage: Stage
    shop: ShopId
    key: str

    @property
    def tenant(self) -> str:
        return self.stage.house.shops.all()[self.shop].tenant

    async def visitor(self) -> "Visitor":
        """Let somebody load the shop's page for the first time."""
        made = Visitor(self, self.stage.client(Origin=OWN))
        answer = await made.http.post(f"/api/widget/{self.key}/visits")
        assert answer.status_code == 200, answer.text
        made.token = answer.json()["token"]
        return made

    async def goes(self) -> None:
        """Disconnect the shop."""
        assert await self.stage.house.writer.do(disconnect, self.tenant, self.shop, actor=TESTS)


@dataclass
class Visitor:
    """One visitor's page, as the script behaves: it keeps a token, a cursor, and messages by their ids."""

    site: Site
    http: httpx.AsyncClient
    token: str = ""
    seen: dict[str, int] = field(default_factory=dict)
    told: list[dict[str, Any]] = field(default_factory=list)
    tab: Tab | None = None

    async def posts(self, text: str, own_id: str = "", token: str | None = None) -> httpx.Response:
        held = self.token if token is None else token
        data = {"id": own_id or key(), "text": text}
        path = f"/api/widget/{self.site.key}/messages"
        return await self.http.post(path, json=data, headers={"Authorization": f"Bearer {held}"})

    async def says(self, text: str) -> str:
        """Say something, and let the house react; return the message's id."""
        answer = await self.posts(text)
        assert answer.status_code == 200, answer.text
        await self.site.stage.settle()
        return str(answer.json()["message"])

    async def connects(self, origin: str = OWN, site: str = "") -> Tab:
        """Open the socket and say what was seen."""
        self.tab = await Tab(self.site.stage, origin=origin, path=f"/ws/widget/{site or self.site.key}").connects()
        self.tab.says(type="resume", token=self.token, seen=self.seen)
        return self.tab

    async def hears(self, text: str) -> None:
        """Take frames until some message holds these words."""
        assert self.tab is not None
        while not any(text in each["text"] for each in self.told):
            self.takes(await self.tab.hears("messages"))

    def takes(self, frame: dict[str, Any]) -> None:
        self.told += frame["messages"]
        self.seen = frame["seen"]

    async def leaves(self) -> None:
        """Close the page; what was on its way is heard."""
        assert self.tab is not None
        known = len(self.tab.frames)
        await self.tab.leaves()
        for frame in self.tab.frames[known:]:
            if frame["type"] == "messages":
                self.takes(frame)

    async def reads(self) -> list[tuple[str, str]]:
        """Load the page anew, knowing nothing but the token; return who said what."""
        again = Visitor(self.site, self.http, self.token)
        tab = await again.connects()
        await tab.hears("hello")
        frame = await tab.hears("messages")
        await tab.leaves()
        return [(each["from"], each["text"]) for each in frame["messages"]]


def opened(uow: UnitOfWork, stage: Stage, like: str, knowledge: str = "") -> Site:
    """Open a shop with a widget beside one of the stage, served by the same people."""
    tenant = TenantId(stage.house.shops.all()[stage.shops[like]].tenant)
    site = new_site()
    new = NewShop(
        tenant=tenant, name=f"自营网店{site[-4:]}", platform="widget", platform_ref=site, category="digital",
        tier=Tier.LIVE, origin=Origin.SIMULATED, bot=True, knowledge=knowledge,
    )  # fmt: skip
    shop = org.open_shop(uow, new, ALWAYS, actor=TESTS)
    for engagement in views.engaged(uow.connection, stage.shops[like], uow.now()):
        since = uow.now() - timedelta(days=1)
        org.engage(uow, TenantId(engagement[1]), shop, ALWAYS, effective_from=since, actor=TESTS)
    settings = WidgetSettings(shop=shop, site=site, origins=(OWN,), title="自营网店", greeting="欢迎光临")
    connect(uow, stage.house.sealer, Connected(shop, tenant, "widget", settings), actor=TESTS)
    return Site(stage, shop, site)


@pytest.fixture
async def site(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Site]:
    """Open the shop, and run what wakes its visitors' pages with ticks as short as they get."""
    monkeypatch.setattr(visitor_socket, "TICK_SECONDS", 0)
    running = asyncio.ensure_future(stage.app.state.visitors.run())
    await asyncio.sleep(0)
    yield await stage.house.writer.do(opened, stage, "digital")
    assert not running.done(), "who wakes the pages died"
    running.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await running


async def conversation_of(site: Site) -> str:
    query = sa.select(store.conversation.c.id).where(store.conversation.c.shop == site.shop)
    return str(site.stage.rows(query)[-1].id)


async def test_the_bot_answers_a_person_follows_and_who_was_away_gets_it_exactly_once(site: Site) -> None:
    stage, visitor = site.stage, await site.visitor()
    lin = await stage.agent()
    tab = await visitor.connects()
    hello = await tab.hears("hello")
    assert (hello["title"], hello["greeting"]) == ("自营网店", "欢迎光临")
    await visitor.says("你好")
    await visitor.hears("智能助手")
    assert [each["from"] for each in visitor.told] == ["customer", "bot"]
    await visitor.says(ASKS)
    conversation = await conversation_of(site)
    assert await lin.sees() == [conversation]
    await visitor.leaves()
    kept = list(visitor.told)
    await lin.sends(conversation, "您好，我来为您处理，请稍等。")
    await stage.settle()
    await lin.sends(conversation, "已经为您查到了。")
    await stage.settle()
    assert visitor.told == kept, "the page was closed"
    await visitor.connects()
    await visitor.hears("已经为您查到了")
    await visitor.says("谢谢")
    await visitor.hears("谢谢")
    await visitor.leaves()
    replies = [each["text"] for each in visitor.told if each["from"] == "agent"]
    assert replies == ["您好，我来为您处理，请稍等。", "已经为您查到了。"]
    assert len({each["id"] for each in visitor.told}) == len(visitor.told), "each of them once"
    assert await visitor.reads() == [(each["from"], each["text"]) for each in visitor.told]
    assert set(visitor.told[0]) == {"id", "from", "text", "at"}


async def test_words_sent_again_change_nothing_and_the_same_id_of_another_is_another(site: Site) -> None:
    first, second = await site.visitor(), await site.visitor()
    answers = [await first.posts("在吗", "the-same-id") for _ in range(2)]
    assert [each.json()["duplicate"] for each in answers] == [False, True]
    assert answers[0].json()["message"] == answers[1].json()["message"]
    other = await first.posts("别的话", "the-same-id")
    assert other.json() == answers[1].json(), "what was said first stands"
    theirs = (await second.posts("在吗", "the-same-id")).json()
    assert (theirs["duplicate"], theirs["message"] == answers[0].json()["message"]) == (False, False)
    await site.stage.settle()
    said = [each for each in await first.reads() if each[0] == "customer"]
    assert said == [("customer", "在吗")]


async def test_a_visitor_sees_what_was_delivered_to_them_and_nothing_else_of_the_house(site: Site) -> None:
    stage, visitor, neighbour = site.stage, await site.visitor(), await site.visitor()
    lin = await stage.agent()
    await neighbour.says("我是邻居，我的话谁也不该看到")
    await visitor.says(ASKS)
    conversation = await conversation_of(site)
    held = await lin.does(conversation, "send", text="去微信加我 wx-abc12345 私下转账", key=key())
    assert held.json()["outcome"] == "hold", held.text
    await lin.transfers(conversation, skill="价保", note="这位客户很着急的内部备注")
    text = str(await visitor.reads())
    for secret in ("微信", "内部备注", "小林", "邻居", conversation):
        assert secret not in text, secret
    theirs = {conversation: 0}
    neighbour.seen = theirs
    await neighbour.connects()
    await neighbour.hears("我是邻居")
    await neighbour.leaves()
    assert ("customer", ASKS) not in [(each["from"], each["text"]) for each in neighbour.told], (
        "a cursor into another's conversation opens nothing"
    )
    assert conversation not in neighbour.seen


async def test_a_token_of_one_site_opens_nothing_of_another_and_none_can_be_made_up(site: Site) -> None:
    stage = site.stage
    foreign = await stage.house.writer.do(opened, stage, "foreign")
    visitor, stranger = await site.visitor(), await foreign.visitor()
    await visitor.says("我的订单")
    made_up = f"hv_{'a' * 32}.{'0' * 32}"
    for token in (stranger.token, made_up, "", "x" * 5000, visitor.token[:-1]):
        refused = await visitor.posts("你好", token=token)
        assert (refused.status_code, refused.json()["code"]) == (401, "visitor_unknown")
        if len(token) <= 100:
            intruder = Visitor(site, visitor.http, token)
            assert await (await intruder.connects()).is_closed_with() == 4401
    crossed = Visitor(foreign, stranger.http, visitor.token)
    assert (await crossed.posts("你好")).status_code == 401
    assert await stranger.site.stage.client(Origin=OWN).get("/api/session") is not None
    signed_in = await stage.client(Authorization=f"Bearer {visitor.token}").get("/api/session")
    assert signed_in.status_code == 401, "it opens nothing of the house"


async def test_no_token_of_a_visitor_is_in_the_database(site: Site) -> None:
    visitor = await site.visitor()
    await visitor.says("你好")
    kept = b"".join(each.read_bytes() for each in site.stage.folder.rglob("*") if each.is_file())
    assert visitor.token.encode() not in kept
    assert visitor.token[3:35].encode() not in kept
    assert site.shop.encode() in kept, "the search finds what is there"


@pytest.mark.parametrize("origin", [ELSEWHERE, "null", "", "http://shop.example", "https://shop.example.evil.example"])
async def test_a_page_that_is_none_of_the_shops_is_refused_and_may_not_read_the_refusal(
    site: Site, origin: str
) -> None:
    visitor = await site.visitor()
    page = site.stage.client(**({"Origin": origin} if origin else {}))
    for method, path in (("POST", "visits"), ("POST", "messages"), ("OPTIONS", "messages")):
        data = None if method == "OPTIONS" or path == "visits" else {"id": key(), "text": "你好"}
        bearer = {"Authorization": f"Bearer {visitor.token}"}
        answer = await page.request(method, f"/api/widget/{site.key}/{path}", json=data, headers=bearer)
        assert answer.status_code == (204 if method == "OPTIONS" else 403), answer.text
        assert "access-control-allow-origin" not in answer.headers
    assert await (await visitor.connects(origin=origin)).is_closed_with() == 4403
    assert site.stage.rows(sa.select(store.message).where(store.message.c.shop == site.shop)) == []


async def test_a_page_of_the_shops_may_read_answers_and_refusals_and_no_cookie_is_set(site: Site) -> None:
    visitor = await site.visitor()
    asked = await visitor.http.request("OPTIONS", f"/api/widget/{site.key}/messages")
    assert (asked.status_code, asked.headers["access-control-allow-headers"]) == (204, "authorization, content-type")
    for answer in (asked, await visitor.posts("你好"), await visitor.posts("你好", token="none")):
        assert answer.headers["access-control-allow-origin"] == OWN
        assert "access-control-allow-credentials" not in answer.headers
        assert "origin" in answer.headers["vary"].lower()
        assert "set-cookie" not in answer.headers
    house = await site.stage.client(Origin=OWN).get("/api/session")
    assert "access-control-allow-origin" not in house.headers, "the house's own door is no visitor's"


async def test_an_unknown_site_and_one_that_was_disconnected_answer_alike_open_pages_too(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(visitor_socket, "PING_SECONDS", 0.01)
    visitor, unknown = await site.visitor(), Site(site.stage, site.shop, new_site())
    tab = await visitor.connects()
    await tab.hears("hello")
    await site.goes()
    assert await tab.is_closed_with() == 4404
    answers = [await Visitor(each, visitor.http, visitor.token).posts("你好") for each in (site, unknown)]
    assert [each.status_code for each in answers] == [404, 404]
    assert answers[0].content == answers[1].content
    starts = [await visitor.http.post(f"/api/widget/{each.key}/visits") for each in (site, unknown)]
    assert starts[0].content == starts[1].content
    for each in (site, unknown):
        assert await (await visitor.connects(site=each.key)).is_closed_with() == 4404


async def test_whoever_floods_is_slowed_and_nobody_else(site: Site) -> None:
    loud, quiet = await site.visitor(), await site.visitor()
    answers = [await loud.posts("喂") for _ in range(12)]
    refused = [each for each in answers if each.status_code == 429]
    assert len(refused) >= 12 - visiting.SAYING.burst - 1
    assert int(refused[0].headers["retry-after"]) >= 1
    assert refused[0].headers["access-control-allow-origin"] == OWN, "the script reads how long to wait"
    assert (await quiet.posts("在吗")).status_code == 200
    begun = [await loud.http.post(f"/api/widget/{site.key}/visits") for _ in range(40)]
    assert 429 in {each.status_code for each in begun}, "no address draws tokens without end"


async def test_whoever_has_no_token_takes_nothing_from_visitors(site: Site) -> None:
    site.stage.app.state.visits = visiting.new_paces()._replace(
        site=Buckets(visiting.Pace(5, 0.001)), address=Buckets(visiting.Pace(1000, 1))
    )
    visitor = await site.visitor()
    stranger = site.stage.client(Origin=OWN, Authorization="Bearer nothing")
    path = f"/api/widget/{site.key}/messages"
    answers = [await stranger.post(path, json={"id": key(), "text": "x"}) for _ in range(20)]
    assert {each.status_code for each in answers} == {401}
    assert (await visitor.posts("在吗")).status_code == 200


async def test_a_cursor_at_the_beginning_reads_no_more_than_none(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(visitors, "MOST_MESSAGES", 5)
    visitor = await site.visitor()
    for number in range(8):
        await visitor.says(f"第{number}句")
    visitor.seen = {await conversation_of(site): 0}
    await visitor.connects()
    frame = await visitor.hears("第7句")
    assert len([each for each in visitor.told if each["from"] == "customer"]) <= 5, frame
    await visitor.leaves()


async def test_whoever_opens_sockets_without_end_is_slowed(site: Site) -> None:
    site.stage.app.state.visits = visiting.new_paces()._replace(address=Buckets(visiting.Pace(10, 0.001)))
    codes = set()
    for _ in range(12):
        tab = await Tab(site.stage, origin=OWN, path=f"/ws/widget/{site.key}").connects()
        tab.says(type="resume", token="nothing")
        codes.add(await tab.is_closed_with())
    assert 4429 in codes


async def test_a_crowd_of_one_site_leaves_room_for_others(site: Site) -> None:
    site.stage.app.state.visits = visiting.new_paces()._replace(site=Buckets(visiting.Pace(1, 0.001)))
    visitor = await site.visitor()
    assert [(await visitor.posts(text)).status_code for text in ("你好", "在吗")] == [200, 429]
    foreign = await site.stage.house.writer.do(opened, site.stage, "foreign")
    await foreign.visitor()


async def test_sockets_of_one_address_have_an_end_and_silent_ones_are_closed(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(visitor_socket, "MOST_FROM_ONE", 1)
    monkeypatch.setattr(visitor_socket, "GREETING_SECONDS", 0.05)
    visitor, second = await site.visitor(), await site.visitor()
    await (await visitor.connects()).hears("hello")
    assert await (await second.connects()).is_closed_with() == 4429
    await visitor.leaves()
    mute = await Tab(site.stage, origin=OWN, path=f"/ws/widget/{site.key}").connects()
    assert await mute.is_closed_with() == 4408
    for raw in ("no json", "[]", "{", "x" * 5000):
        odd = await Tab(site.stage, origin=OWN, path=f"/ws/widget/{site.key}").connects()
        odd.says_raw(raw)
        assert await odd.is_closed_with() == 4400
    binary = await Tab(site.stage, origin=OWN, path=f"/ws/widget/{site.key}").connects()
    binary.says_bytes(b"{}")
    assert await binary.is_closed_with() == 4400
    assert (site.stage.app.state.visitors.open, site.stage.app.state.visitors.by_address) == (0, {})


@pytest.mark.parametrize(
    ("data", "status"),
    [
        ({"id": "short", "text": "你好"}, 400),
        ({"id": "a" * 65, "text": "你好"}, 400),
        ({"id": "an id with blanks", "text": "你好"}, 400),
        ({"id": "an-id-that-fits", "text": ""}, 400),
        ({"id": "an-id-that-fits", "text": "  \n"}, 400),
        ({"id": "an-id-that-fits", "text": "字" * 2001}, 400),
        ({"id": "an-id-that-fits", "text": "x" * 20_000}, 413),
    ],
)
async def test_what_cannot_be_said_is_refused_in_words(site: Site, data: dict[str, str], status: int) -> None:
    visitor = await site.visitor()
    answer = await visitor.http.post(
        f"/api/widget/{site.key}/messages", json=data, headers={"Authorization": f"Bearer {visitor.token}"}
    )
    assert answer.status_code == status, answer.text
    assert answer.json()["title"]


async def test_personal_data_is_masked_as_everywhere_and_an_erased_visitor_finds_nothing(site: Site) -> None:
    stage, visitor = site.stage, await site.visitor()
    message = await visitor.says("我的电话是13812345678")
    row = stage.rows(sa.select(store.message).where(store.message.c.id == message))[0]
    assert row.original is not None
    assert "13812345678" not in str(await visitor.reads())
    await (await stage.person("lead")).closes(await conversation_of(site))
    customer = stage.rows(sa.select(store.customer.c.id).where(store.customer.c.shop == site.shop))[0].id
    await stage.passes(SAME_SESSION_MS / 1000 + 1)
    await asyncio.to_thread(stage.house.keyroom.shred, customer, "来信 7", actor=TERMINAL)
    again = Visitor(site, visitor.http, visitor.token)
    await (await again.connects()).hears("hello")
    await again.says("又来了")
    await again.hears("又来了")
    await again.leaves()
    assert "删除" not in str(again.told)
    assert "电话" not in str(again.told)


async def test_a_reply_that_was_leaving_when_the_process_died_is_there_once_all_the_same(site: Site) -> None:
    stage, visitor = site.stage, await site.visitor()
    lin = await stage.agent()
    await visitor.says(ASKS)
    conversation = await conversation_of(site)
    await lin.sends(conversation, "正要发出时断电的话。")
    claimed = await stage.house.writer.do(stage.house.delivery.claim, lambda _shop: 99)
    assert [each.content.text for each in claimed] == ["正要发出时断电的话。"]
    assert "断电" not in str(await visitor.reads())
    await stage.house.writer.do(stage.house.delivery.after_restart, stage.house.lines.repeats)
    await stage.settle()
    assert [text for _, text in await visitor.reads()].count("正要发出时断电的话。") == 1
    assert (await lin.get("/api/desk/unsettled"))["replies"] == []


async def test_a_visitor_who_comes_back_another_day_finds_both_conversations_and_only_what_is_new(site: Site) -> None:
    stage, visitor = site.stage, await site.visitor()
    lead = await stage.agent("lead")
    await visitor.says(ASKS)
    first = await conversation_of(site)
    await visitor.connects()
    await visitor.hears(ASKS)
    await visitor.leaves()
    assert await lead.sees() == [first]
    await lead.sends(first, "隔夜才看到的回复。")
    await stage.settle()
    await lead.closes(first)
    await stage.passes(SAME_SESSION_MS / 1000 + 1)
    await visitor.says("第二天再来")
    assert await conversation_of(site) != first
    before = len(visitor.told)
    await visitor.connects()
    await visitor.hears("第二天再来")
    await visitor.leaves()
    fresh = [each["text"] for each in visitor.told[before:]]
    assert fresh[:2] == ["隔夜才看到的回复。", "第二天再来"]
    assert ASKS not in fresh
    assert len(visitor.seen) == 2


async def test_what_a_visitor_says_and_reads_costs_as_many_statements_however_much_was_said(
    site: Site, counter: Counter
) -> None:
    visitor = await site.visitor()
    site.stage.app.state.visits = visiting.new_paces()._replace(saying=Buckets(visiting.Pace(1000, 1000)))
    seat = visitor_socket.Seat(site.key, visitor_of(site.stage.house, site.key, visitor.token)[0], {})
    await visitor.says("你好")
    for more in (1, 12):
        for place in range(more):
            await visitor.posts(f"第{place}句")
        with counter.counting_batches(9):
            await visitor.posts("还有一句")
        with counter.counting(3):
            site.stage.app.state.visitors.read(seat)
        await site.stage.settle()


async def test_the_script_is_for_any_page_to_load_and_is_asked_for_again_only_when_it_changed(stage: Stage) -> None:
    page = stage.client(Origin=ELSEWHERE)
    answer = await page.get("/widget.js")
    if answer.status_code == 404:
        pytest.skip("the widget is not built")
    assert answer.headers["content-type"] == "text/javascript; charset=utf-8"
    assert answer.headers.get_list("cross-origin-resource-policy") == ["cross-origin"]
    assert "max-age=3600" in answer.headers["cache-control"]
    assert answer.headers["x-content-type-options"] == "nosniff"
    again = await page.get("/widget.js", headers={"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    console = await page.get("/mark.svg")
    assert console.headers["cross-origin-resource-policy"] == "same-origin", "the console is nobody else's"


async def test_an_owner_connects_a_page_is_given_the_key_and_keeps_it_over_a_disconnection(stage: Stage) -> None:
    owner = await stage.person("owner")
    await with_second_factor(owner, PASSWORD)
    settings = {"origins": "HTTPS://Shop.Example/, http://localhost:8080；https://b.example:8443", "title": "小店"}
    new = {"name": "自己的网店", "platform": "widget", "settings": settings}
    made = (await owner.http.post("/api/connections", json=new)).json()
    shop, site = made["shop"]["id"], made["settings"]["site"]
    assert made["settings"]["origins"] == "https://shop.example,http://localhost:8080,https://b.example:8443"
    assert (made["tier"], made["state"], made["polled"]) == ("live", "open", False)
    able = {each["capability"] for each in made["abilities"] if each["able"]}
    assert able == {"receive_live", "send_message"}
    assert all(each["able"] or each["lack"]["reason"] for each in made["abilities"])
    await Site(stage, shop, site).visitor()
    forged = {**settings, "site": new_site()}
    again = (await owner.http.put(f"/api/connections/{shop}", json={"settings": forged})).json()
    assert again["settings"]["site"] == site, "it is ours to draw"
    await owner.http.delete(f"/api/connections/{shop}")
    back = (await owner.http.put(f"/api/connections/{shop}", json={"settings": settings})).json()
    assert back["settings"]["site"] == site, "the snippet in the shop's page stays good"


@pytest.mark.parametrize(
    "origins",
    ["http://shop.example", "https://shop.example/path", "shop.example", "*", "https://*.example", "https://", "https://u@b.example",
     "https://shop.example?x", "javascript:alert(1)", "https://[", "https://b.example:99999", " ,;"],
)  # fmt: skip
async def test_a_page_that_anybody_could_change_on_the_way_is_no_origin(stage: Stage, origins: str) -> None:
    owner = await stage.person("owner")
    await with_second_factor(owner, PASSWORD)
    new = {"name": "自己的网店", "platform": "widget", "settings": {"origins": origins}}
    answer = await owner.http.post("/api/connections", json=new)
    assert (answer.status_code, answer.json()["code"]) in {(400, "origin_odd"), (400, "settings_missing")}


async def test_nobody_pushes_to_a_widgets_hook(site: Site) -> None:
    answer = await site.stage.client().post(f"/hooks/widget/{site.shop}", content=b"{}")
    assert (answer.status_code, answer.json()["code"]) == (400, "line_cannot")


@pytest.mark.parametrize("asks", ["我的快递到哪了？订单号 123456789012", "可以价保吗"])
async def test_who_asks_for_what_only_a_platform_knows_is_handed_to_a_person(stage: Stage, asks: str) -> None:
    site = await stage.house.writer.do(opened, stage, "digital", "demo-digital")
    visitor, lin = await site.visitor(), await stage.agent()
    await visitor.says(asks)
    assert await lin.sees() == [await conversation_of(site)]
    facts = await lin.http.get(f"/api/desk/conversations/{await conversation_of(site)}/orders")
    assert (facts.status_code, facts.json()["code"]) == (422, "line_cannot")
