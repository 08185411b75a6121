"""The worked tables of docs/formulas are run: what the pages say is what the figures do."""

from datetime import datetime
from itertools import count
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from huiyin.conversations import events as talk
from huiyin.eventlog.events import Event, Recorded, kind_of
from huiyin.eventlog.schema import metadata
from huiyin.insight import views as insight
from huiyin.insight.exemptions import why_exempt
from huiyin.insight.measures import Value
from huiyin.insight.model import Row, apply, new_row
from huiyin.insight.store import session_figures
from huiyin.kernel.actors import Actor, ActorKind
from huiyin.kernel.clock import from_ms, to_ms
from huiyin.kernel.ids import ShopId, TenantId
from huiyin.org.hours import OpeningHours, every_day, read_periods
from huiyin.org.opening import Calendar, Calendars
from huiyin.org.views import Shop

from .plainly import nobody

FORMULAS = Path(__file__).resolve().parents[2] / "docs" / "formulas"
ZONE = ZoneInfo("Asia/Shanghai")
DAY = datetime(2026, 1, 5, tzinfo=ZONE)
DAY_MS = 24 * 60 * 60 * 1000


UNKNOWN = Calendars({})
SHOP_HOURS = every_day("09:00-12:00 13:30-18:00")


def table(page: str) -> list[dict[str, str]]:
    """Read the one table under "Worked table"."""
    lines = (FORMULAS / page).read_text(encoding="utf-8").partition("## Worked table")[2].splitlines()
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("|")]
    head, _, *body = rows
    return [dict(zip(head, row, strict=True)) for row in body]


def ids(case: dict[str, str]) -> str:
    return next(iter(case.values()))


def at(text: str) -> int:
    return to_ms(datetime.combine(DAY.date(), datetime.strptime(text, "%H:%M:%S.%f").time(), ZONE))  # noqa: DTZ007  # a time of day


def somebody(_tenant: str, _shop: str, _at: int) -> bool:
    """Find somebody at a desk, whenever asked."""
    return True


def session(events: list[tuple[int, Event]], looked: int, opening: Calendars = UNKNOWN) -> Any:
    row: Row = new_row("c", "t", "s")
    for version, (moment, event) in enumerate(events, start=1):
        apply(
            row,
            Recorded(version, "t", "s", "c", version, kind_of(type(event)), "system:test", moment, event),
            opening,
            somebody,
        )
    why = why_exempt("jd", row["opened_at"], ZONE, ())
    return SimpleNamespace(**row, counted=not why, figures=figures(row, looked))


def figures(row: Row, looked: int) -> dict[str, Value]:
    """Return what the wall shows at a moment if there is this one session."""
    engine = sa.create_engine("sqlite://")
    metadata.create_all(engine)
    shop = Shop("s", "t", "s", "jd", "s", "", "Asia/Shanghai", "live", "simulated", bot=True, knowledge="")
    actor = Actor(ActorKind.PERSON, "p", "p", TenantId("t"), frozenset(), frozenset({ShopId("s")}))
    with engine.connect() as connection:
        connection.execute(session_figures.insert(), [{**row, "origin": "simulated"}])
        wall = insight.wall(connection, {"s": shop}, from_ms(looked), nobody, actor=actor)
        connection.rollback()
    engine.dispose()
    return {figure.key: value for figure, value in wall.all.figures}


def opened(moment: int) -> list[tuple[int, Event]]:
    return [
        (moment, talk.ConversationOpened("c", "u", "simulated", moment)),
        (moment, talk.Routed("bot", "", "", "simulated", "")),
    ]


def asks(moment: int) -> tuple[int, Event]:
    return moment, talk.MessageReceived("m", "customer", "text", "simulated", moment)


def replies(moment: int, sender: str) -> tuple[int, Event]:
    return moment, talk.ReplyDelivered("r", sender, "", "simulated", moment)


def closes(moment: int) -> tuple[int, Event]:
    return moment, talk.ConversationClosed("solved", "", moment)


def shown(value: float | None) -> str:
    return {None: "–", 1.0: "yes", 0.0: "no"}[value]


@pytest.mark.parametrize("case", list(table("first-response.md")), ids=ids)
def test_first_response(case: dict[str, str]) -> None:
    asked = at(case["asked"])
    events = [*opened(asked), asks(asked)]
    if case["first reply"]:
        events.append(replies(at(case["first reply"]), "bot"))
    if case["closed"]:
        events.append(closes(at(case["closed"])))
    row = session(events, at(case["looked at"]))
    first = "–" if row.first_response_ms is None else f"{row.first_response_ms / 1000:.3f}"
    assert ("yes" if row.counted else "no") == case["counts"]
    assert first == case["first response"]
    assert shown(row.figures["answered_within_30"].value) == case["≤ 30 s"]
    assert shown(row.figures["answered_within_120"].value) == case["≤ 120 s"]


def test_reopened_within_ten_minutes_is_one_session_of_two_turns() -> None:
    first, again = at("10:00:00.000"), at("10:10:00.000")
    row = session(
        [
            *opened(first), asks(first), replies(at("10:00:20.000"), "agent"), closes(at("10:05:00.000")),
            (again, talk.ConversationReopened("c", "simulated")), asks(again), replies(at("10:12:00.000"), "agent"),
        ],
        at("10:20:00.000"),
    )  # fmt: skip
    assert row.first_response_ms == 20_000
    assert row.turns == 2
    assert row.figures["response_mean"].value == 70


