"""Figures over what a platform itself tells of service: its counts are added up, never its shares averaged.

Pure. They are the platform's figures and never mixed with ours. Nothing keeps these records yet.
"""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import NamedTuple

from huiyin.channels.service_records import AfterSale, WaiterPerformance
from huiyin.insight.measures import UNKNOWN_PART, Value

GOOD_DEGREES = 2
"""Very satisfied and satisfied: the first two of five."""


class Weighed(NamedTuple):
    """A part of a whole, as somebody else counted it."""

    part: int
    whole: int


def total_share(parts: Iterable[Weighed | None]) -> Value:
    """Return the share of all parts together; not known where one part is not known, or there is none."""
    known: list[Weighed] = []
    for each in parts:
        if each is None:
            return Value(None, why=UNKNOWN_PART)
        known.append(each)
    if not known:
        return Value(None, why=UNKNOWN_PART)
    part, whole = sum(each.part for each in known), sum(each.whole for each in known)
    return Value(part / whole if whole else None, part, whole)


def satisfaction_of(told: Sequence[WaiterPerformance]) -> Value:
    """Return the satisfaction (满意率) over several waiters or stretches of time."""
    return total_share(
        None if each.ratings is None else Weighed(sum(each.ratings[:GOOD_DEGREES]), sum(each.ratings)) for each in told
    )


def served_share_of(told: Sequence[WaiterPerformance]) -> Value:
    """Return the platform's answer rate (接待量 ÷ 咨询量) over several waiters or stretches of time."""
    return total_share(
        None if each.served is None or each.inquiries is None else Weighed(each.served, each.inquiries) for each in told
    )


def after_sale_mean_of(cases: Sequence[AfterSale]) -> Value:
    """Return how long finished cases took, in hours; open ones are left out."""
    finished = [each for each in cases if each.finished_at is not None]
    took = [each.finished_at - each.applied_at for each in finished if each.finished_at and each.applied_at]
    if len(took) < len(finished):
        return Value(None, why=UNKNOWN_PART)
    return Value(sum(took, timedelta()) / timedelta(hours=1) / len(took) if took else None, whole=len(took))
