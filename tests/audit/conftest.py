"""Lend every test here a book of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from .book import Book


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Book]:
    made = Book(tmp_path)
    yield made
    made.close()
