"""Which house a command is about: the one that is named, the installation's, the demo's; never a new one by mistake."""

import os
import pwd
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from huiyin.installation.settings import Installation, in_use
from huiyin.kernel.errors import InvalidError
from huiyin.wiring import House, Settings, build

DEMO = Path(".huiyin") / "demo"
"""Where the demo keeps its things, and where commands look where nothing is installed."""
SEEN_AT = "address"
"""The file in which a demo says where it is to be found: it takes the next free port."""
Folder = Annotated[
    Path | None, typer.Option(help="The data folder; by default the one the settings name, else the demo's.")
]


def chosen(folder: Path | None) -> Settings:
    """Return the settings of the house that a command is about; whether there is one is another question."""
    installation = in_use()
    if installation is not None and (folder is None or folder.absolute() == Path(installation.folder)):
        return installation.house()
    return Settings(folder or DEMO)


def founded(folder: Path | None) -> Settings:
    """Return the settings of a house that was founded before.

    Raises:
        InvalidError: there is none, or it belongs to another user of this machine.

    """
    settings = chosen(folder)
    if not settings.database.is_file():
        message = f"there is no database in {settings.folder}: no house was founded there"
        raise InvalidError(message, remedy="Name the data folder: --folder …")
    check_ours(settings)
    return settings


def check_ours(settings: Settings) -> None:
    """Refuse to open a house of another user: what we made there, its own server could not open any more.

    Raises:
        InvalidError: naming the user whose it is.

    """
    there = settings.database if settings.database.exists() else settings.folder
    if not there.exists() or there.stat().st_uid == os.geteuid():
        return
    try:
        owner = pwd.getpwuid(there.stat().st_uid).pw_name
    except KeyError:
        owner = str(there.stat().st_uid)
    message = f"{there} belongs to the user {owner}"
    raise InvalidError(message, remedy=f"Give the command as that user: sudo -u {owner} huiyin …")


def address(settings: Settings) -> str:
    """Return where browsers reach a house: as the installation says, or where its demo was last seen."""
    installation = in_use()
    if installation is not None and settings.folder == Path(installation.folder):
        return installation.address
    seen = settings.folder / SEEN_AT
    return seen.read_text(encoding="utf-8").strip() if seen.is_file() else Installation(folder="").address


@contextmanager
def opened(folder: Path | None, *, check_keys: bool = True) -> Iterator[House]:
    """Open the house in a folder for one command, and close it whatever comes of that; `check_keys` as in `build`."""
    house = build(founded(folder), check_keys=check_keys)
    try:
        yield house
    finally:
        house.close()
