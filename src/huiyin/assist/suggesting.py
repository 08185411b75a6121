"""Offer a person at the desk drafts from the same evidence the bot would use."""

from huiyin.assist.answers import Draft
from huiyin.assist.binding import bound
from huiyin.assist.evidence import Gathered, gather
from huiyin.assist.facts import LiveFacts
from huiyin.assist.questions import Question, asked_words
from huiyin.knowledge.search import Knowledge

WORTH_SHOWING = 0.35  # a person chooses, so the line lies lower than the bot's


async def suggest(question: Question, knowledge: Knowledge, facts: LiveFacts, *, limit: int = 3) -> tuple[Draft, ...]:
    """Return drafts for a person, best first; every one says what its evidence says, none is sent by itself."""
    hits = knowledge.search(asked_words(question.text), question.shop, question.at, limit)
    drafts: list[Draft] = []
    for hit in hits:
        if hit.score < WORTH_SHOWING:
            continue
        found = await gather(hit.entry, question, knowledge, facts)
        if not isinstance(found, Gathered):
            continue
        locked = bound(found.text, found.citations, question, knowledge.base)
        if not locked.held:
            drafts.append(
                Draft(
                    text=locked.text,
                    citations=found.citations,
                    confidence=hit.score,
                    entry=hit.entry.id,
                    title=hit.entry.title,
                )
            )
    return tuple(drafts)
