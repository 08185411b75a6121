"""Fill a house with made-up sessions that are over, sealed as any.

Their words come from the project's own phrases and from a vocabulary as uneven as a language (Zipf).
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from random import Random
from typing import Any

from huiyin.bench.chat import COURTESIES, KNOWN, UNKNOWN
from huiyin.channels.port import Content
from huiyin.conversations.bodies import write
from huiyin.eventlog.prepared import insert
from huiyin.eventlog.schema import metadata
from huiyin.eventlog.unit_of_work import UnitOfWork
from huiyin.finding.asking import Filters
from huiyin.kernel.clock import to_ms
from huiyin.kernel.ids import ShopId, new_id
from huiyin.wiring import House

START = datetime(2026, 1, 1, tzinfo=UTC)
SECONDS_APART = 100
CUSTOMERS = 2_000
AGENTS = 60
VOCABULARY = 20_000
NEEDLE = "针叶樱桃口味"
"""Said in one session of a thousand: what is found is held against how often it was said."""
_HAN = "".join(chr(0x4E00 + number) for number in range(2_500))


class Chat:
    """Makes up what people say, `turns` messages a session, and what is looked for."""

    def __init__(self, dice: Random, turns: int) -> None:
        """Draw by `dice`."""
        self._dice, self._turns, self._start = dice, turns, START
        self._lines = (*KNOWN, *COURTESIES, *UNKNOWN)
        self._words = ["".join(dice.choices(_HAN, k=2)) for _ in range(VOCABULARY)]
        self._weights = list(accumulate(1 / rank for rank in range(1, VOCABULARY + 1)))
        self._agents = [new_id() for _ in range(AGENTS)]
        self.needles = 0

    def sessions(
        self, number: int, tenant: str, shops: list[ShopId], start: datetime
    ) -> Iterator[tuple[dict[str, Any], list[str]]]:
        """Make sessions up from `start` on, as rows of theirs, with what was said in turns."""
        self._start = start
        for place in range(number):
            at = to_ms(start + timedelta(seconds=SECONDS_APART * place))
            lines = [self._said() for _ in range(self._turns)]
            if place % 1_000 == 0:
                lines[0] += NEEDLE
                self.needles += 1
            yield {
                "id": new_id(), "tenant": tenant, "shop": self._dice.choice(shops),
                "customer": str(place % CUSTOMERS), "session_ref": "", "origin": "live", "state": "closed",
                "skill": "", "person": self._dice.choice(self._agents), "engagement": "", "order_ref": "",
                "sku_refs": "",
                "greeted": False, "opened_at": at, "queued_at": None, "waiting_since": None, "last_at": at + 60_000,
                "last_message": "", "closed_at": at + 90_000, "close_reason": "solved", "unread": 0,
                "outside_hours": False,
                "kept": "all",
            }, lines  # fmt: skip

    def queries(self, shops: list[ShopId]) -> Iterator[tuple[str, Filters]]:
        """Ask, in turn: frequent, rare, phrase, one character, two words, without a word, each also with filters."""
        word = self._word
        while True:
            line = self._dice.choice(self._lines).strip("？")
            for typed in (
                self._words[0], self._dice.choice(self._words), f'"{line[:6]}"', line[0], "快递",
                f"{word()} {word()}", f"{line[:2]} -{word()}", f"{word()} {line[:3]}",
            ):  # fmt: skip
                yield typed, Filters()
                day = (self._start + timedelta(days=self._dice.randrange(100))).date()
                yield typed, Filters(shop=self._dice.choice(shops), first=day, last=day + timedelta(days=7))
                yield typed, Filters(agent=self._dice.choice(self._agents), side="customer")

    def _word(self) -> str:
        return self._dice.choices(self._words, cum_weights=self._weights)[0]

    def _said(self) -> str:
        return self._dice.choice(self._lines) + "".join(
            self._dice.choices(self._words, cum_weights=self._weights, k=self._dice.randrange(2, 8))
        )


def written(uow: UnitOfWork, house: House, tenant: str, page: list[tuple[dict[str, Any], list[str]]]) -> None:
    """Write sessions and their messages as the hall keeps them, sealed under their customers' keys."""
    keys = house.ring.for_writing(uow, tenant, {session["customer"] for session, _ in page})
    rows = []
    for session, lines in page:
        for turn, line in enumerate(lines):
            message, sender = new_id(), ("customer", "agent", "bot")[turn % 3]
            content = Content(text=line)
            sealed = house.bodies.seal(uow.connection, keys[session["customer"]], tenant, message, write(content))
            rows.append({
                "id": message, "conversation": session["id"], "version": turn + 1, "tenant": tenant,
                "shop": session["shop"], "source_key": f"old:{message}", "sender": sender,
                "author": f"person:{session['person']}" if sender == "agent" else "", "kind": "text",
                "body": sealed.body, "original": sealed.original, "content_hash": "", "reply_mac": "",
                "platform_at": session["opened_at"] + turn * 5_000, "received_at": session["opened_at"],
                "delivery": None, "note": "", "flags": "",
            })  # fmt: skip
    insert(uow.connection, metadata.tables["conversation"], [session for session, _ in page])
    insert(uow.connection, metadata.tables["message"], rows)
