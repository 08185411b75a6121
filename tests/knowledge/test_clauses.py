"""A clause has two times: when it applies, and when the house learned of it."""

from datetime import UTC, datetime

import pytest

from huiyin.kernel.errors import InvalidError
from huiyin.knowledge.clauses import Clause, ClauseRef, KnowledgeBase, Status


def day(number: int, month: int = 6) -> datetime:
    """Return a day of 2026."""
    return datetime(2026, month, number, tzinfo=UTC)


def clause(version: str, start: datetime, end: datetime | None = None, **more: object) -> Clause:
    """Build one version of the same clause."""
    fields: dict[str, object] = {
        "recorded_at": day(1, 1),
        "status": Status.IN_FORCE,
        "source": "店铺",
        **more,
    }
    return Clause(
        id="shop.shipping",
        version=version,
        title="发货时间",
        text=f"版本 {version}",
        effective_from=start,
        effective_to=end,
        **fields,  # type: ignore[arg-type]  # the table below overrides what it is about
    )


OLD = clause("1", day(1, 1), day(10))
NEW = clause("2", day(10), recorded_at=day(8))


@pytest.mark.parametrize(
    ("at", "version"),
    [
        pytest.param(day(9), "1", id="the day before the change"),
        pytest.param(day(10), "2", id="the day of the change"),
        pytest.param(day(11), "2", id="the day after the change"),
    ],
)
def test_the_version_of_the_day_speaks(at: datetime, version: str) -> None:
    base = KnowledgeBase([OLD, NEW])
    assert [one.version for one in base.in_force(at)] == [version]


def test_what_was_known_then_can_be_asked_for() -> None:
    base = KnowledgeBase([OLD, NEW])
    assert base.in_force(day(12), known_at=day(7)) == ()
    assert [one.version for one in base.in_force(day(12), known_at=day(8))] == ["2"]


def test_a_later_record_corrects_an_earlier_one_for_the_same_days() -> None:
    wrong = clause("1", day(1, 1))
    right = clause("1-corrected", day(1, 1), recorded_at=day(5))
    base = KnowledgeBase([right, wrong])
    assert [one.version for one in base.in_force(day(3))] == ["1-corrected"]
    assert [one.version for one in base.in_force(day(3), known_at=day(4))] == ["1"]


@pytest.mark.parametrize(
    ("status", "speaking"),
    [
        pytest.param(Status.DRAFT, ["1"], id="a draft displaces nothing"),
        pytest.param(Status.TO_CONFIRM, ["1"], id="an unconfirmed version displaces nothing"),
        pytest.param(Status.RETIRED, [], id="a retired version ends the clause"),
        pytest.param(Status.IN_FORCE, ["2"], id="a version in force replaces"),
    ],
)
def test_only_confirmed_versions_count(status: Status, speaking: list[str]) -> None:
    base = KnowledgeBase([clause("1", day(1, 1)), clause("2", day(2), recorded_at=day(2), status=status)])
    assert [one.version for one in base.in_force(day(20))] == speaking


def test_old_answers_stay_explainable() -> None:
    assert KnowledgeBase([OLD, NEW]).find(ClauseRef("shop.shipping", "1")) == OLD


def test_the_same_version_twice_is_refused() -> None:
    with pytest.raises(InvalidError, match="recorded twice"):
        KnowledgeBase([OLD, OLD])


@pytest.mark.parametrize(
    ("broken", "says"),
    [
        pytest.param({"source": " "}, "lacks", id="no source"),
        pytest.param({"recorded_at": datetime(2026, 1, 1)}, "time zone", id="naive time"),  # noqa: DTZ001  # the point
    ],
)
def test_a_clause_nobody_could_rely_on_is_refused(broken: dict[str, object], says: str) -> None:
    with pytest.raises(InvalidError, match=says):
        clause("1", day(1), None, **broken)


def test_a_clause_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(InvalidError, match="ends before"):
        clause("1", day(10), day(9))


def test_the_end_of_a_clause_is_exclusive() -> None:
    base = KnowledgeBase([OLD])
    assert base.in_force(day(9))
    assert base.in_force(day(10)) == ()


def test_the_record_decides_and_not_the_later_beginning() -> None:
    corrected = clause("1-corrected", day(1, 1), recorded_at=day(20))
    base = KnowledgeBase([NEW, corrected])
    assert [one.version for one in base.in_force(day(21))] == ["1-corrected"]
