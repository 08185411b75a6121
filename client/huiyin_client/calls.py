"""The chief calls of the API, each a value that a client carries out; which scope opens it stands beside it."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, Generic, Literal, Protocol, TypeVar

import msgspec

from huiyin_client import shapes

T = TypeVar("T")
Item = TypeVar("Item")


class Paged(Protocol):
    """An answer that may have a following page."""

    @property
    def next_cursor(self) -> str | None:
        """Where the following page begins; None on the last one."""
        ...


P = TypeVar("P", bound=Paged)


class Call(msgspec.Struct, Generic[T], frozen=True):
    """A call: what is asked, and what the answer is. `keyed` makes something, and carries an idempotency key."""

    method: Literal["GET", "POST"]
    path: str
    answer: Any
    query: Mapping[str, str] = {}
    body: Mapping[str, object] | None = None
    keyed: bool = False
    safe: bool = True
    """Whether it may be sent again although it may have arrived."""


class PagedCall(msgspec.Struct, Generic[P, Item], frozen=True):
    """A call for a long list: its first page, and what each page holds."""

    first: Call[P]
    items: Callable[[P], list[Item]]

    def after(self, cursor: str) -> Call[P]:
        """Return the call for the page that begins at a cursor."""
        if self.first.body is not None:
            return msgspec.structs.replace(self.first, body={**self.first.body, "cursor": cursor})
        return msgspec.structs.replace(self.first, query={**self.first.query, "cursor": cursor})


def own_token() -> Call[shapes.OwnToken]:
    """Ask what the token opens now, and for which shops; every token may."""
    return Call("GET", "/api/account/tokens/own", shapes.OwnToken)


def connections() -> Call[list[shapes.Connection]]:
    """Ask how the shops are connected (`connection:read`)."""
    return Call("GET", "/api/connections", list[shapes.Connection])


def search(
    words: str, *, shop: str = "", risk: str = "", first: date | None = None, last: date | None = None
) -> PagedCall[shapes.FoundSessions, shapes.FoundSession]:
    """Look for sessions by what was said, in the shops' own days (`conversation:search`, `conversation:read`)."""
    body = {"words": words, "shop": shop, "risk": risk, "first": first, "last": last}
    return PagedCall(
        Call[shapes.FoundSessions]("POST", "/api/sessions/search", shapes.FoundSessions, body=body),
        lambda page: page.sessions,
    )


def wall(shop: str = "") -> Call[shapes.Wall]:
    """Ask for the figures of today (`wall:read`)."""
    return Call("GET", "/api/wall", shapes.Wall, _given(shop=shop))


def report(since: date, until: date, *, shop: str = "", history: bool = False) -> Call[shapes.Report]:
    """Ask for the figures of some days, both included (`wall:read`)."""
    return Call("GET", "/api/reports", shapes.Report, _days(since, until, shop, history))


def report_rows(
    figure: str, since: date, until: date, *, shop: str = "", history: bool = False
) -> PagedCall[shapes.FigureRows, shapes.FigureRow]:
    """Ask for the sessions behind a figure of some days (`wall:read`)."""
    query = {**_days(since, until, shop, history), "figure": figure}
    return PagedCall(
        Call[shapes.FigureRows]("GET", "/api/reports/rows", shapes.FigureRows, query), lambda page: page.rows
    )


def imports(limit: int = 50) -> PagedCall[shapes.ImportPage, shapes.Import]:
    """Ask for the files that were brought in (`import:read`)."""
    first = Call[shapes.ImportPage]("GET", "/api/imports", shapes.ImportPage, {"limit": str(limit)})
    return PagedCall(first, lambda page: page.imports)


def refused_rows(file: str, limit: int = 500) -> PagedCall[shapes.RefusedPage, shapes.RefusedRow]:
    """Ask which rows of a file were refused, and why (`import:read`)."""
    first = Call[shapes.RefusedPage]("GET", f"/api/imports/{file}/refused", shapes.RefusedPage, {"limit": str(limit)})
    return PagedCall(first, lambda page: page.rows)


def accounts() -> Call[list[shapes.Account]]:
    """Ask who sits behind platform accounts (`platform_account:read`)."""
    return Call("GET", "/api/accounts", list[shapes.Account])


def map_account(
    shop: str, account: str, person: str, since: datetime, until: datetime | None = None
) -> Call[shapes.Account]:
    """Write down who sits behind a platform account from when (`platform_account:write`); moments with their zone."""
    body = {"shop": shop, "account": account, "person": person, "effectiveFrom": since, "effectiveTo": until}
    return Call("POST", "/api/accounts", shapes.Account, body=body, keyed=True)


def webhooks() -> Call[list[shapes.Webhook]]:
    """Ask for the endpoints, and how each stands (`webhook:read`)."""
    return Call("GET", "/api/webhooks", list[shapes.Webhook])


def deliveries(webhook: str, limit: int = 50) -> PagedCall[shapes.DeliveryPage, shapes.Delivery]:
    """Ask what an endpoint was told in the last 30 days (`webhook:read`)."""
    path = f"/api/webhooks/{webhook}/deliveries"
    first = Call[shapes.DeliveryPage]("GET", path, shapes.DeliveryPage, {"limit": str(limit)})
    return PagedCall(first, lambda page: page.deliveries)


def _given(**query: str) -> dict[str, str]:
    return {name: value for name, value in query.items() if value}


def _days(since: date, until: date, shop: str, history: bool) -> dict[str, str]:  # noqa: FBT001  # as it was named above
    return _given(
        since=since.isoformat(), until=until.isoformat(), shop=shop, history="true" if history else ""
    )  # fmt: skip
