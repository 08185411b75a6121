"""Every route, asked by nobody, by another tenant's agent, by our own: what is not yours does not exist."""

from typing import Any, NamedTuple

import httpx
import pytest

from huiyin.kernel.ids import new_id

from .founding import PASSWORD, SHOPS, key
from .stage import Person, Stage

DESK = "/api/desk/conversations"
ONE = f"{DESK}/{{conversation:str}}"


class Row(NamedTuple):
    """How a route is asked, and what our own agent is answered."""

    status: int
    data: dict[str, object] | None = None
    query: dict[str, str] | None = None
    scope: str = "conversation"
    """public: anybody · person: whoever is signed in · conversation: whoever serves its shop"""
    asker: str = "lin"
    """Somebody who holds the right."""


ROUTES: dict[str, Row] = {
    "GET /": Row(200, scope="console"),
    "GET /desk": Row(200, scope="console"),
    "GET /desk/{conversation:str}": Row(200, scope="console"),
    "GET /wall": Row(200, scope="console"),
    "GET /reports": Row(200, scope="console"),
    "GET /care": Row(200, scope="console"),
    "GET /care/accounts": Row(200, scope="console"),
    "GET /search": Row(200, scope="console"),
    "GET /shops": Row(200, scope="console"),
    "GET /settings": Row(200, scope="console"),
    "GET /imports": Row(200, scope="console"),
    "GET /exports": Row(200, scope="console"),
    "GET /sessions/{session:str}": Row(200, scope="console"),
    "GET /people": Row(200, scope="console"),
    "GET /audit": Row(200, scope="console"),
    "GET /keys": Row(200, scope="console"),
    "GET /start": Row(200, scope="console"),
    "GET /sign-in": Row(200, scope="console"),
    "GET /welcome": Row(200, scope="console"),
    "GET /{name:str}": Row(404, scope="public"),
    "GET /api/openapi.json": Row(200, scope="public"),
    "GET /api/openapi.json/openapi.json": Row(200, scope="public"),
    "GET /api/openapi.json/{path:str}": Row(404, scope="public"),
    "GET /api/health": Row(200, scope="public"),
    "GET /api/ready": Row(200, scope="public"),
    "POST /hooks/{platform:str}/{shop:str}": Row(404, scope="public"),
    "GET /widget.js": Row(200, scope="public"),
    "POST /api/widget/{site:str}/visits": Row(404, scope="public"),
    "POST /api/widget/{site:str}/messages": Row(404, {"id": "an-id-of-the-page", "text": "你好"}, scope="public"),
    "POST /api/session": Row(200, {"login": "lin", "password": PASSWORD}, scope="public"),
    "DELETE /api/session": Row(204, scope="public"),
    "GET /api/session": Row(200, scope="person"),
    "GET /api/oidc": Row(200, scope="public"),
    "GET /api/oidc/start": Row(303, scope="public"),
    "GET /api/oidc/callback": Row(303, scope="public"),
    "POST /api/session/second-factor": Row(409, {"code": "000000"}, scope="person"),
    "GET /api/account/sessions": Row(200, scope="person"),
    "GET /api/account/changes": Row(200, scope="person"),
    "DELETE /api/account/sessions": Row(204, scope="person"),
    "DELETE /api/account/sessions/{session:str}": Row(404, scope="person"),
    "PUT /api/account/password": Row(400, {"old": "not-this-one", "new": "nor-this-one"}, scope="person"),
    "POST /api/account/totp": Row(400, {"password": "not-this-one"}, scope="person"),
    "POST /api/account/totp/confirm": Row(404, {"code": "000000"}, scope="person"),
    "POST /api/account/totp/remove": Row(409, {"code": "000000"}, scope="person"),
    "POST /api/account/recovery-codes": Row(403, scope="person"),
    "GET /api/account/tokens": Row(200, scope="person"),
    "GET /api/account/tokens/own": Row(404, scope="person"),
    "POST /api/account/tokens": Row(403, {"name": "x", "scopes": ["wall:read"], "days": 1}, scope="person"),
    "DELETE /api/account/tokens/{token:str}": Row(404, scope="person"),
    "POST /api/welcome": Row(404, {"token": "made-up"}, scope="public"),
    "POST /api/welcome/accept": Row(404, {"token": "made-up", "password": PASSWORD}, scope="public"),
    "POST /api/people": Row(403, {"name": "x", "login": "xx", "roles": ["agent"]}, scope="person", asker="owner"),
    "GET /api/people": Row(200, scope="person", asker="owner"),
    "PUT /api/people/{person:str}/roles": Row(
        403, {"roles": ["agent"], "skills": [], "capacity": 1}, scope="person", asker="owner"
    ),
    "POST /api/people/{person:str}/deactivate": Row(403, scope="person", asker="owner"),
    "POST /api/people/{person:str}/reactivate": Row(403, scope="person", asker="owner"),
    "DELETE /api/people/{person:str}/sessions": Row(404, scope="person"),
    "POST /api/people/{person:str}/link": Row(403, {}, scope="person", asker="owner"),
    "POST /api/people/{person:str}/identity": Row(403, {"subject": "x"}, scope="person", asker="owner"),
    "POST /api/people/{person:str}/unlock": Row(404, scope="person"),
    "GET /api/approvals": Row(200, scope="person", asker="owner"),
    "POST /api/approvals/{approval:str}/approve": Row(403, scope="person", asker="auditor"),
    "POST /api/approvals/{approval:str}/refuse": Row(403, scope="person", asker="owner"),
    "PUT /api/desk/presence": Row(200, {"state": "busy"}, scope="person"),
    f"GET {DESK}": Row(200, query={"tab": "waiting"}, scope="person"),
    "GET /api/desk/unsettled": Row(200, scope="person"),
    "GET /api/stuck": Row(200, scope="person", asker="lead"),
    "POST /api/stuck/{listener:str}/{subject:str}/retry": Row(404),
    "GET /api/accounts": Row(200, scope="person", asker="lead"),
    "GET /api/accounts/people": Row(200, query={"shop": "no-such-shop"}, scope="person", asker="lead"),
    "POST /api/accounts": Row(
        404,
        {"shop": "s", "account": "a", "person": "p", "effectiveFrom": "2026-06-01T04:00:00Z"},
        scope="person",
        asker="lead",
    ),
    "GET /api/audit": Row(403, scope="person", asker="auditor"),
    "GET /api/audit/people": Row(403, scope="person", asker="auditor"),
    "GET /api/audit/state": Row(403, scope="person", asker="auditor"),
    "POST /api/audit/verify": Row(403, scope="person", asker="auditor"),
    "GET /api/keys": Row(404, scope="person"),
    "POST /api/keys/turn": Row(404, {"what": "data"}, scope="person"),
    "POST /api/keys/customers": Row(404, {"by": "account", "value": "jd_nobody"}, scope="person"),
    "POST /api/keys/customers/{customer:str}/shred": Row(404, {"reason": "案卷 1"}, scope="person"),
    "POST /api/keys/holds": Row(404, {"customer": "", "reason": "案卷 1"}, scope="person"),
    "POST /api/keys/holds/{hold:str}/lift": Row(404, scope="person"),
    "GET /api/connections": Row(200, scope="person", asker="lead"),
    "GET /api/connections/platforms": Row(200, scope="person", asker="lead"),
    "POST /api/connections": Row(404, {"name": "店", "platform": "jd", "settings": {}}, scope="person"),
    "PUT /api/connections/{shop:str}": Row(404, {"settings": {}}, scope="person"),
    "PUT /api/connections/{shop:str}/about": Row(404, {"name": "店"}, scope="person"),
    "DELETE /api/connections/{shop:str}": Row(404, scope="person"),
    "POST /api/connections/{shop:str}/test": Row(404, {"order": ""}, scope="person", asker="lead"),
    "GET /api/connections/{shop:str}/backfills": Row(404, scope="person", asker="owner"),
    "POST /api/connections/{shop:str}/backfills": Row(403, {"days": 7}, scope="person", asker="owner"),
    "POST /api/connections/{shop:str}/backfills/{backfill:str}/go-on": Row(403, scope="person", asker="owner"),
    "POST /api/connections/{shop:str}/backfills/{backfill:str}/stop": Row(403, scope="person", asker="owner"),
    "POST /api/sessions/search": Row(200, {"words": "订单"}, scope="person"),
    "GET /api/first-steps": Row(200, scope="person", asker="owner"),
    "GET /api/retention": Row(200, scope="person", asker="owner"),
    "PUT /api/retention/{kind:str}": Row(403, {"days": 400}, scope="person", asker="owner"),
    "GET /api/exports": Row(200, scope="person", asker="owner"),
    "POST /api/exports": Row(
        403, {"shops": ["s"], "first": "2026-05-31", "last": "2026-05-31"}, scope="person", asker="owner"
    ),
    "GET /api/exports/{export:str}": Row(404, scope="person", asker="owner"),
    "POST /api/exports/{export:str}/cancel": Row(403, scope="person", asker="owner"),
    "POST /api/exports/{export:str}/download": Row(403, scope="person", asker="owner"),
    "GET /api/webhooks": Row(200, scope="person", asker="owner"),
    "GET /api/webhooks/kinds": Row(200, scope="person", asker="owner"),
    "POST /api/webhooks": Row(
        403,
        {"url": "https://a.example.com", "description": "x", "kinds": ["conversation.opened"]},
        scope="person",
        asker="owner",
    ),
    "PUT /api/webhooks/{webhook:str}": Row(
        403,
        {"url": "https://a.example.com", "description": "x", "kinds": ["conversation.opened"]},
        scope="person",
        asker="owner",
    ),
    "DELETE /api/webhooks/{webhook:str}": Row(403, scope="person", asker="owner"),
    "POST /api/webhooks/{webhook:str}/secret": Row(403, scope="person", asker="owner"),
    "POST /api/webhooks/{webhook:str}/on": Row(403, scope="person", asker="owner"),
    "POST /api/webhooks/{webhook:str}/off": Row(403, scope="person", asker="owner"),
    "POST /api/webhooks/{webhook:str}/test": Row(403, scope="person", asker="owner"),
    "GET /api/webhooks/{webhook:str}/deliveries": Row(404, scope="person", asker="owner"),
    "POST /api/webhooks/{webhook:str}/deliveries/{sent:str}/resend": Row(403, scope="person", asker="owner"),
    "GET /api/imports": Row(200, scope="person", asker="owner"),
    "POST /api/imports": Row(403, query={"shop": "no-such-shop", "what": "chats"}, scope="person", asker="owner"),
    "POST /api/imports/{file:str}/preview": Row(403, {"columns": {}}, scope="person", asker="owner"),
    "POST /api/imports/{file:str}/start": Row(403, {"columns": {}}, scope="person", asker="owner"),
    "POST /api/imports/{file:str}/stop": Row(403, scope="person", asker="owner"),
    "GET /api/imports/{file:str}/refused": Row(404, scope="person", asker="owner"),
    "GET /api/reports": Row(200, query={"since": "2026-06-01", "until": "2026-06-01"}, scope="person"),
    "GET /api/reports/rows": Row(
        200, query={"since": "2026-06-01", "until": "2026-06-01", "figure": "sessions"}, scope="person"
    ),
    "GET /api/reports/baselines": Row(404, query={"shop": "no-such-shop"}, scope="person", asker="owner"),
    "POST /api/reports/baselines": Row(
        403, {"shop": "x", "name": "x", "since": "2026-05-01", "until": "2026-05-02"}, scope="person", asker="owner"
    ),
    "POST /api/reports/export": Row(403, {"since": "2026-06-01", "until": "2026-06-01"}, scope="person", asker="lead"),
    "GET /api/desk/polls": Row(200, scope="person"),
    "GET /api/wall": Row(200, scope="person"),
    "GET /api/wall/rows": Row(200, query={"figure": "sessions"}, scope="person"),
    f"GET {ONE}": Row(200),
    f"GET {ONE}/messages": Row(200, query={"before": "9"}),
    f"GET {ONE}/attribution": Row(200),
    f"GET {ONE}/timeline": Row(200),
    f"GET {ONE}/colleagues": Row(200),
    f"GET {ONE}/orders": Row(200),
    f"GET {ONE}/orders/{{order:str}}/logistics": Row(200),
    f"GET {ONE}/orders/{{order:str}}/price-protection": Row(200),
    f"POST {ONE}/take-over": Row(200),
    f"POST {ONE}/check": Row(200, {"text": "您好"}),
    f"POST {ONE}/send": Row(200, {"text": "您好", "key": key()}),
    f"POST {ONE}/messages/{{message:str}}/reveal": Row(403, {"place": 0, "purpose": "delivery"}),
    f"POST {ONE}/copied/{{message:str}}": Row(404),
    f"POST {ONE}/settle/{{message:str}}": Row(404, {"outcome": "dropped"}),
    f"POST {ONE}/transfer": Row(200, {"skill": "价保"}),
    f"POST {ONE}/close": Row(200, {"reason": "solved"}),
    f"POST {ONE}/read": Row(204),
}
UNGUARDED = {
    "POST /hooks/{platform:str}/{shop:str}",
    "POST /api/widget/{site:str}/visits",
    "POST /api/widget/{site:str}/messages",
}
"""Writes without the header: platforms cannot send it, their signature stands in its place; a shop's own page writes to
its visitors' door only, where a token of its own and its origin do (test_widget.py)."""


