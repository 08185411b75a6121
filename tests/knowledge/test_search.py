"""Search answers what the shop knows and refuses the rest."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huiyin.knowledge.clauses import KnowledgeBase
from huiyin.knowledge.entries import Entry, Need
from huiyin.knowledge.folding import fold
from huiyin.knowledge.packs import shipped_ear, shipped_knowledge
from huiyin.knowledge.search import SURE, Knowledge

NOW = datetime(2026, 11, 22, 4, tzinfo=UTC)
KNOWLEDGE = shipped_knowledge()
ANY_TEXT = st.text(alphabet=st.characters(), max_size=120)


@pytest.mark.parametrize(
    ("asked", "entry"),
    [
        ("亲，请问啥时候能发货呀", "digital.shipping.when"),
        ("能不能改下收货地址", "digital.address.change"),
        ("麻烦帮我查一下快递到哪了", "common.logistics.where"),
        ("能不能便宜点呢", "digital.price.haggle"),
        ("质保多长时间", "digital.warranty.period"),
        ("可以开增值税专票吗", "digital.invoice.special"),
        ("退货的邮费谁出啊", "common.return.freight"),
        ("ＢＡＯＹＯＵ包邮吗", "digital.freight.how_much"),
    ],
)
def test_other_words_find_the_same_question(asked: str, entry: str) -> None:
    assert KNOWLEDGE.search(asked, "demo-digital", NOW)[0].entry.id == entry


@pytest.mark.parametrize(
    "asked",
    [
        "今天天气怎么样",
        "帮我写一首诗",
        "拍照清晰吗",
        "推荐一款适合老人用的手机",
        "你们公司在哪里上市",
        "这款和上一代有什么区别",
        "我想买机票",
        "股票还能涨吗",
        "发票开错公司了会计说要红冲怎么处理",
        "电池鼓包了怎么办",
        "价保被拒绝了凭什么",
        "",
        "！！！",
        "😀😀",
    ],
)
def test_what_the_shop_does_not_know_is_refused(asked: str) -> None:
    hits = KNOWLEDGE.search(asked, "demo-digital", NOW)
    assert not hits or hits[0].score < SURE


@pytest.mark.parametrize(
    ("asked", "near"),
    [
        pytest.param("取消订单后优惠券还能用吗", "digital.cancel.how", id="about the coupon"),
        pytest.param("我不取消订单了", "digital.cancel.how", id="the opposite"),
        pytest.param("发票信息改不了", "digital.invoice.change", id="it failed already"),
    ],
)
def test_a_near_phrasing_about_something_else_is_not_taken(asked: str, near: str) -> None:
    assert near not in {hit.entry.id for hit in KNOWLEDGE.search(asked, "demo-digital", NOW)}


def test_a_shop_answers_its_own_way() -> None:
    digital = KNOWLEDGE.search("七天无理由退货吗", "demo-digital", NOW)[0]
    fresh = KNOWLEDGE.search("七天无理由退货吗", "demo-fresh", NOW)[0]
    assert (digital.entry.id, fresh.entry.id) == ("common.return.unconditional", "fresh.return.ask")


def test_a_shop_never_sees_another_shops_questions() -> None:
    for asked in ("坏果怎么赔", "保修多久"):
        assert all(hit.entry.shop != "demo-fresh" for hit in KNOWLEDGE.search(asked, "demo-digital", NOW))
        assert all(not hit.entry.shop for hit in KNOWLEDGE.search(asked, "unknown-shop", NOW))


def test_an_entry_is_found_only_in_its_time() -> None:
    festival = Entry(
        id="festival",
        title="节日发货",
        asks=("春节发货吗",),
        answer="以订单页为准",
        needs=(Need.ORDER,),
        effective_from=datetime(2026, 2, 1, tzinfo=UTC),
        effective_to=datetime(2026, 3, 1, tzinfo=UTC),
    )
    knowledge = Knowledge(KnowledgeBase([]), [festival])
    assert knowledge.search("春节发货吗", "", datetime(2026, 2, 10, tzinfo=UTC))
    assert not knowledge.search("春节发货吗", "", datetime(2026, 3, 1, tzinfo=UTC))


@given(ANY_TEXT)
def test_search_reads_any_text(text: str) -> None:
    for hit in KNOWLEDGE.search(text, "demo-digital", NOW):
        assert 0 <= hit.score <= 1


@given(ANY_TEXT)
def test_folding_moves_nothing_and_settles(text: str) -> None:
    assert len(fold(text)) == len(text)
    assert fold(fold(text)) == fold(text)


@given(ANY_TEXT)
def test_signals_point_at_their_words(text: str) -> None:
    for signal in shipped_ear().hear(text):
        assert text[signal.start : signal.end] == signal.words != ""


def test_threads_get_the_same_hits() -> None:
    asked = ["什么时候发货", "包邮吗", "能改地址吗", "今天天气怎么样"] * 50
    alone = [KNOWLEDGE.search(one, "demo-digital", NOW) for one in asked]
    with ThreadPoolExecutor(8) as pool:
        fresh = shipped_knowledge()
        together = list(pool.map(lambda one: fresh.search(one, "demo-digital", NOW), asked))
    assert [[hit.entry.id for hit in hits] for hits in together] == [[hit.entry.id for hit in hits] for hits in alone]
