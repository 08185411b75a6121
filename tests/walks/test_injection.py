"""The corpus of attacks (tests/injection/corpus.yaml) at every text the door takes: none of it does anything."""

import asyncio
import gzip
import json
import re
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any, cast
from urllib.parse import quote

import httpx
import pytest
import sqlalchemy as sa
import yaml
from litestar import Litestar, get
from litestar.params import FromQuery
from litestar.testing import AsyncTestClient

from huiyin.kernel.ids import new_id
from huiyin.policy.deciding import may_any_field

from .doors import Doors
from .stage import Person, Stage
from .test_matrix import Joined, joined, ours
from .test_schema import Asked, doors, place, rights_at
from .test_tenancy import Ours

__all__ = ["doors", "joined", "ours"]  # fixtures

CORPUS: dict[str, list[str]] = yaml.safe_load(
    (Path(__file__).parents[1] / "injection" / "corpus.yaml").read_text(encoding="utf-8")
)
HARMLESS = "zzzz"
SHAPE = sa.text("SELECT type, name, sql FROM sqlite_master ORDER BY type, name")
KEPT = ("person", "shop", "engagement", "conversation", "message")


def books(stage: Stage) -> tuple[Any, ...]:
    """Return how the database is built, and how much is in the tables that nobody here adds to."""
    with stage.house.reading.connect() as connection:
        shape = tuple(connection.execute(SHAPE))
        return shape, *(connection.exec_driver_sql(f"SELECT count(*) FROM {each}").scalar_one() for each in KEPT)


def slots(operation: Any, case: Any) -> Iterator[tuple[str, str]]:
    """Return every place of a request that takes a text: in the path, the query, the body."""
    for name in case.path_parameters:
        yield "path_parameters", name
    for parameter in operation.query:
        yield "query", parameter.name
    if isinstance(case.body, dict):
        yield from (("body", name) for name, value in case.body.items() if isinstance(value, str))


def put(operation: Any, asked: Asked, slot: tuple[str, str], text: str) -> Any:
    """Return a request that makes sense but for a text in one place."""
    case = asked.case(operation)
    where, name = slot
    value = quote(text, safe="") if where == "path_parameters" else text
    setattr(case, where, {**getattr(case, where), name: value})
    return case


def told(answer: httpx.Response, text: str) -> tuple[int, str]:
    """Return an answer without the words that were put in, and without what differs each time."""
    body = answer.text
    if answer.status_code >= 400:  # a refusal names the value, in quotes that differ
        return answer.status_code, ""
    for form in (text, json.dumps(text)[1:-1], json.dumps(text, ensure_ascii=False)[1:-1]):
        body = body.replace(form, "…")
    return answer.status_code, re.sub(r'"(id|token|hash|version|at|seq|key)":("[^"]*"|\d+)', r'"\1":…', body)


@pytest.mark.timeout(240)
@pytest.mark.parametrize("kind", ["sql", "path"])
async def test_a_question_with_an_attack_in_it_is_answered_like_one_with_nonsense(
    doors: tuple[Doors, dict[Any, Person]], ours: Ours, joined: Joined, kind: str
) -> None:
    door, people = doors
    rights, asked, before = rights_at(ours), Asked(ours), books(ours.stage)
    await asked.meets(people["agent"])
    loop, places = asyncio.get_running_loop(), 0
    for operation in sorted((each.ok() for each in door.schema.get_all_operations()), key=place):
        wanted = rights[f"{operation.method.upper()} {operation.path}"]
        able = (each for each in people.values() if any(may_any_field(joined.actor(each), right) for right in wanted))
        person = next(able, people["agent"])
        if operation.label in {"POST /api/people", "POST /api/people/{person}/link"} or operation.method == "delete":
            continue  # these make or end something each time they are let through; test_schema.py asks them
        for slot in slots(operation, asked.case(operation)):
            places += 1
            nonsense = await loop.run_in_executor(None, door.ask, put(operation, asked, slot, HARMLESS), person)
            for text in CORPUS[kind][: 10 if operation.method == "get" else 4]:
                answer = await loop.run_in_executor(None, door.ask, put(operation, asked, slot, text), person)
                if operation.method == "get":
                    assert told(answer, text) == told(nonsense, HARMLESS), (operation.label, slot, text)
                assert answer.status_code < 500
                for leak in ("sqlite", "SELECT", "root:", "syntax error", "password_hash"):
                    assert leak not in answer.text.replace(text, "").replace(json.dumps(text)[1:-1], "")
    assert places > 40
    after = books(ours.stage)
    assert after[0] == before[0]
    assert all(now >= then for now, then in zip(after[1:], before[1:], strict=True))


