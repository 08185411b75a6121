"""Ask the indexes: sessions in which words stand, of the shops and the time that are the actor's, newest first."""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple

import sqlalchemy as sa

from huiyin.conversations.access import READING, SEARCHING, Conversation, may_see
from huiyin.conversations.views import conversations
from huiyin.finding import store
from huiyin.finding.files import Shelf
from huiyin.finding.progress import Progress, progress_of
from huiyin.finding.showing import Shown, show
from huiyin.finding.wanted import Wanted, matching
from huiyin.kernel.actors import Actor
from huiyin.kernel.clock import to_ms
from huiyin.kernel.days import check_days
from huiyin.kernel.errors import InvalidError
from huiyin.kernel.ids import ShopId
from huiyin.org.views import Shop
from huiyin.policy.deciding import may
from huiyin.security.key_rows import erased_among

PAGE = 30
MOST_COUNTED = 1_000
"""Sessions that are counted, in all and by shop, person and state: the newest. More are "1000+"."""
MOST_DIGITS = 19
_END = 2**63 - 1

_FIND = """
SELECT s.place, s.id, s.shop, s.people, s.origin, s.state, s.risk
FROM words JOIN session s ON s.place = words.rowid
WHERE words MATCH ? AND words.rowid >= ? AND words.rowid <= ? AND (words.rowid < ? OR s.id < ?)
AND s.ended >= {since} ORDER BY words.rowid DESC LIMIT ?
"""


class Filters(NamedTuple):
    """What the sessions must be like; None and "" ask for nothing. Days are each shop's own, both within."""

    shop: str = ""
    agent: str = ""
    side: str = ""
    platform: str = ""
    origin: str = ""
    state: str = ""
    risk: str = ""
    first: date | None = None
    last: date | None = None


class Hit(NamedTuple):
    """A session that was found, with what the index knows of it."""

    place: int
    id: str
    shop: str
    people: tuple[str, ...]
    origin: str
    state: str
    risk: str

    @property
    def opened_at(self) -> int:
        """Return when the session began, in milliseconds."""
        return store.moment_of(self.place)


class Result(NamedTuple):
    """A page of sessions with what is shown of each.

    `total` and `counts`, by kind and value, are of the newest `MOST_COUNTED` and come with the first page alone;
    `more` tells that there are more than those. `asked` are the merchants whose sessions were looked through, `tenants`
    tells how many were counted of each.
    """

    hits: list[tuple[Hit, Conversation, Shown]]
    next_cursor: str | None
    total: int | None
    more: bool
    counts: Mapping[str, Mapping[str, int]]
    asked: tuple[str, ...]
    tenants: Mapping[str, int]
    progress: Progress


class _Part(NamedTuple):
    """Shops of one merchant whose days begin alike, and the places of the sessions asked for."""

    tenant: str
    shops: tuple[str, ...]
    low: int
    high: int


class _Question(NamedTuple):
    """What is asked of every index: what for, of which kind, from where on, how many."""

    wanted: Wanted
    filters: Filters
    after: tuple[int, str]
    limit: int


class Asking:
    """Finds sessions."""

    def __init__(self, shelf: Shelf) -> None:
        """Read the indexes of `shelf`."""
        self._shelf = shelf

    def find(
        self, connection: sa.Connection, shops: Mapping[str, Shop], wanted: Wanted, filters: Filters,
        cursor: str | None, *, actor: Actor,
    ) -> Result:  # fmt: skip
        """Return a page of the sessions the actor may read in which everything wanted stands.

        Raises:
            InvalidError: the cursor or the days cannot be read.

        """
        question = _Question(wanted, filters, _read_cursor(cursor), PAGE + 1 if cursor else MOST_COUNTED + 1)
        asked = {key: shop for key, shop in shops.items() if _is_asked(shop, filters) and _may_ask(actor, key)}
        parts = list(_parts(asked, filters))
        hits: list[tuple[Hit, str]] = []
        came: dict[str, dict[str, Any]] = {}
        for part in parts:
            whole = len(part.shops) == sum(shop.tenant == part.tenant for shop in shops.values())
            with self._shelf.lent(part.tenant) as opened:
                if opened is not None:
                    hits += [(each, part.tenant) for each in _asked(opened, part, question, actor, whole=whole)]
                    came[part.tenant] = store.progress(opened)
            came.setdefault(part.tenant, {})
        hits.sort(key=lambda each: (each[0].place, each[0].id), reverse=True)
        page = hits[:PAGE]
        counted = [each for each, _ in hits[:MOST_COUNTED]]
        last = page[-1][0] if len(hits) > PAGE else None
        return Result(
            self._shown(connection, page, wanted, filters, actor),
            None if last is None else f"{last.place}.{last.id}",
            None if cursor else len(counted), len(hits) > MOST_COUNTED, {} if cursor else _counts(counted),
            tuple(sorted(came)), Counter(tenant for _, tenant in (page if cursor else hits[:MOST_COUNTED])),
            progress_of(connection, came, asked.values(), shops, actor=actor),
        )  # fmt: skip

    def _shown(
        self, connection: sa.Connection, page: list[tuple[Hit, str]], wanted: Wanted, filters: Filters, actor: Actor
    ) -> list[tuple[Hit, Conversation, Shown]]:
        """Return what is shown of each, of those alone that the house itself would show the actor now.

        An index may be a moment behind: who was shredded, and whose time with a shop ended, is asked of the database.
        """
        if not page:
            return []
        known = {each.id: each for each in conversations(connection, [hit.id for hit, _ in page])}
        gone = erased_among(connection, {each.customer for each in known.values()})
        said: dict[int, tuple[store.Said, ...]] = {}
        for tenant in {tenant for _, tenant in page}:
            with self._shelf.lent(tenant) as opened:
                if opened is not None:
                    said |= store.messages(opened, [hit.place for hit, whose in page if whose == tenant])
        return [
            (hit, known[hit.id], show(said[hit.place], wanted, filters.side))
            for hit, _ in page
            if hit.id in known
            and hit.place in said
            and may_see(known[hit.id], actor)
            and known[hit.id].customer not in gone
        ]


