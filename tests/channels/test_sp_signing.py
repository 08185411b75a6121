"""SP-API's sign, against vectors on which two independent SDKs agree; they are not JD's own."""

import pytest

from huiyin.channels.jd.sp_signing import sign, sign_request, written

OFFLINE = {
    "X-JOS-App-Key": "offline-app",
    "X-JOS-Access-Token": "offline-token",
    "X-JOS-Timestamp": "1700000000000",
}
UNIT = {"X-JOS-App-Key": "app-key", "X-JOS-Timestamp": "1711111111000"}
WINDOW = {"updateStartTime": "1700000000000", "updateEndTime": "1700000060000", "page": "1", "pageSize": "2"}


def test_the_arithmetic_alone() -> None:  # S1
    assert sign("secret", {"b": "2", "a": "1"}) == "EF16F26C937CF52AE6F85DF2FD08B24A"


@pytest.mark.parametrize(
    ("secret", "parts", "expected"),
    [
        pytest.param("offline-secret", (OFFLINE, WINDOW, {}, ""), "0627BD69EEC951A95E84A3A65FEB0AA2", id="S2 query"),
        pytest.param(
            "offline-secret",
            (OFFLINE, {"scopeSet": "refundInfo,skuExtInfo"}, {"afsOrderId": "1001"}, ""),
            "62B85BF98B8A1C9D3C68A36761E2A5BD",
            id="S3 a name in the path",
        ),
        pytest.param("secret", (UNIT, {"page": "1"}, {}, ""), "A166567AB4DC2A06E824EB5029E1B2B8", id="S4 no token"),
        pytest.param(
            "secret",
            ({**UNIT, "X-JOS-Access-Token": "access-token"}, {}, {"product_id": "1001"}, '{"hello":"world"}'),
            "76B15C057A2733B5CFD4B7E36B9109D9",
            id="S5 body",
        ),
    ],
)
def test_sign_matches_the_vector(
    secret: str, parts: tuple[dict[str, str], dict[str, str], dict[str, str], str], expected: str
) -> None:
    headers, query, in_path, body = parts
    assert sign_request(secret, headers, query, in_path, body) == expected
    unsigned = {**headers, "X-JOS-Request-Identity": "vender", "X-JOS-Sdk-Version": "x", "X-JOS-Sign": "y"}
    assert sign_request(secret, unsigned, query, in_path, body) == expected
    assert sign_request(secret, headers, {**query, "more": "1"}, in_path, body) != expected


def test_an_empty_body_is_not_signed() -> None:
    assert sign_request("secret", UNIT, {"page": "1"}, {}, "{}") == "A166567AB4DC2A06E824EB5029E1B2B8"


@pytest.mark.parametrize(
    ("value", "expected"),
    [(True, "true"), (False, "false"), (7, "7"), ("客服01", "客服01"), (["a", "b"], "a,b"), ([1, 2], "1,2")],
)
def test_values_are_written_as_they_are_sent(value: bool | int | str | list[str], expected: str) -> None:  # a table
    assert written(value) == expected


def test_what_could_not_be_taken_apart_again_is_refused() -> None:
    with pytest.raises(ValueError, match="comma"):
        written(["a,b"])
    with pytest.raises(ValueError, match="twice"):
        sign_request("secret", UNIT, {"id": "1"}, {"id": "2"})
    with pytest.raises(ValueError, match="empty"):
        sign_request("secret", UNIT, {"page": ""}, {})
