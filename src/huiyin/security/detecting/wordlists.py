"""Read the word lists in `words/`: sections in brackets, words between blanks, # for remarks."""

from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).with_name("words")


@cache
def read_words(name: str) -> dict[str, tuple[str, ...]]:
    """Return the sections of a word list by their names, in their order."""
    sections: dict[str, list[str]] = {}
    words: list[str] = []
    for line in (_FOLDER / f"{name}.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            words = sections.setdefault(line.strip("[]"), [])
        elif not line.startswith("# "):
            words += line.split()
    return {section: tuple(words) for section, words in sections.items()}
