"""Gather what an answer stands on: clauses in force, live facts of the right order."""

import msgspec

from huiyin.assist.answers import Citation
from huiyin.assist.composing import clause_citation, clause_text, logistics_fact, order_fact, protection_fact
from huiyin.assist.facts import LiveFacts
from huiyin.assist.questions import Question, order_number
from huiyin.channels.port import Order
from huiyin.kernel.errors import HuiyinError
from huiyin.knowledge.entries import Entry, Need
from huiyin.knowledge.search import Knowledge


class Gathered(msgspec.Struct, frozen=True, kw_only=True):
    """A composed text with its evidence."""

    text: str
    citations: tuple[Citation, ...]
    because: tuple[str, ...]


class WhichOrder(msgspec.Struct, frozen=True):
    """Several orders could be meant."""

    orders: tuple[Order, ...]


class Missing(msgspec.Struct, frozen=True):
    """Evidence that could not be had, in words for the desk."""

    reason: str


async def gather(
    entry: Entry, question: Question, knowledge: Knowledge, facts: LiveFacts
) -> Gathered | WhichOrder | Missing:
    """Collect clauses and facts for `entry`; say what is missing where the evidence is not complete."""
    clauses = knowledge.evidence(entry, question.at)
    if clauses is None:
        return Missing(f"“{entry.title}”的依据尚未确认或已失效")
    lines: list[str] = []
    citations: list[Citation] = []
    if entry.needs:
        try:
            found = await _facts(entry, question, facts)
        except HuiyinError as failed:
            return Missing(f"平台数据暂时查不到：{failed}")
        if not isinstance(found, list):
            return found
        for said, cited in found:
            lines.append(said)
            citations.append(cited)
    lines.append(clause_text(entry, clauses))
    citations += [clause_citation(clause) for clause in clauses]
    text = "。".join(line.rstrip("。") for line in lines if line) + "。"
    because = tuple(f"依据 {cited.ref}" for cited in citations)
    return Gathered(text=text, citations=tuple(citations), because=because)


async def _facts(
    entry: Entry, question: Question, facts: LiveFacts
) -> list[tuple[str, Citation]] | WhichOrder | Missing:
    wanted = order_number(question.text) or question.order_ref
    orders = await facts.orders(question.customer_ref, wanted)
    if wanted:
        orders = [order for order in orders if order.order_id == wanted]
    if not orders:
        return Missing("没有查到订单，无法核对")
    if len(orders) > 1:
        return WhichOrder(tuple(orders))
    order = orders[0]
    said: list[tuple[str, Citation]] = []
    for need in entry.needs:
        if need is Need.ORDER:
            said.append(order_fact(order))
        elif need is Need.LOGISTICS:
            said.append(logistics_fact(order, await facts.logistics(order.order_id)))
        else:
            said.append(protection_fact(order, await facts.price_protection(order.order_id)))
    return said
