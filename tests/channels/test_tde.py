"""JD's field encryption, by vectors worked out from a public SDK's form; nothing here was seen at JD itself."""

import base64
import json
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from huiyin.channels.jd.tde import TdeCipher, TdeKey, Voucher, key_request, read_keys, read_voucher
from huiyin.kernel.errors import PermanentError

KEY, KEY_ID = base64.b64decode("MDEyMzQ1Njc4OWFiY2RlZg=="), base64.b64decode("EBESExQVFhcYGRobHB0eHw==")
SEALED = "AAQQERITFBUWFxgZGhscHR4fAAECAwQFBgcICQoLDA0OD9u2yeMWEa5McQGOuCRwGw0="
PLAIN = "13800000000"
NOW = 1_700_000_000_000


@pytest.fixture
def cipher() -> TdeCipher:
    return TdeCipher({0: TdeKey(KEY_ID, 0, KEY)})


def test_the_vector_opens_and_is_written_alike(cipher: TdeCipher) -> None:
    assert cipher.open(SEALED) == PLAIN
    assert cipher.seal_with(PLAIN, bytes(range(16))) == SEALED


def test_the_request_for_keys_is_signed_with_the_vouchers_key() -> None:
    voucher = Voucher(id="tid-1", key="dm91Y2hlci1rZXktMDAwMQ==")
    assert key_request(voucher, NOW) == {
        "sig": "Ckq8ZZTBM+foIA1i4aVvTQDfFqR1B3Xg5ndPENA8diw=", "sdk_ver": 2, "ts": NOW, "tid": "tid-1",
    }  # fmt: skip
    assert "dm91" not in repr(voucher)


@pytest.mark.parametrize("words", ["", "x", "欧阳晓", "浙江省杭州市西湖区文三路 100 号", "1" * 15, "1" * 16, "1" * 17])
def test_whatever_is_sealed_opens_again_and_never_looks_the_same_twice(cipher: TdeCipher, words: str) -> None:
    sealed = cipher.seal(words)
    assert cipher.is_sealed(sealed)
    assert cipher.open(sealed) == words
    assert cipher.seal(words) != sealed


@pytest.mark.parametrize("value", ["", "13800000000", "AAQ", "AAQ不是密文", "AAQQERIT", SEALED[:-8]])
def test_what_is_no_ciphertext_is_left_as_it_is(cipher: TdeCipher, value: str) -> None:
    assert not cipher.is_sealed(value)
    assert cipher.open(value) == value


def test_a_key_is_chosen_by_its_id_and_the_newest_seals() -> None:
    newer = TdeKey(bytes(reversed(KEY_ID)), 1, b"another key, cut to sixteen bytes")
    cipher = TdeCipher({0: TdeKey(KEY_ID, 0, KEY), 1: newer})
    assert cipher.open(SEALED) == PLAIN
    assert base64.b64decode(cipher.seal(PLAIN))[2:18] == newer.id
    assert cipher.open(cipher.seal(PLAIN)) == PLAIN
    assert cipher.index(PLAIN) == TdeCipher({0: TdeKey(KEY_ID, 0, KEY)}).index(PLAIN), "the first key salts for good"


def test_a_field_under_a_strange_key_and_an_altered_one_say_what_to_do(cipher: TdeCipher) -> None:
    strange = TdeCipher({0: TdeKey(b"0" * 16, 0, KEY)})
    raw = bytearray(base64.b64decode(SEALED))
    raw[-1] ^= 1
    for refusing, value in ((strange, SEALED), (cipher, base64.b64encode(raw).decode())):
        with pytest.raises(PermanentError) as refused:
            refusing.open(value)
        assert "keys again" in refused.value.remedy


def test_an_index_is_the_same_for_the_same_words_alone(cipher: TdeCipher) -> None:
    assert cipher.index(PLAIN) == cipher.index(PLAIN) != cipher.index(PLAIN + "0")
    assert len(cipher.index(PLAIN)) == 64


def test_keys_are_read_from_jds_answer_and_none_is_refused() -> None:
    keys = [{"id": base64.b64encode(KEY_ID).decode(), "version": 0, "key_string": base64.b64encode(KEY).decode()}]
    body = json.dumps({"service_key_list": [{"service": "s", "current_key_version": 0, "keys": keys}]}).encode()
    assert read_keys(body).open(SEALED) == PLAIN
    for bad in (b"{}", b"no json", b'{"service_key_list": []}', body.replace(b'"EBES', b'"!!')):
        with pytest.raises(PermanentError):
            read_keys(bad)


@pytest.fixture(scope="module")
def jd() -> RSAPrivateKey:
    return generate_private_key(65537, 2048)


def certificate(key: RSAPrivateKey) -> bytes:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "not JD")])
    today = datetime(2026, 1, 1, tzinfo=UTC)
    built = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(1).not_valid_before(today).not_valid_after(today + timedelta(days=1))
    )  # fmt: skip
    return built.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM)


def voucher_of(key: RSAPrivateKey, **changes: object) -> str:
    data = json.dumps({"id": "tid-1", "key": "a2V5", "effective": NOW - 1, "expired": NOW + 1, **changes})
    sig = base64.b64encode(key.sign(data.encode(), PKCS1v15(), hashes.SHA256())).decode()
    return base64.urlsafe_b64encode(f'{{"sig": "{sig}", "data": {data}}}'.encode()).decode().rstrip("=")


def test_a_voucher_that_jd_signed_is_read(jd: RSAPrivateKey) -> None:
    assert read_voucher(voucher_of(jd), certificate(jd), NOW).id == "tid-1"


def test_a_voucher_that_is_not_jds_or_not_of_today_is_refused(jd: RSAPrivateKey) -> None:
    forged = base64.urlsafe_b64decode(voucher_of(jd) + "==").replace(b"tid-1", b"tid-2")
    cases = {
        "not signed by JD": base64.urlsafe_b64encode(forged).decode(),
        "not valid now": voucher_of(jd, expired=NOW),
        "cannot be read": "e30",
    }
    for says, text in cases.items():
        with pytest.raises(PermanentError, match=says):
            read_voucher(text, certificate(jd), NOW)
    with pytest.raises(PermanentError, match="not signed by JD"):
        read_voucher(voucher_of(generate_private_key(65537, 2048)), certificate(jd), NOW)
