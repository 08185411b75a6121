"""Pure rules of a conversation: which session a record belongs to, who wrote it, what it moves."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from huiyin.channels.port import Inbound, Origin, Sender
from huiyin.kernel.clock import to_ms
from huiyin.kernel.ids import new_id
from huiyin.org.views import Shop

SAME_SESSION_MS = 10 * 60 * 1000
"""JD counts a customer who returns within ten minutes of the close as the same session."""

UNSETTLED = ("queued", "sending", "unknown")
"""Replies that may reach the customer yet, or did, for all we know."""

MOST_SKUS, LONGEST_SKU = 20, 40
"""Goods of one conversation that are kept, and characters of a number."""

MOVING = (
    "session_ref", "opened_at", "state", "person", "engagement", "order_ref", "sku_refs", "queued_at", "waiting_since",
    "last_at", "last_message", "closed_at", "close_reason", "unread",
)  # fmt: skip
"""The columns a received record may change."""


class Thread:
    """One conversation while a batch is being received."""

    def __init__(self, row: dict[str, Any], *, fresh: bool) -> None:
        """Take over a row, stored or new."""
        self._row = row
        self.fresh = fresh
        self.changed = fresh
        self.reordered = False
        """A record came in of before others: so do days and files that are brought in later."""
        self.echoed = False
        """Our own reply was told back: since when its customer waits must be reckoned anew."""

    @classmethod
    def of(cls, row: Any) -> "Thread":  # noqa: ANN401  # a database row has no static type
        """Wrap a stored row."""
        return cls(row._asdict(), fresh=False)

    @classmethod
    def opened(cls, inbound: Inbound, customer: str, shop: Shop) -> "Thread":
        """Begin a conversation with its first record."""
        at = to_ms(inbound.platform_at)
        return cls(
            {
                "id": new_id(), "tenant": shop.tenant, "shop": shop.id, "customer": customer,
                "session_ref": inbound.session_ref, "origin": inbound.origin,
                "state": "new" if is_answered(inbound.origin, bot=shop.bot) else "recorded",
                "skill": "", "person": None, "engagement": "", "order_ref": inbound.order_ref, "sku_refs": "",
                "greeted": False,
                "opened_at": at, "queued_at": None, "waiting_since": None, "last_at": at, "last_message": "",
                "closed_at": None, "close_reason": "", "unread": 0, "outside_hours": False, "kept": "all",
            },
            fresh=True,
        )  # fmt: skip

    @property
    def id(self) -> str:
        """Return the conversation's id."""
        return str(self._row["id"])

    @property
    def customer(self) -> str:
        """Return the customer's id."""
        return str(self._row["customer"])

    @property
    def tenant(self) -> str:
        """Return the merchant the conversation belongs to."""
        return str(self._row["tenant"])

    @property
    def shop(self) -> str:
        """Return the shop."""
        return str(self._row["shop"])

    @property
    def state(self) -> str:
        """Return new, bot, waiting, human, recorded or closed."""
        return str(self._row["state"])

    @property
    def opened_at(self) -> int:
        """Return when it began, in milliseconds."""
        return int(self._row["opened_at"])

    def takes(self, inbound: Inbound) -> bool:
        """Tell whether a record belongs here.

        Where the platform names its session, that name decides for closed conversations and for records that
        nobody answers through us; an open live conversation takes whatever its customer says.
        """
        if inbound.origin != self._row["origin"]:
            return False
        named = bool(inbound.session_ref) and bool(self._row["session_ref"])
        if named and inbound.session_ref == self._row["session_ref"]:
            return True
        if self.state == "recorded":
            return not named
        if self.state == "closed":
            closed_at = self._row["closed_at"] or 0
            return 0 <= to_ms(inbound.platform_at) - closed_at <= SAME_SESSION_MS
        return True

    def reopen(self) -> None:
        """Go back to the state before routing."""
        self._row.update(state="new", person=None, engagement="", closed_at=None, close_reason="", queued_at=None)
        self.changed = True

    def heard(self, inbound: Inbound, message: str, platform_at: int) -> None:
        """Move the conversation on by one record."""
        self.changed = True
        row = self._row
        row["order_ref"] = inbound.order_ref or row["order_ref"]
        row["session_ref"] = inbound.session_ref or row["session_ref"]
        row["sku_refs"] = with_sku(row["sku_refs"], inbound)
        if self.state == "recorded" and platform_at < row["last_at"]:
            self.reordered = True
            row["opened_at"] = min(row["opened_at"], platform_at)
            return
        row["last_at"] = max(row["last_at"], platform_at)
        row["last_message"] = message
        if inbound.sender is Sender.CUSTOMER:
            row["unread"] += 1
            if row["waiting_since"] is None:
                row["waiting_since"] = platform_at
        elif inbound.sender in {Sender.AGENT, Sender.BOT}:
            row["waiting_since"] = None
            row["unread"] = 0

    def row(self) -> dict[str, Any]:
        """Return the whole row, for an insert."""
        return self._row

    def moving(self) -> dict[str, Any]:
        """Return the columns that may have changed, for an update."""
        return {name: self._row[name] for name in MOVING}


def with_sku(known: str, inbound: Inbound) -> str:
    """Return the goods a conversation is about, the latest last, with what a record is about: numbers with spaces."""
    sku = inbound.sku_ref or inbound.content.data.get("sku_id", "")
    if not sku or " " in sku or len(sku) > LONGEST_SKU:
        return known
    others = [each for each in known.split() if each != sku]
    return " ".join([*others[1 - MOST_SKUS :], sku])


class Word(NamedTuple):
    """One message as far as waiting goes: whether it `leaves` by itself, and whether the bot parted with it."""

    version: int
    sender: str
    platform_at: int
    delivery: str | None
    leaves: bool
    parting: bool

    @property
    def answers(self) -> bool:
        """Tell whether a customer is answered by this, as far as anybody knows."""
        if self.sender not in {Sender.AGENT, Sender.BOT} or self.parting:
            return False
        under_way = self.leaves and self.delivery in {"approved", "sending"}
        return under_way or self.delivery in {None, "delivered", "copied"}


def first_unanswered(words: Sequence[Word]) -> int | None:
    """Return when the customer said the first word nobody answered, None if there is none; words in their order.

    What was pasted by hand stands where the platform has it, perhaps behind words that came after the draft.
    """
    answers = [word for word in words if word.answers]
    version = max((word.version for word in answers), default=0)
    pasted = [word.platform_at for word in answers if word.delivery == "delivered" and not word.leaves]
    at = max(pasted, default=-1)
    return next(
        (
            word.platform_at
            for word in words
            if word.sender == Sender.CUSTOMER and word.version > version and word.platform_at > at
        ),
        None,
    )


def is_answered(origin: str, *, bot: bool) -> bool:
    """Tell whether we answer conversations of an origin: never a backfill, a replay only where asked for."""
    if origin == Origin.BACKFILL:
        return False
    return bot if origin == Origin.REPLAY else True


def author_of(inbound: Inbound, person: str | None, account: str) -> str:
    """Return who wrote a record: a person we know, or the platform account nobody is mapped to, by its index."""
    if inbound.sender is Sender.CUSTOMER:
        return "customer"
    if person is not None:
        return f"person:{person}"
    return f"waiter:{account}" if account else str(inbound.sender)