def named(scope: str) -> list[str]:
    return [name for name, row in ROUTES.items() if row.scope == scope]


class Ours:
    """A conversation of ours on our agent's desk, and another tenant's agent at the door."""

    def __init__(self, stage: Stage, lin: Person, stranger: Person, conversation: str, order: str) -> None:
        self.stage, self.lin, self.stranger = stage, lin, stranger
        self.conversation, self.order = conversation, order

    async def asked(self, http: httpx.AsyncClient, route: str, conversation: str | None = None) -> httpx.Response:
        """Ask a route, about our conversation or the one named."""
        row = ROUTES[route]
        method, _, path = route.partition(" ")
        for name, value in (
            ("{conversation:str}", conversation or self.conversation),
            ("{order:str}", self.order),
            ("{message:str}", new_id()),
            ("{listener:str}", "insight.figures"),
            ("{subject:str}", conversation or self.conversation),
            ("{platform:str}", "jd"),
            ("{shop:str}", "no-such-shop"),
            ("{site:str}", "no-such-site"),
            ("{name:str}", "no-such-page"),
            ("{path:str}", "no-such-page"),
            ("{person:str}", new_id()),
            ("{approval:str}", new_id()),
            ("{customer:str}", new_id()),
            ("{hold:str}", new_id()),
        ):
            path = path.replace(name, value)
        return await http.request(method, path, json=row.data, params=row.query)


