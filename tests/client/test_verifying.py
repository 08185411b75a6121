"""A webhook is believed when its signature holds and its time is near, and never else."""

import base64
import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huiyin.webhooks.signing import shown, signed
from huiyin_client import webhooks

NOW = 1_780_286_400
BODY = b'{"type":"webhook.test","timestamp":"2026-06-01T04:00:00Z","data":{"webhook":"w"}}'
KEY = bytes(range(32))


def told(**changes: str) -> dict[str, str]:
    return {**signed([KEY], "m1", NOW, BODY), **changes}


def test_what_the_server_signs_is_believed() -> None:
    event = webhooks.verify(BODY, told(), shown(KEY), now=NOW)
    assert (event.id, event.type, event.data) == ("m1", "webhook.test", {"webhook": "w"})


def test_headers_are_read_however_they_are_written() -> None:
    shouted = {name.upper(): value for name, value in told().items()}
    assert webhooks.verify(BODY, shouted, shown(KEY), now=NOW).id == "m1"


@pytest.mark.parametrize("key", [KEY, b"x" * 32])
def test_either_of_two_secrets_is_enough(key: bytes) -> None:
    both = signed([KEY, b"x" * 32], "m1", NOW, BODY)
    assert webhooks.verify(BODY, both, shown(key), now=NOW).id == "m1"


@pytest.mark.parametrize(
    ("changes", "now"),
    [
        ({"webhook-id": "m2"}, NOW),
        ({"webhook-timestamp": str(NOW + 1)}, NOW),
        ({"webhook-timestamp": "soon"}, NOW),
        ({"webhook-signature": ""}, NOW),
        ({"webhook-signature": "v1,"}, NOW),
        ({"webhook-signature": "键"}, NOW),
        ({}, NOW + 301),
        ({}, NOW - 301),
    ],
)
def test_nothing_else_is(changes: dict[str, str], now: float) -> None:
    with pytest.raises(webhooks.UnverifiedError):
        webhooks.verify(BODY, told(**changes), shown(KEY), now=now)


def test_another_version_of_signature_is_no_signature() -> None:
    mac = told()["webhook-signature"].replace("v1,", "v2,")
    with pytest.raises(webhooks.UnverifiedError):
        webhooks.verify(BODY, told(**{"webhook-signature": mac}), shown(KEY), now=NOW)


def test_a_secret_that_is_none_and_a_header_that_is_missing() -> None:
    for headers, secret in ((told(), "whsec_键"), ({}, shown(KEY))):
        with pytest.raises(webhooks.UnverifiedError):
            webhooks.verify(BODY, headers, secret, now=NOW)


@given(body=st.binary(max_size=60))
def test_a_signed_body_that_is_no_event_is_none_of_ours(body: bytes) -> None:
    with pytest.raises(webhooks.UnverifiedError):
        webhooks.verify(body, signed([KEY], "m1", NOW, body), shown(KEY), now=NOW)


@given(place=st.integers(0, len(BODY) - 1), bit=st.integers(0, 7))
def test_a_changed_body_is_not_believed(place: int, bit: int) -> None:
    changed = bytearray(BODY)
    changed[place] ^= 1 << bit
    with pytest.raises(webhooks.UnverifiedError):
        webhooks.verify(bytes(changed), told(), shown(KEY), now=NOW)


def test_it_is_the_scheme_of_the_specification_by_hand() -> None:
    mac = base64.b64encode(hmac.digest(KEY, b"m1.%d." % NOW + BODY, "sha256")).decode()
    assert told()["webhook-signature"] == f"v1,{mac}"
