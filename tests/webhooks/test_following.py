"""What follows from an answer: done, again later and later, given up, switched off."""

from base64 import b64decode

import pytest

from huiyin.webhooks.model import FAILING_MS, MOST_ATTEMPTS, PAUSES_SECONDS, Next, fails_too_long, follows, pause_ms
from huiyin.webhooks.signing import shown, signed

NOW = 1_780_000_000_000


@pytest.mark.parametrize("status", [200, 202, 204, 299])
def test_an_answer_that_is_well_ends_it(status: int) -> None:
    assert follows("d", 3, status, 0, NOW) == Next("delivered", NOW)


@pytest.mark.parametrize("status", [None, 301, 400, 404, 429, 500, 503])
def test_any_other_is_tried_again_longer_each_time_and_then_given_up(status: int | None) -> None:
    waits = [follows("d", attempts, status, 0, NOW).due_at - NOW for attempts in range(1, MOST_ATTEMPTS)]
    for wait, pause in zip(waits, PAUSES_SECONDS, strict=True):
        assert pause * 1000 <= wait <= pause * 1200
    assert follows("d", MOST_ATTEMPTS, status, 0, NOW).state == "given_up"


def test_what_failed_together_does_not_come_back_together() -> None:
    assert len({pause_ms(f"delivery {each}", 4) for each in range(100)}) > 50


def test_who_asks_to_be_left_is_left_for_that_long() -> None:
    assert follows("d", 1, 503, NOW + 900_000, NOW) == Next("waiting", NOW + 900_000)


def test_who_is_gone_is_not_asked_again() -> None:
    assert follows("d", 1, 410, 0, NOW) == Next("given_up", NOW, "gone")


@pytest.mark.parametrize(
    ("since", "too_long"), [(None, False), (NOW - FAILING_MS + 1, False), (NOW - FAILING_MS, True)]
)
def test_three_days_of_failures_are_too_long(since: int | None, *, too_long: bool) -> None:
    assert fails_too_long(since, NOW) is too_long


def test_the_signature_is_the_one_of_the_specification() -> None:
    """The vector of the reference libraries of Standard Webhooks."""
    key = bytes.fromhex("31f290f6bf06298aab4f08d43c3f082cf648a362da2da4b0")
    headers = signed([key, b"x" * 24], "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}')
    assert (headers["webhook-id"], headers["webhook-timestamp"]) == ("msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330")
    first, second = headers["webhook-signature"].split(" ")
    assert first == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    assert second != first
    assert b64decode(shown(key).removeprefix("whsec_")) == key