def _asked(opened: Any, part: _Part, question: _Question, actor: Actor, *, whole: bool) -> list[Hit]:  # noqa: ANN401  # the driver ships no types
    """Return the newest sessions of some shops that the actor's time with each shop reaches."""
    wanted, filters, (place, last), limit = question
    kinds = {"origin": filters.origin, "state": filters.state, "risk": filters.risk, "person": filters.agent}
    marks = [[store.mark(kind, value)] for kind, value in kinds.items() if value]
    if not whole:
        marks.append([store.mark("shop", each) for each in part.shops])
    since = {key: actor.since[ShopId(key)] for key in part.shops if ShopId(key) in actor.since}
    cases = " ".join("WHEN ? THEN ?" for _ in since)
    query = _FIND.format(since=f"CASE s.shop {cases} ELSE 0 END" if since else "0")
    said = matching(wanted, (filters.side,) if filters.side else store.SIDES, marks)
    times = [value for pair in since.items() for value in pair]
    rows = opened.execute(query, (said, part.low, min(part.high, place), place, last, *times, limit))
    return [
        Hit(at, key, shop, tuple(filter(None, people.split(","))), *codes) for at, key, shop, people, *codes in rows
    ]


def _parts(shops: Mapping[str, Shop], filters: Filters) -> Iterator[_Part]:
    check_days(filters.first, filters.last)
    alike: dict[tuple[str, int, int], list[str]] = {}
    for key, shop in shops.items():
        low = 0 if filters.first is None else _beginning(filters.first, shop)
        high = _END if filters.last is None else _beginning(filters.last + timedelta(days=1), shop) - 1
        alike.setdefault((shop.tenant, low, high), []).append(key)
    for (tenant, low, high), keys in sorted(alike.items()):
        yield _Part(tenant, tuple(sorted(keys)), low, high)


def _beginning(day: date, shop: Shop) -> int:
    return store.place_of(to_ms(datetime.combine(day, time(), shop.zone)))


def _may_ask(actor: Actor, shop: str) -> bool:
    """Tell whether the actor may search a shop: who may not read its sessions learns not even how many."""
    return may(actor, SEARCHING, shop=shop) and may(actor, READING, shop=shop)


def _is_asked(shop: Shop, filters: Filters) -> bool:
    return filters.shop in {"", shop.id} and filters.platform in {"", shop.platform}


def _counts(hits: list[Hit]) -> Mapping[str, Mapping[str, int]]:
    return {
        "shop": Counter(each.shop for each in hits),
        "person": Counter(person for each in hits for person in each.people),
        "state": Counter(each.state for each in hits),
        "origin": Counter(each.origin for each in hits),
        "risk": Counter(each.risk for each in hits),
    }


def _read_cursor(cursor: str | None) -> tuple[int, str]:
    if cursor is None:
        return _END, ""
    place, _, last = cursor.partition(".")
    if not place.isascii() or not place.isdecimal() or len(place) > MOST_DIGITS or int(place) > _END or not last:
        message = "this cursor cannot be read"
        raise InvalidError(message, remedy="Search again from the first page.", code="cursor")
    return int(place), last
