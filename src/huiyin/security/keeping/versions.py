"""A master key we hold ourselves: its versions by name, newest last, written as lines `version key-in-hex`."""

import secrets
from collections.abc import Callable

from huiyin.kernel.errors import PermanentError
from huiyin.security.wrapping import KEY, derived, unwrap, wrap

FIRST = "1"
"""The name of a key that stands alone in its file: the only version there was, once."""


def read_versions(text: str, where: str) -> dict[str, bytes]:
    """Read the versions of a master key.

    Raises:
        PermanentError: if any line is not one.

    """
    found: dict[str, bytes] = {}
    for line in text.splitlines():
        words = line.split()
        if not words:
            continue
        version, key = (FIRST, words[0]) if len(words) == 1 else (words[0], words[1])
        try:
            found[version] = bytes.fromhex(key)
        except ValueError:
            found[version] = b""
        if len(words) > 2 or len(found[version]) != KEY:
            message = f"{where} does not hold a master key: each line is a version and {KEY} bytes in hex"
            raise PermanentError(message, remedy="Restore it from its backup; without it nothing can be read.")
    return found


def written(versions: dict[str, bytes]) -> str:
    """Return the lines of some versions."""
    return "".join(f"{version} {key.hex()}\n" for version, key in versions.items())


class HeldKeeper:
    """A keeper that reads and writes the versions themselves; `load` and `save` say where."""

    def __init__(self, where: str, load: Callable[[], dict[str, bytes]], save: Callable[[dict[str, bytes]], None]):
        """Keep nothing: what another process renewed or destroyed must count here at once."""
        self._where = where
        self._load = load
        self._save = save

    def versions(self) -> list[str]:
        """Return the versions, oldest first."""
        return list(self._load())

    def wrap(self, key: bytes, context: str) -> tuple[str, bytes]:
        """Wrap under the newest version."""
        version, master = list(self._load().items())[-1]
        return version, wrap(master, key, context)

    def unwrap(self, version: str, wrapped: bytes, context: str) -> bytes:
        """Unwrap, if the version is here."""
        return unwrap(self._version(version), wrapped, context)

    def derive(self, version: str, info: str) -> bytes:
        """Derive with HKDF."""
        return derived(self._version(version), info)

    def renew(self) -> str:
        """Add a version behind the others."""
        found = self._load()
        version = str(max((int(each) for each in found if each.isdecimal()), default=0) + 1)
        self._save({**found, version: secrets.token_bytes(KEY)})
        return version

    def destroy(self, version: str) -> None:
        """Leave a version out; the newest one stays."""
        found = self._load()
        if version not in found:
            return
        if version == list(found)[-1]:
            message = f"version {version} of the master key is in use"
            raise PermanentError(message, remedy="Rotate first: huiyin keys rotate --what master.")
        self._save({name: key for name, key in found.items() if name != version})

    def _version(self, version: str) -> bytes:
        found = self._load().get(version)
        if found is None:
            message = f"{self._where} has no version {version} of the master key"
            remedy = (
                "If this database came from a backup made before something was shredded, put the newest copy of the "
                "keys into it: huiyin keys restore FILE. Otherwise restore the right master key."
            )
            raise PermanentError(message, remedy=remedy)
        return found
