"""Read texts with answers: the seeded set, or a file of JSON lines with the fields text and spans."""

import gzip
from collections.abc import Iterator
from pathlib import Path

import msgspec

from huiyin.evals.pii.judging import KINDS, Text
from huiyin.evals.pii.sowing import BLIND, read_templates, sow
from huiyin.kernel.errors import InvalidError

TUNED = Path(__file__).with_name("tuned.yaml")
SEEDED_TEXTS = 8000
"""Texts of the seeded set, half of them from each file: enough that one miss costs less than a bar allows."""

_ALSO_CALLED = {
    "id": "id_number", "idcard": "id_number", "id_card": "id_number", "card": "bank_card", "bankcard": "bank_card",
    "mail": "email", "license_plate": "plate", "person": "name", "mobile": "phone", "tel": "phone",
}  # fmt: skip


class _Line(msgspec.Struct):
    text: str
    spans: tuple[tuple[int, int, str], ...]


_decoder = msgspec.json.Decoder(_Line)


def seeded_texts(seed: int, count: int = SEEDED_TEXTS) -> Iterator[Text]:
    """Return the seeded set: made-up values in written sentences; the same seed gives the same texts."""
    for path in (BLIND, TUNED):
        for each in sow(seed, read_templates(path), count // 2):
            yield Text(each.text, tuple((span.start, span.end, span.type.lower()) for span in each.spans))


def read_texts(path: Path) -> list[Text]:
    """Return the texts of a file, plain or packed with gzip.

    Raises:
        InvalidError: the file cannot be read, holds nothing, or a line is no such text; the line is named.

    """
    texts = []
    try:
        with _opened(path) as lines:
            for number, line in enumerate(lines, start=1):
                if line.strip():
                    texts.append(_text(line, number))
    except (OSError, EOFError) as wrong:
        message = f"{path} cannot be read: {wrong.strerror if isinstance(wrong, OSError) and wrong.strerror else wrong}"
        raise InvalidError(message, remedy="Name a file of JSON lines; one that ends in .gz is unpacked.") from wrong
    if not any(each.spans for each in texts):
        message = f"{path} holds no span, so there is nothing to judge"
        raise InvalidError(message, remedy='Each line is {"text": "…", "spans": [[start, end, "PHONE"], …]}.')
    return texts


def kinds_of(texts: list[Text]) -> tuple[str, ...]:
    """Return the types that a file's answers speak of; the others are not judged in it."""
    spoken = {kind for text in texts for _, _, kind in text.spans}
    return tuple(kind for kind in KINDS if kind in spoken)


def _opened(path: Path) -> "gzip.GzipFile":
    return gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb")  # type: ignore[return-value]  # both give lines of bytes


def _text(line: bytes, number: int) -> Text:
    try:
        read = _decoder.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError) as wrong:
        message = f"line {number}: {wrong}"
        raise InvalidError(
            message, remedy='Each line is {"text": "…", "spans": [[start, end, "PHONE"], …]}.'
        ) from wrong
    return Text(read.text, tuple(_span(read.text, *span, number) for span in read.spans))


def _span(text: str, start: int, end: int, kind: str, number: int) -> tuple[int, int, str]:
    known = _ALSO_CALLED.get(kind.lower(), kind.lower())
    if known not in KINDS:
        message = f"line {number}: there is no type {kind!r}"
        raise InvalidError(message, remedy=f"Use one of {', '.join(each.upper() for each in KINDS)}.")
    if not 0 <= start < end <= len(text):
        message = f"line {number}: the span [{start}, {end}] does not lie in a text of {len(text)} characters"
        raise InvalidError(message, remedy="Count characters from 0; the end is the first character behind the span.")
    return start, end, known
