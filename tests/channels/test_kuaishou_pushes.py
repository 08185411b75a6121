"""What Kuaishou pushes: opened with the app's key, refused with one answer, its heartbeats told apart."""

import base64

import pytest
from cryptography.hazmat.primitives import padding
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from huiyin.channels.kuaishou.pushes import MAX_BYTES, RECEIPT, open_push
from huiyin.kernel.errors import InvalidError
from huiyin.kernel.wire import decode, encode

KEY = base64.b64encode(b"sixteen bytes ok").decode()
SAID: dict[str, object] = {
    "eventId": "267_2345_147402", "bizId": 201560025620985, "userId": 12342323, "openId": "dafagkncislgga",
    "appKey": "ks123", "event": "kwaishop_order_addOrder", "info": '{"oid":201560025620985}',
    "createTime": 1591274070333,
}  # fmt: skip


def sealed(plain: bytes, key: str = KEY) -> bytes:
    padder = padding.PKCS7(128).padder()
    cipher = Cipher(algorithms.AES(base64.b64decode(key)), modes.CBC(bytes(16))).encryptor()
    return base64.b64encode(cipher.update(padder.update(plain) + padder.finalize()) + cipher.finalize())


def test_a_push_is_opened_and_a_repeat_reads_the_same() -> None:
    raw = sealed(encode(SAID))
    event = open_push(raw, "ks123", KEY)
    assert (event.event_id, event.event, event.info) == (SAID["eventId"], SAID["event"], SAID["info"])
    assert event.biz_id == 201560025620985
    assert not event.test
    assert open_push(raw, "ks123", KEY) == event


@pytest.mark.parametrize("raw", [b'{"test":true}', sealed(b'{"test":true}')], ids=["plain", "encrypted"])
def test_a_heartbeat_is_known_in_either_form(raw: bytes) -> None:
    assert open_push(raw, "ks123", KEY).test


def test_kuaishou_hears_what_its_document_asks_for() -> None:
    assert decode(RECEIPT) == {"result": 1}


def flipped(raw: bytes) -> bytes:
    inside = bytearray(base64.b64decode(raw))
    inside[-1] ^= 1
    return base64.b64encode(bytes(inside))


@pytest.mark.parametrize(
    ("raw", "told"),
    [
        pytest.param(sealed(encode(SAID), base64.b64encode(b"another key, 16b").decode()), "message key", id="key"),
        pytest.param(flipped(sealed(encode(SAID))), "message key", id="a changed byte"),
        pytest.param(b"", "message key", id="empty"),
        pytest.param(b"not base64 !", "message key", id="not base64"),
        pytest.param(base64.b64encode(b"no block"), "message key", id="no whole block"),
        pytest.param(sealed(b"[1]"), "shape", id="not an event"),
        pytest.param(sealed(b"\xff\xfe"), "shape", id="not UTF-8"),
        pytest.param(encode(SAID), "unencrypted", id="an event in the clear"),
        pytest.param(sealed(encode({**SAID, "appKey": "ks124"})), "another app", id="another app"),
        pytest.param(sealed(encode({**SAID, "eventId": ""})), "no event", id="no event"),
        pytest.param(b"x" * (MAX_BYTES + 1), "at most", id="too large"),
    ],
)
def test_what_cannot_be_trusted_is_refused_without_repeating_it(raw: bytes, told: str) -> None:
    with pytest.raises(InvalidError, match=told) as refused:
        open_push(raw, "ks123", KEY)
    assert refused.value.remedy
    assert "201560025620985" not in str(refused.value)


def test_a_message_key_that_is_none_is_said_so() -> None:
    for key in ("", "short", base64.b64encode(b"seven b").decode()):
        with pytest.raises(InvalidError, match="message key"):
            open_push(sealed(encode(SAID)), "ks123", key)
