"""Ask the gates about drafts. What a gate must know of the conversation is looked up only where a gate asks for it."""

from collections.abc import Callable, Collection, Iterable, Sequence
from functools import partial
from typing import Any, NamedTuple

import sqlalchemy as sa

from huiyin.conversations import store
from huiyin.conversations.bodies import Bodies


class GateFinding(NamedTuple):
    """What a gate points at: words [start, end) of the draft, by a rule with its version."""

    rule: str
    title: str
    severity: str
    start: int
    end: int
    reason: str


class GateVerdict(NamedTuple):
    """What the gates say of a draft: outcome is pass, warn or hold."""

    outcome: str
    findings: tuple[GateFinding, ...]


class Known(NamedTuple):
    """What a gate may ask about the conversation a draft is for; asking costs, so a gate asks only when it must.

    `own_numbers` gives the numbers and addresses the customer wrote in this conversation.
    """

    own_numbers: Callable[[], frozenset[str]]


Gate = Callable[[str, Known], GateVerdict]
"""A gate reads a draft's words. Wiring hands the gates in: the rules live in upper rooms."""

NumbersIn = Callable[[Iterable[str]], frozenset[str]]
"""Finds the numbers in a customer's words, written as the gates compare them. Wiring hands it in."""


class Asked(NamedTuple):
    """A draft's words and the conversation they are for."""

    conversation: str
    text: str


class Gates:
    """All gates together; the strictest word counts."""

    def __init__(self, gates: Sequence[Gate], bodies: Bodies, numbers_in: NumbersIn) -> None:
        """Take the gates; an exit without any cannot be built."""
        if not gates:
            message = "an exit without gates would let everything out; wiring must hand in at least one"
            raise ValueError(message)
        self._gates = tuple(gates)
        self._bodies = bodies
        self._numbers_in = numbers_in

    def ask(self, connection: sa.Connection, drafts: Sequence[Asked]) -> list[GateVerdict]:
        """Judge drafts, in their order.

        The gates are asked without any knowledge first. Only where one wanted to know the customer's own numbers
        are they looked up, in one query for all such drafts, and that draft is judged again.
        """
        wanting: set[str] = set()
        verdicts = [self._judge(each.text, Known(partial(_note, wanting, each.conversation))) for each in drafts]
        if not wanting:
            return verdicts
        own = self._own_numbers(connection, wanting)
        return [
            self._judge(each.text, Known(partial(own.__getitem__, each.conversation)))
            if each.conversation in wanting
            else verdict
            for each, verdict in zip(drafts, verdicts, strict=True)
        ]

    def _judge(self, text: str, known: Known) -> GateVerdict:
        verdicts = [gate(text, known) for gate in self._gates]
        outcome = max((each.outcome for each in verdicts), key=("pass", "warn", "hold").index)
        return GateVerdict(outcome, tuple(finding for each in verdicts for finding in each.findings))

    def _own_numbers(self, connection: sa.Connection, conversations: Collection[str]) -> dict[str, frozenset[str]]:
        """Return the numbers each conversation's customer wrote in it; only numbers leave this method, never words."""
        words: dict[str, list[str]] = {each: [] for each in conversations}
        for row in connection.execute(_CUSTOMERS_WORDS, {"ids": sorted(conversations)}):
            words[row.conversation] += self._words(connection, row)
        return {conversation: self._numbers_in(said) for conversation, said in words.items()}

    def _words(self, connection: sa.Connection, row: Any) -> list[str]:  # noqa: ANN401  # a row of the columns asked for below
        content = (
            self._bodies.open(connection, row.tenant, row.id, row.body)
            if row.original is None
            else self._bodies.open_original(connection, row.tenant, row.id, row.original)
        ).content
        return [content.text, *content.data.values()]


def _note(wanting: set[str], conversation: str) -> frozenset[str]:
    wanting.add(conversation)
    return frozenset()


_CUSTOMERS_WORDS = sa.select(
    store.message.c.id, store.message.c.conversation, store.message.c.tenant, store.message.c.body,
    store.message.c.original,
).where(
    store.message.c.conversation.in_(sa.bindparam("ids", expanding=True)), store.message.c.sender == "customer"
)  # fmt: skip
