"""Lend every walk its stage, and a customer who stands at the shop's door."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from unittest.mock import patch

import argon2
import pytest
import pytest_asyncio

from huiyin.security import passwords

from .founding import Founded, found
from .stage import Customer, Stage


@pytest.fixture(scope="package", autouse=True)
def _cheap_passwords() -> Iterator[None]:
    """Hash with little memory: hundreds of sign-ins would spend minutes on it. The real cost: tests/security."""
    cheap = argon2.PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
    with patch.object(passwords, "_hasher", cheap), patch.object(passwords, "_DECOY", cheap.hash("nobody's")):
        yield


@pytest.fixture(scope="package")
def founded(_cheap_passwords: None, tmp_path_factory: pytest.TempPathFactory) -> Founded:
    """Found the company once."""
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
