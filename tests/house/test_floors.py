"""The floors hold, and each contract is proved by planting a sin in a scratch copy of the package."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LINT_IMPORTS = Path(sys.executable).parent / "lint-imports"


def check_floors(folder: Path, package: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(package.parent), str(ROOT)])}
    command = [str(LINT_IMPORTS), "--no-cache", "--config", str(ROOT / ".importlinter")]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture
def house(tmp_path: Path) -> Path:
    package = tmp_path / "huiyin"
    shutil.copytree(ROOT / "src" / "huiyin", package, ignore=shutil.ignore_patterns("static", "__pycache__"))
    return package


def plant(house: Path, path: str, text: str) -> None:
    target = house / path
    for folder in [*reversed(target.relative_to(house).parents)][1:]:
        (house / folder).mkdir(exist_ok=True)
        (house / folder / "__init__.py").touch()
    target.write_text(text, encoding="utf-8")


def test_the_floors_hold() -> None:
    done = check_floors(ROOT, ROOT / "src" / "huiyin")
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("sins", "verdict"),
    [
        pytest.param(
            {"conversations/sin.py": "import huiyin.quality.lower", "quality/lower.py": ""},
            "Look down, never up BROKEN",
            id="looks up",
        ),
        pytest.param(
            {"assist/sin.py": "import huiyin.tickets.beside", "tickets/beside.py": ""},
            "Look down, never up BROKEN",
            id="looks across",
        ),
        pytest.param(
            {"annex/sin.py": ""},
            "huiyin.annex (Since this contract is marked as 'exhaustive'",
            id="takes no floor",
        ),
        pytest.param(
            {"insight/sin.py": "import huiyin.conversations.store", "conversations/store.py": ""},
            "A room's store and model are its own BROKEN",
            id="reaches into another room's store",
        ),
        pytest.param(
            {"insight/sin.py": "from huiyin.org import model", "org/model.py": ""},
            "A room's store and model are its own BROKEN",
            id="reaches into another room's model",
        ),
        pytest.param(
            {"org/sin.py": "import huiyin.org.nis", "org/nis.py": "import huiyin.org.sin"},
            "No knots, between rooms or inside one BROKEN",
            id="ties a knot inside a room",
        ),
        pytest.param(
            {"conversations/sin.py": "def late():\n    import litestar"},
            "Only the doors know the web framework BROKEN",
            id="imports the web framework, even inside a function",
        ),
        pytest.param(
            {"channels/sin.py": "import sqlalchemy"},
            "The kernel and the channels keep nothing BROKEN",
            id="stores rows in a channel",
        ),
    ],
)
def test_a_planted_sin_is_caught(house: Path, sins: dict[str, str], verdict: str) -> None:
    for path, text in sins.items():
        plant(house, path, text)
    done = check_floors(house.parent, house)
    assert done.returncode != 0
    assert verdict in " ".join(done.stdout.split())
