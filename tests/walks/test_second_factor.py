"""The second factor: set up, shown, each code once, taken away; and what recovery codes are for."""

import pytest
import sqlalchemy as sa

from huiyin.audit.store import audit_entry
from huiyin.kernel.actors import Actor, ActorKind, Proof
from huiyin.kernel.clock import to_ms
from huiyin.kernel.units import Seconds
from huiyin.org import store
from huiyin.policy.deciding import second_factor_fresh
from huiyin.web.identity import COOKIE

from .codes import code_at, with_second_factor
from .founding import NOON, PASSWORD
from .stage import Person, Stage

STEP = 30.0
SIGN_IN = {"login": "owner", "password": PASSWORD}


async def test_the_app_of_these_tests_counts_as_the_standard_says() -> None:
    secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"  # RFC 6238, appendix B
    shown = [code_at(secret, at) for at in (59, 1111111109, 1111111111, 1234567890, 2000000000)]
    assert shown == ["287082", "081804", "050471", "005924", "279037"]


async def test_setting_it_up_takes_the_password_and_shows_recovery_codes_once(stage: Stage) -> None:
    owner = await stage.person("owner")
    assert (await owner.get("/api/session"))["secondFactor"] == {
        "setUp": False, "needed": True, "recoveryCodes": 0, "freshUntil": None,
    }  # fmt: skip
    refused = await owner.http.post("/api/account/totp", json={"password": "not-this-one"})
    assert (refused.status_code, refused.json()["code"]) == (400, "wrong_password")
    begun = (await owner.http.post("/api/account/totp", json={"password": PASSWORD})).json()
    assert begun["uri"].startswith("otpauth://totp/")
    assert begun["secret"] in begun["uri"]
    assert begun["qr"].startswith("data:image/svg+xml")
    assert (await owner.get("/api/session"))["secondFactor"]["setUp"] is False
    wrong = await owner.http.post("/api/account/totp/confirm", json={"code": "000000"})
    assert (wrong.status_code, wrong.json()["code"]) == (400, "code_wrong")
    _, codes = await with_second_factor(owner, PASSWORD)
    assert len(set(codes)) == 10
    standing = (await owner.get("/api/session"))["secondFactor"]
    assert (standing["setUp"], standing["recoveryCodes"]) == (True, 10)
    assert standing["freshUntil"].startswith("2026-06-01T04:15")
    written = b"".join(each.read_bytes() for each in stage.folder.glob("huiyin.db*"))
    assert codes[0].replace("-", "").encode() not in written
    twice = await owner.http.post("/api/account/totp", json={"password": PASSWORD})
    assert (twice.status_code, twice.json()["code"]) == (409, "totp_exists")


async def test_whoever_has_one_signs_in_with_both(stage: Stage) -> None:
    owner = await stage.person("owner")
    app, _ = await with_second_factor(owner, PASSWORD)
    stage.clock.advance(Seconds(STEP))
    half = await stage.client().post("/api/session", json=SIGN_IN)
    assert (half.status_code, half.json()["code"]) == (403, "code_needed")
    assert "set-cookie" not in half.headers
    wrong_password = await stage.client().post("/api/session", json={**SIGN_IN, "password": "x", "code": app.code()})
    assert wrong_password.status_code == 401
    whole = await stage.client().post("/api/session", json={**SIGN_IN, "code": app.code()})
    assert whole.status_code == 200
    assert whole.json()["secondFactor"]["freshUntil"] is not None