@pytest.fixture
async def ours(stage: Stage) -> Ours:
    lin, stranger = await stage.agent(), await stage.agent("stranger")
    customer = stage.customer("direct")
    await customer.says("我的订单呢", mt="order", order_id=customer.order)
    await stage.settle()
    assert await lin.sees() == [customer.conversation]
    return Ours(stage, lin, stranger, customer.conversation, customer.order)


async def test_every_route_of_the_app_stands_in_the_table(stage: Stage) -> None:
    found = {
        f"{method} {route.path}"
        for route in stage.app.routes
        if not route.path.startswith("/ws") and not route.path.startswith("/assets")
        for method in route.methods - {"OPTIONS", "HEAD"}
    }
    assert found == set(ROUTES)


@pytest.mark.parametrize("route", named("conversation"))
async def test_another_tenants_conversation_answers_as_one_that_does_not_exist(ours: Ours, route: str) -> None:
    before = ours.stage.events(ours.conversation)
    theirs = await ours.asked(ours.stranger.http, route)
    absent = await ours.asked(ours.stranger.http, route, new_id())
    wanted = 403 if ROUTES[route].status == 403 else 404  # what wants a second factor wants it of everybody alike
    assert theirs.status_code == absent.status_code == wanted
    assert theirs.content == absent.content
    assert theirs.headers["content-type"] == "application/problem+json"
    nobody = await ours.asked(ours.stage.client(), route)
    assert nobody.status_code == 401
    assert nobody.content == (await ours.asked(ours.stage.client(), route, new_id())).content
    assert ours.stage.events(ours.conversation) == before
    own = await ours.asked(ours.lin.http, route)
    assert own.status_code == ROUTES[route].status, own.text


