"""Hold the one rule about browsers: where none is installed, its tests are skipped here and fail in CI."""

import os
import shutil
from pathlib import Path

import pytest
from hypothesis import settings

# How long an example takes says more of who else uses the machine than of the code.
settings.register_profile("huiyin", deadline=None)
settings.load_profile("huiyin")

MEMORY = Path("/dev/shm")
ROOM = 4 * 1024**3

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
REMEDY = "没有浏览器 / no browser: apt install chromium fonts-noto-cjk"


def find_browser() -> str | None:
    """Find a Chromium: the one HUIYIN_BROWSER names, or one on PATH."""
    named = os.environ.get("HUIYIN_BROWSER")
    return named or next((path for name in BROWSERS if (path := shutil.which(name))), None)


@pytest.fixture(scope="session")
def browser_path() -> str:
    """Return the Chromium to drive (playwright's `executable_path`); nothing is ever downloaded."""
    found = find_browser()
    if found is not None:
        return found
    if os.environ.get("CI"):
        pytest.fail(REMEDY)
    pytest.skip(REMEDY)


def pytest_configure() -> None:
    """Keep the tests' files in memory where there is room: a disc that stalls then stops no test half-way.

    What must outlive a process is killed by process, so nothing is proven less; what must outlive a power cut is
    proven by the disc of the tests' own that forgets what was not synced.
    """
    if MEMORY.is_dir() and shutil.disk_usage(MEMORY).free >= ROOM:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Apply the rule to every test marked `browser`, whichever fixtures it asks for."""
    if item.get_closest_marker("browser") and find_browser() is None:
        if os.environ.get("CI"):
            pytest.fail(REMEDY)
        pytest.skip(REMEDY)


def pytest_xdist_auto_num_workers() -> int:
    """Run two workers more than there are processors: tests that wait for a browser or a kill leave theirs idle."""
    return (os.cpu_count() or 1) + 2
