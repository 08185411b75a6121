"""Find out how a file's text is encoded, and read it line by line.

One encoding holds for a whole file wherever it can. A few bytes may be words in two encodings: 谢谢 in GB18030 is
"лл" in UTF-8, so no line is decided for itself alone. The rules, in this order:

1. A file that is UTF-8 from end to end is UTF-8.
2. A file that GB18030 reads from end to end is GB18030; so is one in which no line but broken ones speaks against it.
3. A file with lines only UTF-8 can read and lines only GB18030 can read was put together from several. There each line
   is read by itself: as UTF-8 where that gives wide characters, such as Chinese ones, which text in GB18030 does not
   give; as GB18030 where it is no UTF-8; and a line that could be either like the nearest sure one before it.
4. A line that nothing reads is told as such; the others are read.
"""

import codecs
import io
from collections.abc import Iterator
from functools import partial
from typing import BinaryIO, NamedTuple

UTF8, GB18030, NEITHER = "utf-8", "gb18030", "?"
MIXED = "mixed"
BOM = b"\xef\xbb\xbf"
MOST_LINE = 8 * 1024 * 1024
"""Bytes of a line; longer ones are cut off and told as such."""
PART = 1024 * 1024
_WIDE = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
_NARROW = "\u07ff"
"""Up to here UTF-8 takes two bytes, as GB18030 does for a Chinese character."""


class Line(NamedTuple):
    """A line: its text, its encoding ("" for ASCII, `NEITHER` where nothing reads it), and whether it was too long."""

    text: str
    encoding: str
    cut: bool = False


def lines_of(file: BinaryIO) -> Iterator[Line]:
    """Decode a file line after line, by the rules above; the whole file is looked through before the first."""
    wide = _WIDE.get(file.read(2))
    file.seek(0)
    if wide is not None:
        return _wide_lines(file, wide)
    whole = _whole(file)
    return _mixed_lines(file) if whole == MIXED else _plain_lines(file, whole)


def _whole(file: BinaryIO) -> str:
    for encoding in (UTF8, GB18030):
        if _reads(file, encoding):
            return encoding
    only_utf8 = only_gb18030 = False
    for raw in _raw_lines(file):
        as_utf8, as_gb18030 = _decoded(raw, UTF8) is not None, _decoded(raw, GB18030) is not None
        only_utf8 |= as_utf8 and not as_gb18030
        only_gb18030 |= as_gb18030 and not as_utf8
        if only_utf8 and only_gb18030:
            return MIXED
    return GB18030 if only_gb18030 else UTF8


def _reads(file: BinaryIO, encoding: str) -> bool:
    file.seek(0)
    decode = codecs.getincrementaldecoder(encoding)().decode
    try:
        for part in iter(partial(file.read, PART), b""):
            decode(part)
        decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _raw_lines(file: BinaryIO) -> Iterator[bytes]:
    file.seek(0)
    first = file.readline(MOST_LINE)
    yield first.removeprefix(BOM)
    yield from iter(partial(file.readline, MOST_LINE), b"")


def _whole_lines(file: BinaryIO) -> Iterator[tuple[bytes, bool]]:
    """Yield lines with whether they were cut off; what follows of those is left out."""
    going_on = False
    for raw in _raw_lines(file):
        cut = len(raw) >= MOST_LINE and not raw.endswith(b"\n")
        if not going_on:
            yield (raw[:1024] if cut else raw), cut
        going_on = cut or (going_on and not raw.endswith(b"\n"))


def _plain_lines(file: BinaryIO, encoding: str) -> Iterator[Line]:
    for raw, cut in _whole_lines(file):
        if cut:
            yield Line("\n", "", cut=True)
            continue
        text = _decoded(raw, encoding)
        if text is None:
            yield Line(raw.decode(encoding, "replace"), NEITHER)
        else:
            yield Line(text, "" if raw.isascii() else encoding)


def _mixed_lines(file: BinaryIO) -> Iterator[Line]:
    before = next(sure for raw in _raw_lines(file) if (sure := _sure(raw)))  # it is mixed: there are such lines
    for raw, cut in _whole_lines(file):
        if cut:
            yield Line("\n", "", cut=True)
            continue
        if raw.isascii():
            yield Line(raw.decode(), "")
            continue
        before = _sure(raw) or before
        text = _decoded(raw, before)
        yield Line(raw.decode(UTF8, "replace"), NEITHER) if text is None else Line(text, before)


def _sure(raw: bytes) -> str:
    """Return the encoding of a line that is sure by itself, "" where it could be either, neither, or is ASCII."""
    if raw.isascii():
        return ""
    text = _decoded(raw, UTF8)
    as_gb18030 = _decoded(raw, GB18030) is not None
    if text is None:
        return GB18030 if as_gb18030 else ""
    return UTF8 if not as_gb18030 or max(text) > _NARROW else ""


def _wide_lines(file: BinaryIO, encoding: str) -> Iterator[Line]:
    with_marks = io.TextIOWrapper(file, encoding, errors="replace", newline="")
    going_on = False
    for text in iter(partial(with_marks.readline, MOST_LINE), ""):
        cut = len(text) >= MOST_LINE and not text.endswith("\n")
        if not going_on:
            yield Line("\n", "", cut=True) if cut else Line(text, encoding)
        going_on = cut or (going_on and not text.endswith("\n"))


def _decoded(raw: bytes, encoding: str) -> str | None:
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError:
        return None
