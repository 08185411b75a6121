"""Pushed chat: everything refused is refused as InvalidError, and nothing else ever comes out but records."""

import contextlib
from datetime import timedelta
from urllib.parse import quote, urlencode

import msgspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from huiyin.channels.jd import JdChannel, JdSettings
from huiyin.channels.jd.envelope import MAX_BYTES, MAX_TEXT, METHOD, parse_form
from huiyin.channels.jd.moments import write_timestamp
from huiyin.channels.jd.signing import sign
from huiyin.channels.port import ContentKind, Inbound, Sender
from huiyin.kernel.clock import ManualClock, to_ms
from huiyin.kernel.errors import InvalidError
from huiyin.kernel.ids import ShopId
from huiyin.kernel.wire import encode_text

from .jd_line import NOON

SETTINGS = JdSettings(
    shop=ShopId("shop-1"),
    app_key="SIMKEY",
    app_secret="a-secret-of-this-test",
    vender_id="100101",
    gateway_url="http://127.0.0.1:8790/routerjson",
    live=True,
)
CHANNEL = JdChannel(SETTINGS, ManualClock(NOON))


def message(**changes: object) -> dict[str, object]:
    plain = {
        "mid": "m1",
        "sid": "sid1",
        "customer": "jd_abc",
        "waiter": "客服01",
        "waiterSend": False,
        "content": "在吗 a+b=c&d%e 😀",
        "created": to_ms(NOON),
        "mt": "text",
        "url": "",
        "orderId": "",
        "skuId": "",
        "recallOf": "",
        "channel": "1",
    }
    return {**plain, **changes}


def signed(json: str, **changes: str) -> dict[str, str]:
    form = {
        "method": METHOD,
        "app_key": "SIMKEY",
        "timestamp": write_timestamp(NOON),
        "v": "2.0",
        "360buy_param_json": json,
        **changes,
    }
    return {**form, "sign": sign("a-secret-of-this-test", form)}


def delivery(*messages: dict[str, object], vender: str = "100101", **changes: str) -> bytes:
    json = encode_text({"venderId": vender, "messages": messages})
    return urlencode(signed(json, **changes)).encode()


def read(raw: bytes) -> list[Inbound]:
    return CHANNEL.read(raw, {})


def test_a_text_is_read_whole() -> None:
    (record,) = read(delivery(message()))
    assert record.content.text == "在吗 a+b=c&d%e 😀"
    assert (record.source_id, record.customer_ref, record.session_ref) == ("m1", "jd_abc", "sid1")
    assert record.platform_at == NOON
    assert record.sender is Sender.CUSTOMER
    assert record.shop == "shop-1"


def test_percent_encoding_of_spaces_is_read_like_plus() -> None:
    form = signed(encode_text({"venderId": "100101", "messages": [message(content="a b")]}))
    raw = "&".join(f"{quote(name)}={quote(value)}" for name, value in form.items()).encode()
    assert read(raw)[0].content.text == "a b"


