"""Figures do not depend on how events came, and the wall is the sum of the rows behind it."""

import itertools
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from huiyin.conversations import events as talk
from huiyin.eventlog.database import migrate, open_for_writing
from huiyin.eventlog.events import Catalogue, Event, Recorded, kind_of
from huiyin.eventlog.unit_of_work import UnitOfWork
from huiyin.insight import views as insight
from huiyin.insight.exemptions import why_exempt
from huiyin.insight.figures import BY_KEY, REGISTRY
from huiyin.insight.listen import figures_listener
from huiyin.insight.measures import InquiryShare, NotKept
from huiyin.insight.model import COUNTED
from huiyin.insight.store import session_figures
from huiyin.kernel.actors import Actor, ActorKind
from huiyin.kernel.clock import ManualClock, to_ms
from huiyin.kernel.ids import ShopId, TenantId
from huiyin.org.views import ExemptWindow, Shop
from huiyin.quality.events import FindingRaised

from .plainly import PLAINLY, nobody

NOON = datetime(2026, 6, 1, 4, 0, tzinfo=UTC)
SHANGHAI = ZoneInfo("Asia/Shanghai")
SHOPS = {
    key: Shop(key, "t", key, "jd", key, "", "Asia/Shanghai", "live", "simulated", bot=True, knowledge="")
    for key in ("one", "two", "three")
}
ACTOR = Actor(ActorKind.PERSON, "p", "p", TenantId("t"), frozenset(), frozenset({ShopId("one"), ShopId("two")}))


def event(kind: str, at: int) -> Event:
    """Return one of the events figures are made of."""
    return {
        "asks": talk.MessageReceived("m", "customer", "text", "simulated", at),
        "recorded": talk.MessageReceived("m", "agent", "text", "simulated", at, "person:q"),
        "bot": talk.ReplyDelivered("r", "bot", "bot:assist", "simulated", at),
        "agent": talk.ReplyDelivered("r", "agent", "person:p", "simulated", at),
        "echo": talk.EchoRecognised("r", "agent", at),
        "echo of the settled": talk.EchoRecognised("r", "agent", at, confirmed=True),
        "seen": talk.DeliverySettled("r", "delivered", "agent", "person:p", "simulated", at),
        "lost": talk.DeliverySettled("r", "dropped", "agent", "person:p", "simulated", at),
        "to bot": talk.Routed("bot", "", "", "simulated", ""),
        "to person": talk.Routed("person", "p", "e", "simulated", ""),
        "queued": talk.Queued("", ""),
        "handed": talk.HandedOver("", ""),
        "taken": talk.TakenOver("p", "e", ""),
        "on": talk.Transferred("p", "q", "", ""),
        "closed": talk.ConversationClosed("solved", "p", at),
        "again": talk.ConversationReopened("c", "simulated"),
        "found": FindingRaised("m", "rule", "warn", 0, 1),
    }[kind]


KINDS = (
    "asks", "asks", "asks", "recorded", "bot", "agent", "echo", "echo of the settled", "seen", "lost", "to bot",
    "to person", "queued", "handed", "taken", "on", "closed", "again", "found",
)  # fmt: skip
stories = st.lists(
    st.tuples(st.sampled_from(KINDS), st.integers(0, 5), st.integers(0, 90_000)), min_size=1, max_size=30
)


def recorded(story: Sequence[tuple[str, int, int]]) -> list[Recorded]:
    """Return a story over six conversations of three shops as the log would hold it."""
    at, events, versions = to_ms(NOON), list[Recorded](), dict[str, int]()
    for kind, place, pause in story:
        at += pause
        subject, shop = f"c{place}", tuple(SHOPS)[place % 3]
        happening = [event(kind, at)]
        if subject not in versions:
            happening.insert(0, talk.ConversationOpened(subject, "u", "simulated", at))
        for each in happening:
            versions[subject] = versions.get(subject, 0) + 1
            events.append(
                Recorded(
                    len(events) + 1, "t", shop, subject, versions[subject], kind_of(type(each)), "system:t", at, each
                )
            )
    return events


@pytest.fixture
def engine(tmp_path: Path) -> sa.Engine:
    made = open_for_writing(tmp_path / "figures.db", synchronous="OFF")
    migrate(made)
    return made


