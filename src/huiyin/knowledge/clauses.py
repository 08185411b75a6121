"""Hold rules with two times: when a rule applies, and when we learned of it."""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum

import msgspec

from huiyin.kernel.errors import InvalidError


class Status(StrEnum):
    """How far a clause may be relied on. Only `IN_FORCE` may be told to a customer."""

    DRAFT = "draft"
    TO_CONFIRM = "to_confirm"
    IN_FORCE = "in_force"
    RETIRED = "retired"


class Scope(msgspec.Struct, frozen=True):
    """Where a clause applies; "" means everywhere."""

    platform: str = ""
    category: str = ""
    shop: str = ""

    def covers(self, shop: str) -> bool:
        """Tell whether a clause of this scope speaks for `shop`."""
        return self.shop in ("", shop)


class ClauseRef(msgspec.Struct, frozen=True, order=True):
    """One version of one clause, as citations carry it."""

    id: str
    version: str

    def __str__(self) -> str:
        """Write the form shown on screens: `law.consumer.25@2013-10-25`."""
        return f"{self.id}@{self.version}"


class Condition(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What must be told with a rule: one of the words `told`. `limits` names fields and promises, () for all.

    A clause may rule several things, and limit one: goods in good condition may be sent back, and are paid for in time.
    """

    told: tuple[str, ...]
    limits: tuple[str, ...] = ()


class Clause(msgspec.Struct, frozen=True, kw_only=True):
    """One version of one rule, in our own words, with where it comes from.

    `effective_from` and `effective_to` (exclusive) say when the rule applies in the world; `recorded_at` says
    when this house learned of it. `verified_at` is set only when a person or a check read the source itself.
    `conditions` must be told with what rests on the clause.
    """

    id: str
    version: str
    title: str
    text: str
    topics: tuple[str, ...] = ()
    scope: Scope = Scope()
    effective_from: datetime
    effective_to: datetime | None = None
    recorded_at: datetime
    source: str
    source_url: str = ""
    verified_at: datetime | None = None
    status: Status = Status.DRAFT
    conditions: tuple[Condition, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a clause that nobody could rely on."""
        if not (self.id and self.version and self.text.strip() and self.source.strip()):
            message = f"clause {self.id or '?'} lacks its id, version, text or source"
            raise InvalidError(message, remedy="every clause says what it rules and where it comes from")
        moments = (self.effective_from, self.effective_to, self.recorded_at, self.verified_at)
        if any(moment is not None and moment.tzinfo is None for moment in moments):
            message = f"clause {self.id} has a moment without a time zone"
            raise InvalidError(message, remedy="pass aware datetimes")
        if self.effective_to is not None and self.effective_to <= self.effective_from:
            message = f"clause {self.ref} ends before it begins"
            raise InvalidError(message, remedy="effective_to is exclusive and later than effective_from")

    @property
    def ref(self) -> ClauseRef:
        """Return the reference a citation carries."""
        return ClauseRef(self.id, self.version)

    def applies(self, at: datetime, known_at: datetime | None) -> bool:
        """Tell whether this version covers `at` and was recorded by `known_at`."""
        if known_at is not None and self.recorded_at > known_at:
            return False
        return self.effective_from <= at and (self.effective_to is None or at < self.effective_to)


def _newest(clause: Clause) -> tuple[datetime, datetime, str]:
    return (clause.recorded_at, clause.effective_from, clause.version)


class KnowledgeBase:
    """All clauses, every version. Where several versions cover a moment, the one recorded last speaks."""

    def __init__(self, clauses: Iterable[Clause]) -> None:
        """Take every version known; the same reference twice is refused."""
        self._versions: dict[str, list[Clause]] = {}
        self._by_ref: dict[ClauseRef, Clause] = {}
        for clause in clauses:
            if clause.ref in self._by_ref:
                message = f"clause {clause.ref} is recorded twice"
                raise InvalidError(message, remedy="give the change a new version")
            self._by_ref[clause.ref] = clause
            self._versions.setdefault(clause.id, []).append(clause)

    def all(self) -> tuple[Clause, ...]:
        """Return every version of every clause."""
        return tuple(self._by_ref.values())

    def find(self, ref: ClauseRef) -> Clause | None:
        """Return exactly this version, also when it no longer applies: old answers stay explainable."""
        return self._by_ref.get(ref)

    def find_in_force(self, clause_id: str, at: datetime, known_at: datetime | None = None) -> Clause | None:
        """Return the version of one clause that speaks at `at`, as known at `known_at` (None: all we know).

        Drafts and unconfirmed versions never displace a version in force; a retired one does.
        """
        speaking = [
            clause
            for clause in self._versions.get(clause_id, ())
            if clause.status in (Status.IN_FORCE, Status.RETIRED) and clause.applies(at, known_at)
        ]
        if not speaking:
            return None
        latest = max(speaking, key=_newest)
        return latest if latest.status is Status.IN_FORCE else None

    def in_force(self, at: datetime, known_at: datetime | None = None) -> tuple[Clause, ...]:
        """Return the one speaking version of every clause in force at `at`, as known at `known_at`."""
        found = (self.find_in_force(clause_id, at, known_at) for clause_id in self._versions)
        return tuple(clause for clause in found if clause is not None)

    def to_confirm(self, at: datetime) -> tuple[Clause, ...]:
        """Return what covers `at` but still waits for somebody to confirm it: the manager's to-do list."""
        return tuple(
            clause
            for clause in self._by_ref.values()
            if clause.status is Status.TO_CONFIRM and clause.applies(at, None)
        )
