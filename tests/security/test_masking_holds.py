"""What holds for every message, sown, shuffled or made up."""

import time
from itertools import pairwise
from random import Random

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from huiyin.evals.pii.reading import seeded_texts
from huiyin.security.masking import mask

SOWN = [each.text for each in seeded_texts(3, 1000)]
WORDS = (
    "13812345678|138|1234 5678|一三八|零|o|l|｜| |-|\n|，|x|🌸|@|qq.com|微信|QQ|songguo88|收件人|李小雨|王|的|订单号"
    "|验证码|8312|京A12345|海丰北路|602号|3幢|市|区|身份证|11010519491231002X|6222021234567890128|前面|后面|元|/|*"
)
PIECES = WORDS.split("|")
MESSAGES = st.one_of(
    st.text(max_size=80),
    st.lists(st.sampled_from(PIECES), max_size=14).map("".join),
    st.builds(lambda one, other: f"{one}{other}", st.sampled_from(SOWN), st.sampled_from(SOWN)),
)


@given(MESSAGES, st.one_of(st.just(""), MESSAGES))
def test_spans_lie_in_the_text_in_order_and_share_nothing(text: str, before: str) -> None:
    spans = mask(text, before).spans
    assert all(0 <= start < end <= len(text) for start, end, _ in spans)
    assert all(one.end <= other.start for one, other in pairwise(spans))
    assert all("\n" not in text[start:end] for start, end, _ in spans)


@given(MESSAGES)
def test_no_value_stays_readable_where_it_was_found(text: str) -> None:
    masked = mask(text)
    values = [text[start:end] for start, end, _ in masked.spans]
    for value in {each for each in values if len(each) > 4}:
        assert masked.text.count(value) <= text.count(value) - values.count(value)
    assert bool(masked.spans) is (masked.text != text)


@given(MESSAGES)
@example("李寨䨞0102000000李寨䨞路")
def test_a_name_that_was_found_is_read_nowhere(text: str) -> None:
    masked = mask(text)
    values = {text[start:end] for start, end, kind in masked.spans if kind in {"name", "wechat", "email"}}
    assert not [value for value in values if len(value) > 2 and value in masked.text]


@given(MESSAGES)
def test_masking_twice_changes_nothing_more(text: str) -> None:
    once = mask(text).text
    assert mask(once).text == once


@pytest.mark.parametrize("unit", ["1 ", "路", "0-", "收件人张三", "微信a1b2c3 ", "1x", "一", "a@", "3号楼", "138🌸"])
def test_time_grows_with_the_length_and_no_faster(unit: str) -> None:
    def seconds(length: int) -> float:
        text = unit * (length // len(unit))
        start = time.process_time()
        mask(text)
        return time.process_time() - start

    seconds(1000)
    small = min(seconds(10_000) for _ in range(3))
    assert seconds(80_000) < 8 * 4 * small + 0.05


@pytest.mark.timeout(180)
def test_a_push_full_of_noise_is_read_to_its_end() -> None:
    dice = Random(1)
    text = "".join(dice.choices("1380 ，-@微信路号张x*", k=140_000)) + "，电话13812345678"
    assert len(text.encode()) > 250_000
    start = time.process_time()
    masked = mask(text)
    assert masked.text.endswith("138****5678")
    assert time.process_time() - start < 30
