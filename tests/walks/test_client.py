"""A program asks through the client: what its token opens is answered and typed, what it does not is an exception."""

from datetime import UTC, date, datetime

import pytest

from huiyin.insight.figures import REGISTRY
from huiyin_client import AsyncHuiyin, NotFoundError, SecondFactorError, SignInError, calls, shapes
from huiyin_client.calls import Call

from .stage import HUIYIN, Stage
from .test_tokens import made, strong

SCOPES = [
    "conversation:search", "conversation:read", "wall:read", "connection:read", "platform_account:read",
    "platform_account:write",
]  # fmt: skip


async def client_of(stage: Stage, login: str = "lead", scopes: list[str] = SCOPES) -> AsyncHuiyin:
    person = await strong(stage, login)
    http = stage.client()
    http.headers.pop("X-Huiyin")
    return AsyncHuiyin(HUIYIN, await made(person, scopes=scopes), client=http)


async def test_a_program_asks_for_what_its_token_opens(stage: Stage) -> None:
    huiyin = await client_of(stage)
    for place in range(3):
        await stage.customer("direct", place).says("想要退款")
    await stage.settle()
    await stage.worker.index()
    own = await huiyin.ask(calls.own_token())
    assert (own.name, set(SCOPES) <= set(own.may)) == ("大屏", True)
    assert {shop.id for shop in own.shops} == {stage.shops[name] for name in ("digital", "direct", "pasted")}
    found = [each async for each in huiyin.each(calls.search("退款", shop=stage.shops["direct"]))]
    assert len({each.id for each in found}) == 3
    assert {each.snippets[0].text for each in found} == {"想要退款"}
    assert len(await huiyin.ask(calls.connections())) == 3
    wall = await huiyin.ask(calls.wall())
    assert {each.key for each in wall.figures} <= {each.key for each in REGISTRY}
    report = await huiyin.ask(calls.report(date(2026, 6, 1), date(2026, 6, 1)))
    assert {each.key: each.value for each in report.figures}["sessions"] == 3
    rows = [each async for each in huiyin.each(calls.report_rows("sessions", date(2026, 6, 1), date(2026, 6, 1)))]
    assert {each.conversation for each in rows} == {each.id for each in found}


async def test_what_is_written_down_is_written_down_once(stage: Stage) -> None:
    huiyin = await client_of(stage)
    since = datetime(2026, 6, 1, tzinfo=UTC)
    person = stage.founded.people["mei"]
    told = await huiyin.ask(calls.map_account(stage.shops["direct"], "客服01", person, since))
    assert told.person is not None
    assert (told.account, told.person.id) == ("客服01", person)
    assert [each.account for each in await huiyin.ask(calls.accounts())] == ["客服01"]


async def test_what_the_token_does_not_open_is_an_exception_with_a_remedy(stage: Stage) -> None:
    huiyin = await client_of(stage, "owner", ["import:read", "webhook:read"])
    assert await huiyin.ask(calls.webhooks()) == []
    assert [each async for each in huiyin.each(calls.imports())] == []
    with pytest.raises(NotFoundError):
        await huiyin.ask(calls.wall())
    with pytest.raises(NotFoundError) as gone:
        await huiyin.ask(calls.deliveries("0" * 32).first)
    assert (gone.value.code, gone.value.remedy) == ("webhook_gone", "Look at the list again.")
    async with AsyncHuiyin(HUIYIN, "hy_nothing", client=stage.client()) as nobody:
        with pytest.raises(SignInError):
            await nobody.ask(calls.own_token())


async def test_what_wants_a_second_factor_no_token_opens(stage: Stage) -> None:
    huiyin = await client_of(stage, "owner", ["webhook:read"])
    hook = {"url": "https://hooks.example.com/", "description": "x", "kinds": ["conversation.opened"]}
    with pytest.raises((SecondFactorError, NotFoundError)):
        await huiyin.ask(Call[shapes.Webhook]("POST", "/api/webhooks", shapes.Webhook, body=hook))
