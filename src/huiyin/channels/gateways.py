"""Say through which of a platform's gateways something was read, and which gateway serves what."""

from datetime import datetime
from enum import StrEnum

import msgspec


class Source(msgspec.Struct, frozen=True):
    """Where a record was read: the gateway's name and the method as the platform spells it."""

    gateway: str = ""
    method: str = ""


class WhyNot(StrEnum):
    """Why no gateway serves a capability."""

    NOT_CHOSEN = "not_chosen"
    """The shop's settings leave out the gateways that could."""

    NOT_OFFERED = "not_offered"
    """No gateway of the platform can."""

    NO_KEY = "no_key"
    """The key or grant it needs is not set."""

    NOT_ASKED = "not_asked"
    """The platform does not ask for it of an app like this."""

    REFUSED = "refused"
    """The platform refused this shop or this machine for good."""


class Served(msgspec.Struct, frozen=True, kw_only=True):
    """Which gateway serves a capability, and since when; or why none does.

    `needs` names the setting that is missing for `NO_KEY`, and the platform's code for `REFUSED`.
    """

    gateway: str = ""
    since: datetime | None = None
    why_not: WhyNot | None = None
    needs: str = ""