@pytest.mark.parametrize(
    ("changes", "kind", "data"),
    [
        ({"mt": "image", "url": "https://img.invalid/1.jpg"}, "image", {"url": "https://img.invalid/1.jpg"}),
        ({"mt": "order", "orderId": "123"}, "order_card", {"order_id": "123"}),
        ({"mt": "sku", "skuId": "456"}, "sku_card", {"sku_id": "456"}),
        ({"mt": "voice", "url": "https://img.invalid/1.amr"}, "voice", {"url": "https://img.invalid/1.amr"}),
        ({"mt": "recall", "recallOf": "m0"}, "recall", {"source_id": "m0"}),
        ({"mt": "system"}, "system", {}),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_every_kind_is_read(changes: dict[str, object], kind: str, data: dict[str, str]) -> None:
    (record,) = read(delivery(message(**changes)))
    assert record.content.kind is ContentKind(kind)
    assert data.items() <= record.content.data.items()


def test_a_card_without_words_gets_a_readable_text() -> None:
    (record,) = read(delivery(message(mt="order", orderId="123", content="")))
    assert record.content.text == "[订单 123]"


def test_a_waiters_message_is_the_agents() -> None:
    assert read(delivery(message(waiterSend=True)))[0].sender is Sender.AGENT


def test_an_escaped_nul_is_dropped_because_not_every_database_holds_it() -> None:
    json = encode_text({"venderId": "100101", "messages": [message(content="a\0b")]})
    assert r"\u0000" in json
    assert read(urlencode(signed(json)).encode())[0].content.text == "ab"


def test_a_bare_equals_sign_in_a_value_stays_what_it_is() -> None:
    assert parse_form(b"a=%31=41&b=x=41") == {b"a": b"1=41", b"b": b"x=41"}


@pytest.mark.parametrize("minutes", [-6, 6])
def test_six_minutes_off_is_still_read(minutes: int) -> None:
    assert read(delivery(message(), timestamp=write_timestamp(NOON + timedelta(minutes=minutes))))


REFUSED = [
    pytest.param(delivery(message()).replace(b"jd_abc", b"jd_abd"), "signature", id="changed after signing"),
    pytest.param(urlencode(signed("{}") | {"sign": ""}).encode(), "signature", id="no sign"),
    pytest.param(delivery(message(), app_key="OTHER"), "app key", id="another app"),
    pytest.param(delivery(message(), method="jingdong.x"), "method", id="another method"),
    pytest.param(delivery(message(), v="1.0"), "method", id="another version"),
    pytest.param(
        delivery(message(), timestamp=write_timestamp(NOON + timedelta(minutes=6, seconds=1))),
        "6 minutes",
        id="from the future",
    ),
    pytest.param(
        delivery(message(), timestamp=write_timestamp(NOON - timedelta(minutes=6, seconds=1))),
        "6 minutes",
        id="stale",
    ),
    pytest.param(delivery(message(), timestamp="2026-06-01 12:00:00"), "timestamp", id="no offset"),
    pytest.param(delivery(message(), timestamp="soon"), "timestamp", id="no time"),
    pytest.param(delivery(message(), vender="100202"), "vender", id="another shop"),
    pytest.param(delivery(message(content="长" * (MAX_TEXT + 1))), str(MAX_TEXT), id="text too long"),
    pytest.param(b"x" * (MAX_BYTES + 1), str(MAX_BYTES), id="delivery too large"),
    pytest.param(delivery(message(mid="")), "mid", id="no message id"),
    pytest.param(delivery(message(mt="video")), "mt", id="unknown kind"),
    pytest.param(delivery(message(created=-1)), "created", id="before 1970"),
    pytest.param(delivery(message(mt="recall")), "recall", id="recall of nothing"),
    pytest.param(urlencode(signed("[]")).encode(), "JSON", id="not an object"),
    pytest.param(delivery(message()) + b"&v=2.0", "twice", id="field twice"),
    pytest.param(b"", "app key", id="empty"),
]


@pytest.mark.parametrize(("raw", "named"), REFUSED)
def test_refused_with_its_reason(raw: bytes, named: str) -> None:
    with pytest.raises(InvalidError, match=named) as refused:
        read(raw)
    assert refused.value.remedy
    assert "在吗" not in str(refused.value)


def test_a_line_away_from_the_simulator_reads_no_pushes() -> None:
    real = msgspec.structs.replace(SETTINGS, gateway_url="https://api.jd.com/routerjson", live_granted=True)
    for settings in (real, msgspec.structs.replace(SETTINGS, live=False)):
        with pytest.raises(InvalidError, match="unverified"):
            JdChannel(settings, ManualClock(NOON)).read(delivery(message()), {})


@given(st.binary(max_size=400))
@example(b"%&=%zz&%")
@example(b"app_key=SIMKEY&method=%E5%")
def test_any_bytes_are_refused_and_never_break_the_reader(raw: bytes) -> None:
    with pytest.raises(InvalidError):
        read(raw)


@given(st.dictionaries(st.text(min_size=1, max_size=8), st.text(min_size=1, max_size=40), max_size=6))
def test_forms_are_parsed_as_the_standard_library_writes_them(form: dict[str, str]) -> None:
    encoded = {
        name.encode("utf-8", "surrogatepass"): value.encode("utf-8", "surrogatepass") for name, value in form.items()
    }
    assert parse_form(urlencode(encoded).encode() or b"=") == (encoded or {b"": b""})


odd_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@given(st.fixed_dictionaries({"venderId": st.just("100101"), "messages": st.lists(odd_json, max_size=3)}) | odd_json)
def test_rightly_signed_nonsense_is_a_list_or_refused(json: object) -> None:
    raw = urlencode(signed(encode_text(json))).encode()
    with contextlib.suppress(InvalidError):
        assert isinstance(read(raw), list)


@given(
    st.dictionaries(st.sampled_from(sorted(message())), odd_json, max_size=4),
    st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=60),
)
def test_rightly_signed_messages_with_odd_fields_are_a_list_or_refused(odd: dict[str, object], text: str) -> None:
    with contextlib.suppress(InvalidError):
        for record in read(delivery(message(**{"content": text, **odd}))):
            assert "\0" not in record.content.text


@given(st.text(alphabet=st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=200))
def test_any_text_comes_out_as_it_went_in(text: str) -> None:
    assert read(delivery(message(content=text)))[0].content.text == text


@given(st.binary(min_size=1, max_size=60))
def test_rightly_signed_bytes_that_are_no_json_are_refused(junk: bytes) -> None:
    form = {name.encode(): value.encode() for name, value in signed("{}").items()}
    form[b"360buy_param_json"] = b"{" + junk
    parts = b"".join(name + form[name] for name in sorted(form) if name != b"sign")
    from hashlib import md5  # JD's sign, over bytes that no text API would sign

    secret = b"a-secret-of-this-test"
    form[b"sign"] = md5(secret + parts + secret, usedforsecurity=False).hexdigest().upper().encode()
    with pytest.raises(InvalidError):
        read(urlencode(form).encode())
