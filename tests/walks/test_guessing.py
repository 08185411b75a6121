"""Guessing passwords and codes: slower and slower, then locked, and no answer tells which logins there are."""

import asyncio
from dataclasses import replace

import pytest
import sqlalchemy as sa

from huiyin.audit.store import audit_entry
from huiyin.kernel.units import Seconds
from huiyin.org import attempts, store
from huiyin.security import passwords
from huiyin.web.pace import SIGNED_IN, Buckets

from .founding import PASSWORD
from .stage import Person, Stage

MINUTE = 60.0


async def tries(stage: Stage, login: str = "lin", password: str = "not-this-one", **headers: str) -> object:
    return await stage.client(**headers).post("/api/session", json={"login": login, "password": password})


async def guesses_until_locked(stage: Stage, login: str = "lin") -> int:
    """Guess as fast as one is let, and return how many guesses were heard before the lock."""
    heard = 0
    while True:
        answer = await tries(stage, login)
        if answer.status_code == 401:
            heard += 1
            continue
        assert answer.status_code == 429
        wait = int(answer.headers["retry-after"])
        if wait > MINUTE:
            return heard
        stage.clock.advance(Seconds(wait))


def test_the_delay_grows_and_ends_in_a_lock() -> None:
    delays = [attempts.delay_ms("login", number) // 1000 for number in range(1, 12)]
    assert delays == [0, 0, 0, 1, 2, 4, 8, 16, 32, 900, 900]
    assert attempts.delay_ms("address", 50) == 0
    assert attempts.delay_ms("address", 51) == 1000
    assert attempts.delay_ms("address", 80) == attempts.LOCK_MS


@pytest.mark.parametrize("login", ["lin", "nobody-of-this-name"])
async def test_after_ten_guesses_a_login_is_locked_whether_there_is_one_or_not(stage: Stage, login: str) -> None:
    assert await guesses_until_locked(stage, login) == 10
    locked = await tries(stage, login, PASSWORD)
    assert (locked.status_code, locked.json()["code"]) == (429, "login_locked")
    assert 0 < locked.json()["retryAfter"] == int(locked.headers["retry-after"]) <= 15 * MINUTE
    assert locked.json()["detail"]


async def test_the_lock_ends_by_itself_and_a_right_password_begins_the_count_anew(stage: Stage) -> None:
    await guesses_until_locked(stage)
    stage.clock.advance(Seconds(15 * MINUTE))
    await Person(stage, "lin", stage.client()).signs_in()
    assert await guesses_until_locked(stage) == 10


async def test_each_guess_after_a_lock_locks_again_until_a_day_was_quiet(stage: Stage) -> None:
    await guesses_until_locked(stage)
    stage.clock.advance(Seconds(15 * MINUTE))
    assert (await tries(stage)).status_code == 401
    assert (await tries(stage, password=PASSWORD)).status_code == 429  # one more guess, one more lock
    stage.clock.advance(Seconds(25 * 60 * MINUTE))
    for _ in range(3):
        assert (await tries(stage)).status_code == 401
    assert (await tries(stage, password=PASSWORD)).status_code == 200


async def test_a_hundred_guesses_at_once_are_counted_one_by_one(stage: Stage) -> None:
    answers = await asyncio.gather(*(tries(stage) for _ in range(30)))
    assert [each.status_code for each in answers].count(401) == 4
    assert [each.status_code for each in answers].count(429) == 26


async def test_an_address_that_tries_many_logins_is_slowed_down_and_others_are_not(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("huiyin.org.proving.password_matches", lambda *_: False)  # slow on purpose, and not the story
    for number in range(51):
        assert (await tries(stage, f"login-{number}")).status_code == 401
    refused = await tries(stage, "login-52")
    assert (refused.status_code, refused.json()["code"]) == (429, "address_locked")


@pytest.mark.parametrize(
    ("proxies", "sent", "address"),
    [
        pytest.param(0, "6.6.6.6", "127.0.0.1", id="nobody's proxy: the header is a stranger's"),
        pytest.param(1, "6.6.6.6, 9.9.9.9", "9.9.9.9", id="our proxy wrote the last"),
        pytest.param(2, "6.6.6.6, 9.9.9.9, 10.0.0.2", "9.9.9.9", id="two of ours"),
        pytest.param(2, "9.9.9.9", "127.0.0.1", id="somebody went round a proxy"),
        pytest.param(1, "2001:db8:1:1::beef", "2001:db8:1:1::", id="a network of one machine"),
        pytest.param(1, "::ffff:9.9.9.9", "9.9.9.9", id="an old number in a new coat"),
    ],
)
async def test_behind_a_proxy_the_address_is_what_our_own_proxy_says(
    stage: Stage, proxies: int, sent: str, address: str
) -> None:
    stage.house.settings = replace(stage.house.settings, proxies=proxies)
    await tries(stage, **{"X-Forwarded-For": sent})
    keys = {row.key for row in stage.rows(sa.select(store.attempt))}
    assert attempts.address_key(stage.house.ring, address) in keys


async def test_unknown_logins_take_as_long_as_known_ones(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    looked_at = []
    verify = passwords._hasher.verify

    class Watched:
        def verify(self, stored: str, given: str) -> bool:
            looked_at.append((stored, given))
            return bool(verify(stored, given))

        def check_needs_rehash(self, stored: str) -> bool:
            return False

    monkeypatch.setattr(passwords, "_hasher", Watched())
    for login in ("lin", "nobody-of-this-name"):
        await tries(stage, login)
    (known, _), (unknown, _) = looked_at
    assert known != unknown
    assert known.split("$")[:4] == unknown.split("$")[:4]  # the same work: algorithm, version, parameters


async def test_failures_and_locks_are_written_down_without_what_was_typed(stage: Stage) -> None:
    await guesses_until_locked(stage)
    await tries(stage, "a-password-typed-into-the-wrong-field")
    lin = stage.founded.people["lin"]
    entries = stage.rows(sa.select(audit_entry).order_by(audit_entry.c.seq))
    refused = [each for each in entries if each.action == "session.opened"]
    assert [each.subject for each in refused[:10]] == [lin] * 10
    assert {(each.outcome, each.actor) for each in refused} == {("refused", "system:door")}
    assert [each.action for each in entries if each.subject.startswith("login:")].count("login.locked") == 1
    written = b"".join(each.read_bytes() for each in stage.folder.glob("huiyin.db*"))
    assert b"wrong-field" not in written
    assert b"not-this-one" not in written


async def test_the_clock_going_back_does_not_free_a_guesser(stage: Stage) -> None:
    await guesses_until_locked(stage)
    stage.clock.advance(Seconds(-3600))
    assert (await tries(stage, password=PASSWORD)).status_code == 429


async def test_a_program_run_wild_is_told_when_to_come_back(stage: Stage) -> None:
    lin = await stage.person("lin")
    now = [Seconds(0)]
    stage.app.state.paces = Buckets(SIGNED_IN, lambda: now[0])
    statuses = [(await lin.http.get("/api/account/sessions")).status_code for _ in range(int(SIGNED_IN.burst))]
    assert set(statuses) == {200}
    answer = await lin.http.get("/api/account/sessions")
    assert (answer.status_code, answer.json()["code"]) == (429, "pace")
    now[0] = Seconds(int(answer.headers["retry-after"]))
    assert (await lin.http.get("/api/account/sessions")).status_code == 200
