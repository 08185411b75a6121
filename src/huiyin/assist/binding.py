"""Hold an answer against what it cites: the lock's evidence is the citations, and nothing beside them."""

from collections.abc import Sequence
from datetime import timedelta

from huiyin.assist.answers import Citation, CitationKind
from huiyin.assist.questions import Question, order_number
from huiyin.knowledge.clauses import ClauseRef, KnowledgeBase
from huiyin.locks.claims import fields, promises
from huiyin.locks.locking import Evidence, Judged, Locked, Setting, Why, lock

GOOD_FOR = timedelta(minutes=10)
"""How long a fact read from the platform may be told: orders and parcels move within the hour."""
TAIL = 4
WORDS = {
    Why.NO_EVIDENCE: "没有依据", Why.WRONG_FIELD: "数值对，说的不是这一项", Why.OTHER_SUBJECT: "是另一笔订单的",
    Why.STALE: "数据已过时，要重新查询", Why.CONDITION_LEFT_OUT: "漏了条件", Why.NEVER: "不能承诺",
}  # fmt: skip


def bound(text: str, citations: Sequence[Citation], question: Question, base: KnowledgeBase) -> Locked:
    """Hold an answer to a question against its citations."""
    order = (order_number(question.text) or question.order_ref)[-TAIL:]
    return lock(text, [_evidence(each, base) for each in citations], Setting(question.at, order, question.text))


def _evidence(citation: Citation, base: KnowledgeBase) -> Evidence:
    if citation.kind is not CitationKind.CLAUSE:
        return Evidence(citation.ref, citation.quote, citation.as_of, good_for=GOOD_FOR)
    name, _, version = citation.ref.rpartition("@")
    clause = base.find(ClauseRef(name, version))
    return Evidence(
        citation.ref, citation.quote, citation.as_of, conditions=() if clause is None else clause.conditions
    )


def said_of(judged: Judged) -> str:
    """Say for people why something was struck: “24小时”（发货时间）没有依据."""
    name = judged.claim.field
    title = fields()[name].title if name in fields() else promises()[name].title if name in promises() else ""
    about = f"（{title}）" if title else ""
    return f"“{judged.claim.words}”{about}{WORDS[judged.why]}"
