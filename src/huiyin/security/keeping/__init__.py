"""Keep the master key outside the database: in a file, in the OS keyring, or with a key service.

Whatever keeps it, it has versions: the newest wraps, older ones still unwrap, and one that was destroyed takes all
copies of what it wrapped with it, backups included. That is what shredding stands on.

Walks in:  keys of tenants to wrap and to unwrap, orders to renew or destroy a version.
Walks out: wrapped keys with the version that wrapped them.
Not here:  tenants' keys and data keys (security.keys); what is sealed under them.
"""

from pathlib import Path
from typing import Protocol

from huiyin.kernel.errors import InvalidError

FORMS = "file:/path, keyring:service, vault:https://host:8200/transit/name"


class KeyKeeper(Protocol):
    """Holds the versions of the master key and wraps keys under them. Calls are rare and may be slow."""

    def versions(self) -> list[str]:
        """Return the versions that still unwrap, oldest first."""
        ...

    def wrap(self, key: bytes, context: str) -> tuple[str, bytes]:
        """Wrap a key under the newest version, bound to `context`; return the version and the wrapped key."""
        ...

    def unwrap(self, version: str, wrapped: bytes, context: str) -> bytes:
        """Return a key that was wrapped under `version` for `context`.

        Raises:
            PermanentError: the version is not here, or the key was wrapped by another master key.
            TemporaryError: the key service did not answer.

        """
        ...

    def derive(self, version: str, info: str) -> bytes:
        """Return a key derived from a version of the master key: the looking-up keys of older databases.

        Raises:
            PermanentError: the master key cannot leave its keeper, or the version is not here.

        """
        ...

    def renew(self) -> str:
        """Make a new version, which wraps from now on; return it."""
        ...

    def destroy(self, version: str) -> None:
        """Forget a version for good, wherever this keeper keeps it. Destroying it twice is no error."""
        ...


def open_keeper(where: str, default: Path, *, fresh: bool) -> KeyKeeper:
    """Return the keeper named by `where`, or the file `default` if it is ""; `fresh` lets it make a missing key.

    Raises:
        InvalidError: nobody keeps keys by that name.
        PermanentError: there is one and it cannot be used.

    """
    kind, _, rest = where.partition(":")
    if not where or kind == "file":
        from huiyin.security.keeping.in_file import FileKeeper

        return FileKeeper(Path(rest) if rest else default, fresh=fresh)
    if kind == "keyring" and rest:
        from huiyin.security.keeping.os_keyring import KeyringKeeper

        return KeyringKeeper(rest, fresh=fresh)
    if kind == "vault" and rest:
        from huiyin.security.keeping.vault import VaultKeeper

        return VaultKeeper.at(rest)
    message = f"HUIYIN_KEYS does not say where the master key is: {kind!r}"
    raise InvalidError(message, remedy=f"Write one of {FORMS}; leave it empty for master.key in the data folder.")
