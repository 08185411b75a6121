"""Right weights: however sessions are split into days, shops or people, the parts add up to the whole."""

import itertools
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from huiyin.eventlog.schema import metadata
from huiyin.insight import views as insight
from huiyin.insight.counting import EVERYTHING, Days, Tally
from huiyin.insight.figures import OPEN_NOW, REGISTRY
from huiyin.insight.measures import UNKNOWN_PART, Value
from huiyin.insight.model import Row, new_row
from huiyin.insight.outside import Weighed, total_share
from huiyin.insight.store import session_figures
from huiyin.kernel.actors import Actor, ActorKind
from huiyin.kernel.clock import to_ms
from huiyin.kernel.errors import InvalidError
from huiyin.kernel.ids import ShopId, TenantId
from huiyin.org import store as org
from huiyin.org.views import Shop

from .plainly import PLAINLY, nobody
from .stories import moment, row_of, told

FIRST = date(2026, 1, 3)
LENGTH = 6
NOW = datetime(2026, 1, 9, 4, 0, tzinfo=UTC)
SHOPS = {
    key: Shop(key, "t", key, "jd", key, "", zone, "live", "simulated", bot=True, knowledge="")
    for key, zone in (("one", "Asia/Shanghai"), ("two", "Asia/Tokyo"))
}
ACTOR = Actor(ActorKind.PERSON, "p", "p", TenantId("t"), frozenset(), frozenset(map(ShopId, SHOPS)))
WHOLE = Days(FIRST, FIRST + timedelta(days=LENGTH - 1))


@st.composite
def sessions(draw: st.DrawFn) -> Row:
    """Draw a session of one of the days as its row could look."""
    day, hour = draw(st.integers(0, LENGTH - 1)), draw(st.sampled_from((0, 8, 9, 10, 12, 15, 18, 22, 23)))
    midnight = to_ms(datetime.combine(FIRST, datetime.min.time(), SHOPS["one"].zone))
    opened = midnight + ((day * 24 + hour) * 3600 + draw(st.integers(0, 3599))) * 1000
    first, human = draw(st.none() | st.integers(0, 400_000)), draw(st.none() | st.integers(0, 400_000))
    turns = draw(st.integers(0, 9))
    return {
        **new_row("c", "t", draw(st.sampled_from(tuple(SHOPS)))), "origin": "simulated", "opened_at": opened,
        "asked_at": draw(st.sampled_from((opened, opened, opened, None))), "first_response_ms": first,
        "human_response_ms": human, "turns": turns, "turns_ms": turns * draw(st.integers(0, 99_999)),
        "person": draw(st.sampled_from(("", "lin", "mei"))), "findings": draw(st.integers(0, 3)),
        "closed_at": draw(st.sampled_from((None, opened + 500_000))),
        "left_message": draw(st.sampled_from((0, 0, 0, 1))),
        "wanted_person_at": draw(st.sampled_from((None, opened))), "replies_bot": draw(st.integers(0, 1)),
        "replies_human": draw(st.integers(0, 1)), "handed_over_at": draw(st.sampled_from((None, opened))),
        "outside_hours": draw(st.sampled_from(("", "x"))),
        "first_response_open_ms": draw(st.sampled_from((None, first))),
        "degree": draw(st.sampled_from((None, None, 5, 4, 3, 1, 0))),
    }  # fmt: skip


@pytest.fixture
def connection() -> Iterator[sa.Connection]:
    engine = sa.create_engine("sqlite://")
    metadata.create_all(engine)
    with engine.connect() as opened:
        yield opened
    engine.dispose()


def fill(connection: sa.Connection, rows: list[Row]) -> None:
    connection.execute(session_figures.delete())
    if rows:
        connection.execute(session_figures.insert(), [{**row, "conversation": f"c{n}"} for n, row in enumerate(rows)])


def tally_of(connection: sa.Connection, days: Days, shops: dict[str, Shop] | None = None) -> Tally:
    stretch = insight.Stretch(days)
    return insight.tallied(connection, SHOPS if shops is None else shops, NOW, stretch, actor=ACTOR)


def lasting(tally: Tally, key: tuple[str, str] = EVERYTHING) -> dict[str, Value]:
    return {figure.key: value for figure, value in tally.figures(key) if figure.key not in OPEN_NOW}


def groups(tally: Tally) -> list[tuple[str, str]]:
    return [EVERYTHING, *(("shop", shop) for shop in SHOPS), *(("person", person) for person in sorted(tally.people))]


PLENTY = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@PLENTY
@given(st.lists(sessions(), max_size=25), st.sets(st.integers(1, LENGTH - 1)))
def test_any_split_into_days_adds_up_to_the_whole(connection: sa.Connection, rows: list[Row], cuts: set[int]) -> None:
    fill(connection, rows)
    whole = tally_of(connection, WHOLE)
    edges = [0, *sorted(cuts), LENGTH]
    together = Tally()
    for one, two in itertools.pairwise(edges):
        days = Days(FIRST + timedelta(days=one), FIRST + timedelta(days=two - 1))
        together.add(tally_of(connection, days))
    assert together.people == whole.people
    for key in groups(whole):
        assert lasting(together, key) == lasting(whole, key)


