"""Check what the settings of any line must keep to: keys filled in, an address that keeps tokens to itself."""

import ipaddress
from collections.abc import Mapping
from urllib.parse import urlsplit

from huiyin.kernel.errors import InvalidError

MOST_CALLS_PER_SECOND = 100.0
MOST_TIMEOUT_SECONDS = 60.0


def check_keys(platform: str, keys: Mapping[str, str]) -> None:
    """Refuse a line without its keys.

    Raises:
        InvalidError: naming the fields to fill, never what stands in them.

    """
    empty = [name for name, value in keys.items() if not value.strip()]
    if empty:
        message = f"a line to {platform} needs {', '.join(empty)}"
        raise InvalidError(message, remedy=f"fill {', '.join(empty)} in the shop's settings", code="settings_odd")


def check_address(platform: str, url: str) -> None:
    """Refuse an address that would send tokens in the clear; this machine, where the simulator is, may be plain.

    Raises:
        InvalidError: no https, no host, or a query of its own.

    """
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        parts, host = urlsplit(""), ""
    safe = parts.scheme == "https" or (parts.scheme == "http" and is_loopback(host))
    if not (host and safe) or parts.query or parts.fragment or "@" in parts.netloc:
        message = f"the gateway address of {platform} cannot be used"
        remedy = "begin it with https:// and leave out users and queries"
        raise InvalidError(message, remedy=remedy, code="settings_odd")


def check_limits(platform: str, calls_per_second: float, timeout_seconds: float) -> None:
    """Refuse a pace or a patience that makes no sense.

    Raises:
        InvalidError: zero, negative or beyond the bounds.

    """
    if not 0 < calls_per_second <= MOST_CALLS_PER_SECOND or not 0 < timeout_seconds <= MOST_TIMEOUT_SECONDS:
        message = f"calls_per_second and timeout_seconds of a line to {platform} are out of bounds"
        most = f"{MOST_CALLS_PER_SECOND:.0f} calls a second and {MOST_TIMEOUT_SECONDS:.0f} seconds"
        remedy = f"stay above 0, up to {most}"
        raise InvalidError(message, remedy=remedy, code="settings_odd")


def is_loopback(host: str) -> bool:
    """Tell whether `host` names this machine; names other than `localhost` are not resolved."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
