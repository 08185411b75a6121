"""Lend every walk its stage, and a customer who stands at the shop's door."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from .founding import Founded, found
from .stage import Customer, Stage


@pytest.fixture(scope="session")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Founded:
    """Found the company once; passwords are slow to hash, on purpose."""
    return found(tmp_path_factory.mktemp("founded"))


@pytest_asyncio.fixture
async def stage(founded: Founded, tmp_path: Path) -> AsyncIterator[Stage]:
    """Set the stage at noon; nobody is online."""
    made = Stage(founded, founded.copied_to(tmp_path / "house"))
    yield made
    await made.close()


@pytest.fixture
def customer(stage: Stage) -> Customer:
    """Return a customer of the shop whose bot answers first."""
    return stage.customer()
