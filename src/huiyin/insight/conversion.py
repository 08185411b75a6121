"""Inquiry conversion (询单转化): which agent an order after a consult counts for, and how many inquirers ordered.

Pure rules over records somebody hands in (`inquiring`). docs/formulas/conversion.md gives definitions, sources and
what is missing.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from huiyin.insight.measures import UNKNOWN_PART, Value
from huiyin.kernel.clock import from_ms
from huiyin.kernel.errors import InvalidError
from huiyin.kernel.units import Fen

CANCEL_MS = int(timedelta(days=15).total_seconds() * 1000)
"""A cancellation up to so long after the order takes the credit away again."""

WHOLE_SHOP = ""
"""Stands for all agents of a shop together."""


class Consult(NamedTuple):
    """An agent served a customer: `at` is the agent's last word, in ms; `skus` what they spoke of.

    `began` is their first word, the same as the last unless told. `presale` tells whether the customer asked before
    buying; None where nobody can tell.
    """

    shop: str
    customer: str
    agent: str
    at: int
    skus: frozenset[str] = frozenset()
    presale: bool | None = None
    began: int | None = None
    history: bool = False
    """True if it was imported or backfilled."""

    @property
    def since(self) -> int:
        """Return from when on an order comes after it: whoever orders while they talk was won by the talk."""
        return self.at if self.began is None else self.began


class Line(NamedTuple):
    """One SKU of an order. `discount` is what was taken off the line in all; None where it is not told."""

    sku: str
    price: Fen
    quantity: int
    discount: Fen | None


class Placed(NamedTuple):
    """An order as it was placed, paid or not; moments in ms."""

    order: str
    shop: str
    customer: str
    placed_at: int
    lines: tuple[Line, ...]
    cancelled_at: int | None = None


class Credit(NamedTuple):
    """A line of an order that counts for a consult; `amount` is None where the discount is not told."""

    order: str
    sku: str
    consult: Consult
    amount: Fen | None


class Conversion(NamedTuple):
    """What the consults of an agent, or of a whole shop, led to.

    `share` is of customers and days: who asks on two days is two. `amount` is None where it is not known of one line.
    """

    share: Value
    orders: int
    amount: Fen | None


def amount_of(line: Line) -> Fen | None:
    """Return price × quantity − discount, None where the discount is not told.

    Raises:
        InvalidError: the line would be worth less than nothing.

    """
    if line.discount is None:
        return None
    amount = line.price * line.quantity - line.discount
    if line.quantity < 1 or line.discount < 0 or amount < 0:
        message = f"the line of SKU {line.sku!r} does not add up: {line.quantity} × {line.price} − {line.discount} 分"
        raise InvalidError(message, remedy="Give one piece's price and the whole line's discount.", code="choice")
    return Fen(amount)


def credited(orders: Iterable[Placed], consults: Iterable[Consult], window: timedelta, known_at: int) -> list[Credit]:
    """Return for whom each line of each order counts, as known at `known_at`; lines nobody earned are left out.

    The order must come after the consult began, at most `window` after it ended. It goes to the last agent who spoke of
    the SKU, else to the last agent of the shop, as it stood when the order was placed.
    """
    served: dict[tuple[str, str], list[Consult]] = {}
    for each in consults:
        served.setdefault((each.shop, each.customer), []).append(each)
    reach = int(window.total_seconds() * 1000)
    found: list[Credit] = []
    for order in orders:
        if _is_off(order, known_at):
            continue
        near = [
            each
            for each in served.get((order.shop, order.customer), ())
            if each.since < order.placed_at <= each.at + reach
        ]
        if near:
            found += [
                Credit(order.order, line.sku, _last(near, line.sku, order.placed_at), amount_of(line))
                for line in order.lines
            ]
    return found


def _is_off(order: Placed, known_at: int) -> bool:
    """Tell whether an order counts for nobody: not yet placed, or cancelled soon enough, as far as was known."""
    if order.placed_at > known_at:
        return True
    off = order.cancelled_at
    return off is not None and off <= known_at and off - order.placed_at <= CANCEL_MS


def _last(near: Sequence[Consult], sku: str, placed_at: int) -> Consult:
    spoke_of_it = [each for each in near if sku in each.skus]
    return max(spoke_of_it or near, key=lambda each: (min(each.at, placed_at), each.since, each.agent))


def conversions(
    consults: Sequence[Consult], won: Sequence[Credit], zones: Mapping[str, ZoneInfo]
) -> dict[tuple[str, str], Conversion]:
    """Return conversions by shop and agent, and of each shop as a whole; days are those of the shop's zone.

    A customer counts once a day and agent, on the day of the consult, so that days add up. Agents do not add up to
    their shop: a customer whom two of them served is one customer of the shop.
    """
    groups = {(each.shop, agent) for each in consults for agent in (each.agent, WHOLE_SHOP)}
    return {group: _conversion(group, consults, won, zones[group[0]]) for group in sorted(groups)}


def _conversion(
    group: tuple[str, str], consults: Sequence[Consult], won: Sequence[Credit], zone: ZoneInfo
) -> Conversion:
    mine = [each for each in consults if _belongs(each, group)]
    earned = [each for each in won if _belongs(each.consult, group)]
    amounts = [each.amount for each in earned]
    total = None if None in amounts else Fen(sum(each for each in amounts if each is not None))
    orders = len({each.order for each in earned})
    if any(each.presale is None for each in mine):
        return Conversion(Value(None, why=UNKNOWN_PART), orders, total)
    asked = {_visit(each, zone) for each in mine if each.presale}
    ordered = asked & {_visit(each.consult, zone) for each in earned}
    share = len(ordered) / len(asked) if asked else None
    return Conversion(Value(share, len(ordered), len(asked)), orders, total)


def _belongs(consult: Consult, group: tuple[str, str]) -> bool:
    return consult.shop == group[0] and group[1] in {WHOLE_SHOP, consult.agent}


def _visit(consult: Consult, zone: ZoneInfo) -> tuple[str, date]:
    return consult.customer, from_ms(consult.at).astimezone(zone).date()
