"""Hold standard questions: how customers ask, what the shop says, on which clauses and facts it stands."""

from datetime import datetime
from enum import StrEnum

import msgspec

from huiyin.kernel.errors import InvalidError


class Need(StrEnum):
    """A live fact that an answer must be built from."""

    ORDER = "order"
    LOGISTICS = "logistics"
    PRICE_PROTECTION = "price_protection"


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One standard question of a shop, or of every shop (`shop` "").

    `answer` may hold `{clause-id}`: the text of that clause as in force when the answer is given.
    `about` lists words of which one must stand in the question; `unless` lists words that make the question
    another one, which this entry does not answer. `replaces` names a common entry this shop answers its own way.
    """

    id: str
    title: str
    asks: tuple[str, ...]
    answer: str
    cites: tuple[str, ...] = ()
    needs: tuple[Need, ...] = ()
    about: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    shop: str = ""
    skill: str = ""
    replaces: str = ""
    effective_from: datetime | None = None
    effective_to: datetime | None = None

    def __post_init__(self) -> None:
        """Refuse an entry that could only be answered out of thin air."""
        if not self.asks or not self.answer.strip():
            message = f"standard question {self.id} lacks phrasings or an answer"
            raise InvalidError(message, remedy="give at least one `asks` line and an `answer`")
        if not self.cites and not self.needs:
            message = f"standard question {self.id} stands on nothing"
            raise InvalidError(message, remedy="cite a clause or name the live fact it needs")

    def valid(self, at: datetime) -> bool:
        """Tell whether the entry may be used at `at`."""
        begun = self.effective_from is None or self.effective_from <= at
        return begun and (self.effective_to is None or at < self.effective_to)

    def fits(self, question: str) -> bool:
        """Tell whether the folded `question` holds a word this entry is about, and none that forbids it."""
        if self.about and not any(word in question for word in self.about):
            return False
        return not any(word in question for word in self.unless)
