"""Lend every test here a log of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from .log import Log


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Log]:
    made = Log(tmp_path)
    made.writer.start()
    yield made
    made.close()