def check_is_no_page(answer: httpx.Response) -> None:
    """Look whether an answer is text to a browser, whatever words are in it."""
    assert answer.headers["content-type"] in {"application/json", "application/problem+json"}
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "set-cookie" not in answer.headers


async def test_every_text_comes_back_as_it_was_written_and_nowhere_else(ours: Ours) -> None:
    """In a bubble, in a note, in a name: text in JSON, of a type no browser takes for a page."""
    stage, lin = ours.stage, ours.lin
    for text in [each for kind in ("xss", "formula", "header", "signs") for each in CORPUS[kind]]:
        said = await stage.receives("direct", _inbound(stage, text))
        shown = await lin.http.get(f"/api/desk/conversations/{said.conversation}")
        check_is_no_page(shown)
        assert shown.json()["messages"][-1]["text"] == text
        checked = await lin.does(said.conversation, "check", text=text)
        assert checked.status_code == 200, checked.text
        assert not {"set-cookie", "location"} & set(checked.headers)


@pytest.mark.parametrize("text", CORPUS["header"])
async def test_no_text_becomes_a_header(stage: Stage, text: str) -> None:
    lin, client = await stage.person("lin"), stage.client()
    plain = {name for name, _ in (await client.get("/api/session")).headers.multi_items()}
    for http, path, query in (
        (client, "/sign-in", {"next": text, "back": text}),
        (client, "/welcome", {"token": text}),
        (client, f"/{quote(text, safe='')}", {}),
        (client, f"/desk/{quote(text, safe='')}", {}),
        (client, "/api/session", {"person": text}),
        (lin.http, "/api/wall", {"shop": text}),
    ):
        answer = await http.get(path, params=query)
        assert {name for name, _ in answer.headers.multi_items()} <= plain
        assert "evil.example" not in str(answer.headers)
        assert answer.status_code not in {301, 302, 303, 307, 308}
    raw = text.encode("utf-8")
    answer = await client.get("/api/session", headers=[(b"x-huiyin-person", raw), (b"cookie", b"a=" + raw)])
    assert (answer.status_code, "pwned" in str(answer.headers)) == (401, False)


def _inbound(stage: Stage, text: str, **data: str) -> Any:
    from huiyin.channels.port import Content, ContentKind, Inbound, Origin, Sender

    content = Content(ContentKind.IMAGE, text, data) if data else Content(text=text)
    return Inbound(
        shop=stage.shops["direct"], source_id=new_id(), customer_ref=f"jd_{new_id()}", sender=Sender.CUSTOMER,
        content=content, platform_at=stage.clock.now(), origin=Origin.SIMULATED,
    )  # fmt: skip