@pytest.mark.parametrize("route", named("person"))
async def test_whoever_is_not_signed_in_is_told_so(ours: Ours, route: str) -> None:
    refused = await ours.asked(ours.stage.client(), route)
    assert (refused.status_code, refused.json()["type"]) == (401, "about:notsignedin")
    assert refused.json()["detail"]
    forged = ours.stage.client(Cookie="huiyin_session=made-up")
    assert (await ours.asked(forged, route)).content == refused.content
    asker = await ours.stage.person(ROUTES[route].asker)
    assert (await ours.asked(asker.http, route)).status_code == ROUTES[route].status


@pytest.mark.parametrize("route", [*named("public"), *named("console")])
async def test_what_anybody_may_ask_tells_nothing_of_anybodys_customers(ours: Ours, route: str) -> None:
    answer = await ours.asked(ours.stage.client(), route)
    allowed = {ROUTES[route].status} | ({503} if ROUTES[route].scope == "console" else set())
    assert answer.status_code in allowed, answer.text
    assert ours.conversation not in answer.text
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("route", [each for each in ROUTES if not each.startswith("GET") and each not in UNGUARDED])
@pytest.mark.parametrize("header", [{}, {"X-Huiyin": "0"}], ids=["no header", "wrong header"])
async def test_a_write_that_a_foreign_page_could_cause_is_refused(
    ours: Ours, route: str, header: dict[str, str]
) -> None:
    before = ours.stage.events(ours.conversation)
    ours.lin.http.headers.pop("X-Huiyin")
    ours.lin.http.headers.update(header)
    refused = await ours.asked(ours.lin.http, route)
    assert refused.status_code == 403
    assert "X-Huiyin" in refused.text
    assert ours.stage.events(ours.conversation) == before
    ours.lin.http.headers["X-Huiyin"] = "1"
    assert (await ours.lin.http.get("/api/session")).status_code == 200


