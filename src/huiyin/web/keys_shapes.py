"""The shapes of the keys; see `shapes` for what holds for all of them."""

from datetime import datetime

from huiyin.web.shapes import Shape


class KeyCount(Shape, frozen=True):
    """How many keys of a sort there are. sort: wrap, index, sign, data · state: current, old, destroyed.

    `master` says that the newest version of the master key wraps them, None for data keys, which a tenant's key wraps.
    """

    sort: str
    state: str
    master: bool | None
    number: int


class HoldShape(Shape, frozen=True):
    """A legal hold: what it keeps ("" for everything), why, who placed it, until when (None: further notice)."""

    id: str
    subject: str
    reason: str
    by: str
    until: datetime | None


class TombstoneShape(Shape, frozen=True):
    """Somebody whose keys were destroyed. `sound`: signed by us, and nothing is left; `buried`: in backups neither."""

    id: str
    subject: str
    at: datetime
    by: str
    reason: str
    keys: int
    sound: bool
    buried: bool


class KeyWorkShape(Shape, frozen=True):
    """Key work of this process: what (tenant, data), how far it came, state: running, done, failed."""

    what: str
    done: int
    of: int
    state: str


class KeysShape(Shape, frozen=True):
    """The keys of one's organisation; `master_versions` above one: an older one still opens earlier backups."""

    master_versions: int
    keys: list[KeyCount]
    holds: list[HoldShape]
    tombstones: list[TombstoneShape]
    to_bury: bool
    work: KeyWorkShape | None


class TurnKeys(Shape, frozen=True):
    """Which keys to renew: tenant (the key over the data keys) or data (every person's)."""

    what: str