def rows_after(engine: sa.Engine, batches: Sequence[Sequence[Recorded]]) -> list[dict[str, Any]]:
    """Return the session rows after these batches, in a transaction that is undone afterwards."""
    listener = figures_listener()
    with engine.connect() as connection:
        uow = UnitOfWork(connection, Catalogue(COUNTED), ManualClock(NOON))
        for batch in batches:
            listener.handle(uow, batch)
        query = sa.select(session_figures).order_by(session_figures.c.conversation)
        found = [dict(row) for row in connection.execute(query).mappings()]
        connection.rollback()
    return found


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(stories, st.lists(st.integers(0, 60), max_size=6))
def test_a_sessions_row_is_the_same_however_its_events_are_cut_into_batches(
    engine: sa.Engine, story: list[tuple[str, int, int]], cuts: list[int]
) -> None:
    events = recorded(story)
    edges = [0, *sorted(min(cut, len(events)) for cut in cuts), len(events)]
    batches = [events[one:two] for one, two in itertools.pairwise(edges) if one < two]
    whole = rows_after(engine, [events])
    assert rows_after(engine, batches) == whole
    assert rows_after(engine, [[each] for each in events]) == whole
    assert all(row["turns_ms"] >= 0 and (row["first_response_ms"] or 0) >= 0 for row in whole)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(stories, st.integers(0, 200))
def test_the_wall_is_what_its_rows_say(engine: sa.Engine, story: list[tuple[str, int, int]], later: int) -> None:
    events = recorded(story)
    now = NOON + timedelta(milliseconds=events[-1].at - to_ms(NOON), seconds=later)
    with engine.connect() as connection:
        figures_listener().handle(UnitOfWork(connection, Catalogue(COUNTED), ManualClock(now)), events)
        wall = insight.wall(connection, SHOPS, now, nobody, actor=ACTOR)
        for figure, value in wall.all.figures:
            _, rows, following = insight.behind(connection, SHOPS, now, figure.key, insight.Cut(), actor=ACTOR)
            assert following is None
            assert {row.shop for row in rows} <= {"one", "two"}, "another tenant's session"
            assert PLAINLY[figure.key](rows) == value
            if figure.unit == "count" and figure.key != "findings" and not value.why:
                assert value.value == len(rows)
            for group in wall.shops:
                _, own, _ = insight.behind(connection, SHOPS, now, figure.key, insight.Cut(shop=group.id), actor=ACTOR)
                assert dict(group.figures)[figure] == PLAINLY[figure.key](own)
        counts = [figure for figure in REGISTRY if figure.unit == "count"]
        for figure in counts:
            parts = [dict(group.figures)[figure].value for group in wall.shops]
            whole = dict(wall.all.figures)[figure].value
            assert whole == (None if None in parts else sum(filter(None, parts)))
        assert sum(each.opened for each in wall.course) == dict(wall.all.figures)[BY_KEY["sessions"]].value
        connection.rollback()


def test_without_any_session_a_share_or_a_time_is_nothing_and_a_count_is_naught(engine: sa.Engine) -> None:
    with engine.connect() as connection:
        wall = insight.wall(connection, SHOPS, NOON, nobody, actor=ACTOR)
        connection.rollback()
    for figure, value in wall.all.figures:
        assert value.value == (0 if figure.unit == "count" else None), figure.key
        assert bool(value.why) is isinstance(figure.measure, NotKept | InquiryShare), figure.key


@pytest.mark.parametrize(
    ("moment", "platform", "exempt"),
    [
        pytest.param("22:59:59.999", "jd", False, id="the last moment of the day"),
        pytest.param("23:00:00.000", "jd", True, id="the night begins"),
        pytest.param("03:00:00.000", "jd", True, id="in the night"),
        pytest.param("08:59:59.999", "jd", True, id="the night's last moment"),
        pytest.param("09:00:00.000", "jd", False, id="the day begins"),
        pytest.param("23:00:00.000", "other", False, id="another platform knows no night"),
        pytest.param("11:59:59.999", "jd", False, id="before the window"),
        pytest.param("12:00:00.000", "jd", True, id="the window begins"),
        pytest.param("12:29:59.999", "jd", True, id="the window's last moment"),
        pytest.param("12:30:00.000", "jd", False, id="the window is over"),
    ],
)
def test_which_sessions_a_platform_leaves_out(moment: str, platform: str, exempt: bool) -> None:
    def at(text: str) -> int:
        return to_ms(datetime.fromisoformat(f"2026-06-01 {text}").replace(tzinfo=SHANGHAI))

    window = ExemptWindow(at("12:00:00.000"), at("12:30:00.000"), "平台故障")
    assert bool(why_exempt(platform, at(moment), SHANGHAI, [window])) is exempt
