"""The master key with HashiCorp Vault's transit engine: it wraps and unwraps, and never shows the key.

Calls follow Vault's API for transit: `encrypt`, `decrypt` with associated data, `rotate`, `config`, `trim`. The token
comes from VAULT_TOKEN and needs `update` on encrypt, decrypt, rotate, config and trim of that key, `read` on the key.
"""

import base64
import os
from http import HTTPStatus
from typing import Any

import httpx
import msgspec

from huiyin.kernel.errors import InvalidError, PermanentError, TemporaryError

TIMEOUT_SECONDS = 5.0


class VaultKeeper:
    """One transit key; its versions are Vault's own."""

    def __init__(self, client: httpx.Client, mount: str, name: str) -> None:
        """Speak through `client`, whose base is the server and which carries the token."""
        self._client = client
        self._mount = mount
        self._name = name

    @classmethod
    def at(cls, address: str) -> "VaultKeeper":
        """Return the keeper at `https://host:8200/mount/name`.

        Raises:
            InvalidError: not such an address, or not https but on this machine.

        """
        url = httpx.URL(address)
        mount, _, name = url.path.strip("/").rpartition("/")
        here = url.host in {"127.0.0.1", "localhost", "::1"}
        if not name or not mount or not (url.scheme == "https" or (url.scheme == "http" and here)):
            message = "this is no address of a transit key"
            raise InvalidError(message, remedy="Write HUIYIN_KEYS=vault:https://host:8200/transit/name.")
        token = os.environ.get("VAULT_TOKEN", "")
        if not token:
            message = "VAULT_TOKEN is empty"
            raise PermanentError(message, remedy="Set VAULT_TOKEN to a token that may use this transit key.")
        base = url.copy_with(path="/", query=None)
        headers = {"X-Vault-Token": token}
        return cls(httpx.Client(base_url=base, headers=headers, timeout=TIMEOUT_SECONDS), mount, name)

    def versions(self) -> list[str]:
        """Return the versions Vault still decrypts with."""
        data = self._read_key()
        least = max(int(data["min_decryption_version"]), 1)
        return [f"v{each}" for each in range(least, int(data["latest_version"]) + 1)]

    def wrap(self, key: bytes, context: str) -> tuple[str, bytes]:
        """Let Vault wrap a key under its newest version."""
        body = {"plaintext": _text(key), "associated_data": _text(context.encode())}
        sealed = str(self._ask("POST", f"encrypt/{self._name}", body)["ciphertext"])
        return sealed.split(":")[1], sealed.encode()

    def unwrap(self, version: str, wrapped: bytes, context: str) -> bytes:
        """Let Vault unwrap a key; which version wrapped it stands in the ciphertext."""
        del version
        body = {"ciphertext": wrapped.decode("ascii", "replace"), "associated_data": _text(context.encode())}
        return base64.b64decode(self._ask("POST", f"decrypt/{self._name}", body)["plaintext"])

    def derive(self, version: str, info: str) -> bytes:
        """Refuse: Vault does not give the key away."""
        del version, info
        message = "a database of an earlier version cannot be brought up to date with the key in Vault"
        raise PermanentError(message, remedy="Start it once with its key file, then move the key to Vault.")

    def renew(self) -> str:
        """Let Vault make a new version."""
        self._ask("POST", f"keys/{self._name}/rotate", {})
        return f"v{self._read_key()['latest_version']}"

    def destroy(self, version: str) -> None:
        """Let Vault forget a version, and every older one: it can only trim from below."""
        least = int(version.removeprefix("v")) + 1
        data = self._read_key()
        if least > int(data["latest_version"]):
            message = f"version {version} of the master key is in use"
            raise PermanentError(message, remedy="Rotate first: huiyin keys rotate --what master.")
        if int(data["min_decryption_version"]) < least:
            body = {"min_decryption_version": least, "min_encryption_version": least}
            self._ask("POST", f"keys/{self._name}/config", body)
        self._ask("POST", f"keys/{self._name}/trim", {"min_available_version": least})

    def _read_key(self) -> dict[str, Any]:
        return self._ask("GET", f"keys/{self._name}", None)

    def _ask(self, method: str, path: str, body: dict[str, Any] | None) -> dict[str, Any]:
        try:
            answer = self._client.request(method, f"/v1/{self._mount}/{path}", json=body)
        except httpx.HTTPError as error:
            message = f"the key service did not answer: {type(error).__name__}"
            raise TemporaryError(message, remedy="Check that Vault is up and unsealed, then start again.") from error
        if answer.status_code == HTTPStatus.NO_CONTENT:
            return {}
        if answer.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR or answer.status_code == HTTPStatus.TOO_MANY_REQUESTS:
            message = f"the key service answered {answer.status_code}"
            raise TemporaryError(message, remedy="Check that Vault is up and unsealed, then start again.")
        if answer.is_error:
            raise _refusal(answer, path)
        try:
            data = msgspec.json.decode(answer.content).get("data") or {}
        except (msgspec.DecodeError, AttributeError) as error:
            message = "the key service answered something that is no answer"
            raise TemporaryError(message, remedy="Check what stands at the address in HUIYIN_KEYS.") from error
        return dict(data)


def _refusal(answer: httpx.Response, path: str) -> PermanentError:
    remedies = {
        HTTPStatus.FORBIDDEN: "Give VAULT_TOKEN's policy the right to this path, or a token that is still valid.",
        HTTPStatus.NOT_FOUND: "Make the key: vault write -f MOUNT/keys/NAME type=aes256-gcm96.",
    }
    remedy = remedies.get(
        HTTPStatus(answer.status_code),
        "The key was wrapped by another transit key, or by a version that was trimmed: huiyin keys restore FILE.",
    )
    return PermanentError(f"the key service refused {path.partition('/')[0]} ({answer.status_code})", remedy=remedy)


def _text(raw: bytes) -> str:
    return base64.b64encode(raw).decode()
