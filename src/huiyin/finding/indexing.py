"""Keep every tenant's index in step with the log, and build it anew where there is none that can be used.

An event only says which session to look at again; what stands in the index is read from the hall as it is now. So an
event may come twice, or late, and building is the same work from the other end: session by session, the newest first,
while events are followed from the moment it began. How far it came lies in the index file, in the same transaction.
"""

import contextlib
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import re2
import sqlalchemy as sa
import structlog

from huiyin.conversations import events as talk_events
from huiyin.conversations import said as talk
from huiyin.conversations.access import lasted_until
from huiyin.conversations.bodies import Bodies
from huiyin.eventlog import views as eventlog
from huiyin.eventlog.events import Event, kind_of
from huiyin.eventlog.writer import Writer
from huiyin.finding import store
from huiyin.finding.files import file_of, number_of, remove
from huiyin.finding.keys import find_key, make_key
from huiyin.org.book import ShopBook
from huiyin.quality.events import FindingRaised
from huiyin.quality.views import Marks, marks_of
from huiyin.security.key_rows import ErasedError, erased_among
from huiyin.security.sealing import Sealer

log = structlog.get_logger(__name__)

_TOLD: tuple[type[Event], ...] = (*talk_events.ALL, FindingRaised)
_TAKEN: tuple[type[Event], ...] = (
    talk_events.MessageRecalled, talk_events.ConversationErased, talk_events.ConversationExpired,
)  # fmt: skip
KINDS = frozenset(map(kind_of, _TOLD))
"""Events after which a session is looked at again."""
GONE = frozenset(map(kind_of, _TAKEN))
"""Events after which words are taken away, also from the log of the file's recent changes."""
MOST_EVENTS = 2_000
MOST_SESSIONS = 100
"""Sessions in one transaction: built in a tenth of a second or so, while others work, too."""
LAG = 10_000
"""Events of others after which a position is stored although nothing of the tenant's own happened."""
SHOWN = {"new": "bot", "recorded": "closed"}
"""States that screens do not know by name, and the one they stand for there."""
STARS = re2.compile(r"[0-9A-Za-z_.@+-]*\*{2,}[0-9A-Za-z_.@+-]*")
"""A mask with what it leaves readable: of messages from before masks were noted, and of those of other houses."""


class Tools(NamedTuple):
    """What indexing needs of the house."""

    folder: Path
    writer: Writer
    reading: sa.Engine
    sealer: Sealer
    bodies: Bodies
    shops: ShopBook


class _Held(NamedTuple):
    opened: Any
    number: int