async def test_a_code_opens_once_also_for_another_process(stage: Stage) -> None:
    owner = await stage.person("owner")
    app, _ = await with_second_factor(owner, PASSWORD)
    seen = app.code()
    replayed = await owner.http.post("/api/session/second-factor", json={"code": seen})
    assert (replayed.status_code, replayed.json()["code"]) == (400, "code_used")
    assert "next" in replayed.json()["detail"]
    elsewhere = await stage.client().post("/api/session", json={**SIGN_IN, "code": seen})
    assert (elsewhere.status_code, elsewhere.json()["code"]) == (400, "code_used")
    kept = stage.rows(sa.select(store.totp.c.last_step).where(store.totp.c.person == owner.id))
    assert kept == [(int(NOON.timestamp()) // 30,)]  # what another process would look at
    stage.clock.advance(Seconds(-STEP))
    earlier = await owner.http.post("/api/session/second-factor", json={"code": app.code()})
    assert (earlier.status_code, earlier.json()["code"]) in {(400, "code_used"), (401, "clock")}


@pytest.mark.parametrize(
    ("ahead", "status"), [(0, 200), (STEP, 200), (-STEP, 200), (2 * STEP, 400), (-2 * STEP, 400), (3600, 400)]
)
async def test_a_telephones_clock_may_be_half_a_minute_off(stage: Stage, ahead: float, status: int) -> None:
    owner = await stage.person("owner")
    app, _ = await with_second_factor(owner, PASSWORD)
    stage.clock.advance(Seconds(10 * STEP))
    app.ahead = ahead
    answer = await owner.http.post("/api/session/second-factor", json={"code": app.code()})
    assert answer.status_code == status, answer.text


async def test_showing_it_again_renews_the_token_and_counts_for_a_quarter_of_an_hour(stage: Stage) -> None:
    owner = await stage.person("owner")
    app, _ = await with_second_factor(owner, PASSWORD)
    stage.clock.advance(Seconds(16 * 60))
    assert (await owner.get("/api/session"))["secondFactor"]["freshUntil"] is None
    before = owner.http.cookies.jar
    token = next(each.value for each in before if each.name == COOKIE and each.domain)
    shown = await owner.http.post("/api/session/second-factor", json={"code": app.code()})
    assert shown.json()["secondFactor"]["freshUntil"] is not None
    thief = stage.client()
    thief.cookies.set(COOKIE, token)
    assert (await thief.get("/api/session")).status_code == 401


async def test_guessing_codes_ends_in_a_lock(stage: Stage) -> None:
    owner = await stage.person("owner")
    app, _ = await with_second_factor(owner, PASSWORD)
    stage.clock.advance(Seconds(STEP))
    heard = 0
    while True:
        answer = await owner.http.post("/api/session/second-factor", json={"code": "000000"})
        if answer.status_code == 429:
            if int(answer.headers["retry-after"]) > 60:
                break
            stage.clock.advance(Seconds(int(answer.headers["retry-after"])))
        else:
            heard += 1
    assert (heard, answer.json()["code"]) == (10, "code_locked")
    assert (await owner.http.post("/api/session/second-factor", json={"code": app.code()})).status_code == 429


async def test_guessing_codes_with_the_right_password_does_not_begin_the_count_anew(stage: Stage) -> None:
    owner = await stage.person("owner")
    await with_second_factor(owner, PASSWORD)
    heard = 0
    while True:
        await stage.client().post("/api/session", json=SIGN_IN)  # right as far as it goes
        answer = await stage.client().post("/api/session", json={**SIGN_IN, "code": "000000"})
        if answer.status_code == 429:
            if int(answer.headers["retry-after"]) > 60:
                break
            stage.clock.advance(Seconds(int(answer.headers["retry-after"])))
        else:
            heard += 1
    assert heard == 10


async def test_a_recovery_code_opens_once_and_new_ones_void_the_old(stage: Stage) -> None:
    owner = await stage.person("owner")
    _, codes = await with_second_factor(owner, PASSWORD)
    stage.clock.advance(Seconds(16 * 60))
    stale = await owner.http.post("/api/account/recovery-codes")
    assert (stale.status_code, stale.json()["code"]) == (403, "second_factor")
    signed_in = await stage.client().post("/api/session", json={**SIGN_IN, "code": f" {codes[0].upper()} "})
    assert signed_in.status_code == 200
    again = await stage.client().post("/api/session", json={**SIGN_IN, "code": codes[0]})
    assert (again.status_code, again.json()["code"]) == (400, "code_wrong")
    shown = await owner.http.post("/api/session/second-factor", json={"code": codes[1]})
    assert shown.json()["secondFactor"]["recoveryCodes"] == 8
    renewed = (await owner.http.post("/api/account/recovery-codes")).json()["codes"]
    assert (await owner.http.post("/api/session/second-factor", json={"code": codes[2]})).status_code == 400
    assert (await owner.http.post("/api/session/second-factor", json={"code": renewed[0]})).status_code == 200


async def test_nobodys_recovery_code_opens_for_somebody_else(stage: Stage) -> None:
    owner, stranger = await stage.person("owner"), await stage.person("stranger")
    _, codes = await with_second_factor(owner, PASSWORD)
    await with_second_factor(stranger, PASSWORD)
    assert (await stranger.http.post("/api/session/second-factor", json={"code": codes[0]})).status_code == 400


async def test_taking_it_away_takes_one_of_its_codes(stage: Stage) -> None:
    owner = await stage.person("owner")
    app, codes = await with_second_factor(owner, PASSWORD)
    assert (await owner.http.post("/api/account/totp/remove", json={"code": "123456"})).status_code == 400
    stage.clock.advance(Seconds(STEP))
    gone = await owner.http.post("/api/account/totp/remove", json={"code": app.code()})
    assert gone.json()["secondFactor"]["setUp"] is False
    missing = await owner.http.post("/api/session/second-factor", json={"code": codes[0]})
    assert (missing.status_code, missing.json()["code"]) == (409, "totp_missing")
    assert (await stage.client().post("/api/session", json=SIGN_IN)).status_code == 200


async def test_an_agents_daily_work_needs_none(stage: Stage) -> None:
    lin: Person = await stage.agent()
    assert (await lin.get("/api/session"))["secondFactor"]["needed"] is False
    assert (await lin.http.get("/api/desk/conversations")).status_code == 200


async def test_everything_about_it_is_written_down(stage: Stage) -> None:
    owner = await stage.person("owner")
    app, _ = await with_second_factor(owner, PASSWORD)
    await owner.http.post("/api/session/second-factor", json={"code": app.code()})
    stage.clock.advance(Seconds(STEP))
    await owner.http.post("/api/session/second-factor", json={"code": app.code()})
    stage.clock.advance(Seconds(STEP))
    await owner.http.post("/api/account/totp/remove", json={"code": app.code()})
    rows = stage.rows(sa.select(audit_entry).order_by(audit_entry.c.seq))
    assert [(row.action, row.outcome) for row in rows if row.action.startswith("second_factor.")] == [
        ("second_factor.set_up", "done"),
        ("second_factor.shown", "refused"),
        ("second_factor.shown", "done"),
        ("second_factor.removed", "done"),
    ]
    assert all(app.secret not in str(tuple(row)) for row in rows)


NOW = to_ms(NOON)


@pytest.mark.parametrize(
    ("proof", "fresh"),
    [
        (Proof(), False),
        (Proof("session", "s"), False),
        (Proof("session", "s", NOW), True),
        (Proof("session", "s", NOW - 15 * 60_000), True),
        (Proof("session", "s", NOW - 15 * 60_000 - 1), False),
        (Proof("session", "s", NOW + 60_000), False),
        (Proof("token", "t", NOW, scopes=frozenset({"wall:read"})), False),
    ],
    ids=["nobody", "never shown", "now", "a quarter of an hour ago", "longer ago", "the clock went back", "a token"],
)
def test_what_counts_as_shown_lately(proof: Proof, fresh: bool) -> None:
    actor = Actor(ActorKind.PERSON, "p", "", "t", proof=proof)  # type: ignore[arg-type]  # ids are text
    assert second_factor_fresh(actor, NOON) is fresh