@PLENTY
@given(st.lists(sessions(), max_size=25))
def test_shops_and_people_add_up_to_the_whole(connection: sa.Connection, rows: list[Row]) -> None:
    fill(connection, [{**row, "person": row["person"] or "mei"} for row in rows])
    whole = tally_of(connection, WHOLE)
    together = Tally()
    for key, shop in SHOPS.items():
        together.add(tally_of(connection, WHOLE, {key: shop}))
    assert lasting(together) == lasting(whole)
    for figure in REGISTRY:
        sums = whole.sums[figure.key]
        for kind in ("shop", "person"):
            parts = [numbers for (group, _), numbers in sums.items() if group == kind]
            assert [sum(each) for each in zip(*parts, strict=True)] == sums.get(EVERYTHING, [])


@PLENTY
@given(st.lists(sessions(), max_size=25))
def test_a_period_says_what_its_sessions_say(connection: sa.Connection, rows: list[Row]) -> None:
    fill(connection, rows)
    period = insight.period(connection, SHOPS, insight.Stretch(WHOLE), NOW, nobody, actor=ACTOR)
    told_plainly = [_seen(row) for row in rows if _within(row)]
    for figure, value in period.all.figures:
        assert value == PLAINLY[figure.key](told_plainly), figure.key


def _within(row: Row) -> bool:
    day = datetime.fromtimestamp(row["opened_at"] / 1000, SHOPS[row["shop"]].zone).date()
    return WHOLE.first <= day <= WHOLE.last


def _seen(row: Row) -> Any:
    clock = datetime.fromtimestamp(row["opened_at"] / 1000, SHOPS[row["shop"]].zone)
    counted = 9 <= clock.hour < 23 and not row["left_message"]
    return SimpleNamespace(**row, counted=counted, age_ms=to_ms(NOW) - (row["asked_at"] or to_ms(NOW)))


def test_a_busy_day_weighs_more_than_an_idle_one(connection: sa.Connection) -> None:
    busy = [row_of(told("queue@0 person@10", moment("10:00:00.000", "2026-01-04")), staffed=True)] * 9
    idle = [row_of(told("queue@0 person@110", moment("10:00:00.000", "2026-01-05")), staffed=True)]
    fill(connection, [{**row, "shop": "one"} for row in (*busy, *idle)])
    found = lasting(tally_of(connection, WHOLE))
    assert found["first_response_mean"] == Value(20, whole=10), "the mean of the days' means is 60"
    assert found["answered_within_30"] == Value(0.9, 9, 10), "the mean of the days' shares is a half"


def test_an_exempt_window_on_one_of_the_days_leaves_out_that_day_alone(connection: sa.Connection) -> None:
    days = ("2026-01-04", "2026-01-05", "2026-01-06")
    rows = [row_of(told("queue@0 person@10", moment("10:00:00.000", day)), staffed=True) for day in days]
    fill(connection, [{**row, "shop": "one"} for row in rows])
    connection.execute(
        org.exempt_window.insert().values(
            id="w", platform="jd", shop="", effective_from=moment("00:00:00.000", days[1]),
            effective_to=moment("00:00:00.000", days[2]), recorded_at=0, why="春节", source="test",
        )
    )  # fmt: skip
    assert lasting(tally_of(connection, WHOLE))["answered_within_30"] == Value(1, 2, 2)


def test_one_day_on_which_it_is_not_known_makes_the_period_not_known(connection: sa.Connection) -> None:
    known = row_of(told("queue@0 person@10", moment("10:00:00.000", "2026-01-04")), staffed=True)
    unknown = {**known, "opened_at": moment("10:00:00.000", "2026-01-05"), "left_message": None}
    fill(connection, [{**row, "shop": "one"} for row in (known, unknown)])
    assert lasting(tally_of(connection, WHOLE))["leave_messages"] == Value(None, why=UNKNOWN_PART)
    first = tally_of(connection, Days(date(2026, 1, 4), date(2026, 1, 4)))
    assert lasting(first)["leave_messages"] == Value(0)


@pytest.mark.parametrize("length", [-1, insight.MOST_DAYS], ids=["backwards", "too long"])
def test_a_period_has_one_to_so_many_days(connection: sa.Connection, length: int) -> None:
    days = Days(FIRST, FIRST + timedelta(days=length))
    with pytest.raises(InvalidError) as caught:
        insight.period(connection, SHOPS, insight.Stretch(days), NOW, nobody, actor=ACTOR)
    assert caught.value.remedy


def test_the_longest_period_is_counted(connection: sa.Connection) -> None:
    fill(connection, [])
    days = Days(FIRST, FIRST + timedelta(days=insight.MOST_DAYS - 1))
    assert lasting(tally_of(connection, days))["sessions"] == Value(0)


weighed = st.builds(lambda whole, missed: Weighed(max(0, whole - missed), whole), st.integers(0, 99), st.integers(0, 9))


@given(st.lists(weighed, min_size=1), st.data())
def test_a_platforms_parts_add_up_and_a_missing_weight_makes_the_total_not_known(
    parts: list[Weighed], data: st.DataObject
) -> None:
    cut = data.draw(st.integers(0, len(parts)))
    halves = [
        Weighed(sum(each.part for each in half), sum(each.whole for each in half))
        for half in (parts[:cut], parts[cut:])
    ]
    assert total_share(halves) == total_share(parts)
    missing: list[Weighed | None] = list(parts)
    missing.insert(cut, None)
    assert total_share(missing) == Value(None, why=UNKNOWN_PART)
