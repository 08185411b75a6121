"""Ten million seals under one key, and no nonce twice; run by `pytest -m bench tests/security`."""

from array import array

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from huiyin.evals.canaries import NONCE, reused
from huiyin.security.sealing import Place, Sealer
from huiyin.security.wrapping import new_key

MANY = 10_000_000
SHELVES = 64


class OneKey:
    """A ring with one data key."""

    def __init__(self) -> None:
        self._cipher = AESGCM(new_key())

    def cipher(self, *_: object) -> AESGCM:
        return self._cipher


@pytest.mark.long
@pytest.mark.timeout(900)
def test_no_nonce_repeats_in_ten_million_seals() -> None:
    sealer, place, key_id = Sealer(OneKey()), Place("t", "message", "m", "body"), "ab" * 16
    shelves = [array("Q") for _ in range(SHELVES)]
    for _ in range(MANY):
        nonce = sealer.seal(None, key_id, place, b"x")[NONCE]
        # The first eight of twelve bytes: should two of those ever agree, the test is stricter than the promise.
        shelves[nonce[0] % SHELVES].append(int.from_bytes(nonce[:8], "big"))
    assert sum(map(len, shelves)) == MANY
    assert sum(len(shelf) - len(set(shelf)) for shelf in shelves) == 0


def test_a_thousand_seals_under_one_key_share_no_nonce() -> None:
    sealer, place = Sealer(OneKey()), Place("t", "message", "m", "body")
    assert reused([sealer.seal(None, "ab" * 16, place, b"x") for _ in range(1_000)]) == []
