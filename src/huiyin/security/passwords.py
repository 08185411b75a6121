"""Hash and check passwords with argon2id (RFC 9106, the library's recommended parameters)."""

import argon2

_hasher = argon2.PasswordHasher()
_DECOY = _hasher.hash("nobody has this password")


def hash_password(password: str) -> str:
    """Return the stored form of a password."""
    return _hasher.hash(password)


def password_matches(stored: str | None, password: str) -> bool:
    """Tell whether `password` is the one stored; an unknown login takes as long as a known one."""
    try:
        _hasher.verify(stored or _DECOY, password)
    except (argon2.exceptions.VerifyMismatchError, argon2.exceptions.InvalidHashError):
        return False
    return stored is not None
