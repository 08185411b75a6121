"""Whoever keeps the master key: it wraps, renews, destroys, and says what to do when it cannot."""

import base64
import json
import os
from pathlib import Path

import httpx
import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.errors import KeyringLocked

from huiyin.kernel.errors import InvalidError, PermanentError, TemporaryError
from huiyin.security.keeping import KeyKeeper, open_keeper
from huiyin.security.keeping.in_file import FileKeeper
from huiyin.security.keeping.vault import VaultKeeper
from huiyin.security.wrapping import new_key, unwrap, wrap

KEY, CONTEXT = b"k" * 32, "tenant|north"


class Drawer(KeyringBackend):
    """An OS keyring that lives in memory, and can be locked."""

    priority = 1

    def __init__(self) -> None:
        super().__init__()
        self.secrets: dict[tuple[str, str], str] = {}
        self.locked = False

    def get_password(self, service: str, username: str) -> str | None:
        if self.locked:
            raise KeyringLocked
        return self.secrets.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.secrets[service, username] = password


class Transit:
    """A strict stand-in for Vault's transit engine: one key `huiyin`, AES-GCM, associated data, versions, trimming."""

    def __init__(self) -> None:
        self.keys = {1: new_key()}
        self.least = 1
        self.status = 0

    def answer(self, request: httpx.Request) -> httpx.Response:
        if self.status:
            return httpx.Response(self.status, json={"errors": ["planted"]})
        if request.headers.get("X-Vault-Token") != "a-token":
            return httpx.Response(403, json={"errors": ["permission denied"]})
        body = json.loads(request.content or b"{}")
        _, _, mount, verb, *rest = request.url.path.split("/")
        assert mount == "transit"
        if verb == "keys" and rest[0] != "huiyin":
            return httpx.Response(404, json={"errors": []})
        if request.method == "GET":
            data = {"latest_version": max(self.keys), "min_decryption_version": self.least}
            return httpx.Response(200, json={"data": data})
        return getattr(self, verb if verb != "keys" else rest[1])(body)

    def encrypt(self, body: dict) -> httpx.Response:
        version, context = max(self.keys), base64.b64decode(body["associated_data"]).decode()
        sealed = base64.b64encode(wrap(self.keys[version], base64.b64decode(body["plaintext"]), context)).decode()
        return httpx.Response(200, json={"data": {"ciphertext": f"vault:v{version}:{sealed}", "key_version": version}})

    def decrypt(self, body: dict) -> httpx.Response:
        form, version, sealed = body["ciphertext"].split(":")
        number, context = int(version[1:]), base64.b64decode(body["associated_data"]).decode()
        if form != "vault" or number < self.least:
            return httpx.Response(400, json={"errors": ["ciphertext or signature version is disallowed by policy"]})
        try:
            plain = unwrap(self.keys[number], base64.b64decode(sealed), context)
        except PermanentError:
            return httpx.Response(400, json={"errors": ["cipher: message authentication failed"]})
        return httpx.Response(200, json={"data": {"plaintext": base64.b64encode(plain).decode()}})

    def rotate(self, _body: dict) -> httpx.Response:
        self.keys[max(self.keys) + 1] = new_key()
        return httpx.Response(204)

    def config(self, body: dict) -> httpx.Response:
        self.least = body["min_decryption_version"]
        return httpx.Response(204)

    def trim(self, body: dict) -> httpx.Response:
        if body["min_available_version"] > self.least:
            return httpx.Response(400, json={"errors": ["minimum available version > minimum decryption version"]})
        self.keys = {version: key for version, key in self.keys.items() if version >= body["min_available_version"]}
        return httpx.Response(204)


def vault(transit: Transit, token: str = "a-token") -> VaultKeeper:
    transport = httpx.MockTransport(transit.answer)
    client = httpx.Client(transport=transport, base_url="https://vault.invalid", headers={"X-Vault-Token": token})
    return VaultKeeper(client, "transit", "huiyin")


@pytest.fixture
def drawer() -> Drawer:
    before, made = keyring.get_keyring(), Drawer()
    keyring.set_keyring(made)
    yield made
    keyring.set_keyring(before)


@pytest.fixture(params=["file", "keyring", "vault"])
def keeper(request: pytest.FixtureRequest, tmp_path: Path, drawer: Drawer) -> KeyKeeper:
    if request.param == "vault":
        return vault(Transit())
    where = {"file": f"file:{tmp_path}/deep/master.key", "keyring": "keyring:huiyin"}[request.param]
    return open_keeper(where, tmp_path / "unused", fresh=True)


def test_what_was_wrapped_unwraps_under_every_version_that_is_left(keeper: KeyKeeper) -> None:
    first, wrapped = keeper.wrap(KEY, CONTEXT)
    second = keeper.renew()
    assert keeper.versions() == [first, second]
    newer = keeper.wrap(KEY, CONTEXT)
    assert newer[0] == second
    assert keeper.unwrap(first, wrapped, CONTEXT) == keeper.unwrap(*newer, CONTEXT) == KEY
    keeper.destroy(first)
    keeper.destroy(first)
    assert keeper.versions() == [second]
    assert keeper.unwrap(*newer, CONTEXT) == KEY
    with pytest.raises(PermanentError) as gone:
        keeper.unwrap(first, wrapped, CONTEXT)
    assert "huiyin keys restore" in gone.value.remedy


