"""Where a house is that was founded before: a mistyped folder is refused, never made into a second house."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from huiyin.kernel.errors import InvalidError
from huiyin.wiring import House, Settings, build

FOLDER = Path(".huiyin") / "demo"
"""Where every command looks unless it is told: the one house that a command of ours serves is the demo's."""


def founded(folder: Path) -> Settings:
    """Return the settings of the house in a folder.

    Raises:
        InvalidError: there is none.

    """
    settings = Settings(folder)
    if not settings.database.is_file():
        message = f"there is no database in {folder}: no house was founded there"
        raise InvalidError(message, remedy="Name the data folder: --folder …")
    return settings


@contextmanager
def opened(folder: Path, *, check_keys: bool = True) -> Iterator[House]:
    """Open the house in a folder for one command, and close it whatever comes of that; `check_keys` as in `build`."""
    house = build(founded(folder), check_keys=check_keys)
    try:
        yield house
    finally:
        house.close()
