"""The shapes of what waits for a person's word; see `shapes` for what holds for all of them."""

from datetime import datetime
from typing import Annotated

import msgspec

from huiyin.web.shapes import MessageShape, Named, Shape, Short

Moment = Annotated[datetime, msgspec.Meta(tz=True)]
"""A time somebody names; one without a zone is refused."""


class SettleReply(Shape, frozen=True):
    """What became of an unknown reply: delivered (`at` a time, or that of the attempt), resent or dropped."""

    outcome: Short
    at: Moment | None = None


class SettledReply(Shape, frozen=True):
    """The reply as it stands now, and the fresh one where it was sent anew."""

    message: MessageShape
    resent: MessageShape | None


class UnsettledReply(Shape, frozen=True):
    """A reply whose outcome nobody knows. `agent` has the conversation now; sender is agent or bot."""

    message: str
    conversation: str
    shop: Named
    customer: str
    agent: Named | None
    sender: str
    author: str
    at: datetime
    text: str


class UnsettledReplies(Shape, frozen=True):
    """The oldest replies that wait for a person's word, and how many there are in all."""

    total: int
    replies: list[UnsettledReply]


class StuckEvent(Shape, frozen=True):
    """What a listener could not take of one subject. state: retrying (by itself, at `next_try`), parked (by you).

    `conversation` is set where it is about one, `about` is the customer's or the person's name. `error` is the kind
    of the failure, never its words. `behind` later events wait for this one.
    """

    listener: str
    subject: str
    event: str
    shop: Named | None
    conversation: str | None
    about: str
    at: datetime
    state: str
    tries: int
    next_try: datetime | None
    error: str
    behind: int


class Retried(Shape, frozen=True):
    """What another try brought: how many events went through, and what is stuck still."""

    healed: int
    left: StuckEvent | None


class SittingShape(Shape, frozen=True):
    """A record of who sits behind an account: when it holds, when it was written down, when it was replaced."""

    id: str
    person: Named
    effective_from: datetime
    effective_to: datetime | None
    recorded_at: datetime
    replaced_at: datetime | None


class Account(Shape, frozen=True):
    """A platform account of a shop. `person` sits behind it now, as far as anybody wrote it down.

    `messages` counts what was written under it while nobody was named; that stays with the account for good.
    """

    shop: Named
    account: str
    person: Named | None
    messages: int
    first_at: datetime | None
    last_at: datetime | None
    sittings: list[SittingShape]


class MapAccount(Shape, frozen=True):
    """Write down who sits behind an account, from and until; `replaces` names a record that was wrong."""

    shop: Short
    account: Short
    person: Short
    effective_from: Moment
    effective_to: Moment | None = None
    replaces: Short | None = None
