"""Sow made-up personal data into written sentences, and keep where it fell."""

import re
from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path
from random import Random
from typing import NamedTuple

import msgspec

from huiyin.evals.pii.distractors import DISTRACTORS
from huiyin.evals.pii.values import PARTED, PERSONAL, Grower
from huiyin.kernel.errors import InvalidError
from huiyin.knowledge.packs import read_yaml

BLIND = Path(__file__).with_name("blind.yaml")
ANY = "any"
FIRST = "first"
REST = "rest"
PLAIN = "plain"

_SLOT = re.compile(r"\{([^{}]*)\}")


class Span(NamedTuple):
    """A stretch of personal data: `text[start:end]`, counted in code points."""

    start: int
    end: int
    type: str


class Example(NamedTuple):
    """A text and everything personal in it, from left to right.

    `forms` names for each span how the value was written. `tag` and `say` are the template's.
    """

    text: str
    spans: tuple[Span, ...]
    forms: tuple[str, ...]
    tag: str
    say: str


class Slot(NamedTuple):
    """A place in a sentence where a value goes: `{kind:form}`."""

    kind: str
    form: str

    @property
    def type(self) -> str:
        """Name the type of personal data; empty where the value is nobody's."""
        return self.kind.upper() if self.kind in PERSONAL else ""


class Template(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, dict=True):
    """A sentence with slots. `tag` sorts it for a report, `adversarial` for one."""

    say: str
    tag: str = ""

    @cached_property
    def pieces(self) -> tuple[str | Slot, ...]:
        """Take the sentence apart: words and slots in turn, words first.

        Raises:
            InvalidError: if a slot has no such kind or form, or is a rest without its first part.

        """
        parts = _SLOT.split(self.say)
        slots = [_read_slot(part, self.say) for part in parts[1::2]]
        for place, slot in enumerate(slots):
            if slot.form == REST and Slot(slot.kind, FIRST) not in slots[:place]:
                _refuse(f"{{{slot.kind}:rest}} has no {{{slot.kind}:first}} before it", self.say)
        return tuple(slots[place // 2] if place % 2 else part for place, part in enumerate(parts))

    @property
    def negative(self) -> bool:
        """Tell whether nothing in it is personal."""
        return not any(isinstance(piece, Slot) and piece.type for piece in self.pieces)


class TemplatePack(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One file of templates. A bare sentence is a template without a tag."""

    pack: str
    title: str
    templates: tuple[Template | str, ...]


def read_templates(path: Path) -> tuple[Template, ...]:
    """Read a file of templates, and take every one apart.

    Raises:
        InvalidError: if the file is no YAML, has another shape, or names a slot that does not exist.

    """
    written = read_yaml(path, TemplatePack).templates
    templates = tuple(Template(say=each) if isinstance(each, str) else each for each in written)
    for each in templates:
        _ = each.pieces
    return templates


def sow(seed: int, templates: Sequence[Template], count: int) -> Iterator[Example]:
    """Give `count` examples: every template once in random order, then all again with new values.

    The same seed, templates and count give the same examples.

    Raises:
        InvalidError: if there are no templates, or one names a slot that does not exist.

    """
    if not templates:
        raise InvalidError("there are no templates to sow", remedy="hand in at least one template")
    dice = Random(seed)
    order: list[Template] = []
    for _ in range(count):
        if not order:
            order = dice.sample(templates, len(templates))
        yield _sow_one(order.pop(), dice)


def _sow_one(template: Template, dice: Random) -> Example:
    text = ""
    spans: list[Span] = []
    forms: list[str] = []
    rests: dict[str, str] = {}
    for piece in template.pieces:
        if isinstance(piece, str):
            text += piece
            continue
        form, value = _grow(piece, rests, dice)
        if piece.type:
            fell = _spans(len(text), value, piece.type)
            spans += fell
            forms += [form] * len(fell)
        text += value
    return Example(text, tuple(spans), tuple(forms), template.tag, template.say)


def _grow(slot: Slot, rests: dict[str, str], dice: Random) -> tuple[str, str]:
    if slot.form == REST:
        return REST, rests.pop(slot.kind)
    if slot.form == FIRST:
        whole = _growers(slot.kind)[PLAIN](dice)
        cut = len(whole) // 2 + dice.randint(-1, 1)
        rests[slot.kind] = whole[cut:]
        return FIRST, whole[:cut]
    growers = _growers(slot.kind)
    form = slot.form if slot.form != ANY else dice.choice(sorted(growers))
    return form, growers[form](dice)


def _spans(start: int, value: str, kind: str) -> list[Span]:
    """Give one span for each turn the value stands in: the line break between turns is nobody's."""
    spans = []
    for part in value.split("\n"):
        spans.append(Span(start, start + len(part), kind))
        start += len(part) + 1
    return spans


def _growers(kind: str) -> dict[str, Grower]:
    return PERSONAL.get(kind) or DISTRACTORS.get(kind, {})


def _read_slot(written: str, say: str) -> Slot:
    kind, _, form = written.partition(":")
    slot = Slot(kind, form or PLAIN)
    known = {*_growers(kind), ANY} if _growers(kind) else set()
    if kind in PARTED:
        known |= {FIRST, REST}
    if slot.form not in known:
        _refuse(f"{{{written}}} is no slot" + (f"; {kind} has {', '.join(sorted(known))}" if known else ""), say)
    return slot


def _refuse(what: str, say: str) -> None:
    raise InvalidError(f"{what}, in: {say}", remedy="the slots are listed at the head of blind.yaml")
