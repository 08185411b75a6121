"""Sessions told in steps, as the worked tables write them: `queue@0 person@20.5`, at seconds after the first word."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from huiyin.conversations import events as talk
from huiyin.eventlog.events import Event, Recorded, kind_of
from huiyin.eventlog.schema import metadata
from huiyin.insight import views as insight
from huiyin.insight.measures import Value
from huiyin.insight.model import Row, apply, new_row
from huiyin.insight.store import session_figures
from huiyin.kernel.actors import Actor, ActorKind
from huiyin.kernel.clock import from_ms
from huiyin.kernel.ids import ShopId, TenantId
from huiyin.org import store as org
from huiyin.org.opening import Calendars
from huiyin.org.views import Shop

from .plainly import nobody

SHANGHAI = ZoneInfo("Asia/Shanghai")
SHOP = Shop("s", "t", "s", "jd", "s", "", "Asia/Shanghai", "live", "simulated", bot=True, knowledge="")
ACTOR = Actor(ActorKind.PERSON, "p", "p", TenantId("t"), frozenset(), frozenset({ShopId("s")}))


def event(step: str, at: int) -> Event:
    """Return what a step says happened."""
    return {
        "ask": talk.MessageReceived("m", "customer", "text", "simulated", at),
        "bot": talk.ReplyDelivered("r", "bot", "bot:assist", "simulated", at),
        "person": talk.ReplyDelivered("r", "agent", "person:p", "simulated", at),
        "parting": talk.ReplyDelivered("r", "bot", "bot:assist", "simulated", at, parting=True),
        "echo": talk.EchoRecognised("r", "agent", at),
        "route-bot": talk.Routed("bot", "", "", "simulated", ""),
        "route-person": talk.Routed("person", "p", "", "simulated", ""),
        "queue": talk.Queued("", ""),
        "handover": talk.HandedOver("", ""),
        "takeover": talk.TakenOver("p", "", "bot"),
        "transfer": talk.Transferred("p", "q", "", ""),
        "close": talk.ConversationClosed("solved", "p", at),
        "reopen": talk.ConversationReopened("c", "simulated"),
    }[step]


def told(steps: str, started: int) -> list[tuple[int, Event]]:
    """Return what happened in a session: it opens, the customer writes, then the steps."""
    happened: list[tuple[int, Event]] = [
        (started, talk.ConversationOpened("c", "u", "simulated", started)),
        (started, event("ask", started)),
    ]
    for step in steps.split():
        name, _, after = step.partition("@")
        at = started + round(float(after) * 1000)
        happened.append((at, event(name, at)))
    return happened


def row_of(happened: Sequence[tuple[int, Event]], *, staffed: bool) -> Row:
    """Return the row of figures after these events."""
    row = new_row("c", "t", "s")
    for version, (at, each) in enumerate(happened, start=1):
        recorded = Recorded(version, "t", "s", "c", version, kind_of(type(each)), "system:test", at, each)
        apply(row, recorded, Calendars({}), lambda *_: staffed)
    return row


def shown(rows: Sequence[Row], looked: int, exempt: tuple[int, int] | None = None) -> dict[str, Value]:
    """Return what the wall shows at a moment of these sessions."""
    engine = sa.create_engine("sqlite://")
    metadata.create_all(engine)
    with engine.connect() as connection:
        connection.execute(session_figures.insert(), [{**row, "conversation": f"c{n}"} for n, row in enumerate(rows)])
        if exempt is not None:
            window = {"id": "w", "platform": "jd", "shop": "", "why": "平台豁免", "source": "test", "recorded_at": 0}
            times = {"effective_from": exempt[0], "effective_to": exempt[1]}
            connection.execute(org.exempt_window.insert().values({**window, **times}))
        wall = insight.wall(connection, {"s": SHOP}, from_ms(looked), nobody, actor=ACTOR)
        connection.rollback()
    engine.dispose()
    return {figure.key: value for figure, value in wall.all.figures}


def moment(text: str, day: str = "2026-01-05") -> int:
    """Return a moment of the shop's time, in ms."""
    return round(datetime.fromisoformat(f"{day} {text}").replace(tzinfo=SHANGHAI).timestamp() * 1000)
