"""What happens to organisations, people and seats."""

from huiyin.eventlog.events import Event


class ShopOpened(Event, frozen=True, tag="org.ShopOpened"):
    """A shop joined."""

    shop: str


class ShopChanged(Event, frozen=True, tag="org.ShopChanged"):
    """A shop is called otherwise, or is of another trade."""

    shop: str


class EngagementRecorded(Event, frozen=True, tag="org.EngagementRecorded"):
    """A vendor's service for a shop was written down for an interval."""

    engagement: str
    vendor: str
    shop: str


class ShiftRecorded(Event, frozen=True, tag="org.ShiftRecorded"):
    """A person's shift was written down, or an earlier record of it replaced; "" replaces none."""

    shift: str
    person: str
    replaces: str


class AccountMapped(Event, frozen=True, tag="org.AccountMapped"):
    """Somebody wrote down who sits behind a platform account from, until; `until` is None until further notice."""

    record: str
    person: str
    since: int
    until: int | None
    replaces: str


class PersonRegistered(Event, frozen=True, tag="org.PersonRegistered"):
    """Somebody got a login."""

    person: str


class AccessChanged(Event, frozen=True, tag="org.AccessChanged"):
    """What a person may do changed: roles, sessions, or whether they come in at all."""

    person: str


class PresenceChanged(Event, frozen=True, tag="org.PresenceChanged"):
    """An agent's seat changed: online, busy, rest, training, offline; `because` says who or what moved it."""

    person: str
    state: str
    because: str


ALL: tuple[type[Event], ...] = (
    ShopOpened,
    ShopChanged,
    EngagementRecorded,
    ShiftRecorded,
    AccountMapped,
    PersonRegistered,
    AccessChanged,
    PresenceChanged,
)
"""Every event of this room."""
