"""Mask personal data in text on the way in: phones, ID numbers, bank cards, e-mail, chat accounts, addresses, names.

Order numbers, amounts and dates are not personal data and stay. A mask keeps the length class readable
(138****1234) so that an agent can still speak about "the number ending in 1234".
"""

from collections.abc import Callable, Iterator
from typing import NamedTuple

import re2

ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
ID_CHECK = "10X98765432"
"""GB 11643-1999: the check digit is ID_CHECK[sum(weight × digit) mod 11]."""

FULL_WIDTH = {ord(full): half for full, half in zip("０１２３４５６７８９＠．－　", "0123456789@.- ", strict=True)}


class Span(NamedTuple):
    """A stretch of personal data: characters [start, end) of the text given."""

    start: int
    end: int
    kind: str


class Masked(NamedTuple):
    """Masked text and what was found in the original."""

    text: str
    spans: tuple[Span, ...]


def valid_id_number(digits: str) -> bool:
    """Tell whether an 18-character resident ID number carries its own check digit (GB 11643-1999)."""
    total = sum(weight * int(digit) for weight, digit in zip(ID_WEIGHTS, digits[:17], strict=True))
    return ID_CHECK[total % 11] == digits[17].upper()


def valid_card_number(digits: str) -> bool:
    """Tell whether a card number passes Luhn (ISO/IEC 7812-1)."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def _digits(found: str) -> str:
    return "".join(each for each in found if each.isdigit() or each in "xX")


class _Detector(NamedTuple):
    kind: str
    pattern: object
    group: int
    genuine: Callable[[str], bool]


def _always(_found: str) -> bool:
    return True


_DETECTORS = (
    _Detector(
        "id_number",
        re2.compile(
            r"(?:^|[^0-9A-Za-z])([1-9]\d{5}[ ]?(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])[ ]?\d{3}[0-9Xx])"
            r"(?:$|[^0-9A-Za-z])"
        ),
        1,
        lambda found: valid_id_number(_digits(found)),
    ),
    _Detector(
        "bank_card",
        re2.compile(r"(?:^|[^0-9])([3-6]\d{3}(?:[ \-]?\d{4}){3}(?:[ \-]?\d{1,3})?)(?:$|[^0-9])"),
        1,
        lambda found: valid_card_number(_digits(found)),
    ),
    _Detector(
        "phone",
        re2.compile(r"(?:^|[^0-9])((?:\+?86[ \-]?)?1[3-9]\d[ \-]?\d{4}[ \-]?\d{4})(?:$|[^0-9])"),
        1,
        _always,
    ),
    _Detector("phone", re2.compile(r"(?:^|[^0-9])(0\d{2,3}-\d{7,8})(?:$|[^0-9])"), 1, _always),
    _Detector("email", re2.compile(r"([A-Za-z0-9._%+\-]+@[A-Za-z0-9\-]+(?:\.[A-Za-z0-9\-]+)+)"), 1, _always),
    _Detector(
        "chat_account",
        re2.compile(
            r"(?:微信号?|weixin|wechat|vx|VX|V信|QQ号?|qq号?|扣扣)[是为:： ]*"
            r"([A-Za-z][A-Za-z0-9_\-]{5,19}|[1-9]\d{4,10})"
        ),
        1,
        _always,
    ),
    _Detector(
        "address",
        re2.compile(
            r"((?:[\p{Han}]{2,8}(?:省|自治区|市))?[\p{Han}]{1,8}(?:市|区|县|旗)[\p{Han}0-9]{0,12}(?:镇|乡|街道|路|街|道|巷|村|小区|大厦|花园|苑|园)"
            r"[\p{Han}0-9A-Za-z\-]{0,16}?\d{1,5}(?:号楼|号院|栋|幢|座|单元|号|室|楼|层)(?:[0-9A-Za-z\p{Han}\-]{0,12}?\d{1,5}(?:号楼|栋|幢|座|单元|号|室|楼|层))*)"
        ),
        1,
        _always,
    ),
    _Detector(
        "name",
        re2.compile(r"(?:收货人|收件人|联系人|我叫|姓名)(?:是|为|:|：|\s)*([\p{Han}]{2,4})(?:$|[^\p{Han}])"),
        1,
        _always,
    ),
)
_HINT = re2.compile(
    r"\d{3,}|@|微信|wechat|weixin|[vV][xX信]|[qQ]{2}|扣扣|[路街号栋幢室]|收货人|收件人|联系人|我叫|姓名"
)


def find_personal(text: str) -> tuple[Span, ...]:
    """Return the personal data in `text`, in order, without overlaps (the earlier detector wins)."""
    plain = text if text.isascii() else text.translate(FULL_WIDTH)
    if not _HINT.search(plain):
        return ()
    taken: list[Span] = []
    for detector in _DETECTORS:
        for start, end in _stretches(detector, plain):
            if any(start < each.end and each.start < end for each in taken):
                continue
            if detector.genuine(plain[start:end]):
                taken.append(Span(start, end, detector.kind))
    return tuple(sorted(taken))


def _stretches(detector: _Detector, plain: str) -> Iterator[tuple[int, int]]:
    """Return where a detector finds something. Two numbers may share the one mark between them: it is read twice."""
    search = detector.pattern.search  # type: ignore[attr-defined]  # re2 patterns have no public type
    match = search(plain)
    while match is not None:
        start, end = match.span(detector.group)
        yield start, end
        match = search(plain, end)


def _mask(found: str, kind: str) -> str:
    if kind == "phone":
        return found[:3] + "*" * max(len(found) - 7, 4) + found[-4:]
    if kind in {"id_number", "bank_card"}:
        return found[:3] + "*" * max(len(found) - 7, 4) + found[-4:]
    if kind == "email":
        return found[0] + "***" + found[found.index("@") :]
    if kind == "name":
        return found[0] + "*" * (len(found) - 1)
    if kind == "address":
        return found[:3] + "*" * 4
    return found[0] + "*" * (len(found) - 1)


def mask(text: str) -> Masked:
    """Return `text` with its personal data masked, and where in the original it stood."""
    spans = find_personal(text)
    if not spans:
        return Masked(text, ())
    parts, at = [], 0
    for span in spans:
        parts += [text[at : span.start], _mask(text[span.start : span.end], span.kind)]
        at = span.end
    return Masked("".join([*parts, text[at:]]), spans)
