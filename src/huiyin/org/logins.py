"""Read logins alike that look alike, and refuse those that only look like another. Pure."""

import unicodedata

from huiyin.kernel.errors import InvalidError

TOGETHER = frozenset({"CJK", "HIRAGANA", "KATAKANA", "HANGUL", "BOPOMOFO"})
"""Scripts that stand beside another one in honest names, as in 客服lin; none of them looks like it."""


def folded(login: str) -> str:
    """Return what a login is found by: full width or half, large letters or small, composed or not, are one (NFKC)."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", login).strip().casefold())


def check_login(login: str) -> None:
    """Refuse what is no login, or looks like somebody else's.

    Raises:
        InvalidError: too short or long, with blanks, or with letters of several scripts.

    """
    if login != login.strip() or not 2 <= len(login) <= 60 or not login.isprintable() or " " in login:
        message = "a login has 2 to 60 characters and no blanks"
        raise InvalidError(message, remedy="An e-mail address or a short name will do.", code="person_login")
    scripts = {unicodedata.name(each, "?").partition(" ")[0] for each in folded(login) if each.isalpha()} - TOGETHER
    if len(scripts) > 1:
        message = f"a login has letters of one script, not of {' and '.join(sorted(scripts)).lower()} together"
        remedy = "Letters of several scripts look alike: type it again with one keyboard layout."
        raise InvalidError(message, remedy=remedy, code="login_scripts")
