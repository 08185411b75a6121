"""The sign, against the vectors of JD's own document (J1) and two computed from its rule (J2, J3)."""

import pytest

from huiyin.channels.jd.signing import sign, verify

J1 = {
    "360buy_param_json": '{"end_date":null,"optional_fields":null,"order_state":"WAIT_SELLER_STOCK_OUT",'
    '"page":"1","page_size":"200","start_date":null}',
    "access_token": "yourtoken",
    "app_key": "yourappkey",
    "method": "jingdong.pop.order.search",
    "timestamp": "2021-05-07 09:20:39.683+0800",
    "v": "2.0",
}
J2 = {
    "method": "jingdong.pop.order.modifyVenderRemark",
    "app_key": "app",
    "access_token": "token",
    "timestamp": "2026-01-02 03:04:05.000+0800",
    "v": "2.0",
    "360buy_param_json": '{"flag":3,"order_id":73587941894,"remark":"客户咨询，协助处理"}',
}
J3 = {**J2, "method": "jingdong.vender.shop.query", "360buy_param_json": "{}"}

VECTORS = [
    pytest.param("yourappSecret", J1, "D70825340F4084360B9362B60DFD7930", id="J1 JD's document"),
    pytest.param("secret", J2, "897B485D24CC5DC267C6B7DC08137EC1", id="J2 Chinese text"),
    pytest.param("secret", J3, "ACEA7EAA381E012AD7D9E09CC206F21D", id="J3 empty JSON"),
]


@pytest.mark.parametrize(("secret", "params", "expected"), VECTORS)
def test_sign_matches_the_vector(secret: str, params: dict[str, str], expected: str) -> None:
    assert sign(secret, params) == expected
    assert verify(secret, {**params, "sign": expected})


@pytest.mark.parametrize(("secret", "params", "expected"), VECTORS)
def test_any_changed_part_breaks_the_sign(secret: str, params: dict[str, str], expected: str) -> None:
    signed = {**params, "sign": expected}
    assert not verify(secret + "x", signed)
    assert not verify(secret, {**signed, "sign": expected.lower()})
    assert not verify(secret, params)
    for name, value in params.items():
        assert not verify(secret, {**signed, name: value + " "})


def test_an_empty_parameter_is_refused_because_sdks_disagree_on_it() -> None:
    with pytest.raises(ValueError, match="access_token"):
        sign("secret", {**J3, "access_token": ""})