def test_a_key_wrapped_for_one_tenant_does_not_open_for_another(keeper: KeyKeeper) -> None:
    with pytest.raises(PermanentError):
        keeper.unwrap(*keeper.wrap(KEY, CONTEXT), "tenant|south")


def test_the_version_in_use_is_not_destroyed(keeper: KeyKeeper) -> None:
    with pytest.raises(PermanentError, match="in use"):
        keeper.destroy(keeper.versions()[-1])


def test_a_destroyed_version_leaves_no_bytes_in_the_file(tmp_path: Path) -> None:
    keeper = FileKeeper(tmp_path / "master.key", fresh=True)
    held = (tmp_path / "master.key").open("rb")
    first = held.read().split()[1]
    keeper.renew()
    keeper.destroy("1")
    held.seek(0)
    assert first not in held.read(), "the former file is overwritten, not only unlinked"
    held.close()
    assert first not in b"".join(each.read_bytes() for each in tmp_path.iterdir())
    assert (tmp_path / "master.key").stat().st_mode & 0o777 == 0o600


def test_a_key_that_stands_alone_in_its_file_is_version_one(tmp_path: Path) -> None:
    path = tmp_path / "master.key"
    path.write_text("cd" * 32 + "\n")
    path.chmod(0o600)
    assert FileKeeper(path, fresh=False).versions() == ["1"]


@pytest.mark.parametrize(
    ("text", "mode", "says", "remedy"),
    [
        ("not a key\n", 0o600, "does not hold a master key", "backup"),
        ("1 abcd\n", 0o600, "does not hold a master key", "backup"),
        ("", 0o600, "is empty", "backup"),
        ("主密钥\n", 0o600, "does not hold a master key", "backup"),
        ("cd" * 32, 0o644, "can be read by others", "chmod 600"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_key_or_everybodys_is_refused_with_a_remedy(
    tmp_path: Path, text: str, mode: int, says: str, remedy: str
) -> None:
    path = tmp_path / "master.key"
    path.write_text(text, encoding="utf-8")
    path.chmod(mode)
    with pytest.raises(PermanentError, match=says) as refused:
        FileKeeper(path, fresh=True)
    assert remedy in refused.value.remedy
    assert path.read_text(encoding="utf-8") == text


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_refused_with_a_remedy(tmp_path: Path) -> None:
    path = tmp_path / "master.key"
    path.touch(mode=0o000)
    with pytest.raises(PermanentError, match="may not be read"):
        FileKeeper(path, fresh=False)


def test_a_lost_key_is_not_replaced_by_a_new_one(tmp_path: Path, drawer: Drawer) -> None:
    for where in (f"file:{tmp_path}/master.key", "keyring:huiyin"):
        with pytest.raises(PermanentError):
            open_keeper(where, tmp_path / "unused", fresh=False)
    assert not list(tmp_path.iterdir())
    assert not drawer.secrets


def test_a_locked_keyring_says_so(drawer: Drawer, tmp_path: Path) -> None:
    drawer.locked = True
    with pytest.raises(PermanentError, match="KeyringLocked") as locked:
        open_keeper("keyring:huiyin", tmp_path, fresh=True)
    assert "Unlock" in locked.value.remedy


@pytest.mark.parametrize("where", ["usb:stick", "keyring:", "vault:", "vault:http://elsewhere:8200/transit/x"])
def test_a_place_nobody_keeps_keys_in_is_refused_with_the_forms_there_are(where: str, tmp_path: Path) -> None:
    with pytest.raises(InvalidError) as refused:
        open_keeper(where, tmp_path / "unused", fresh=True)
    assert "vault:https://" in refused.value.remedy


def test_vault_without_a_token_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("VAULT_TOKEN", raising=False)
    with pytest.raises(PermanentError, match="VAULT_TOKEN"):
        open_keeper("vault:https://vault.invalid:8200/transit/huiyin", tmp_path, fresh=True)


@pytest.mark.parametrize(
    ("status", "kind", "remedy"),
    [(503, TemporaryError, "unsealed"), (429, TemporaryError, "unsealed"), (403, PermanentError, "policy"),
     (404, PermanentError, "vault write"), (400, PermanentError, "restore")],
)  # fmt: skip
def test_what_vault_refuses_says_what_to_do(status: int, kind: type[Exception], remedy: str) -> None:
    transit = Transit()
    transit.status = status
    with pytest.raises(kind) as refused:
        vault(transit).wrap(KEY, CONTEXT)
    assert remedy in refused.value.remedy


def test_a_token_without_the_right_is_refused() -> None:
    with pytest.raises(PermanentError, match="refused encrypt"):
        vault(Transit(), "another").wrap(KEY, CONTEXT)


def test_no_way_to_vault_is_temporary() -> None:
    def cut(_request: httpx.Request) -> httpx.Response:
        message = "planted"
        raise httpx.ConnectError(message)

    client = httpx.Client(transport=httpx.MockTransport(cut), base_url="https://vault.invalid")
    with pytest.raises(TemporaryError):
        VaultKeeper(client, "transit", "huiyin").versions()
