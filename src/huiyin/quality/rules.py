"""Read rule packs: rules are data, each with its source and the examples that prove it."""

import hashlib
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

import msgspec

from huiyin.channels.port import Sender
from huiyin.kernel.errors import InvalidError
from huiyin.kernel.units import Share
from huiyin.knowledge.packs import read_yaml, shipped_ear
from huiyin.knowledge.patterns import Wording
from huiyin.knowledge.signals import SignalKind

ENGINE_VERSION = "1"
"""Raised whenever the same pack could find something else in the same text."""

SHIPPED = Path(__file__).with_name("packs")


class Severity(StrEnum):
    """How grave a finding is for people who read it later."""

    INFO = "info"
    WARN = "warn"
    BLOCK = "block"


class Side(StrEnum):
    """Whose words a rule reads."""

    CUSTOMER = "customer"
    AGENT = "agent"
    BOTH = "both"

    def reads(self, sender: Sender) -> bool:
        """Tell whether a rule of this side reads what `sender` wrote; the bot stands on the agent's side."""
        if sender is Sender.SYSTEM:
            return False
        return self is Side.BOTH or (self is Side.CUSTOMER) == (sender is Sender.CUSTOMER)


class Gate(StrEnum):
    """What a rule does to a draft before it leaves."""

    NONE = "none"
    WARN = "warn"
    HOLD = "hold"


class Proof(StrEnum):
    """A calculation that must agree before a number counts as what it looks like."""

    NONE = ""
    BANK_CARD = "bank_card"
    ID_CARD = "id_card"


class Examples(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Sentences of our own writing: the rule must find all of `hit` and none of `miss`."""

    hit: tuple[str, ...]
    miss: tuple[str, ...]


class Rule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One rule. `signal` takes the wordings from the signal lexicon instead of listing them again."""

    id: str
    version: str
    title: str
    severity: Severity
    side: Side
    gate: Gate = Gate.NONE
    reason: str
    source: str
    confidence: Share = Share(0.9)
    phrases: tuple[str, ...] = ()
    regexes: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    signal: SignalKind | None = None
    proof: Proof = Proof.NONE
    examples: Examples = Examples((), ())

    def __post_init__(self) -> None:
        """Refuse a rule that cannot be explained."""
        if not (self.reason.strip() and self.source.strip()):
            message = f"rule {self.id} gives no reason or no source"
            raise InvalidError(message, remedy="say why a finding matters and where the rule comes from")
        if not 0 < self.confidence <= 1:
            message = f"rule {self.id} has a confidence outside (0, 1]"
            raise InvalidError(message, remedy="write a share such as 0.9")

    @property
    def wording(self) -> Wording:
        """Return the wordings this rule finds."""
        if self.signal is None:
            return Wording(self.phrases, self.regexes, self.unless)
        lines = shipped_ear().words_of(self.signal)
        return Wording(
            self.phrases + tuple(phrase for line in lines for phrase in line.phrases),
            self.regexes + tuple(regex for line in lines for regex in line.regexes),
            self.unless + tuple(regex for line in lines for regex in line.unless),
        )


class RulePack(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Rules that are released together under one version."""

    id: str
    version: str
    title: str
    rules: tuple[Rule, ...]

    @property
    def hash(self) -> str:
        """Return the sha256 of what the pack says and finds, signal words included."""
        said = (self.id, self.version, self.title, [(rule, rule.wording) for rule in self.rules])
        return hashlib.sha256(msgspec.json.encode(said, order="deterministic")).hexdigest()


def read_pack(path: Path) -> RulePack:
    """Read one rule pack.

    Raises:
        InvalidError: if the file is no rule pack; the message names file and field.

    """
    return read_yaml(path, RulePack)


@lru_cache(maxsize=1)
def shipped_packs() -> tuple[RulePack, ...]:
    """Return the rule packs that come with Huiyin, in the order of file names."""
    return tuple(read_pack(path) for path in sorted(SHIPPED.glob("*.yaml")))
