"""Inspect one text against every rule in one pass; each finding points at its words."""

from collections.abc import Sequence
from enum import StrEnum

import msgspec

from huiyin.channels.port import ContentKind, Sender
from huiyin.kernel.errors import InvalidError
from huiyin.kernel.units import Share
from huiyin.knowledge.folding import fold
from huiyin.knowledge.patterns import Wordings
from huiyin.quality.proofs import holds
from huiyin.quality.rules import ENGINE_VERSION, Gate, Rule, RulePack, Severity


class Outcome(StrEnum):
    """What the findings mean for a draft."""

    PASS = "pass"  # noqa: S105  # an outcome, no password
    WARN = "warn"
    HOLD = "hold"


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """One thing found, the words it stands on, and who found it. It cannot be built without its words."""

    rule: str
    version: str
    title: str
    severity: Severity
    gate: Gate
    start: int
    end: int
    reason: str
    confidence: Share
    inspector: str

    def __post_init__(self) -> None:
        """Refuse a judgement without evidence."""
        if not 0 <= self.start < self.end:
            message = f"finding {self.rule} points at no words ({self.start}, {self.end})"
            raise ValueError(message)
        if not (self.reason.strip() and self.inspector.strip() and 0 < self.confidence <= 1):
            message = f"finding {self.rule} lacks its reason, its inspector or its confidence"
            raise ValueError(message)


class Inspection(msgspec.Struct, frozen=True):
    """All findings in one text, by position."""

    findings: tuple[Finding, ...]
    outcome: Outcome


_CLEAN = Inspection((), Outcome.PASS)
_READ = frozenset({ContentKind.TEXT, ContentKind.ORDER_CARD, ContentKind.SKU_CARD, ContentKind.IMAGE})


def outcome_of(findings: Sequence[Finding]) -> Outcome:
    """Return the strictest gate among findings."""
    gates = {finding.gate for finding in findings}
    if Gate.HOLD in gates:
        return Outcome.HOLD
    return Outcome.WARN if Gate.WARN in gates else Outcome.PASS


class Inspector:
    """All rules of some packs, compiled once; safe to share between threads."""

    def __init__(self, packs: Sequence[RulePack]) -> None:
        """Compile `packs`; a rule id twice is refused.

        Raises:
            InvalidError: if two rules share an id or a wording cannot be compiled.

        """
        self.packs = tuple(packs)
        self._rules: list[tuple[Rule, str]] = []
        for pack in packs:
            label = f"{pack.id}@{pack.version}/{pack.hash[:12]} engine {ENGINE_VERSION}"
            self._rules += [(rule, label) for rule in pack.rules]
        ids = [rule.id for rule, _ in self._rules]
        if len(set(ids)) != len(ids):
            twice = sorted({one for one in ids if ids.count(one) > 1})
            message = f"rules share an id: {', '.join(twice)}"
            raise InvalidError(message, remedy="rename one of them")
        self._wordings = Wordings([rule.wording for rule, _ in self._rules])

    def inspect(self, text: str, side: Sender, kind: ContentKind = ContentKind.TEXT) -> Inspection:
        """Return what the rules for `side` find in `text`."""
        if kind not in _READ or not text:
            return _CLEAN
        spots = self._wordings.find(text)
        if not spots:
            return _CLEAN
        folded = fold(text)
        findings: list[Finding] = []
        for index, start, end in spots:
            rule, label = self._rules[index]
            if rule.side.reads(side) and holds(rule.proof, folded[start:end]):
                findings.append(_finding(rule, label, start, end))
        return Inspection(tuple(findings), outcome_of(findings)) if findings else _CLEAN


def _finding(rule: Rule, label: str, start: int, end: int) -> Finding:
    return Finding(
        rule=rule.id,
        version=rule.version,
        title=rule.title,
        severity=rule.severity,
        gate=rule.gate,
        start=start,
        end=end,
        reason=rule.reason,
        confidence=rule.confidence,
        inspector=label,
    )
