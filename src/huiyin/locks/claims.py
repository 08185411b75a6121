"""Take a text apart into claims: each value with the field it fills, each promise, each with its sentence. Pure."""

from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import re2

from huiyin.knowledge.folding import fold
from huiyin.knowledge.packs import read_yaml
from huiyin.knowledge.patterns import Wording, Wordings
from huiyin.locks.values import Kind, Value, pieces, values_in

PACKS = Path(__file__).with_name("packs")
PROMISE = "promise"
THRESHOLD = "threshold"
"""What a value is where something begins to hold from it: 满99元, 超过7天. It is no amount of anything."""
_BEYOND = re2.compile("(?:满|够|超过|达到|不满|低于|不足|高于|大于|小于)$")
_SINCE = re2.compile("^(?:之日|当天|当日|商品|货物|快递)?(?:之?后|以后|起)")
"""After a word, these make it the moment from which is counted, and not what is counted: 签收后, 自收到之日起."""
_DENIED = re2.compile("(?:不能|无法|不敢|没法|不好|难以|不)保证|不一定|说不准|不确定|没有把握")
_TAIL = re2.compile(r"(?:尾号|订单号?|单号)[^0-9a-z]{0,4}([0-9]{4,})")


class Field(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a value may be about: its name, its title for people, the kinds that fit, the words that tell it."""

    name: str
    title: str
    kinds: tuple[Kind, ...]
    cues: tuple[str, ...]


class Promise(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A promise or a policy without a number; `never` may be said by nobody."""

    name: str
    title: str
    regexes: tuple[str, ...]
    unless: tuple[str, ...] = ()
    never: bool = False


class _Fields(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    fields: tuple[Field, ...]


class _Promises(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    promises: tuple[Promise, ...]


class Claim(NamedTuple):
    """One thing a text states: `field` is what it is about, or the promise's name; `said` what it comes to.

    `subject` is the order it names by its tail, "" where it names none. `start` and `end` are characters of the text.
    """

    field: str
    kind: str
    said: str
    words: str
    subject: str
    start: int
    end: int


@lru_cache(maxsize=1)
def fields() -> dict[str, Field]:
    """Return the fields, by name."""
    return {each.name: each for each in read_yaml(PACKS / "fields.yaml", _Fields).fields}


@lru_cache(maxsize=1)
def promises() -> dict[str, Promise]:
    """Return the promises, by name."""
    return {each.name: each for each in read_yaml(PACKS / "promises.yaml", _Promises).promises}


@lru_cache(maxsize=1)
def _heard() -> tuple[tuple[str, ...], Wordings]:
    known = promises()
    return tuple(known), Wordings([Wording(regexes=each.regexes) for each in known.values()])


@lru_cache(maxsize=1)
def _excused() -> dict[str, Any]:
    return {each.name: re2.compile("|".join(each.unless)) for each in promises().values() if each.unless}


def claims_in(text: str, now: datetime, asked: str = "") -> list[Claim]:
    """Return everything a text claims, in order; `asked` tells what about, where an answer leaves it out."""
    folded, found = fold(text), list[Claim]()
    values = values_in(text, now)
    for start, end in pieces(text):
        sentence = folded[start:end]
        subject = _subject(sentence)
        inside = [each for each in values if start <= each.start < end]
        stated = (_value(each, folded, (start, end), subject, fold(asked)) for each in inside)
        denied = _DENIED.search(sentence)
        open_from = len(folded) if denied is None else start + denied.end()
        found += [each for each in stated if not _says_nothing(each) and each.start < open_from]
        found += _promised(sentence, start, subject, text)
    return sorted(found, key=lambda each: (each.start, each.field))


def _says_nothing(claim: Claim) -> bool:
    """Tell whether a count is none: 一个问题, 再试一次."""
    return claim.kind == Kind.COUNT and not claim.field and claim.said.endswith(":1") and not claim.words[0].isdecimal()


def _subject(sentence: str) -> str:
    found = _TAIL.search(sentence)
    return "" if found is None else str(found[1])[-4:]


def _value(value: Value, folded: str, span: tuple[int, int], subject: str, asked: str) -> Claim:
    field = _field_of(value, folded, span) or _field_asked(value, asked)
    words = folded[value.start : value.end]
    return Claim(field, str(value.kind), value.said, words, subject, value.start, value.end)


def _field_of(value: Value, folded: str, span: tuple[int, int]) -> str:
    """Return the field whose word stands nearest to a value: within its own piece between commas first."""
    if _BEYOND.search(folded[max(0, value.start - 2) : value.start]):
        return THRESHOLD
    start = max((folded.rfind(mark, span[0], value.start) for mark in ","), default=-1) + 1 or span[0]
    stop = min((place for mark in "," if (place := folded.find(mark, value.end, span[1])) >= 0), default=span[1])
    return _nearest(value, folded, (max(start, span[0]), stop)) or _nearest(value, folded, span)


def _nearest(value: Value, folded: str, span: tuple[int, int]) -> str:
    best, nearest = "", len(folded) + 1
    for field in fields().values():
        if value.kind not in field.kinds:
            continue
        for cue in field.cues:
            place = folded.find(cue, span[0], span[1])
            while place >= 0:
                apart = value.start - place - len(cue) if place < value.start else place - value.end
                since = place < value.start and _SINCE.search(folded[place + len(cue) : place + len(cue) + 4])
                if abs(apart) < nearest and not since:
                    best, nearest = field.name, abs(apart)
                place = folded.find(cue, place + 1, span[1])
    return best


def _field_asked(value: Value, asked: str) -> str:
    return "" if not asked else _nearest(value._replace(start=len(asked), end=len(asked)), asked, (0, len(asked)))


def _promised(sentence: str, start: int, subject: str, text: str) -> list[Claim]:
    names, wordings = _heard()
    found = []
    for spot in wordings.find(sentence):
        name = names[spot.number]
        excuse = _excused().get(name)
        # What takes a promise back stands close to it: 能不能退 asks, 如果…可以退 says when.
        near = sentence[max(0, spot.start - 8) : spot.end + 2]
        if excuse is not None and excuse.search(near):
            continue
        words = text[start + spot.start : start + spot.end]
        found.append(Claim(name, PROMISE, "", words, subject, start + spot.start, start + spot.end))
    return found
