"""The shapes of the keys; see `shapes` for what holds for all of them."""

from datetime import datetime
from typing import Annotated

import msgspec

from huiyin.web.shapes import Named, Shape


class KeyCount(Shape, frozen=True):
    """How many keys of a sort there are. sort: wrap, index, sign, data · state: current, old, destroyed.

    `master` says that the newest version of the master key wraps them, None for data keys, which a tenant's key wraps.
    """

    sort: str
    state: str
    master: bool | None
    number: int


class HoldShape(Shape, frozen=True):
    """A legal hold: what it keeps ("" for everything), why, who placed it, until when (None: further notice).

    `label` is the customer's starred account or a person's name, "" where it keeps everything.
    """

    id: str
    subject: str
    label: str
    reason: str
    by: str
    until: datetime | None


class TombstoneShape(Shape, frozen=True):
    """Somebody whose keys were destroyed. `sound`: signed by us, and nothing is left; `buried`: in backups neither.

    `rows` is how many sealed rows nobody can open any more.
    """

    id: str
    subject: str
    at: datetime
    by: str
    reason: str
    keys: int
    rows: int
    sound: bool
    buried: bool


class KeyWorkShape(Shape, frozen=True):
    """Key work of this process: what (tenant, data), how far it came, state: running, done, failed."""

    what: str
    done: int
    of: int
    state: str


class KeysShape(Shape, frozen=True):
    """The keys of one's organisation; `master_versions` above one: an older one still opens earlier backups.

    `customers`: those of customers are among them, as a merchant's are and a vendor's never.
    """

    master_versions: int
    keys: list[KeyCount]
    holds: list[HoldShape]
    tombstones: list[TombstoneShape]
    customers: bool
    to_bury: bool
    work: KeyWorkShape | None


class TurnKeys(Shape, frozen=True):
    """Which keys to renew: tenant (the key over the data keys) or data (every person's)."""

    what: str


class FindCustomer(Shape, frozen=True):
    """Whom a letter is about: by account (at the platform), order or phone, and what the letter names."""

    by: Annotated[str, msgspec.Meta(max_length=16)]
    value: Annotated[str, msgspec.Meta(max_length=200)]


class HeldShape(Shape, frozen=True):
    """How much is held of one customer of one shop, and since when; none of their words.

    `label` is their account, starred. `under_way`: conversations that are not over. `masked`: messages that hide
    personal data. `seen`: how often a stretch of it was revealed. `holds` are those that keep them.
    """

    id: str
    shop: Named
    label: str
    conversations: int
    under_way: int
    since: datetime | None
    until: datetime | None
    messages: int
    masked: int
    notes: int
    seen: int
    holds: list[HoldShape]


class PlaceHold(Shape, frozen=True):
    """A hold on a customer ("" for everything): the law or file number, and until when (None: further notice)."""

    customer: Annotated[str, msgspec.Meta(max_length=64)]
    reason: Annotated[str, msgspec.Meta(max_length=200)]
    until: Annotated[datetime, msgspec.Meta(tz=True)] | None = None


class ShredCustomer(Shape, frozen=True):
    """The file number of the request; no names, for it stands in the tombstone in plain."""

    reason: Annotated[str, msgspec.Meta(max_length=200)]
