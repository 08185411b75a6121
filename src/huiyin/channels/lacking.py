"""Say what a line cannot do, why, and what to do instead: words for the settings page and for errors alike."""

from collections.abc import Mapping

import msgspec

from huiyin.channels.port import Capability
from huiyin.kernel.errors import PermanentError


class Lack(msgspec.Struct, frozen=True, kw_only=True):
    """One thing a line cannot do. Each is said in Chinese, for screens, and in English."""

    reason: str
    """Why, in Chinese."""

    instead: str
    """What to do instead, in Chinese."""

    why: str
    """Why, in English; it ends the sentence `淘宝 cannot …: `."""

    remedy: str
    """What to do instead, in English."""


Cannot = Mapping[Capability, Lack]
"""Everything a line cannot do; with its capabilities it covers every `Capability` there is."""


def lacking(name: str, capability: Capability, lack: Lack) -> PermanentError:
    """Return the error for asking a line of platform `name` for what it cannot do."""
    message = f"{name} cannot {capability.value.replace('_', ' ')}: {lack.why}"
    return PermanentError(message, remedy=lack.remedy, code="line_cannot")
