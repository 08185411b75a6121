"""The lock against its adversaries: a right number in the wrong slot, another's, too old, or without its condition."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huiyin.knowledge.clauses import Condition
from huiyin.locks.locking import Evidence, Locked, Setting, Why, lock

NOW = datetime(2026, 6, 3, 2, 0, tzinfo=UTC)
RETURN = Evidence(
    "law.consumer.25@2013-10-25",
    "网购商品自收到之日起七日内可以无理由退货，商品应当完好；商家收到退货起七日内退款，退回运费由消费者承担。",
    NOW - timedelta(days=900), conditions=(Condition(told=("完好", "不影响二次销售")),),
)  # fmt: skip
SHIP = Evidence("shop.ship@1", "现货商品付款后48小时内发货，满99元包邮。", NOW - timedelta(days=30))
WARRANTY = Evidence(
    "shop.warranty@1", "耳机支持全国联保，自签收起一年内免费保修，人为损坏除外。", NOW - timedelta(days=30)
)
ORDER = Evidence(
    "order:…8841", "您的订单（尾号8841）目前状态：已发货，实付 199 元（查询时间 6月3日 10:00）", NOW, "8841",
    timedelta(minutes=10),
)  # fmt: skip
OTHER = Evidence(
    "order:…7702", "您的订单（尾号7702）目前状态：等待出库，实付 59 元（查询时间 6月3日 10:00）", NOW, "7702",
    timedelta(minutes=10),
)  # fmt: skip
PRICE = Evidence("sku:100", "降噪耳机 X2 当前售价 399 元，续航 30 小时，库存有货。", NOW, "", timedelta(minutes=5))
ALL = (RETURN, SHIP, WARRANTY, ORDER, OTHER, PRICE)
HERE = Setting(NOW, "8841")


def locked(draft: str, setting: Setting = HERE, evidence: tuple[Evidence, ...] = ALL) -> Locked:
    return lock(draft, evidence, setting)


@pytest.mark.parametrize(
    "draft",
    [
        "您好，商品完好的话，自签收起7天内可以无理由退货。",
        "收到退货后七天内退款，商品要完好。",
        "付款后四十八小时内发货。",
        "满九十九元包邮哦。",
        "您的订单（尾号8841）实付199元，已经发货。",
        "这款耳机399元，续航三十个小时。",
        "耳机支持全国联保。",
        "退货运费由您承担，商品保持完好即可。",
        "好的，我帮您看一下，请稍等。",
        "请问您想退的是哪一件？",
        "能不能退要看商品状态，我转给同事核实。",
        "我不能保证今天送到。",
    ],
)
def test_what_the_evidence_says_passes_whole(draft: str) -> None:
    found = locked(draft)
    assert (found.text, found.held, found.unbound) == (draft, False, ())


@pytest.mark.parametrize(
    ("draft", "why"),
    [
        # A right number in the wrong slot.
        ("退款48小时内到账，商品完好即可。", Why.WRONG_FIELD),
        ("7天内发货。", Why.WRONG_FIELD),
        ("保修7天，商品要完好。", Why.WRONG_FIELD),
        ("您实付399元。", Why.WRONG_FIELD),
        ("这款耳机售价199元。", Why.WRONG_FIELD),
        ("运费99元。", Why.WRONG_FIELD),
        ("续航48小时。", Why.WRONG_FIELD),
        # Another order's number.
        ("您的订单（尾号8841）实付59元。", Why.OTHER_SUBJECT),
        ("您实付了59元。", Why.OTHER_SUBJECT),
        ("您的订单（尾号7702）实付199元。", Why.OTHER_SUBJECT),
        # A condition left out.
        ("七天内可以无理由退货。", Why.CONDITION_LEFT_OUT),
        ("收到退货后7日内退款。", Why.CONDITION_LEFT_OUT),
        # Nothing says so.
        ("24小时内发货。", Why.NO_EVIDENCE),
        ("15天无理由退货，商品完好即可。", Why.NO_EVIDENCE),
        ("两年保修。", Why.NO_EVIDENCE),
        ("现在买只要299元。", Why.NO_EVIDENCE),
        ("再给您打八折。", Why.NO_EVIDENCE),
        ("明天一定送到。", Why.NO_EVIDENCE),
        ("满五十元包邮。", Why.NO_EVIDENCE),
        ("三个工作日到账。", Why.NO_EVIDENCE),
        ("您的订单尾号9913已签收。", Why.NO_EVIDENCE),
        # Promises without a number.
        ("这个不能退。", Why.NO_EVIDENCE),
        ("买贵必赔。", Why.NO_EVIDENCE),
        ("给您补偿一张券。", Why.NO_EVIDENCE),
        ("再送您一个充电器。", Why.NO_EVIDENCE),
        ("都是正品。", Why.NO_EVIDENCE),
        ("马上就给您退款。", Why.NO_EVIDENCE),
        ("包您满意。", Why.NEVER),
        ("百分之百没问题。", Why.NEVER),
        ("微信转账退给您。", Why.NEVER),
    ],
)
def test_what_does_not_bind_is_told_with_its_reason_and_never_said(draft: str, why: Why) -> None:
    found = locked(draft)
    assert found.held, found
    assert why in {each.why for each in found.unbound}, found
    assert found.text == ""


def test_a_fact_too_old_is_stale_though_its_number_is_right() -> None:
    later = Setting(NOW + timedelta(minutes=11), "8841")
    found = locked("您的订单（尾号8841）实付199元。", later)
    assert {each.why for each in found.unbound} == {Why.STALE}
    assert locked("您的订单（尾号8841）实付199元。", Setting(NOW + timedelta(minutes=9), "8841")).unbound == ()


def test_the_sentence_that_does_not_bind_is_struck_and_the_rest_is_said() -> None:
    found = locked("付款后48小时内发货。明天一定送到！您放心。")
    assert (found.text, found.held) == ("付款后48小时内发货。您放心。", False)
    assert [each.claim.words for each in found.unbound] == ["明天", "一定送到"]


def test_an_answer_that_only_names_a_number_is_read_by_the_question() -> None:
    assert locked("48小时内哦", Setting(NOW, "", "多久发货")).unbound == ()
    assert locked("48小时内哦", Setting(NOW, "", "退款多久到账")).unbound


def test_without_evidence_nothing_but_courtesy_is_said() -> None:
    assert locked("您好，请稍等，我帮您转人工。", evidence=()).unbound == ()
    assert locked("48小时内发货", evidence=()).held


@given(st.text(max_size=80), st.lists(st.sampled_from(ALL), max_size=3))
def test_no_text_breaks_the_lock_and_what_is_said_binds_again(draft: str, evidence: list[Evidence]) -> None:
    found = lock(draft, evidence, HERE)
    again = lock(found.text, evidence, HERE)
    assert not [each for each in again.unbound if each.why is not Why.CONDITION_LEFT_OUT]