def hours(recorded_at: int, **special: str) -> Calendars:
    week = OpeningHours(SHOP_HOURS.week, {f"2026-01-{day[1:]}": read_periods(text) for day, text in special.items()})
    return Calendars({"s": [Calendar(week, ZONE, 0, None, recorded_at)]})


@pytest.mark.parametrize("case", list(table("opening-hours.md")), ids=ids)
def test_opening_hours(case: dict[str, str]) -> None:
    asked = at(case["asked"])
    events = [*opened(asked), asks(asked)]
    if case["first reply"]:
        events.append(replies(at(case["first reply"]), "bot"))
    opening = {"known": hours(0), "unknown": UNKNOWN, "late": hours(at("21:00:00.000"))}[case["hours"]]
    row = session(events, at("23:00:00.000"), opening)
    median = row.figures["first_response_open_median"]
    assert ("–" if median.value is None else f"{median.value:.3f}") == case["in opening time"]
    assert ("yes" if row.figures["outside_hours"].value else "no") == case["outside"]


@pytest.mark.parametrize(
    ("opening", "days"),
    [pytest.param(hours(0), 1, id="a night"), pytest.param(hours(0, d06=""), 2, id="a night, a holiday, a night")],
)
def test_a_night_and_a_holiday_count_nothing(opening: Calendars, days: int) -> None:
    asked, answered = at("17:59:00.000"), at("09:01:00.000") + days * 86_400_000
    row = session([*opened(asked), asks(asked), replies(answered, "agent")], answered, opening)
    assert row.first_response_open_ms == 120_000
    assert row.first_response_ms == answered - asked


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        pytest.param("10:00:00.000", "", id="open"),
        pytest.param("12:30:00.000", "非营业时间（周一 09:00–12:00、13:30–18:00 营业）", id="lunch"),
    ],
)
def test_a_session_outside_hours_says_why(asked: str, why: str) -> None:
    assert session(opened(at(asked)), at(asked), hours(0)).outside_hours == why
    holiday = hours(0, d05="")
    assert session(opened(at(asked)), at(asked), holiday).outside_hours == "非营业时间（当天不营业）"


def test_a_calendar_that_changes_on_the_way_counts_each_part_by_its_own() -> None:
    change = at("11:00:00.000")
    opening = Calendars({"s": [
        Calendar(every_day("00:00-11:30"), ZONE, change, None, 1),
        Calendar(SHOP_HOURS, ZONE, 0, None, 0),
    ]})  # fmt: skip
    assert opening.open_ms("s", at("10:59:00.000"), at("11:45:00.000"), 9) == 31 * 60_000
    assert opening.open_ms("s", at("10:59:00.000"), at("11:45:00.000"), 0) == 46 * 60_000
    assert opening.open_ms("s", -5, at("11:45:00.000"), 0) is None


STEPS = {
    "ask": asks,
    "bot": lambda moment: replies(moment, "bot"),
    "person": lambda moment: replies(moment, "agent"),
    "handover": lambda moment: (moment, talk.HandedOver("", "")),
    "takeover": lambda moment: (moment, talk.TakenOver("p", "", "bot")),
    "close": closes,
    "held": lambda moment: (moment, talk.ReplyHeld("r", "bot", ("a.rule",))),
    "parting": lambda moment: (moment, talk.ReplyDelivered("r", "bot", "bot:assist", "live", moment, parting=True)),
    "echo": lambda moment: (moment, talk.EchoRecognised("r", "agent", moment)),
    "bot-echo": lambda moment: (moment, talk.EchoRecognised("r", "bot", moment)),
}


@pytest.mark.parametrize("case", list(table("bot-share.md")), ids=ids)
def test_bot_share(case: dict[str, str]) -> None:
    moments = count(at("10:00:00.000"), 10_000)
    steps = [STEPS[step](next(moments)) for step in case["steps"].split()]
    row = session([*opened(at("10:00:00.000")), *steps], next(moments))
    share = row.figures["bot_share"]
    assert ("yes" if share.whole else "no") == case["answered"]
    assert ("yes" if share.part else "no") == case["by the bot alone"]
    assert ("yes" if row.figures["handed_over"].value else "no") == case["handed over"]


def test_live_counts() -> None:
    *cases, together = table("live.md")
    keys = ("waiting", "in_service", "sessions", "findings")
    sums = dict.fromkeys(keys, 0)
    for case in cases:
        began = at("10:00:00.000") - (0 if case["began"] == "today" else DAY_MS)
        closed = began if case["state"] == "closed" else None
        row = {
            **new_row("c", "t", "s"), "state": case["state"], "findings": int(case["found"]), "opened_at": began,
            "closed_at": closed,
        }  # fmt: skip
        found = figures(row, at("11:00:00.000"))
        for key in keys:
            assert found[key].value == int(case[key])
            sums[key] += int(case[key])
    assert {key: f"**{total}**" for key, total in sums.items()} == {key: together[key] for key in keys}
