"""The settings of an installation: one TOML file, each value of which the environment may replace.

`tls.certificate` in the file is `HUIYIN_TLS_CERTIFICATE` in the environment, and so on. Whatever is misspelt is
refused: a setting that is silently left out is found out about on the day it is needed.
"""

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple, get_type_hints
from urllib.parse import urlsplit

import msgspec

from huiyin.kernel.errors import InvalidError
from huiyin.wiring import SERVING, Settings

PREFIX = "HUIYIN_"
SETTINGS = f"{PREFIX}SETTINGS"
"""Where the settings file is, when it is not in one of the usual places."""
NOT_SETTINGS = frozenset({SETTINGS, f"{PREFIX}DATA"})
"""What begins like a setting and is none: the tests over one's own dialogues ask for HUIYIN_DATA."""
PLACES = (Path("huiyin.toml"), Path("/etc/huiyin/huiyin.toml"))
"""Where the settings file is looked for, first here, then there."""

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
LOGS = ("text", "json")


class Listen(NamedTuple):
    """Where a server listens."""

    host: str
    port: int


class Tls(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Files of the certificate (with its chain) and of its key, where no proxy speaks TLS for us."""

    certificate: str = ""
    key: str = ""


class Backup(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where backups go, to whose age recipients they are encrypted, how often they are made, how many are kept."""

    folder: str = ""
    recipients: tuple[str, ...] = ()
    every_hours: float = 24.0
    keep: int = 14


class Installation(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Everything an operator sets. `address` is where browsers reach us; links are made with it.

    `addresses` says where platforms are found, if not where they usually are: for a test environment or a relay.
    `loopback` allows webhooks to this machine over http: for development, never where others share the machine.
    """

    folder: str
    address: str = "http://127.0.0.1:8600"
    listen: str = "127.0.0.1:8600"
    proxies: int = 0
    keys: str = ""
    witness: str = ""
    log: str = "text"
    metrics: str = ""
    addresses: dict[str, dict[str, str]] = {}
    loopback: bool = False
    tls: Tls = Tls()
    backup: Backup = Backup()

    def house(self) -> Settings:
        """Return how the house is built."""
        named: dict[str, Any] = {"keys": self.keys} if self.keys else {}
        witness = Path(self.witness) if self.witness else None
        return Settings(
            Path(self.folder), linger=SERVING, proxies=self.proxies, witness=witness, addresses=self.addresses,
            loopback=self.loopback, **named,
        )  # fmt: skip

    @property
    def door(self) -> Listen:
        """Return where the door listens."""
        return read_listen(self.listen, "listen")

    @property
    def metrics_door(self) -> Listen | None:
        """Return where the metrics are told, None for nowhere."""
        return read_listen(self.metrics, "metrics") if self.metrics else None

    @property
    def speaks_tls(self) -> bool:
        """Tell whether the door speaks TLS by itself."""
        return bool(self.tls.certificate)


def load(file: Path | None = None, environ: Mapping[str, str] = os.environ) -> Installation:
    """Return the settings, of a file, of the one the environment names, or of the first usual place that has one.

    Raises:
        InvalidError: there is no such file, it cannot be read, or what it says cannot be; names the setting.

    """
    found = file or find(environ)
    given = _read(found) if found else {}
    _replace(given, environ)
    if "folder" not in given:
        message = "no settings were found, and nothing says where the data are"
        raise InvalidError(message, remedy=f"Make a settings file with `huiyin init`, or set {PREFIX}FOLDER.")
    try:
        # Words of the environment are read as what the setting is: a number, a list.
        settings = msgspec.convert(given, Installation, strict=False)
    except msgspec.ValidationError as error:
        message = f"a setting cannot be read: {error}"
        raise InvalidError(message, remedy=f"Put it right in {found or 'the environment'}.") from error
    settings = _whole(settings, found.parent if found else Path())
    check(settings)
    return settings


def in_use(environ: Mapping[str, str] = os.environ) -> Installation | None:
    """Return the settings of the installation on this machine, None where nothing is installed.

    Raises:
        InvalidError: as `load`.

    """
    return load(None, environ) if find(environ) or f"{PREFIX}FOLDER" in environ else None


def find(environ: Mapping[str, str] = os.environ) -> Path | None:
    """Return the settings file that is in use, None where there is none.

    Raises:
        InvalidError: the environment names one that is not there.

    """
    named = environ.get(SETTINGS)
    if named and not Path(named).is_file():
        message = f"{SETTINGS} names {named}, and there is no such file"
        raise InvalidError(message, remedy="Put the name right, or make the file with `huiyin init`.")
    return Path(named) if named else next((each for each in PLACES if each.is_file()), None)


def read_listen(words: str, what: str) -> Listen:
    """Return where to listen, of words like 127.0.0.1:8600 or [::1]:8600.

    Raises:
        InvalidError: these are no such words.

    """
    try:
        parts = urlsplit(f"//{words}")
        if parts.hostname and parts.port is not None and not parts.path:
            return Listen(parts.hostname, parts.port)
    except ValueError:
        pass  # told below
    message = f"{what}: {words!r} is no address and port"
    raise InvalidError(message, remedy="Write it like 127.0.0.1:8600, or [::1]:8600.")


def _read(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        message = f"{file} cannot be read: {error}"
        raise InvalidError(message, remedy="It must be a TOML file in UTF-8 that this user may read.") from error


def _replace(given: dict[str, Any], environ: Mapping[str, str]) -> None:
    """Put what the environment says in place of what the file says."""
    known = _names(Installation)
    for name, value in environ.items():
        if not name.startswith(PREFIX) or name in NOT_SETTINGS:
            continue
        path = known.get(name)
        if path is None:
            message = f"the environment says {name}, which is no setting"
            raise InvalidError(message, remedy=f"Take it away, or use one of {', '.join(sorted(known))}.")
        *above, last = path
        place = given
        for each in above:
            place = place.setdefault(each, {})
        place[last] = value.split(",") if last == "recipients" else value


def _names(kind: type[msgspec.Struct], *above: str) -> dict[str, tuple[str, ...]]:
    """Return the name of each setting in the environment, and the way to it in the file."""
    found: dict[str, tuple[str, ...]] = {}
    for name, each in get_type_hints(kind).items():
        path = (*above, name)
        if isinstance(each, type) and issubclass(each, msgspec.Struct):
            found.update(_names(each, *path))
        elif each in {str, int, float, bool, tuple[str, ...]}:
            found[PREFIX + "_".join(path).upper()] = path
    return found


def _whole(settings: Installation, beside: Path) -> Installation:
    """Return the settings with whole paths: what a file names stands beside it, whoever reads it from where."""

    def whole(path: str) -> str:
        return str((beside / path).absolute()) if path else ""

    return msgspec.structs.replace(
        settings, folder=whole(settings.folder), witness=whole(settings.witness),
        tls=Tls(whole(settings.tls.certificate), whole(settings.tls.key)),
        backup=msgspec.structs.replace(settings.backup, folder=whole(settings.backup.folder)),
    )  # fmt: skip


def check(settings: Installation) -> None:
    """Refuse what would be found out about too late.

    Raises:
        InvalidError: naming the setting.

    """
    if settings.proxies < 0:
        message = f"proxies: there cannot be {settings.proxies}"
        raise InvalidError(message, remedy="Say how many proxies of your own stand in front, 0 for none.")
    _check_folders(settings)
    if settings.log not in LOGS:
        message = f"log: {settings.log!r} is no form of logs"
        raise InvalidError(message, remedy=f"Use one of {', '.join(LOGS)}.")
    if bool(settings.tls.certificate) != bool(settings.tls.key):
        message = "tls: certificate and key go together"
        raise InvalidError(message, remedy="Set both, or none where a proxy speaks TLS.")
    for name, file in (("certificate", settings.tls.certificate), ("key", settings.tls.key)):
        if file and not Path(file).is_file():
            message = f"tls.{name}: there is no file {file}"
            raise InvalidError(message, remedy="Name the file that is there; this user must be able to read it.")
    _check_door(settings)
    if settings.backup.folder and not settings.backup.recipients:
        message = "backup: nobody could open these backups"
        raise InvalidError(message, remedy="Set backup.recipients to an age key that `huiyin backup key` makes.")
    if not 0 < settings.backup.every_hours < float("inf") or settings.backup.keep < 1:
        message = "backup: every_hours must be above 0, keep at least 1"
        raise InvalidError(message, remedy="Leave them out for every 24 hours and 14 kept.")


def _check_folders(settings: Installation) -> None:
    if not settings.folder:
        message = "folder: nothing says where the data are"
        raise InvalidError(message, remedy="Name a folder; an empty name would begin a new house wherever one stands.")
    for name, folder in (("folder", settings.folder), ("witness", settings.witness)):
        above = next((each for each in (Path(folder), *Path(folder).parents) if each.exists()), Path("/"))
        if folder and not above.is_dir():
            message = f"{name}: {folder} cannot be made: {above} is a file"
            raise InvalidError(message, remedy="Name another folder.")


def _check_door(settings: Installation) -> None:
    door, address = settings.door, urlsplit(settings.address)
    odd = " " in settings.address or address.path not in {"", "/"} or bool(address.query or address.fragment)
    if address.scheme not in {"http", "https"} or not address.hostname or odd:
        message = f"address: {settings.address!r} is no web address"
        raise InvalidError(message, remedy="Write it as people type it, like https://kefu.example.com.")
    if not door.port:
        message = "listen: port 0 is whichever is free, and nobody would know it"
        raise InvalidError(message, remedy="Write a port, like 127.0.0.1:8600.")
    sealed = settings.speaks_tls or settings.proxies > 0
    if door.host not in LOOPBACK and not sealed:
        message = f"listen: {settings.listen} is open to the network, and nothing speaks TLS in front of it"
        remedy = "Listen on 127.0.0.1, set tls, or put a proxy in front and say how many there are: proxies = 1."
        raise InvalidError(message, remedy=remedy)
    if settings.metrics_door and settings.metrics_door.host not in LOOPBACK:
        message = f"metrics: {settings.metrics} is open to the network"
        raise InvalidError(message, remedy="Tell metrics on 127.0.0.1, and let the collector run on this machine.")
