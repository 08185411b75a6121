"""Hear what a customer signals besides the question: wants a person, is angry, threatens, is in danger."""

from collections.abc import Sequence
from enum import StrEnum

import msgspec

from huiyin.knowledge.patterns import Wording, Wordings


class SignalKind(StrEnum):
    """What a customer's words signal."""

    HUMAN = "human"
    ANGER = "anger"
    ABUSE = "abuse"
    COMPLAINT = "complaint"
    AUTHORITY = "authority"
    MEDIA = "media"
    DANGER = "danger"
    PRIVACY = "privacy"


class SignalWords(msgspec.Struct, frozen=True, kw_only=True):
    """The wordings of one signal, with sentences that show what is meant and what is not."""

    kind: SignalKind
    title: str
    phrases: tuple[str, ...] = ()
    regexes: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    hit: tuple[str, ...] = ()
    miss: tuple[str, ...] = ()

    @property
    def wording(self) -> Wording:
        """Return the part that is matched."""
        return Wording(self.phrases, self.regexes, self.unless)


class Signal(msgspec.Struct, frozen=True):
    """One signal and the words it was heard in."""

    kind: SignalKind
    title: str
    start: int
    end: int
    words: str


class Ear:
    """Listens for all signals in one pass."""

    def __init__(self, lexicon: Sequence[SignalWords]) -> None:
        """Compile the lexicon."""
        self._lexicon = tuple(lexicon)
        self._wordings = Wordings([words.wording for words in self._lexicon])

    def words_of(self, kind: SignalKind) -> tuple[SignalWords, ...]:
        """Return the lexicon lines of one signal."""
        return tuple(words for words in self._lexicon if words.kind is kind)

    def hear(self, text: str) -> tuple[Signal, ...]:
        """Return the signals in `text`, in the order of their words."""
        return tuple(
            Signal(self._lexicon[at].kind, self._lexicon[at].title, start, end, text[start:end])
            for at, start, end in self._wordings.find(text)
        )