async def counts(person: Person, **query: str) -> dict[str, int]:
    found = await person.get(DESK, **query)
    return dict(found["counts"])


async def test_lists_counts_wall_and_rows_show_nothing_of_another_tenant(ours: Ours) -> None:
    foreign = ours.stage.customer("foreign")
    await foreign.says("在吗")
    await ours.stage.settle()
    shop = ours.stage.shops["direct"]
    for tab in ("mine", "waiting", "bot", "closed"):
        assert ours.conversation not in await ours.stranger.sees(tab)
        assert await ours.stranger.sees(tab, shop=shop) == []
        assert foreign.conversation not in await ours.lin.sees(tab)
    assert await counts(ours.stranger) == {"mine": 0, "waiting": 0, "bot": 1, "closed": 0}
    assert await counts(ours.stranger, shop=shop) == {"mine": 0, "waiting": 0, "bot": 0, "closed": 0}
    assert await counts(ours.lin) == {"mine": 1, "waiting": 0, "bot": 0, "closed": 0}
    wall = await ours.stranger.get("/api/wall")
    assert [each["name"] for each in wall["shops"]] == ["foreign旗舰店"]
    assert figure(wall, "sessions") == 1
    assert figure(await ours.stranger.get("/api/wall", shop=shop), "sessions") == 0
    rows = await ours.stranger.get("/api/wall/rows", figure="sessions")
    assert [each["conversation"] for each in rows["rows"]] == [foreign.conversation]
    narrowed = await ours.stranger.get("/api/wall/rows", figure="sessions", shop=shop)
    assert narrowed["rows"] == []
    assert [each["conversation"] for each in (await ours.lin.get("/api/wall/rows", figure="sessions"))["rows"]] == [
        ours.conversation
    ]


async def test_a_shop_of_another_tenant_and_one_that_does_not_exist_answer_alike(ours: Ours) -> None:
    for path, query in ((DESK, {"tab": "mine"}), ("/api/wall", {}), ("/api/wall/rows", {"figure": "sessions"})):
        theirs = await ours.stranger.get(path, shop=ours.stage.shops["direct"], **query)
        absent = await ours.stranger.get(path, shop="no-such-shop", **query)
        assert theirs == absent


async def test_a_merchant_sees_its_own_shops_and_a_vendor_those_it_serves(ours: Ours) -> None:
    owner = await ours.stage.person("owner")
    shops = {each["name"].removesuffix("旗舰店") for each in (await owner.get("/api/session"))["shops"]}
    assert shops == {name for name, (side, *_) in SHOPS.items() if side == "merchant"}
    assert (await owner.opens(ours.conversation))["conversation"]["id"] == ours.conversation


async def test_a_colleague_of_another_tenant_is_no_colleague(ours: Ours) -> None:
    found = await ours.lin.get(f"{DESK}/{ours.conversation}/colleagues")
    assert {each["name"] for each in found} == {"组长老何", "小梅"}
    refused = await ours.lin.does(ours.conversation, "transfer", person=ours.stranger.id)
    absent = await ours.lin.does(ours.conversation, "transfer", person=new_id())
    assert refused.status_code == absent.status_code == 404
    assert refused.content == absent.content


def figure(wall: Any, name: str) -> float | None:
    return next(each["value"] for each in wall["figures"] if each["key"] == name)