@pytest.fixture
async def ear() -> AsyncIterator[tuple[int, list[bytes]]]:
    """Listen on this machine, as an address that somebody wants the server to ask."""
    heard: list[bytes] = []

    async def hear(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.append(await reader.read(100))
        writer.close()

    server = await asyncio.start_server(hear, "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1], heard


async def test_no_address_anybody_writes_is_ever_asked(
    ours: Ours, ear: tuple[int, list[bytes]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not in words, not as a picture, not in a field: the only way out is the post to the line's own gateway."""
    port, heard = ear
    stage, lin = ours.stage, ours.lin
    tried: list[str] = []
    connect = asyncio.BaseEventLoop.create_connection

    async def watched(self: Any, *args: Any, **named: Any) -> Any:
        tried.append(f"{args} {named}")
        return await connect(self, *args, **named)

    monkeypatch.setattr(asyncio.BaseEventLoop, "create_connection", watched)
    posts = stage.wire.addresses = []
    for address in (each.replace("{port}", str(port)) for each in CORPUS["ssrf"]):
        said = await stage.receives("direct", _inbound(stage, f"看这个 {address}", url=address))
        await stage.settle()
        shown = (await lin.opens(said.conversation))["messages"][-1]
        assert shown["kind"] == "image"
        for path in ("orders", f"orders/{quote(address, safe='')}/logistics", "attribution"):
            await lin.http.get(f"/api/desk/conversations/{said.conversation}/{path}")
        await lin.does(said.conversation, "check", text=address)
        await lin.does(said.conversation, "send", text=f"请看 {address}", key=new_id(), acknowledged=True)
        await stage.settle()
    assert heard == []
    assert tried == []
    assert set(posts) <= {"127.0.0.1:8790"}


BODIES = {
    "a gzip bomb": (gzip.compress(b" " * 30_000_000 + b"{}"), {"content-encoding": "gzip"}),
    "a bomb by another name": (gzip.compress(b"0" * 30_000_000), {"content-encoding": "br"}),
    "nested lists": (b'{"state": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", {}),
    "nested objects": (b'{"a":' * 50_000 + b"1" + b"}" * 50_000, {}),
    "a number of a hundred thousand digits": (b'{"state": ' + b"9" * 100_000 + b"}", {}),
    "a number beyond all": (b'{"state": 1e999999}', {}),
    "no number": (b'{"state": NaN}', {}),
    "a broken letter": (b'{"state": "\xff\xfe"}', {}),
    "half a letter": (b'{"state": "\\udc00"}', {}),
    "NUL": (b'{"state": "on\\u0000line"}', {}),
    "another alphabet": ('{"state": "оnline"}'.encode(), {}),
    "UTF-16": ('{"state": "online"}'.encode("utf-16"), {}),
    "UTF-7": (b"+AHsAIgBzAHQAYQB0AGUAIgA6ACIAYgB1AHMAeQAiAH0-", {"content-type": "application/json; charset=utf-7"}),
    "XML that names a file": (
        b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>', {"content-type": "application/xml"},
    ),
    "a form": (b"state=online", {"content-type": "application/x-www-form-urlencoded"}),
    "a pickle": (b"\x80\x04\x95cos\nsystem\n", {"content-type": "application/x-python-pickle"}),
    "message pack": (b"\x81\xa5state\xa6online", {"content-type": "application/x-msgpack"}),
}  # fmt: skip


@pytest.mark.parametrize("name", BODIES)
async def test_a_body_made_to_hurt_is_refused_at_once(stage: Stage, name: str) -> None:
    lin = await stage.person("lin")
    content, headers = BODIES[name]
    async with asyncio.timeout(3):
        answer = await lin.http.put(
            "/api/desk/presence", content=content, headers={"content-type": "application/json", **headers}
        )
    assert answer.status_code in {400, 413, 415}, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert (await lin.get("/api/session"))["presence"] == "offline"


async def test_a_key_given_twice_counts_once_and_the_last_does(stage: Stage) -> None:
    """Every reader in the house is the same one, so no two of them can be told different things."""
    lin = await stage.person("lin")
    body = b'{"state": "busy", "state": "online"}'
    answer = await lin.http.put("/api/desk/presence", content=body, headers={"content-type": "application/json"})
    assert answer.json()["presence"] == "online"


@pytest.mark.parametrize("login", ["lin\u200b", "lіn", "LIN\u202e", "lin\0", "lin' --"])
async def test_a_login_that_looks_like_another_is_another(stage: Stage, login: str) -> None:
    from .founding import PASSWORD

    answer = await stage.client().post("/api/session", json={"login": login, "password": PASSWORD})
    assert answer.status_code in {400, 401}, login


async def test_the_harness_sees_a_page_that_writes_what_it_is_told(stage: Stage) -> None:
    @get("/echo", media_type="text/html", sync_to_thread=False)
    def echo(name: FromQuery[str]) -> str:
        return f"<p>{name}</p>"

    async with AsyncTestClient(Litestar([echo], openapi_config=None)) as client:
        answer = await client.get("/echo", params={"name": CORPUS["xss"][0]})
    assert CORPUS["xss"][0] in answer.text
    with pytest.raises(AssertionError):
        check_is_no_page(cast("httpx.Response", answer))


def test_the_harness_sees_words_that_became_part_of_a_statement(stage: Stage) -> None:
    """A planted query built of words answers an attack otherwise than nonsense."""

    def rows(text: str) -> int:
        with stage.house.reading.connect() as connection:
            query = f"SELECT count(*) FROM shop WHERE id = '{text}'"
            return int(connection.exec_driver_sql(query).scalar_one())

    assert rows(HARMLESS) == 0
    assert rows(CORPUS["sql"][0]) > 0
