"""Tokens of visitors: drawn by us for one site, kept by the page alone, and never stored here.

`hv_`, 32 random characters, a dot, and a mark of the house's key over the site and what was drawn. A token for one site
is none at another, and none can be made up. The visitor's reference, under which their words are kept, is a hash of the
token: whoever reads every table of ours finds no token there.
"""

import hmac
import secrets
from hashlib import sha256

import re2

from huiyin.channels.port import VISITOR
from huiyin.kernel.errors import NotSignedInError
from huiyin.security.keys import KeyRing

_TOKEN = re2.compile(r"^hv_[A-Za-z0-9_\-]{32}\.[0-9a-f]{32}$")
_LETTERS = bytes.maketrans(b"0123456789abcdef", b"bcdfghjklmnpqrst")
"""A reference has no digits: it must look like no telephone and no account."""


def new_token(ring: KeyRing, site: str) -> str:
    """Draw a token for a visitor of a site."""
    drawn = secrets.token_urlsafe(24)
    return f"hv_{drawn}.{_mark(ring, site, drawn)}"


def reference_of(ring: KeyRing, site: str, token: str) -> str:
    """Return under which reference the bearer of a token is kept.

    Raises:
        NotSignedInError: it is no token of ours, or one for another site.

    """
    drawn, _, mark = token.removeprefix("hv_").partition(".")
    if not _TOKEN.search(token) or not hmac.compare_digest(mark, _mark(ring, site, drawn)):
        message = "this visitor is not known"
        raise NotSignedInError(message, remedy="Begin anew: ask for another token.", code="visitor_unknown")
    return VISITOR + sha256(f"{site}|{token}".encode()).hexdigest()[:32].encode().translate(_LETTERS).decode()


def _mark(ring: KeyRing, site: str, drawn: str) -> str:
    return ring.house_index("visitor", f"{site}|{drawn}")
