"""Ask the gates about drafts. What a gate must know of the conversation is looked up only where a gate asks for it."""

from collections.abc import Callable, Collection, Iterable, Sequence
from functools import partial
from typing import Any, NamedTuple

import sqlalchemy as sa

from huiyin.conversations import store
from huiyin.conversations.bodies import Bodies, Body


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

    `own_numbers` gives the numbers and addresses the customer wrote in this conversation, as far as whoever writes the
    draft may know them.
    """

    own_numbers: Callable[[], frozenset[str]]


Gate = Callable[[str, Known], GateVerdict]
"""A gate reads a draft's words. Wiring hands the gates in: the rules live in upper rooms."""

NumbersIn = Callable[[Iterable[str]], frozenset[str]]
"""Finds the numbers in a customer's words, written as the gates compare them. Wiring hands it in."""


class Asked(NamedTuple):
    """A draft's words, the conversation they are for, and who chose them: "" where no person did.

    A person may repeat what they were shown (`revealing`) and nothing else: a gate that let a masked number pass, and
    held every other, would tell which one it is.
    """

    conversation: str
    text: str
    person: str = ""


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
        wanting: set[Asked] = set()
        verdicts = [self._judge(each.text, Known(partial(_note, wanting, each))) for each in drafts]
        if not wanting:
            return verdicts
        own = self._own_numbers(connection, wanting)
        return [
            self._judge(each.text, Known(partial(own.__getitem__, (each.conversation, each.person))))
            if each in wanting
            else verdict
            for each, verdict in zip(drafts, verdicts, strict=True)
        ]

    def _judge(self, text: str, known: Known) -> GateVerdict:
        verdicts = [gate(text, known) for gate in self._gates]
        outcome = max((each.outcome for each in verdicts), key=("pass", "warn", "hold").index)
        return GateVerdict(outcome, tuple(finding for each in verdicts for finding in each.findings))

    def _own_numbers(
        self, connection: sa.Connection, drafts: Collection[Asked]
    ) -> dict[tuple[str, str], frozenset[str]]:
        """Return the customer's numbers by conversation and writer; only numbers leave this method, never words."""
        conversations = sorted({each.conversation for each in drafts})
        revealed = self._revealed(connection, drafts, conversations)
        words: dict[tuple[str, str], list[str]] = {(each.conversation, each.person): [] for each in drafts}
        for row in connection.execute(_CUSTOMERS_WORDS, {"ids": conversations}):
            for conversation, person in words:
                if conversation == row.conversation:
                    places = revealed.get((row.id, person), ())
                    words[conversation, person] += self._words(connection, row, places if person else None)
        return {whose: self._numbers_in(said) for whose, said in words.items()}

    def _revealed(
        self, connection: sa.Connection, drafts: Collection[Asked], conversations: list[str]
    ) -> dict[tuple[str, str], list[int]]:
        """Return which stretches of which message each writer was shown."""
        people = sorted({each.person for each in drafts if each.person})
        found: dict[tuple[str, str], list[int]] = {}
        if people:
            for row in connection.execute(_REVEALED, {"ids": conversations, "people": people}):
                found.setdefault((row.message, row.person), []).append(row.place)
        return found

    def _words(self, connection: sa.Connection, row: Any, places: Sequence[int] | None) -> list[str]:  # noqa: ANN401  # a row of the columns asked for below
        """Return a message's words as they are shown, with what these places of the original hide; None: all of it."""
        if places is None and row.original is not None:
            return _said(self._bodies.open_original(connection, row.tenant, row.id, row.original))
        shown = _said(self._bodies.open(connection, row.tenant, row.id, row.body))
        if not places or row.original is None:
            return shown
        original = self._bodies.open_original(connection, row.tenant, row.id, row.original)
        stretches = [original.hidden[place] for place in places if place < len(original.hidden)]
        return [*shown, *(original.content.text[start:end] for start, end, _ in stretches)]


def _said(body: Body) -> list[str]:
    return [body.content.text, *body.content.data.values()]


def _note(wanting: set[Asked], draft: Asked) -> frozenset[str]:
    wanting.add(draft)
    return frozenset()


_CUSTOMERS_WORDS = sa.select(
    store.message.c.id, store.message.c.conversation, store.message.c.tenant, store.message.c.body,
    store.message.c.original,
).where(
    store.message.c.conversation.in_(sa.bindparam("ids", expanding=True)), store.message.c.sender == "customer"
)  # fmt: skip
_REVEALED = sa.select(store.reveal.c.message, store.reveal.c.place, store.reveal.c.person).where(
    store.reveal.c.conversation.in_(sa.bindparam("ids", expanding=True)),
    store.reveal.c.person.in_(sa.bindparam("people", expanding=True)),
)
