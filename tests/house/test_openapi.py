"""The console's types are made from `openapi.json`: it must be what the server serves."""

from pathlib import Path

from huiyin.cli import document

ROOT = Path(__file__).parents[2]


def test_the_kept_document_is_the_served_one() -> None:
    kept = (ROOT / "openapi.json").read_text()
    assert kept == document.text(), "the HTTP door changed: run make api"
