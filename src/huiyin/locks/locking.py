"""Bind every claim of a draft to its evidence, or strike the sentence it stands in.

A claim is bound by value, field, subject and freshness at once: a right number in the wrong slot, another order's
number, a fact that is too old and a rule without its condition are all unbound. What was struck is told; what is left
may be said if something in it still answers, else the draft is held.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from huiyin.knowledge.clauses import Condition
from huiyin.knowledge.folding import fold
from huiyin.locks.claims import PROMISE, Claim, claims_in, promises
from huiyin.locks.values import pieces


class Why(StrEnum):
    """Why a claim is not bound."""

    BOUND = ""
    NO_EVIDENCE = "no_evidence"
    WRONG_FIELD = "wrong_field"
    OTHER_SUBJECT = "other_subject"
    STALE = "stale"
    CONDITION_LEFT_OUT = "condition_left_out"
    NEVER = "never"


class Evidence(NamedTuple):
    """What a draft may rest on: a clause in force, or a live fact.

    `subject` is the tail of the order a fact is of, "" for what holds for all. `good_for` says how long after `as_of` a
    fact may be told; None for clauses, which hold while in force. `conditions` must be told with what rests on it.
    """

    ref: str
    text: str
    as_of: datetime
    subject: str = ""
    good_for: timedelta | None = None
    conditions: tuple[Condition, ...] = ()


class Setting(NamedTuple):
    """In which conversation, at which moment: the order it is about by its tail, "" for none, and what was asked."""

    now: datetime
    order: str = ""
    asked: str = ""


class Judged(NamedTuple):
    """A claim with what it is bound to; `ref` is "" where nothing binds it, and `why` says the nearest miss."""

    claim: Claim
    ref: str
    why: Why


class Locked(NamedTuple):
    """A draft after the lock: the words that may be said, and every claim of it judged.

    `held` tells that what is left answers nothing: a person writes instead.
    """

    text: str
    judged: tuple[Judged, ...]
    held: bool

    @property
    def unbound(self) -> tuple[Judged, ...]:
        """Return what was struck."""
        return tuple(each for each in self.judged if each.why)


class _Known(NamedTuple):
    claim: Claim
    evidence: Evidence


def lock(draft: str, evidence: Sequence[Evidence], setting: Setting) -> Locked:
    """Judge every claim of a draft and strike the sentences that hold an unbound one."""
    known = [_Known(claim, each) for each in evidence for claim in claims_in(each.text, each.as_of)]
    told = fold(draft)
    judged = tuple(_judge(each, known, told, setting) for each in claims_in(draft, setting.now, setting.asked))
    if not any(each.why for each in judged):
        return Locked(draft, judged, held=False)
    kept = [span for span in pieces(draft) if not any(_inside(each, span) for each in judged if each.why)]
    text = "".join(draft[start:end] for start, end in kept).strip()
    answers = any(not each.why and _inside(each, span) for each in judged for span in kept)
    return Locked(text, judged, held=not answers)


def _inside(judged: Judged, span: tuple[int, int]) -> bool:
    return span[0] <= judged.claim.start < span[1]


def _judge(claim: Claim, known: Sequence[_Known], told: str, setting: Setting) -> Judged:
    if claim.kind == PROMISE and promises()[claim.field].never:
        return Judged(claim, "", Why.NEVER)
    found = [each for each in known if (each.claim.kind, each.claim.said) == (claim.kind, claim.said)]
    if claim.kind == PROMISE:
        found = [each for each in found if each.claim.field == claim.field]
    misses: list[Why] = []
    for each in found:
        why = _miss(claim, each, told, setting, found)
        if not why:
            return Judged(claim, each.evidence.ref, Why.BOUND)
        misses.append(why)
    return Judged(claim, "", max(misses, key=_NEAREST.index, default=Why.NO_EVIDENCE))


_NEAREST = (Why.NO_EVIDENCE, Why.WRONG_FIELD, Why.OTHER_SUBJECT, Why.STALE, Why.CONDITION_LEFT_OUT)
"""The later a claim missed, the nearer it was: that reason is told."""


def _miss(claim: Claim, known: _Known, told: str, setting: Setting, found: Sequence[_Known]) -> Why:
    """Return what keeps a claim from being bound to a piece of evidence that says the same value."""
    one_field = len({each.claim.field for each in found}) == 1
    if claim.field != known.claim.field and not (claim.field == "" and one_field):
        return Why.WRONG_FIELD
    subject = claim.subject or setting.order
    about = known.claim.subject or known.evidence.subject
    if about and subject != about:
        return Why.OTHER_SUBJECT
    good_for = known.evidence.good_for
    if good_for is not None and setting.now - known.evidence.as_of > good_for:
        return Why.STALE
    limits = [each for each in known.evidence.conditions if not each.limits or known.claim.field in each.limits]
    left_out = any(not any(word in told for word in each.told) for each in limits)
    return Why.CONDITION_LEFT_OUT if left_out else Why.BOUND
