"""Name what the bot can do. An answer without a citation cannot be built."""

from datetime import datetime
from enum import StrEnum

import msgspec

from huiyin.kernel.units import Share


class CitationKind(StrEnum):
    """What an answer stands on."""

    CLAUSE = "clause"
    FACT = "fact"


class Citation(msgspec.Struct, frozen=True, kw_only=True):
    """One piece of evidence: a clause version, or a live fact with the moment it was read."""

    kind: CitationKind
    ref: str
    title: str
    quote: str
    as_of: datetime

    def __post_init__(self) -> None:
        """Refuse evidence that points nowhere."""
        if not (self.ref.strip() and self.quote.strip()):
            message = "a citation names what it cites and quotes it"
            raise ValueError(message)


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What the bot says to the customer, and on what it stands."""

    text: str
    citations: tuple[Citation, ...]
    needs_disclosure: bool = False

    def __post_init__(self) -> None:
        """Refuse an answer out of thin air."""
        if not self.text.strip():
            message = "an answer says something"
            raise ValueError(message)
        if not self.citations:
            message = "an answer without a citation cannot be given: cite a clause or a live fact, or hand over"
            raise ValueError(message)


class AskBack(msgspec.Struct, frozen=True, kw_only=True):
    """A question to the customer. It states no fact, so it cites nothing."""

    text: str
    choices: tuple[str, ...] = ()
    needs_disclosure: bool = False


class Courtesy(msgspec.Struct, frozen=True, kw_only=True):
    """A greeting, a thank-you, a goodbye: no fact in it."""

    text: str
    needs_disclosure: bool = False


class HandOver(msgspec.Struct, frozen=True, kw_only=True):
    """A person must take this. `reason` is for the desk, `text` for the customer, `urgent` jumps the queue."""

    reason: str
    skill: str = ""
    text: str = ""
    urgent: bool = False


class NoReply(msgspec.Struct, frozen=True, kw_only=True):
    """Nothing to say: a recall, or a line the platform wrote."""

    reason: str


Action = Answer | AskBack | Courtesy | HandOver | NoReply


class Decision(msgspec.Struct, frozen=True, kw_only=True):
    """What the bot does and why, step by step."""

    action: Action
    because: tuple[str, ...]
    entry: str = ""
    confidence: Share = Share(0.0)

    @property
    def reply(self) -> str:
        """Return the words to send, with the bot's disclosure where it is due; "" where nothing is sent."""
        match self.action:
            case Answer() | AskBack() | Courtesy() as spoken:
                return f"{DISCLOSURE}{spoken.text}" if spoken.needs_disclosure else spoken.text
            case HandOver() as handed:
                return handed.text
            case NoReply():
                return ""


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """A wording offered to a person at the desk: from the same evidence, theirs to change."""

    text: str
    citations: tuple[Citation, ...]
    confidence: Share
    entry: str
    title: str


DISCLOSURE = "您好，我是本店的智能助手，由程序自动回复；需要人工客服时，请回复“转人工”。"