class Indexer:
    """Writes the indexes: one of it in the house, in the worker."""

    def __init__(self, tools: Tools) -> None:
        """Open none yet."""
        self._tools = tools
        self._held: dict[str, _Held] = {}
        self._came: dict[str, int] = {}
        self._stored: dict[str, int] = {}
        self._quiet: dict[str, int] = {}
        self._to_empty: set[str] = set()
        self._turn = threading.Lock()
        self._closed = 0

    def step(self) -> int:
        """Take every tenant's index a step further; return how many sessions were looked at where more wait, or 0."""
        tenants, closed = {shop.tenant for shop in self._tools.shops.all().values()}, self._closed
        return sum(self._step(tenant, closed) for tenant in sorted(tenants))

    def close(self) -> None:
        """Let go of every index, and end a step that is under way.

        It runs in a thread that no cancelling reaches, and the driver does not survive a connection that is closed
        under a statement: the tenant it is at is brought to its end first.
        """
        self._closed += 1
        with self._turn:
            for each in self._held.values():
                each.opened.close()
            self._held.clear()

    def _step(self, tenant: str, closed: int) -> int:
        with self._turn:
            return self._further(tenant) if closed == self._closed else 0

    def _further(self, tenant: str) -> int:
        tools, looked = self._tools, 0
        with tools.reading.connect() as connection:
            if not self._has_something(connection, tenant):
                return 0
        try:
            held = self._open(tenant)
            if held is None:
                return 0
            looked = self._follow(tenant, held) + self._build(tenant, held)
            if tenant in self._to_empty:
                busy, *_ = held.opened.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
                self._to_empty -= set() if busy else {tenant}
        except store.Damaged as error:
            self._let_go(tenant)
            if not store.is_damaged(error):
                raise
            log.error("finding.damaged", tenant=tenant)
            remove(file_of(tools.folder, tenant))
            return 1
        return looked

    def _has_something(self, connection: sa.Connection, tenant: str) -> bool:
        """Tell whether a tenant has anything to be indexed; one that has not is asked for after new events alone."""
        if tenant in self._held:
            return True
        newest = eventlog.newest(connection)
        if newest is None or self._quiet.get(tenant) == newest.position:
            return False
        if talk.any_in(connection, self._shops(tenant)):
            return True
        self._quiet[tenant] = newest.position
        return False

    def _shops(self, tenant: str) -> list[str]:
        return [key for key, shop in self._tools.shops.all().items() if shop.tenant == tenant]

    def _open(self, tenant: str) -> _Held | None:
        """Return a tenant's index, made or made anew if need be; None for a tenant that was shredded."""
        tools, file = self._tools, file_of(self._tools.folder, tenant)
        held = self._held.get(tenant)
        with tools.reading.connect() as connection:
            erased = bool(erased_among(connection, (tenant,)))
            if held is not None and held.number == number_of(file) and not erased:
                return held
            key = find_key(connection, tools.sealer, tenant)
        self._let_go(tenant)
        if erased:
            remove(file)
            return None
        try:
            key = key or tools.writer.run(make_key, tools.sealer, tenant)
        except ErasedError:
            return None
        tools.folder.mkdir(mode=0o700, exist_ok=True)
        if not self._fits(file, key):
            remove(file)
            self._make(file, key, tenant)
        held = self._held[tenant] = _Held(store.connect(file, key, writing=True), number_of(file))
        self._came[tenant] = self._stored[tenant] = store.progress(held.opened)["position"]
        return held

    def _fits(self, file: Path, key: bytes) -> bool:
        """Tell whether an index is whole, of our form, and about the log as it is: not one from before a restore."""
        if not file.is_file():
            return False
        try:
            with contextlib.closing(store.connect(file, key, writing=False)) as opened:
                came = store.progress(opened)
        except store.Damaged as error:
            log.warning("finding.unreadable", error=type(error).__name__)
            return False
        with self._tools.reading.connect() as connection:
            here = eventlog.head_at(connection, came.get("position", -1))
        return came.get("form") == store.FORM and came.get("mark") == _mark(here)

    def _make(self, file: Path, key: bytes, tenant: str) -> None:
        with self._tools.reading.connect() as connection:
            newest, number = eventlog.newest(connection), talk.number(connection, self._shops(tenant))
        with contextlib.closing(store.connect(file, key, writing=True)) as opened:
            opened.execute("BEGIN IMMEDIATE")
            store.make(opened)
            position = newest.position if newest else 0
            store.write_progress(opened, position=position, mark=_mark(newest), before=store.NEWEST, done=0, of=number)
            opened.execute("COMMIT")
        log.info("finding.building", tenant=tenant, sessions=number)

    def _follow(self, tenant: str, held: _Held) -> int:
        """Look again at the sessions of which the log says something new."""
        with self._tools.reading.connect() as connection:
            newest = eventlog.newest(connection)
            heads = eventlog.heads(connection, tenant, self._came[tenant], MOST_EVENTS)
        subjects = list(dict.fromkeys(each.subject for each in heads if each.kind in KINDS))
        if any(each.kind in GONE for each in heads):
            self._to_empty.add(tenant)
        whole = len(heads) < MOST_EVENTS
        at = max(filter(None, (newest if whole else None, heads[-1] if heads else None)), default=None)
        if at is None:
            return 0
        for place in range(0, len(subjects), MOST_SESSIONS):
            self._write(held, subjects[place : place + MOST_SESSIONS], {})
        if subjects or at.position - self._stored[tenant] >= LAG:
            self._write(held, (), {"position": at.position, "mark": _mark(at)})
            self._stored[tenant] = at.position
        self._came[tenant] = at.position
        return 0 if whole else max(len(subjects), 1)

    def _build(self, tenant: str, held: _Held) -> int:
        """Index the next older sessions of an index that is being built."""
        came = store.progress(held.opened)
        if not came["before"]:
            return 0
        with self._tools.reading.connect() as connection:
            ids = talk.earlier(connection, tenant, came["before"], MOST_SESSIONS)
        self._write(held, ids, {"before": ids[-1] if ids else "", "done": came["done"] + len(ids)})
        if not ids:
            log.info("finding.built", tenant=tenant, sessions=came["done"])
        return max(len(ids), 1)

    def _write(self, held: _Held, ids: Sequence[str], came: dict[str, object]) -> None:
        with self._tools.reading.connect() as connection:
            sessions = sessions_of(connection, self._tools.bodies, ids) if ids else {}
        held.opened.execute("BEGIN IMMEDIATE")
        try:
            for each in ids:
                if each in sessions:
                    store.put(held.opened, sessions[each])
                else:
                    store.take_away(held.opened, each)
            store.write_progress(held.opened, **came)
            held.opened.execute("COMMIT")
        except BaseException:
            if held.opened.in_transaction:
                held.opened.execute("ROLLBACK")
            raise

    def _let_go(self, tenant: str) -> None:
        held = self._held.pop(tenant, None)
        if held is not None:
            held.opened.close()


def sessions_of(connection: sa.Connection, bodies: Bodies, ids: Sequence[str]) -> dict[str, store.Session]:
    """Return sessions as they are now, in four queries; those of whoever was shredded are left out.

    Keys in memory may outlive a shredding for a moment: the database is asked who is gone.
    """
    found = talk.whole(connection, bodies, ids)
    gone = erased_among(connection, {each.conversation.customer for each in found.values()})
    found = {key: each for key, each in found.items() if each.conversation.customer not in gone}
    marks = marks_of(connection, list(found)) if found else {}
    return {key: _session(each, marks.get(key, Marks(0, "none"))) for key, each in found.items()}


def _session(found: talk.Whole, marks: Marks) -> store.Session:
    one = found.conversation
    people = {each.author.removeprefix("person:") for each in found.said if each.author.startswith("person:")}
    said = tuple(
        store.Said(each.sender, each.at, each.text, hidden_in(each))
        for each in found.said
        if each.sender in store.SIDES and each.text
    )
    answering = {one.person} if one.person else set()
    return store.Session(
        one.id, one.shop, one.opened_at, lasted_until(one), tuple(sorted(people | answering)), one.origin,
        SHOWN.get(one.state, one.state), marks.risk, said,
    )  # fmt: skip


def hidden_in(message: talk.Words) -> tuple[tuple[int, int], ...]:
    """Return the stretches of a message that nothing finds: masks, with the digits they leave readable."""
    noted = {(each.start, each.end) for each in message.hidden}
    starred = {each.span() for each in STARS.finditer(message.text)} if "**" in message.text else set()
    return tuple(sorted(noted | starred))


def _mark(head: eventlog.Head | None) -> str:
    """Return what tells one event from another at the same position: a database that went back has others there."""
    return "" if head is None else f"{head.subject}.{head.version}"
