"""Say how one shop's widget is set up: on whose pages it may stand, how it greets, and the key that names the shop."""

import secrets
from typing import ClassVar
from urllib.parse import urlsplit

import msgspec
import re2

from huiyin.channels.lines import is_loopback
from huiyin.kernel.errors import InvalidError
from huiyin.kernel.ids import ShopId

MOST_ORIGINS = 20
MOST_TITLE = 40
MOST_GREETING = 300
_SITE = re2.compile(r"^hs_[0-9a-f]{20}$")
_HOST = re2.compile(r"^[0-9a-z.\-]+$|^\[[0-9a-f:.]+\]$")
_REMEDY = "Write each as https://shop.example, without a path; several are parted by commas"


def new_site() -> str:
    """Draw a site key. It names a shop to the door and is no secret: it stands in the page of the shop."""
    return f"hs_{secrets.token_hex(10)}"


class WidgetSettings(msgspec.Struct, frozen=True, kw_only=True):
    """One shop's widget. `origins` are the pages that may speak for it, as browsers name them: scheme, host, port."""

    live: ClassVar[bool] = True

    shop: ShopId
    site: str
    origins: tuple[str, ...]
    title: str = ""
    greeting: str = ""

    def __post_init__(self) -> None:
        """Refuse a widget without a page it may stand on, and pages anybody on the way could change.

        Raises:
            InvalidError: naming what to set.

        """
        if not _SITE.search(self.site):
            message = "a widget needs a site key"
            raise InvalidError(message, remedy="leave it out: it is drawn by lot", code="settings_odd")
        if not 1 <= len(self.origins) <= MOST_ORIGINS:
            message = f"a widget needs 1 to {MOST_ORIGINS} origins"
            raise InvalidError(message, remedy=_REMEDY, code="origin_odd")
        if len(self.title) > MOST_TITLE or len(self.greeting) > MOST_GREETING:
            message = "the title or the greeting is too long"
            remedy = f"a title has up to {MOST_TITLE} characters, a greeting up to {MOST_GREETING}"
            raise InvalidError(message, remedy=remedy, code="settings_odd")
        msgspec.structs.force_setattr(self, "origins", tuple(dict.fromkeys(map(read_origin, self.origins))))


def read_origin(written: str) -> str:
    """Return an origin as browsers write it: lower case, no usual port, no slash at the end.

    Raises:
        InvalidError: no https (this machine may be plain), a path, a user, or no host.

    """
    try:
        parts = urlsplit(written.strip().lower())
        host, port = parts.hostname or "", parts.port
    except ValueError:
        parts, host, port = urlsplit(""), "", None
    shown = f"[{host}]" if ":" in host else host
    safe = parts.scheme == "https" or (parts.scheme == "http" and is_loopback(host))
    bare = parts.path in {"", "/"} and not parts.query and not parts.fragment and "@" not in parts.netloc
    if not (safe and bare and _HOST.search(shown)):
        message = "an origin of the widget cannot be used"
        raise InvalidError(message, remedy=_REMEDY, code="origin_odd")
    usual = {"https": 443, "http": 80}[parts.scheme]
    return f"{parts.scheme}://{shown}" if port in {None, usual} else f"{parts.scheme}://{shown}:{port}"
