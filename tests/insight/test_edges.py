"""JD's edges, held to tables: the pages' rows are run, and what the figures say is what the rows say."""

from datetime import datetime, timedelta

import pytest

from huiyin.channels.gateways import Source
from huiyin.channels.service_records import AfterSale, WaiterPerformance
from huiyin.insight.measures import UNKNOWN_PART, Value
from huiyin.insight.outside import after_sale_mean_of, satisfaction_of, served_share_of

from .stories import SHANGHAI, event, moment, row_of, shown, told
from .test_worked_tables import ids, table

NOON = datetime(2026, 1, 5, 12, tzinfo=SHANGHAI)
YES_NO = {None: "–", 1.0: "yes", 0.0: "no"}
SOURCE = Source()


@pytest.mark.parametrize("case", list(table("edges.md")), ids=ids)
def test_edge(case: dict[str, str]) -> None:
    started, steps = moment(case["started"]), case["steps"]
    happened = told(steps.removeprefix("away "), started)
    row = row_of(happened, staffed=not steps.startswith("away"))
    start, end = case["exempt"].split() or ("", "") if case["exempt"] else ("", "")
    window = (moment(start), moment(end)) if start else None
    figures = shown([row], min(started + 1_000_000, moment("23:59:59.999")), window)
    assert YES_NO[figures["answered_within_30"].value] == case["≤ 30 s"]
    assert YES_NO[figures["answered_within_120"].value] == case["≤ 120 s"]
    assert YES_NO[figures["human_within_180"].value] == case["≤ 180 s by a person"]
    mean = figures["response_mean"].value
    assert ("–" if mean is None else f"{mean:g}") == case["mean"]
    assert bool(figures["answered_within_120"].whole) is (case["counts"] == "yes")
    if case["counts"] == "no":
        none = ("first_response_mean", "first_response_p90", "first_response_median", "human_response_median")
        assert [figures[key].value for key in none] == [None] * 4


@pytest.mark.parametrize("case", list(table("human-response.md")), ids=ids)
def test_human_response(case: dict[str, str]) -> None:
    started = moment("10:00:00.000")
    row = row_of(told(case["steps"], started), staffed=True)
    figures = shown([row], started + round(float(case["looked at"]) * 1000))
    assert YES_NO[figures["human_within_180"].value] == case["≤ 180 s"]


@pytest.mark.parametrize("case", list(table("answered.md")), ids=ids)
def test_answered(case: dict[str, str]) -> None:
    started = moment("10:00:00.000")
    later = [(started + 1000 * place, event(step, started)) for place, step in enumerate(case["steps"].split()[1:], 1)]
    share = shown([row_of([*told("", started), *later], staffed=True)], started + 60_000)["answered_share"]
    assert (share.part, share.whole) == (int(case["in part"] == "yes"), int(case["in whole"] == "yes"))


@pytest.mark.parametrize("case", list(table("leave-messages.md")), ids=ids)
def test_left_messages(case: dict[str, str]) -> None:
    started = moment("10:00:00.000")
    row = row_of(told(case["steps"], started), staffed=case["at a desk"] == "yes")
    figures = shown([row], started + 400_000)
    assert {None: "–", 0: "no", 1: "yes"}[row["left_message"]] == case["left"]
    assert figures["leave_messages"].value == {"–": None, "no": 0, "yes": 1}[case["left"]]
    assert bool(figures["leave_messages"].why) is (case["left"] == "–")
    assert bool(figures["answered_within_30"].whole) is (case["counts for response"] == "yes")


def test_a_left_message_is_answered_when_a_person_does() -> None:
    started = moment("10:00:00.000")
    rows = [row_of(told(steps, started), staffed=False) for steps in ("queue@0 person@50", "queue@0", "queue@0 bot@9")]
    figures = shown(rows, started + 60_000)
    assert figures["leave_message_answered"] == Value(1 / 3, 1, 3)
    assert figures["leave_message_share"] == Value(1, 3, 3)
    assert figures["answered_share"] == Value(1, 2, 2)


def test_one_session_of_which_it_is_not_known_makes_the_figure_not_known_but_no_other() -> None:
    started = moment("10:00:00.000")
    known = row_of(told("queue@0 person@20", started), staffed=True)
    earlier = {**known, "definition": 2, "left_message": None, "wanted_person_at": None}
    figures = shown([known, earlier], started + 60_000)
    unknown = {key for key, value in figures.items() if value.why == UNKNOWN_PART}
    assert unknown == {"leave_messages", "leave_message_share", "leave_message_answered", "human_within_180"}
    assert figures["answered_within_30"] == Value(1, 2, 2)
    assert {figures[key].value for key in unknown} == {None}


def test_mean_median_and_ninetieth_of_first_responses() -> None:
    started = moment("10:00:00.000")
    rows = [row_of(told(f"queue@0 person@{seconds}", started), staffed=True) for seconds in (*range(1, 10), 100)]
    figures = shown(rows, started + 600_000)
    assert figures["first_response_mean"] == Value(14.5, whole=10)
    assert figures["first_response_median"] == Value(5.5, whole=10)
    assert figures["first_response_p90"] == Value(9, whole=10)


def told_of(cell: str) -> WaiterPerformance | None:
    if not cell:
        return None
    ratings = None if cell == "?" else tuple(map(int, cell.split()))
    return WaiterPerformance(
        waiter_ref="w",
        since=NOON,
        until=NOON,
        as_of=NOON,
        source=SOURCE,
        ratings=ratings,  # type: ignore[arg-type]
    )


@pytest.mark.parametrize("case", list(table("evaluations.md")), ids=ids)
def test_satisfaction(case: dict[str, str]) -> None:
    found = satisfaction_of([each for each in map(told_of, (case["one"], case["two"])) if each])
    assert ("?" if found.why else f"{found.part}/{found.whole}") == case["satisfaction"]
    assert found.value == (found.part / found.whole if found.part is not None and found.whole else None)


@pytest.mark.parametrize(
    ("served", "share"),
    [
        pytest.param([(9, 10), (0, 90)], 0.09, id="a busy day weighs more"),
        pytest.param([(9, 10), (None, 90)], None, id="one did not tell how many were served"),
        pytest.param([(9, 10), (3, None)], None, id="one did not tell of how many"),
        pytest.param([], None, id="nobody told anything"),
    ],
)
def test_the_platforms_answer_rate_is_weighed_by_inquiries(
    served: list[tuple[int | None, int | None]], share: float | None
) -> None:
    records = [
        WaiterPerformance(waiter_ref="w", since=NOON, until=NOON, as_of=NOON, source=SOURCE, served=a, inquiries=b)
        for a, b in served
    ]
    assert served_share_of(records).value == share


def case_of(cell: str) -> AfterSale | None:
    if not cell:
        return None
    applied, finished = (None if each in "?-" else NOON + timedelta(hours=int(each)) for each in cell.split())
    return AfterSale(
        after_sale_id="a", order_id="o", expectation="", state="", state_label="", applied_at=applied, changed_at=None,
        as_of=NOON, source=SOURCE, finished_at=finished,
    )  # fmt: skip


@pytest.mark.parametrize("case", list(table("after-sales.md")), ids=ids)
def test_after_sales(case: dict[str, str]) -> None:
    found = after_sale_mean_of([each for each in map(case_of, (case["one"], case["two"])) if each])
    assert ("?" if found.value is None else f"{found.value:g}") == case["hours"]
