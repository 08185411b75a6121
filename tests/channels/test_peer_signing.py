"""The signs of the four platforms: official examples where there are some, else values computed from the rule."""

import hashlib
from collections.abc import Callable, Mapping

import pytest

from huiyin.channels.douyin import signing as douyin
from huiyin.channels.kuaishou import signing as kuaishou
from huiyin.channels.pdd import signing as pdd
from huiyin.channels.signing import in_a_row, wrap_md5
from huiyin.channels.taobao import signing as taobao

TOP = {
    "method": "taobao.item.seller.get",
    "app_key": "12345678",
    "session": "test",
    "timestamp": "2016-01-01 12:00:00",
    "format": "json",
    "v": "2.0",
    "fields": "num_iid,title,nick,price,num",
    "num_iid": "11223344",
}

PDD = {
    "access_token": "asd78172s8ds9a921j9qqwda12312w1w21211",
    "client_id": "1",
    "data_type": "XML",
    "order_status": "1",
    "page": "1",
    "page_size": "10",
    "timestamp": "1480411125",
    "type": "pdd.order.number.list.get",
}

DOUYIN = {
    "app_key": "test_app_key",
    "method": "order.orderDetail",
    "param_json": '{"shop_order_id":"4781320682406083640"}',
    "timestamp": "1700000000",
    "v": "2",
}

KUAISHOU = {
    "access_token": "tok",
    "appkey": "ks123",
    "method": "open.order.detail",
    "param": '{"oid":123456}',
    "timestamp": "1583271919000",
    "version": "1",
}

VECTORS = [
    pytest.param(
        taobao.sign, "helloworld", {**TOP, "sign_method": "md5"}, "66987CB115214E59E6EC978214934FB8",
        id="Taobao md5, official (docId=101617)",
    ),
    pytest.param(
        taobao.sign, "helloworld", {**TOP, "sign_method": "hmac"}, "D56D7858309C31B6251083A874D48273",
        id="Taobao hmac, computed",
    ),
    pytest.param(pdd.sign, "testSecret", PDD, "E4DE3ED21002510DED352819E7AE6775", id="Pinduoduo, official"),
    pytest.param(
        douyin.sign, "test_app_secret", DOUYIN, "4a0d28f6546b192c7542bb2e6e727d1edac31340cd85742ee1ddeb80c174db2e",
        id="Douyin, computed",
    ),
    pytest.param(
        kuaishou.sign, "ss", {**KUAISHOU, "signMethod": "MD5"}, "b902c5d344e49e84f5f1b94f0402c297",
        id="Kuaishou MD5, computed",
    ),
    pytest.param(
        kuaishou.sign, "ss", {**KUAISHOU, "signMethod": "HMAC_SHA256"}, "owjdMO+CxPDSh5ceoKwYxd9ucwOyHwa1SWFKgxpYNtQ=",
        id="Kuaishou HMAC_SHA256, computed",
    ),
]  # fmt: skip

Sign = Callable[[str, Mapping[str, str]], str]
VERIFIES: dict[Sign, Callable[[str, Mapping[str, str]], bool]] = {
    taobao.sign: taobao.verify,
    pdd.sign: pdd.verify,
    douyin.sign: douyin.verify,
}


@pytest.mark.parametrize(("sign", "secret", "params", "expected"), VECTORS)
def test_sign_matches_the_vector(sign: Sign, secret: str, params: dict[str, str], expected: str) -> None:
    assert sign(secret, params) == expected
    assert sign(secret, {**params, "sign": "of another call"}) == expected


@pytest.mark.parametrize("params", [case.values[2] for case in VECTORS], ids=[case.id for case in VECTORS])
@pytest.mark.parametrize("sign", VERIFIES)
def test_any_changed_part_breaks_the_sign(sign: Sign, params: dict[str, str]) -> None:
    verify = VERIFIES[sign]
    try:
        signed = {**params, "sign": sign("secret", params)}
    except ValueError:
        return  # the parameters of another platform
    assert verify("secret", signed)
    assert not verify("secreT", signed)
    assert not verify("secret", {**signed, "sign": signed["sign"].swapcase()})
    assert not verify("secret", params)
    for name, value in params.items():
        if sign is douyin.sign and name not in douyin.SIGNED:
            continue
        assert not verify("secret", {**signed, name: value + " "})


def test_taobao_signs_in_all_its_three_ways_and_in_no_other() -> None:
    made = {taobao.sign("secret", {**TOP, "sign_method": way.value}) for way in taobao.SignMethod}
    assert sorted(len(one) for one in made) == [32, 32, 64]
    for odd in ("", "MD5", "sha1"):
        with pytest.raises(ValueError, match=r"empty|not a valid"):
            taobao.sign("secret", {**TOP, "sign_method": odd})


@pytest.mark.parametrize("params", [{"a": ""}, {"": "b"}])
def test_empty_names_and_values_are_refused_because_platforms_drop_them(params: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="empty"):
        in_a_row(params)


def test_the_row_is_sorted_and_leaves_the_sign_out() -> None:
    assert in_a_row({"b": "2", "a": "1", "sign": "x", "B": "3"}) == "B3a1b2"
    assert wrap_md5("s", {"a": "中"}) == wrap_md5("s", {"a": "中", "sign": "y"})


def test_douyin_signs_five_names_and_leaves_the_token_out() -> None:
    signed = douyin.sign("s", DOUYIN)
    assert douyin.sign("s", {**DOUYIN, "access_token": "t", "sign_method": "hmac-sha256"}) == signed
    for name in douyin.SIGNED:
        with pytest.raises(ValueError, match=name):
            douyin.sign("s", {key: value for key, value in DOUYIN.items() if key != name})


PUSH = '[{"tag":"0","msg_id":"0","data":"订单"}]'.encode()


def test_douyins_pushes_are_signed_over_the_bytes_as_they_came() -> None:
    sign = hashlib.md5(b"key" + PUSH + b"secret").hexdigest()
    assert douyin.verify_push("key", "secret", PUSH, sign)
    assert not douyin.verify_push("key", "secret", PUSH + b" ", sign)
    assert not douyin.verify_push("key", "Secret", PUSH, sign)
    assert not douyin.verify_push("kez", "secret", PUSH, sign)
    assert not douyin.verify_push("key", "secret", PUSH, sign.upper())
    assert not douyin.verify_push("key", "secret", PUSH, "")
    assert not douyin.verify_push("key", "secret", PUSH, "签名")
    assert not douyin.verify_push("key", "secret", b"\xff\xfe", sign)
