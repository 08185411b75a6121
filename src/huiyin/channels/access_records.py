"""What a platform wants to know of who reached its data through us (JD: ISV 日志).

A record says what one person did: signed in, was shown orders, passed orders on, or worked at the database. It carries
ids and addresses, never a customer's name and never a word of a chat.
"""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Protocol

import msgspec

MOST_ORDERS = 100
"""Order numbers in one record: JD's limit of `order_ids`."""
MOST_TOGETHER = 50
"""Records handed over in one call."""


class AccessKind(StrEnum):
    """What was done, as JD parts it."""

    SIGN_IN = "sign_in"
    ORDERS = "orders"
    PASSED_ON = "passed_on"
    DATABASE = "database"


class AccessRecord(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One thing that somebody did.

    `person` is our id of whom, `address` their network address, `device` the browser in words of ours, `page` the path
    they asked for. `why` says why a sign-in failed, "" where it did not. `orders` are the platform's numbers, at most
    `MOST_ORDERS`. `sent_to` is where orders were passed on to. `statement` is what was run at the database, no values.
    """

    kind: AccessKind
    at: datetime
    person: str
    address: str
    device: str
    page: str
    why: str = ""
    orders: tuple[str, ...] = ()
    sent_to: str = ""
    database: str = ""
    statement: str = ""


class AccessLine(Protocol):
    """A line whose platform wants to know."""

    async def tell_access(self, records: Sequence[AccessRecord]) -> None:
        """Tell the platform of records of one kind, at most `MOST_TOGETHER`, oldest first.

        Raises:
            TemporaryError: it did not take them now; told again they may be there twice.
            PermanentError: it refuses them, and why.

        """
        ...
