"""What is wrong with a file of texts is told to the letter, brackets included."""

import sys
from pathlib import Path

import pytest

from huiyin.cli.entry import main


def test_the_form_of_a_line_is_shown_as_it_must_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "texts.jsonl"
    file.write_text('{"text": 1}\n')
    monkeypatch.setattr(sys, "argv", ["huiyin", "eval", "pii", "--data", str(file)])
    with pytest.raises(SystemExit):
        main()
    assert '"spans": [[start, end, "PHONE"], …]' in " ".join(capsys.readouterr().err.split())
