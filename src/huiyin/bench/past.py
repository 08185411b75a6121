"""A shop's past at the fake gateway: made-up sessions, read as JD gives them, a page at a time."""

from bisect import bisect_left
from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Any, NamedTuple

from huiyin.bench.chat import COURTESIES, KNOWN, UNKNOWN
from huiyin.channels.jd.history import SESSION_CHAT, SESSIONS
from huiyin.kernel.clock import to_ms
from huiyin.simulator.jdtime import day_of, understood, written

A_SESSION = 10
BETWEEN = timedelta(seconds=20)
WAITER = "测速:客服"
LINES = (*KNOWN, *COURTESIES, *UNKNOWN)


class PastSession(NamedTuple):
    """One session; what was said in it follows from its number."""

    number: int
    begin: datetime
    messages: int

    @property
    def sid(self) -> str:
        """Return its id."""
        return f"p{self.number}"

    @property
    def customer(self) -> str:
        """Return whose it is; each customer came three times."""
        return f"past_{self.number // 3}"

    def mid(self, turn: int) -> str:
        """Return the id of one message."""
        return f"{self.sid}t{turn}"


class Past:
    """So many messages over so many days, the last of them an hour before `until`."""

    def __init__(self, messages: int, days: int, until: datetime, seed: int = 1) -> None:
        """Spread sessions of ten messages evenly."""
        count = -(-messages // A_SESSION)
        since = until - timedelta(days=days)
        step = (until - timedelta(hours=1) - since) / max(1, count)
        self._words = Random(seed)
        self.sessions = [
            PastSession(number, since + number * step, min(A_SESSION, messages - number * A_SESSION))
            for number in range(count)
        ]
        self._begins = [each.begin for each in self.sessions]
        self.calls = 0

    def mids(self) -> list[str]:
        """Return the ids of all messages."""
        return [each.mid(turn) for each in self.sessions for turn in range(each.messages)]

    def answer(self, method: str, fields: dict[str, Any]) -> dict[str, object] | None:
        """Answer one call, None where it asks for nothing of the past."""
        if method == SESSIONS:
            self.calls += 1
            begin = day_of(understood(fields["startTime"]))
            end = day_of(understood(fields["endTime"])) + timedelta(days=1)
            found = self.sessions[bisect_left(self._begins, begin) : bisect_left(self._begins, end)]
            shown = _page([_session(each) for each in found], fields)
            return {"result": {"totalRecord": len(found), "chatSessionList": shown}}
        if method == SESSION_CHAT:
            self.calls += 1
            session = self.sessions[int(str(fields["sid"])[1:])]
            rows = [self._said(session, turn) for turn in range(session.messages)]
            return {"returnType": {"isSuccess": True, "totalCount": len(rows), "result": _page(rows, fields)}}
        return None

    def _said(self, session: PastSession, turn: int) -> dict[str, object]:
        return {
            "sid": session.sid, "mid": session.mid(turn), "customer": session.customer, "waiter": WAITER,
            "content": self._words.choice(LINES), "created": to_ms(session.begin + turn * BETWEEN),
            "waiterSend": turn % 2, "mt": "text",
        }  # fmt: skip


def _session(session: PastSession) -> dict[str, object]:
    last = session.begin + session.messages * BETWEEN
    return {"sid": session.sid, "customer": session.customer, "waiter": WAITER, "endTime": written(last)}


def _page(rows: Sequence[object], fields: dict[str, Any]) -> Sequence[object]:
    page, size = int(fields["page"]), int(fields["pageSize"])
    return rows[(page - 1) * size : page * size]
