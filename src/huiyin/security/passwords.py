"""Hash and check passwords with argon2id (RFC 9106, the library's recommended parameters), and refuse weak ones.

A password is compared in Unicode's NFKC form (NIST SP 800-63B §5.1.1.2): what an input method writes in full width
is the same password.
"""

import secrets
import threading
import unicodedata
from collections.abc import Iterable

import argon2

from huiyin.kernel.errors import InvalidError

FEWEST_CHARACTERS = 12
MOST_CHARACTERS = 256
FEWEST_POINTS = 3
"""Of zxcvbn's 0 to 4: 3 is "safely unguessable" in its authors' words (Wheeler, USENIX Security 2016)."""
LOOKED_AT = 72
"""How many characters are judged: the time grows with the square, and nobody guesses that far."""
MOST_AT_ONCE = 4
"""Hashes at the same time: each takes 64 MiB on purpose, and a flood of attempts must not take the machine's memory."""
COMMON_HERE = (
    "huiyin", "回音", "jingdong", "京东", "kefu", "客服", "dianpu", "店铺", "shangjia", "woaini", "woaini1314",
    "5201314", "1314520", "1314", "520", "mima", "密码", "denglu", "guanliyuan", "admin", "xiaomi", "zhongguo",
    "beijing", "shanghai", "shenzhen", "gongzuo",
)  # fmt: skip
"""Words that English lists of common passwords do not know."""

_hasher = argon2.PasswordHasher()
_DECOY = _hasher.hash(secrets.token_urlsafe(32))
_places = threading.BoundedSemaphore(MOST_AT_ONCE)


def hash_password(password: str) -> str:
    """Return the stored form of a password."""
    with _places:
        return _hasher.hash(_folded(password))


def password_matches(stored: str | None, password: str) -> bool:
    """Tell whether `password` is the one stored; a login that is unknown or has none takes as long as any other."""
    with _places:
        try:
            _hasher.verify(stored or _DECOY, _folded(password))
        except (argon2.exceptions.VerifyMismatchError, argon2.exceptions.InvalidHashError):
            return False
    return bool(stored)


def needs_rehash(stored: str) -> bool:
    """Tell whether a stored password was hashed with lesser parameters than those of today."""
    return _hasher.check_needs_rehash(stored)


def check_strength(password: str, own_words: Iterable[str]) -> None:
    """Refuse a password that is short or easily guessed; no rule asks for digits or signs (NIST SP 800-63B).

    Raises:
        InvalidError: too short, too long, or guessable from common words and `own_words`, such as login and name.

    """
    from zxcvbn import zxcvbn  # its word lists take a moment to load, and few requests need them

    folded = _folded(password)
    if not FEWEST_CHARACTERS <= len(folded) <= MOST_CHARACTERS:
        raise InvalidError(
            f"a password has {FEWEST_CHARACTERS} to {MOST_CHARACTERS} characters",
            remedy="Take a sentence you remember; blanks and Chinese are welcome.",
            code="password_length",
        )
    told = zxcvbn(folded[:LOOKED_AT], user_inputs=[*COMMON_HERE, *own_words])
    if told["score"] < FEWEST_POINTS:
        raise InvalidError(
            "this password is easily guessed",
            remedy="Take a sentence of several words that have nothing to do with each other.",
            code="password_weak",
        )


def _folded(password: str) -> str:
    return unicodedata.normalize("NFKC", password)
