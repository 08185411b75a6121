"""A call that comes twice under one key is carried out once, and answered twice alike."""

import asyncio
from datetime import timedelta
from typing import Any

import httpx
import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from huiyin.audit.store import audit_entry
from huiyin.idempotency import keeping, sealed
from huiyin.idempotency.store import kept_answer
from huiyin.insight.store import baseline
from huiyin.kernel.actors import Actor, ActorKind
from huiyin.kernel.errors import RefusedError, TemporaryError
from huiyin.kernel.ids import TenantId
from huiyin.web import webhooks as door
from huiyin.web.webhook_shapes import WebhookShape

from .codes import with_second_factor
from .founding import PASSWORD
from .stage import Person, Stage
from .test_baselines import PATH as BASELINES
from .test_baselines import brought_in, wanted

WEBHOOKS = "/api/webhooks"
HOOK = {"url": "https://hooks.example.com/", "description": "看板", "kinds": ["conversation.opened"]}


@pytest.fixture
async def owner(stage: Stage) -> Person:
    person = await stage.person("owner")
    await with_second_factor(person, PASSWORD)
    return person


def keyed(key: str) -> dict[str, str]:
    return {"Idempotency-Key": key}


def same(first: httpx.Response, second: httpx.Response) -> bool:
    return (first.status_code, first.content, first.headers["content-type"]) == (
        second.status_code, second.content, second.headers["content-type"],
    )  # fmt: skip


async def test_a_repeat_gets_the_first_answer_and_does_nothing(stage: Stage, owner: Person) -> None:
    shop = await brought_in(stage, owner)
    body = wanted(stage, shop=shop)
    first = await owner.http.post(BASELINES, json=body, headers=keyed("k1"))
    assert (first.status_code, "idempotency-replayed" in first.headers) == (201, False)
    stage.clock.advance(60)  # type: ignore[arg-type]
    again = await owner.http.post(BASELINES, json=body, headers=keyed("k1"))
    assert same(first, again)
    assert again.headers["idempotency-replayed"] == "true"
    assert (again.headers["cache-control"], again.headers["x-content-type-options"]) == ("no-store", "nosniff")
    assert len(stage.rows(sa.select(baseline))) == 1
    assert len([row for row in stage.rows(sa.select(audit_entry)) if row.action == "baseline.frozen"]) == 1
    without = await owner.http.post(BASELINES, json=body)
    assert (without.status_code, without.json()["code"]) == (409, "baseline_taken")


async def test_the_same_key_with_something_else_is_refused(stage: Stage, owner: Person) -> None:
    shop = await brought_in(stage, owner)
    await owner.http.post(BASELINES, json=wanted(stage, shop=shop), headers=keyed("k1"))
    other = await owner.http.post(BASELINES, json=wanted(stage, shop=shop, name="另一个"), headers=keyed("k1"))
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_other")
    assert other.json()["detail"]
    elsewhere = await owner.http.post(WEBHOOKS, json=HOOK, headers=keyed("k1"))
    assert elsewhere.status_code == 201, "at another address it is another key"
    assert len(stage.rows(sa.select(baseline))) == 1


async def test_what_is_shown_once_is_not_kept(stage: Stage, owner: Person) -> None:
    first = await owner.http.post(WEBHOOKS, json=HOOK, headers=keyed("k1"))
    again = await owner.http.post(WEBHOOKS, json=HOOK, headers=keyed("k1"))
    assert (first.status_code, again.status_code, again.json()["code"]) == (201, 409, "idempotency_done")
    assert len(await owner.get(WEBHOOKS)) == 1
    [row] = stage.rows(sa.select(kept_answer))
    assert (row.state, row.answer_sealed) == ("shown_once", None)


async def test_a_refusal_leaves_the_key_free(stage: Stage) -> None:
    owner = await stage.person("owner")
    refused = await owner.http.post(WEBHOOKS, json=HOOK, headers=keyed("k1"))
    assert refused.json()["code"] == "second_factor"
    await with_second_factor(owner, PASSWORD)
    bad = await owner.http.post(WEBHOOKS, json={**HOOK, "kinds": []}, headers=keyed("k1"))
    assert bad.json()["code"] == "webhook_kinds"
    unreadable = await owner.http.post(WEBHOOKS, content=b"{", headers=keyed("k1"))
    assert unreadable.status_code == 400
    assert (await owner.http.post(WEBHOOKS, json=HOOK, headers=keyed("k1"))).status_code == 201


async def test_two_at_one_moment_are_carried_out_once(stage: Stage, owner: Person) -> None:
    answers = await asyncio.gather(*(owner.http.post(WEBHOOKS, json=HOOK, headers=keyed("k1")) for _ in range(4)))
    assert sorted(each.status_code for each in answers) == [201, 409, 409, 409]
    for each in answers:
        if each.status_code == 409 and each.json()["code"] == "idempotency_running":
            assert (each.headers["retry-after"], each.json()["retryAfter"]) == ("1", 1)
    assert len(await owner.get(WEBHOOKS)) == 1


