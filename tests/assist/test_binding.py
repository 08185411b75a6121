"""What the bot says is what its citations say: every shipped answer binds whole, and a word too much is struck."""

from datetime import UTC, datetime

import msgspec
import pytest

from huiyin.assist.answers import Answer, HandOver
from huiyin.assist.binding import bound, said_of
from huiyin.assist.composing import clause_citation, clause_text
from huiyin.assist.deciding import decide
from huiyin.assist.facts import NoFacts
from huiyin.assist.questions import Question
from huiyin.assist.suggesting import suggest
from huiyin.kernel.ids import ShopId
from huiyin.knowledge.clauses import KnowledgeBase
from huiyin.knowledge.packs import clauses_of, entries_of, shipped
from huiyin.knowledge.search import Knowledge

NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
KNOWLEDGE = Knowledge(KnowledgeBase(clauses_of(shipped())), entries_of(shipped()))


def asks(text: str) -> Question:
    return Question(text=text, shop=ShopId(""), at=NOW, greeted=True)


@pytest.mark.parametrize("entry", KNOWLEDGE.entries, ids=lambda each: each.id)
def test_every_shipped_answer_says_only_what_its_clauses_say(entry) -> None:
    clauses = KNOWLEDGE.evidence(entry, NOW)
    if clauses is None:
        pytest.skip("rests on something that is not confirmed yet: nothing is said")
    text = clause_text(entry, clauses)
    locked = bound(text, [clause_citation(each) for each in clauses], asks(entry.asks[0]), KNOWLEDGE.base)
    assert [said_of(each) for each in locked.unbound] == []
    assert locked.text == text


async def test_a_word_too_much_in_an_entry_never_reaches_the_customer() -> None:
    entry = next(each for each in KNOWLEDGE.entries if each.id == "common.return.unconditional")
    boastful = msgspec.structs.replace(entry, answer="{law.consumer.25}。15天内都能退，包您满意！")
    loud = Knowledge(KNOWLEDGE.base, [boastful])
    found = await decide(asks("支持七天无理由退货吗"), loud, NoFacts())
    assert isinstance(found.action, Answer)
    assert "七日" in found.reply
    assert "15" not in found.reply
    assert "满意" not in found.reply
    assert [each for each in found.because if "锁住" in each]
    assert [each.text for each in await suggest(asks("支持七天无理由退货吗"), loud, NoFacts())] == [found.reply]
    only = Knowledge(KNOWLEDGE.base, [msgspec.structs.replace(entry, answer="30天包退。", cites=("law.consumer.25",))])
    found = await decide(asks("支持七天无理由退货吗"), only, NoFacts())
    assert isinstance(found.action, HandOver)
    assert "30" not in found.reply
    assert await suggest(asks("支持七天无理由退货吗"), only, NoFacts()) == ()


async def test_a_rule_without_its_condition_is_half_a_rule() -> None:
    clause = KNOWLEDGE.base.find_in_force("law.consumer.25", NOW)
    assert clause is not None
    citation = [clause_citation(clause)]
    half = bound("签收后七天内可以无理由退货。", citation, asks("能退吗"), KNOWLEDGE.base)
    assert half.held
    assert {said_of(each) for each in half.unbound} == {
        "“七天”（退货期限）漏了条件",
        "“可以无理由退货”（可以退）漏了条件",
    }
    whole = bound("商品完好的，签收后七天内可以无理由退货。", citation, asks("能退吗"), KNOWLEDGE.base)
    assert not whole.unbound
