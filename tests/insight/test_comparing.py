"""Theirs beside ours, as tables: weighed as theirs are made, unknown where a weight is missing, never summed twice."""

import pytest

from huiyin.insight.comparing import Kind, Over, compare, over_days
from huiyin.insight.measures import Value
from huiyin.insight.reported import UNITS, ReportedFigure


def told(figure: str, value: float, day: str = "2026-06-01", until: str = "", account: str = "") -> ReportedFigure:
    unit = UNITS[figure]
    return ReportedFigure("shop", "service_manager", figure, unit, day, until or day, account, value, "file", 5)


@pytest.mark.parametrize(
    ("rows", "figure", "value", "days"),
    [
        ([told("served", 40), told("served", 60, "2026-06-02")], "served", 100, 2),
        ([told("served", 40), told("served", 9, account="a")], "served", 40, 1),
        (
            [
                told("response_mean", 10), told("served", 30),
                told("response_mean", 40, "2026-06-02"), told("served", 10, "2026-06-02"),
            ],
            "response_mean", 17.5, 2,
        ),
        (
            [told("response_mean", 10), told("served", 30), told("response_mean", 40, "2026-06-02")],
            "response_mean", None, 2,
        ),
        ([told("response_mean", 10)], "response_mean", 10, 1),
        ([told("served", 100, "2026-06-01", "2026-06-07"), told("served", 9, "2026-06-03")], "served", None, 8),
        ([told("shop_stars", 4.8), told("shop_stars", 4.9, "2026-06-02")], "shop_stars", 4.9, 2),
        ([told("satisfaction", 1), told("ratings", 0), told("satisfaction", 0.5, "2026-06-02"),
          told("ratings", 0, "2026-06-02")], "satisfaction", None, 2),
    ],
)  # fmt: skip
def test_days_are_put_together_as_theirs_are_made(rows, figure, value, days) -> None:
    [over] = [each for each in over_days(rows) if each.figure == figure]
    assert (over.value, over.days) == (value if value is None else pytest.approx(value), days)


@pytest.mark.parametrize(
    ("figure", "theirs", "ours", "days", "later", "kinds"),
    [
        ("answered_within_30", 0.951, 0.955, 1, False, (Kind.ALIKE,)),
        ("answered_within_30", 0.90, 0.955, 1, False, (Kind.UNEXPLAINED,)),
        ("answered_within_30", 0.90, 0.955, 1, True, (Kind.PART_SERVED,)),
        ("answered_within_30", 0.90, 0.955, 7, False, (Kind.DAYS_MISSING,)),
        ("inquiries", 40, 44, 1, False, (Kind.OTHERWISE_DEFINED,)),
        ("inquiries", 40, 40, 1, False, (Kind.ALIKE,)),
        ("satisfaction", 0.9, None, 1, False, (Kind.OURS_UNKNOWN,)),
        ("satisfaction", None, 0.9, 1, False, (Kind.THEIRS_UNKNOWN,)),
        ("shop_stars", 4.9, None, 30, False, (Kind.OURS_UNKNOWN,)),
    ],
)
def test_a_difference_is_of_a_kind(figure, theirs, ours, days, later, kinds) -> None:
    mine = {"sessions" if figure == "inquiries" else figure: Value(ours)}
    over = Over("jos", figure, UNITS[figure], theirs, 1, 5)
    [found] = compare(mine, [over], days, since_later=later)
    assert found.kinds == kinds
