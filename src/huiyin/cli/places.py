"""Where a house is that was founded before: a mistyped folder is refused, never made into a second house."""

from pathlib import Path

from huiyin.kernel.errors import InvalidError
from huiyin.wiring import Settings


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