async def test_what_is_under_way_is_waited_for_and_what_was_lost_is_looked_at(stage: Stage, owner: Person) -> None:
    """The process ended between the deed and its answer."""
    await owner.http.post(WEBHOOKS, json=HOOK, headers=keyed("k1"))
    lost = kept_answer.update().values(state="running")
    await stage.house.writer.do(lambda uow: uow.connection.execute(lost))
    soon = await owner.http.post(WEBHOOKS, json=HOOK, headers=keyed("k1"))
    assert (soon.status_code, soon.json()["code"]) == (409, "idempotency_running")
    stage.clock.advance(61)  # type: ignore[arg-type]
    later = await owner.http.post(WEBHOOKS, json=HOOK, headers=keyed("k1"))
    assert (later.status_code, later.json()["code"], "retry-after" in later.headers) == (
        409, "idempotency_unknown", False,
    )  # fmt: skip
    assert len(await owner.get(WEBHOOKS)) == 1


@pytest.mark.parametrize(
    ("error", "status"), [(OSError("the disc was away"), 500), (TemporaryError("try again", remedy="Later."), 503)]
)
async def test_what_fell_over_behind_its_deed_is_looked_at_and_not_done_again(
    stage: Stage, owner: Person, monkeypatch: pytest.MonkeyPatch, error: Exception, status: int
) -> None:
    inner, falls = door._one, [error]

    def shown(*asked: Any) -> WebhookShape:
        if falls:
            raise falls.pop()
        return inner(*asked)

    monkeypatch.setattr(door, "_one", shown)
    fell = await owner.http.post(WEBHOOKS, json=HOOK, headers=keyed("k1"))
    again = await owner.http.post(WEBHOOKS, json=HOOK, headers=keyed("k1"))
    assert (fell.status_code, again.status_code, again.json()["code"]) == (status, 409, "idempotency_unknown")
    assert len(await owner.get(WEBHOOKS)) == 1
    assert (await owner.http.post(WEBHOOKS, json=HOOK, headers=keyed("k2"))).status_code == 201


async def test_a_day_later_the_key_is_forgotten(stage: Stage, owner: Person) -> None:
    await owner.http.post(WEBHOOKS, json=HOOK, headers=keyed("k1"))
    stage.clock.advance(timedelta(hours=23).total_seconds())  # type: ignore[arg-type]
    assert await stage.worker.rounds.forgetter.work() == 0
    stage.clock.advance(timedelta(hours=1).total_seconds())  # type: ignore[arg-type]
    assert await stage.worker.rounds.forgetter.work() == 1
    assert stage.rows(sa.select(kept_answer)) == []


async def test_keys_of_two_people_are_two_keys(stage: Stage, owner: Person) -> None:
    await owner.http.post(WEBHOOKS, json=HOOK, headers=keyed("k1"))
    stranger = await stage.person("stranger")
    await with_second_factor(stranger, PASSWORD)
    theirs = await stranger.http.post(WEBHOOKS, json=HOOK, headers=keyed("k1"))
    assert theirs.status_code == 201


async def test_shredding_anybody_blanks_what_was_kept(stage: Stage, owner: Person) -> None:
    shop = await brought_in(stage, owner)
    body = wanted(stage, shop=shop)
    await owner.http.post(BASELINES, json=body, headers=keyed("k1"))
    await stage.house.writer.do(sealed.scrub)
    again = await owner.http.post(BASELINES, json=body, headers=keyed("k1"))
    assert (again.status_code, again.json()["code"]) == (409, "idempotency_done")


@pytest.mark.parametrize("key", ["", "x" * 65, "a b", "键".encode().decode("latin-1")])
async def test_what_is_no_key_is_refused(owner: Person, key: str) -> None:
    answer = await owner.http.post(WEBHOOKS, json=HOOK, headers={"Idempotency-Key": key.encode("latin-1")})
    assert (answer.status_code, answer.json()["code"]) == (400, "idempotency_key")


async def test_where_nothing_is_made_no_key_is_taken(stage: Stage) -> None:
    lin = await stage.agent()
    answer = await lin.http.post("/api/sessions/search", json={"words": "订单"}, headers=keyed("k1"))
    assert (answer.status_code, answer.json()["code"]) == (400, "idempotency_none")
    read = await lin.http.get("/api/wall", headers=keyed("k1"))
    assert read.status_code == 200, "reading is the same however often"


CALLS = st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from([b"1", b"2"]), st.booleans()), max_size=12)


@given(calls=CALLS)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_whatever_comes_in_whatever_order_nothing_is_done_twice(
    stage: Stage, calls: list[tuple[str, bytes, bool]]
) -> None:
    house, done = stage.house, dict[str, bytes]()
    actor = Actor(ActorKind.PERSON, "0" * 32, "", TenantId("1" * 32))
    await house.writer.do(lambda uow: uow.connection.execute(kept_answer.delete()))
    for key, body, works in calls:
        asked = keeping.Asked(key, "/made-up?", body)
        try:
            begun = await house.writer.do(keeping.begin, house.sealer, asked, actor=actor)
        except RefusedError:
            assert done[key] != body
            continue
        if begun.kept is not None:
            assert begun.kept == (201, done[key])
            continue
        assert key not in done
        if works:
            done[key] = body
            answer = keeping.Kept(201, body)
            await house.writer.do(keeping.finish, house.sealer, begun.row, answer, shown_once=False)
        else:
            await house.writer.do(keeping.release, begun.row)
