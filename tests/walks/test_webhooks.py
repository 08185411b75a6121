"""A program outside is told of its owner's shops: signed, thin, again if need be; and nothing inside is called."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
import sqlalchemy as sa

from huiyin.audit.store import audit_entry
from huiyin.kernel.clock import to_ms
from huiyin.webhooks import posting
from huiyin.webhooks.addresses import InwardError
from huiyin.webhooks.model import MOST_ATTEMPTS
from huiyin.webhooks.posting import Caller
from huiyin.webhooks.store import delivery, webhook

from .codes import with_second_factor
from .founding import PASSWORD, Founded
from .receiving import Receiver, receiving
from .stage import Person, Stage
from .test_imports import CHATS, brings_in, table

PATH = "/api/webhooks"
TALK = ["conversation.opened", "conversation.closed", "message.received"]
DAY = 24 * 3600.0


@pytest_asyncio.fixture
async def stage(founded: Founded, tmp_path: Path) -> AsyncIterator[Stage]:
    """Set a stage on which this machine may be called."""
    made = Stage(founded, founded.copied_to(tmp_path / "house"), loopback=True)
    yield made
    await made.close()


@pytest_asyncio.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with receiving() as opened:
        yield opened


@pytest_asyncio.fixture
async def owner(stage: Stage) -> Person:
    person = await stage.person("owner")
    await with_second_factor(person, PASSWORD)
    return person


def wanted(url: str, **other: object) -> dict[str, object]:
    return {"url": url, "description": "工单系统", "kinds": TALK, "shops": [], **other}


async def registers(owner: Person, url: str, **other: object) -> tuple[str, str]:
    """Register an endpoint; return its id and secret."""
    answer = await owner.http.post(PATH, json=wanted(url, **other))
    assert answer.status_code == 201, answer.text
    return answer.json()["webhook"]["id"], answer.json()["secret"]


async def calls(stage: Stage) -> None:
    """Let everybody react, and every call that is due be made."""
    await stage.settle()
    await stage.worker.rounds.courier.finish()


async def passes(stage: Stage, owner: Person, seconds: float) -> None:
    """Let time pass; the owner stays signed in."""
    stage.clock.advance(seconds)  # type: ignore[arg-type]
    await calls(stage)


async def log_of(owner: Person, endpoint: str, **query: str) -> list[Any]:
    found = await owner.get(f"{PATH}/{endpoint}/deliveries", **query)
    return list(found["deliveries"])


async def test_what_happens_is_told_thin_and_signed(stage: Stage, owner: Person, receiver: Receiver) -> None:
    _, secret = await registers(owner, receiver.url)
    customer = stage.customer("direct")
    await customer.says("我的手机号是13800138000，收货地址是北京市朝阳区幸福路1号")
    await calls(stage)
    assert sorted(receiver.kinds()) == ["conversation.opened", "message.received"]
    body = next(each for each in map(receiver.told, range(2)) if each["type"] == "message.received")
    assert set(body) == {"type", "timestamp", "data"}
    assert set(body["data"]) == {"shop", "conversation", "version", "message", "sender"}
    assert (body["data"]["shop"], body["data"]["conversation"]) == (stage.shops["direct"], customer.conversation)
    assert (body["timestamp"], body["data"]["sender"]) == ("2026-06-01T04:00:00Z", "customer")
    said = b"".join(receiver.bodies).decode()
    assert not any(word in said for word in ("138", "手机", "朝阳", customer.pin)), "no words, masked or not"
    call = receiver.calls[-1].headers
    assert receiver.signed_by(secret)
    assert int(call["webhook-timestamp"]) == to_ms(stage.clock.now()) // 1000
    assert (call["content-type"], "cookie" in call, "authorization" in call) == ("application/json", False, False)


async def test_who_is_told_is_told_of_the_kinds_and_shops_it_asked_for(
    stage: Stage, owner: Person, receiver: Receiver
) -> None:
    await stage.customer("direct").says("在吗")
    await stage.settle()
    shop = stage.shops["direct"]
    await registers(owner, receiver.url, kinds=["conversation.closed", "message.received"], shops=[shop])
    await stage.customer("digital").says("在吗")
    await stage.customer("foreign").says("在吗")
    await calls(stage)
    assert receiver.bodies == [], "of earlier events, other shops and other merchants nothing is told"
    async with receiving() as everything:
        await registers(owner, everything.url)
        await stage.customer("foreign").says("还在吗")
        await stage.customer("digital").says("还在吗")
        await calls(stage)
        shops = {json.loads(each)["data"]["shop"] for each in everything.bodies}
    assert shops == {stage.shops["digital"]}, "all shops are all of one's own"
    await stage.customer("direct").says("还在吗")
    await stage.customer("direct").ends()
    await calls(stage)
    assert sorted(receiver.kinds()) == ["conversation.closed", "message.received"]
    assert {json.loads(each)["data"]["shop"] for each in receiver.bodies} == {shop}


async def test_an_endpoint_that_fails_is_called_again_with_the_same_id_until_it_works(
    stage: Stage, owner: Person, receiver: Receiver
) -> None:
    endpoint, _ = await registers(owner, receiver.url, kinds=["conversation.opened"])
    receiver.status = 500
    await stage.customer("direct").says("在吗")
    await calls(stage)
    await calls(stage)
    assert len(receiver.calls) == 1, "not before its pause is over"
    [first] = await log_of(owner, endpoint)
    assert (first["state"], first["status"], first["attempts"], first["error"]) == ("waiting", 500, 1, "")
    [shown] = await owner.get(PATH)
    assert (shown["state"], shown["waiting"]) == ("failing", 1)
    await passes(stage, owner, 7)
    receiver.status = 200
    await passes(stage, owner, 40)
    assert len(receiver.calls) == 3
    assert len(set(receiver.ids())) == 1
    assert len(set(receiver.bodies)) == 1
    [done] = await log_of(owner, endpoint)
    assert (done["id"], done["state"], done["status"], done["dueAt"]) == (receiver.ids()[0], "delivered", 200, None)
    [shown] = await owner.get(PATH)
    assert (shown["state"], shown["failingSince"], shown["waiting"]) == ("on", None, 0)


async def test_what_fails_for_three_days_is_switched_off_and_the_owner_told(
    stage: Stage, owner: Person, receiver: Receiver
) -> None:
    endpoint, _ = await registers(owner, receiver.url, kinds=["conversation.opened"])
    receiver.status = 503
    await stage.customer("direct").says("在吗")
    await calls(stage)
    for _ in range(MOST_ATTEMPTS + 1):
        await passes(stage, owner, 30 * 3600)
    owner = await stage.person("owner")
    [shown] = await owner.get(PATH)
    assert (shown["state"], shown["offWhy"]) == ("off", "failing")
    assert len(receiver.calls) == 4, "after three days nobody calls it any more"
    [entry] = [row for row in stage.rows(sa.select(audit_entry)) if row.action == "webhook.switched_off"]
    assert (entry.actor, entry.subject) == ("system:webhooks", endpoint)


async def test_a_call_is_given_up_after_its_last_attempt(stage: Stage, owner: Person, receiver: Receiver) -> None:
    endpoint, _ = await registers(owner, receiver.url, kinds=["conversation.opened"])
    receiver.status = 400
    await stage.customer("direct").says("在吗")
    await calls(stage)
    for _ in range(MOST_ATTEMPTS):
        last = sa.select(delivery.c.due_at)
        [due] = [row.due_at for row in stage.rows(last)]
        gap = max(0.0, (due - to_ms(stage.clock.now())) / 1000 + 1)
        await stage.house.writer.do(
            lambda uow: uow.connection.execute(webhook.update().values(failing_since=uow.now_ms()))
        )
        await passes(stage, owner, gap)
    assert len(receiver.calls) == MOST_ATTEMPTS
    [row] = stage.rows(sa.select(delivery))
    assert (row.state, row.attempts, row.webhook) == ("given_up", MOST_ATTEMPTS, endpoint)


async def test_who_answers_gone_is_switched_off_at_once(stage: Stage, owner: Person, receiver: Receiver) -> None:
    endpoint, _ = await registers(owner, receiver.url)
    receiver.status = 410
    await stage.customer("direct").says("在吗")
    await calls(stage)
    [shown] = await owner.get(PATH)
    assert (shown["state"], shown["offWhy"]) == ("off", "gone")
    made = len(receiver.calls)
    await stage.customer("direct").says("还在吗")
    await calls(stage)
    assert len(receiver.calls) == made
    refused = await owner.http.post(f"{PATH}/{endpoint}/test")
    assert (refused.status_code, refused.json()["code"]) == (409, "webhook_off")
    receiver.status = 204
    assert (await owner.http.post(f"{PATH}/{endpoint}/on")).json()["state"] == "on"
    await stage.customer("direct").says("有人吗")
    await calls(stage)
    assert receiver.kinds()[-1] == "message.received"


async def test_who_asks_to_be_left_for_a_while_is_left(stage: Stage, owner: Person, receiver: Receiver) -> None:
    await registers(owner, receiver.url, kinds=["message.received"])
    receiver.status, receiver.headers = 429, {"Retry-After": "600"}
    await stage.customer("direct").says("在吗")
    await calls(stage)
    receiver.status, receiver.headers = 200, {}
    await stage.customer("direct").says("还在吗")
    await passes(stage, owner, 500)
    assert len(receiver.calls) == 1, "nothing else either"
    await passes(stage, owner, 101)
    assert len(receiver.calls) == 3


async def test_a_slow_endpoint_holds_no_other_up(stage: Stage, owner: Person, receiver: Receiver) -> None:
    async with receiving() as slow:
        slow.hangs = asyncio.Event()
        await registers(owner, slow.url, kinds=["message.received"])
        await registers(owner, receiver.url, kinds=["message.received"])
        for place in range(5):
            await stage.customer("direct", place).says("在吗")
        await stage.settle()
        assert await stage.worker.rounds.courier.work() == 2
        for _ in range(200):
            if len(receiver.calls) == 5:
                break
            await asyncio.sleep(0.02)
        assert (len(receiver.calls), len(slow.calls)) == (5, 2)
        assert await stage.worker.rounds.courier.work() == 0, "who is being called is not called beside that"
        slow.hangs.set()
        await stage.worker.rounds.courier.finish()
        assert (len(slow.calls), slow.most_at_once) == (5, 2)


async def test_a_process_that_ended_meanwhile_loses_nothing(stage: Stage, owner: Person, receiver: Receiver) -> None:
    await registers(owner, receiver.url, kinds=["conversation.opened"])
    await stage.customer("direct").says("在吗")
    await stage.settle()
    taken = sa.update(delivery).values(due_at=delivery.c.due_at + 60_000, attempts=1)
    await stage.house.writer.do(lambda uow: uow.connection.execute(taken))
    await calls(stage)
    assert receiver.calls == []
    await passes(stage, owner, 61)
    assert receiver.kinds() == ["conversation.opened"]


async def test_a_new_secret_signs_beside_the_former_for_a_day(stage: Stage, owner: Person, receiver: Receiver) -> None:
    endpoint, first = await registers(owner, receiver.url, kinds=["message.received"])
    answer = await owner.http.post(f"{PATH}/{endpoint}/secret")
    second = answer.json()["secret"]
    assert (answer.status_code, first == second) == (201, False)
    assert answer.json()["webhook"]["formerUntil"] == "2026-06-02T04:00:00Z"
    await stage.customer("direct").says("在吗")
    await calls(stage)
    assert (receiver.signed_by(first), receiver.signed_by(second)) == (True, True)
    stage.clock.advance(DAY)  # type: ignore[arg-type]
    await stage.customer("direct").says("还在吗")
    await calls(stage)
    assert (receiver.signed_by(first), receiver.signed_by(second)) == (False, True)
    listed = json.dumps(await (await stage.person("owner")).get(PATH))
    assert "whsec" not in listed, "no secret is shown again"


async def test_a_test_and_a_call_made_again_by_hand(stage: Stage, owner: Person, receiver: Receiver) -> None:
    endpoint, secret = await registers(owner, receiver.url)
    tested = await owner.http.post(f"{PATH}/{endpoint}/test")
    assert (tested.status_code, tested.json()["state"]) == (201, "waiting")
    await calls(stage)
    assert receiver.told()["type"] == "webhook.test"
    again = await owner.http.post(f"{PATH}/{endpoint}/deliveries/{tested.json()['id']}/resend")
    assert again.status_code == 200, again.text
    await calls(stage)
    assert receiver.ids() == [tested.json()["id"]] * 2
    assert receiver.bodies[0] == receiver.bodies[1]
    assert receiver.signed_by(secret)
    gone = await owner.http.post(f"{PATH}/{endpoint}/deliveries/{'0' * 32}/resend")
    assert (gone.status_code, gone.json()["code"]) == (404, "delivery_gone")


async def test_the_log_is_read_in_pages_and_kept_for_thirty_days(
    stage: Stage, owner: Person, receiver: Receiver
) -> None:
    endpoint, _ = await registers(owner, receiver.url)
    other, _ = await registers(owner, receiver.url)
    for _ in range(5):
        await owner.http.post(f"{PATH}/{endpoint}/test")
    await owner.http.post(f"{PATH}/{other}/test")
    seen, cursor = [], None
    for _ in range(3):
        query = {"limit": "2", **({"cursor": cursor} if cursor else {})}
        page = await owner.get(f"{PATH}/{endpoint}/deliveries", **query)
        seen += [each["id"] for each in page["deliveries"]]
        cursor = page["nextCursor"]
    assert (len(seen), sorted(seen, reverse=True), cursor) == (5, seen, None)
    bad = await owner.http.get(f"{PATH}/{endpoint}/deliveries", params={"cursor": "x"})
    assert (bad.status_code, bad.json()["code"]) == (400, "cursor")
    await owner.http.delete(f"{PATH}/{other}")
    await passes(stage, owner, 3601)
    assert len(stage.rows(sa.select(delivery))) == 5, "the log of what was taken away goes"
    await passes(stage, owner, 31 * DAY)
    assert stage.rows(sa.select(delivery)) == []


@pytest.mark.parametrize("numbers", [("10.0.0.7",), ("1.1.1.1", "10.0.0.7")])
async def test_nothing_inside_is_called_whatever_its_name_leads_to(
    stage: Stage, owner: Person, receiver: Receiver, monkeypatch: pytest.MonkeyPatch, numbers: tuple[str, ...]
) -> None:
    """A name that was outside when it was registered, and leads inside when it is called, in one of its numbers."""
    await registers(owner, "https://hooks.example.com/a", kinds=["message.received"])
    port = int(receiver.url.split(":")[2].partition("/")[0])
    led = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (number, port)) for number in numbers]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_named: led)
    await stage.customer("direct").says("在吗")
    await calls(stage)
    [row] = stage.rows(sa.select(delivery))
    assert (row.state, row.status, row.error) == ("waiting", None, "inward")
    assert receiver.calls == []
    with pytest.raises(InwardError):
        await posting._Checked(loopback=False).resolve("hooks.example.com", port)


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "2130706433", "0x7f.1", "127.1", "0"]
)
async def test_this_machine_is_not_called_however_its_name_is_written(receiver: Receiver, host: str) -> None:
    """An endpoint of the days when the installation allowed it, or whose name was changed since."""
    port = receiver.url.split(":")[2]
    async with Caller(loopback=False) as caller:
        answer = await caller(f"http://{host}:{port}", {}, b"{}")
    assert answer.status is None
    assert receiver.calls == []
    assert (answer.error == "inward") == (host in {"127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "0x7f.1"})


async def test_history_that_is_brought_in_is_no_news(stage: Stage, owner: Person, receiver: Receiver) -> None:
    await registers(owner, receiver.url, kinds=["conversation.opened", "message.received", "import.ended"])
    await brings_in(owner, stage, table(*CHATS))
    await calls(stage)
    assert receiver.kinds() == ["import.ended"]
    assert set(receiver.told()["data"]) == {"shop", "import", "state", "fresh", "repeats", "refused"}


async def test_an_answer_that_never_ends_is_an_answer(
    stage: Stage, owner: Person, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(posting, "SECONDS", 0.5)
    receiver.drips = True
    await registers(owner, receiver.url, kinds=["message.received"])
    await stage.customer("direct").says("在吗")
    await calls(stage)
    [row] = stage.rows(sa.select(delivery))
    assert (row.state, row.status) == ("delivered", 200)


async def test_an_endpoint_that_does_not_answer_in_time_is_told_as_that(
    stage: Stage, owner: Person, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(posting, "SECONDS", 0.2)
    receiver.hangs = asyncio.Event()
    await registers(owner, receiver.url, kinds=["message.received"])
    await stage.customer("direct").says("在吗")
    await calls(stage)
    [row] = stage.rows(sa.select(delivery))
    assert (row.state, row.status, row.error) == ("waiting", None, "timeout")


async def test_a_redirect_is_not_followed(stage: Stage, owner: Person, receiver: Receiver) -> None:
    async with receiving() as second:
        receiver.status, receiver.headers = 307, {"Location": second.url}
        await registers(owner, receiver.url, kinds=["message.received"])
        await stage.customer("direct").says("在吗")
        await calls(stage)
        [row] = stage.rows(sa.select(delivery))
        assert (row.status, row.error, second.calls) == (307, "redirected", [])


async def test_nobody_listening_is_told_as_that(stage: Stage, owner: Person) -> None:
    async with receiving() as closed:
        pass
    endpoint, _ = await registers(owner, closed.url)
    await owner.http.post(f"{PATH}/{endpoint}/test")
    await calls(stage)
    [row] = await log_of(owner, endpoint)
    assert (row["status"], row["error"]) == (None, "unreached")


@pytest.mark.parametrize(
    ("other", "status", "code"),
    [
        ({"url": "https://10.0.0.1/"}, 400, "webhook_url"),
        ({"url": "http://hooks.example.com/"}, 400, "webhook_url"),
        ({"kinds": []}, 400, "webhook_kinds"),
        ({"kinds": ["conversations.ConversationOpened"]}, 400, "webhook_kinds"),
        ({"description": " "}, 400, "webhook_description"),
        ({"shops": ["no-such-shop"]}, 404, "shop_gone"),
    ],
)
async def test_what_cannot_be_registered_says_why(
    owner: Person, other: dict[str, object], status: int, code: str
) -> None:
    answer = await owner.http.post(PATH, json={**wanted("https://hooks.example.com/"), **other})
    assert (answer.status_code, answer.json()["code"]) == (status, code)


async def test_ten_endpoints_are_enough(owner: Person) -> None:
    for _ in range(10):
        await registers(owner, "https://hooks.example.com/")
    answer = await owner.http.post(PATH, json=wanted("https://hooks.example.com/"))
    assert (answer.status_code, answer.json()["code"]) == (400, "webhook_many")


async def test_endpoints_are_the_organisations_own(stage: Stage, owner: Person, receiver: Receiver) -> None:
    endpoint, _ = await registers(owner, receiver.url)
    stranger = await stage.person("stranger")
    await with_second_factor(stranger, PASSWORD)
    assert await stranger.get(PATH) == []
    for method, path in (
        ("GET", "/deliveries"), ("POST", "/test"), ("POST", "/secret"), ("POST", "/on"), ("POST", "/off"),
        ("DELETE", ""),
    ):  # fmt: skip
        answer = await stranger.http.request(method, f"{PATH}/{endpoint}{path}")
        assert (answer.status_code, answer.json()["code"]) == (404, "webhook_gone"), (method, path)
    changed = await stranger.http.put(f"{PATH}/{endpoint}", json=wanted(receiver.url))
    taken = await stranger.http.post(PATH, json=wanted(receiver.url, shops=[stage.shops["direct"]]))
    assert (changed.status_code, taken.status_code) == (404, 404)
    assert (await (await stage.person("lin")).http.get(PATH)).status_code == 404


async def test_a_changed_endpoint_is_told_what_it_asks_for_now(stage: Stage, owner: Person, receiver: Receiver) -> None:
    endpoint, _ = await registers(owner, "https://hooks.example.com/", kinds=["conversation.closed"])
    answer = await owner.http.put(f"{PATH}/{endpoint}", json=wanted(receiver.url, description="看板"))
    assert answer.status_code == 200, answer.text
    assert (answer.json()["description"], answer.json()["kinds"]) == ("看板", TALK)
    await stage.customer("direct").says("在吗")
    await calls(stage)
    assert len(receiver.calls) == 2
    await owner.http.post(f"{PATH}/{endpoint}/off")
    await stage.customer("direct").says("还在吗")
    await calls(stage)
    assert len(receiver.calls) == 2
    await owner.http.delete(f"{PATH}/{endpoint}")
    assert await owner.get(PATH) == []
