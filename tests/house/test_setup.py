"""Set-up says what is missing, does nothing twice, and keeps the machine's addresses to itself."""

import subprocess
from pathlib import Path

import pytest

import bootstrap
import stamps
import steps

ROOT = Path(__file__).resolve().parents[2]


TARGETS = (
    "help setup demo test test-data fuzz audit sbom check fmt lint walk pictures bench lock "
    "api console console-dev clean"
)


def test_a_missing_venv_module_names_its_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bootstrap, "find_spec", lambda _name: None)
    with pytest.raises(steps.StepFailed, match="apt install python3-venv"):
        bootstrap.check_prerequisites()


def test_an_old_python_is_told_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(bootstrap, "OLDEST", (9, 0))
    monkeypatch.setattr(bootstrap.shutil, "which", lambda _name: None)
    with pytest.raises(SystemExit):
        bootstrap.seek_newer_python()
    assert "brew install python" in capsys.readouterr().err


def test_a_failed_step_shows_the_remedy_and_no_address(capsys: pytest.CaptureFixture[str]) -> None:
    environment = {"UV_DEFAULT_INDEX": "https://me:secret@index.example/simple/"}
    said = "tried https://me:secret@index.example/simple/rich and https://index.example/simple/rich"

    def work() -> bool:
        raise steps.StepFailed(steps.RERUN, steps.cleaned(said, environment))

    with pytest.raises(SystemExit):
        steps.Steps(total=1).step("step", work)
    shown = capsys.readouterr()
    assert "run the same command again" in shown.err
    assert "secret" not in shown.err
    assert "index.example" not in shown.err
    assert "[1/1] step" in shown.out


def test_a_step_with_nothing_to_do_is_silent(capsys: pytest.CaptureFixture[str]) -> None:
    shown = steps.Steps(total=1)
    shown.step("step", lambda: False)
    assert capsys.readouterr().out == ""
    assert not shown.worked


def test_a_stamp_follows_content_not_dates(tmp_path: Path) -> None:
    source = tmp_path / "source.txt"
    source.write_text("one")
    mark = stamps.fingerprint([source])
    stamp = tmp_path / "out" / ".stamp"
    assert not stamps.is_current(stamp, mark)
    stamps.leave(stamp, mark)
    source.touch()
    assert stamps.is_current(stamp, stamps.fingerprint([source]))
    source.write_text("two")
    assert not stamps.is_current(stamp, stamps.fingerprint([source]))


def test_renaming_a_console_file_is_a_change(tmp_path: Path) -> None:
    (tmp_path / "a.ts").write_text("same")
    before = stamps.fingerprint(stamps.files_below(tmp_path))
    (tmp_path / "a.ts").rename(tmp_path / "b.ts")
    assert stamps.fingerprint(stamps.files_below(tmp_path)) != before


def test_uv_is_installed_from_the_lock_with_its_hashes() -> None:
    lines = bootstrap.locked_lines("uv")
    assert lines.startswith("uv==")
    assert "--hash=sha256:" in lines
    assert "uvicorn" not in lines


def test_help_lists_every_target() -> None:
    done = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True)
    listed = [line.split()[1] for line in done.stdout.splitlines() if line.startswith("  make ")]
    assert listed == TARGETS.split()
