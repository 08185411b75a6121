"""No pattern of ours can be made to think for hours (ReDoS): RE2 is linear by construction, the rest is named here."""

import re
from pathlib import Path

import pytest

from huiyin.assist import courtesy, deciding, questions
from huiyin.conversations.said import Words
from huiyin.finding.indexing import hidden_in
from huiyin.finding.tokens import words
from huiyin.knowledge import folding
from huiyin.quality import gates
from huiyin.security.masking import mask

from .timing import grows_linearly

PACKAGE = Path(__file__).resolve().parents[2] / "src" / "huiyin"

BACKTRACKING = {
    "assist/composing.py": "fills holes in our own sentences",
    "assist/courtesy.py": "customers' words; timed below",
    "assist/deciding.py": "customers' words; timed below",
    "assist/questions.py": "customers' words; timed below",
    "audit/views.py": "a cursor of at most 80 characters, by fullmatch",
    "audit/writing.py": "our own codes, at most 200 characters",
    "bench/gateway.py": "the harness's own log",
    "bench/wall.py": "the harness's own log",
    "evals/pii/sowing.py": "our own templates",
    "finding/tokens.py": "customers' words, in runs of one class of characters: linear; timed below",
    "finding/wanted.py": "what somebody looks for, at most 200 characters",
    "knowledge/folding.py": "customers' words; timed below",
    "simulator/visits.py": "the simulator's own scripts",
}
"""Files that use Python's backtracking `re`, and why that is safe there."""

USER_TEXT = {
    f"{module.__name__}.{name}": found
    for module in (courtesy, deciding, questions, folding)
    for name, found in vars(module).items()
    if isinstance(found, re.Pattern)
} | {"huiyin.quality.gates._NUMBER": gates._NUMBER}
SEEDS = (
    "a", "0", " ", "-", "。", "市", "路1号", "省市区", "1 ", "1-", "@", "a@a.", "a.", "[", "[订单", "https://", "订单",
    "一下", "咨询", "想要问", "在吗", "哈", "!", "?", "亲亲", "谢谢", "\n", "(", "中中(移动端", "北京市1",
)  # fmt: skip


def users(of: str) -> set[str]:
    found = re.compile(rf"^\s*(?:import {of}\b|from {of} import)", re.MULTILINE)
    files = (path for path in PACKAGE.rglob("*.py") if "static" not in path.parts)
    return {path.relative_to(PACKAGE).as_posix() for path in files if found.search(path.read_text(encoding="utf-8"))}


def test_who_uses_backtracking_patterns_is_named_with_the_reason() -> None:
    assert users("re") == set(BACKTRACKING), "use re2; or name the file here and say why no text can make it slow"


@pytest.mark.parametrize("name", USER_TEXT)
def test_time_grows_with_the_text_and_no_faster(name: str) -> None:
    pattern = USER_TEXT[name]
    for seed in SEEDS:
        assert grows_linearly(
            lambda text: pattern.sub("", text), lambda size, seed=seed: (seed * size)[:size] + "!\0"
        ), (
            name,
            seed,
        )


@pytest.mark.parametrize("seed", [*SEEDS, "1３", "壹", "张", "收件人", "身份证", "微信a", "vx:", "=20", "零"])
def test_masking_takes_time_as_the_text_is_long(seed: str) -> None:
    assert grows_linearly(mask, lambda size: (seed * size)[: size // 20])


def test_the_harness_sees_a_pattern_that_backtracks() -> None:
    bad = re.compile(r"a*a*a*$")
    assert not grows_linearly(bad.search, lambda size: "a" * (size // 800) + "!")


@pytest.mark.parametrize("text", ["a", "退", "a退", "*", "a*", "１"])
def test_words_are_cut_for_session_search_in_linear_time(text: str) -> None:
    assert grows_linearly(lambda long: hidden_in(Words("customer", "", 0, long, ())), lambda size: text * size)
    assert grows_linearly(words, lambda size: text * size)
