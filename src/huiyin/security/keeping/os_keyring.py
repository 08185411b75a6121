"""The master key in the operating system's keyring, through the library `keyring` (an extra: huiyin[keyring])."""

import secrets
from typing import Any

from huiyin.kernel.errors import PermanentError
from huiyin.security.keeping.versions import FIRST, HeldKeeper, read_versions, written
from huiyin.security.wrapping import KEY

USER = "master"


class KeyringKeeper(HeldKeeper):
    """Versions in one secret of a service, made on first use."""

    def __init__(self, service: str, *, fresh: bool) -> None:
        """Look into the keyring; draw a key by lot if there is none and nothing was written under it yet.

        Raises:
            PermanentError: no keyring here, it is locked, or the key is gone.

        """
        try:
            import keyring
            import keyring.errors
        except ImportError as error:
            message = "the library for the OS keyring is not installed"
            raise PermanentError(message, remedy="Install it: pip install 'huiyin[keyring]'.") from error
        self._keyring: Any = keyring
        self._refused: type[Exception] = keyring.errors.KeyringError
        self._service = service
        super().__init__(f"the keyring's secret {service}/{USER}", self._read, self._write)
        if fresh and not self._read():
            self._write({FIRST: secrets.token_bytes(KEY)})
        if not self._read():
            message = f"the keyring has no secret {service}/{USER}"
            raise PermanentError(message, remedy="Restore it; without it nothing can be read.")

    def _read(self) -> dict[str, bytes]:
        try:
            text = self._keyring.get_password(self._service, USER)
        except self._refused as error:
            raise self._closed(error) from error
        return read_versions(text or "", f"the keyring's secret {self._service}/{USER}")

    def _write(self, versions: dict[str, bytes]) -> None:
        try:
            self._keyring.set_password(self._service, USER, written(versions))
        except self._refused as error:
            raise self._closed(error) from error

    def _closed(self, error: Exception) -> PermanentError:
        message = f"the OS keyring cannot be used: {type(error).__name__}"
        return PermanentError(message, remedy="Unlock it, or keep the key elsewhere: HUIYIN_KEYS=file:/path.")
