"""The sown set can be trusted: spans point at the values, check digits are right, every form comes up."""

import re
from collections import Counter
from random import Random

import pytest

from huiyin.evals.pii.distractors import DISTRACTORS
from huiyin.evals.pii.forms import COUNTRY
from huiyin.evals.pii.numbers import (
    AREAS,
    COMPANY_SIGNS,
    MOBILE,
    bank_card,
    company_number,
    id_check,
    id_number,
    id_number_with_x,
    luhn_check,
    mobile,
)
from huiyin.evals.pii.sowing import BLIND, Slot, Template, read_templates, sow
from huiyin.evals.pii.values import PARTED, PERSONAL
from huiyin.kernel.errors import InvalidError

TEMPLATES = read_templates(BLIND)
MANY = 200
ROUNDS = 12

# Public examples of the standards: a worked identity number and a card number everybody tests with.
WORKED_ID = "11010519491231002X"
WORKED_CARD = "4111111111111111"


def test_the_same_seed_gives_the_same_examples():
    assert list(sow(7, TEMPLATES, 500)) == list(sow(7, TEMPLATES, 500))
    assert list(sow(7, TEMPLATES, 500)) != list(sow(8, TEMPLATES, 500))


def test_every_template_comes_once_before_any_comes_again():
    first = [example.say for example in sow(1, TEMPLATES, len(TEMPLATES))]
    assert Counter(first) == Counter(template.say for template in TEMPLATES)


def test_a_text_is_its_template_with_values_where_the_spans_are():
    for example in sow(2, TEMPLATES, ROUNDS * len(TEMPLATES)):
        pieces = Template(say=example.say).pieces
        pattern = "".join(
            re.escape(piece) if isinstance(piece, str) else "(.+)" if piece.type else "(?:.+)" for piece in pieces
        )
        assert re.fullmatch(pattern, example.text, re.DOTALL), example
        kinds = [piece.type for piece in pieces if isinstance(piece, Slot) and piece.type]
        assert len(example.forms) == len(example.spans)
        assert [*dict.fromkeys(span.type for span in example.spans)] == [*dict.fromkeys(kinds)]
        end = 0
        for span in example.spans:
            assert end <= span.start < span.end <= len(example.text)
            assert "\n" not in example.text[span.start : span.end]
            end = span.end


@pytest.mark.parametrize("kind", sorted(PERSONAL))
def test_a_span_points_exactly_at_its_value(kind):
    for form, grow in PERSONAL[kind].items():
        template = Template(say=f"前{{{kind}:{form}}}后")
        for seed in range(MANY):
            dice = Random(seed)
            dice.sample([template], 1)
            value = grow(dice)
            (example,) = sow(seed, [template], 1)
            assert example.text == f"前{value}后"
            cut = [example.text[start:end] for start, end, _ in example.spans]
            assert cut == value.split("\n")
            assert {span.type for span in example.spans} == {kind.upper()}
            assert set(example.forms) == {form}
            assert all(part and part == part.strip() for part in cut)


@pytest.mark.parametrize("kind", sorted(PARTED))
def test_a_value_in_two_parts_is_one_value(kind):
    template = Template(say=f"{{{kind}:first}}，还有\n{{{kind}:rest}}")
    for seed in range(MANY):
        dice = Random(seed)
        dice.sample([template], 1)
        whole = PERSONAL[kind]["plain"](dice)
        (example,) = sow(seed, [template], 1)
        assert "".join(example.text[start:end] for start, end, _ in example.spans) == whole
        assert example.forms == ("first", "rest")


def test_check_signs_are_the_standards():
    assert id_check(WORKED_ID[:17]) == WORKED_ID[17]
    assert luhn_check(WORKED_CARD[:-1]) == WORKED_CARD[-1]


def company_total(company):
    """GB 32100: the seventeen signs weighed with powers of 3, and the check sign, are a multiple of 31."""
    worth = [COMPANY_SIGNS.index(sign) for sign in company]
    return sum(each * pow(3, at, 31) for at, each in enumerate(worth[:17])) + worth[17]


def test_numbers_have_the_right_shape():
    dice = Random(3)
    lengths = set()
    for _ in range(MANY * 5):
        phone, identity, card = ("".join(roll(dice)) for roll in (mobile, id_number, bank_card))
        assert re.fullmatch(r"1[3-9]\d{9}", phone)
        assert id_check(identity[:17]) == identity[17]
        assert luhn_check(card[:-1]) == card[-1]
        lengths.add(len(card))
        company = company_number(dice)
        assert company_total(company) % 31 == 0
    assert lengths == {16, 17, 18, 19}
    assert id_number_with_x(dice)[-1].endswith("X")
    assert len(set(MOBILE)) == len(MOBILE)


def test_a_prefixed_or_fixed_number_keeps_its_parts():
    dice = Random(4)
    for _ in range(MANY):
        assert PERSONAL["phone"]["prefixed"](dice).startswith(COUNTRY)
        assert re.match(r"\(?0\d{2,3}", PERSONAL["phone"]["landline"](dice))
    assert set(AREAS.values()) == {7, 8}


def test_the_blind_set_has_every_type_and_form():
    come = {
        (span.type.lower(), form)
        for example in sow(5, TEMPLATES, ROUNDS * len(TEMPLATES))
        for span, form in zip(example.spans, example.forms, strict=True)
    }
    wanted = {(kind, form) for kind, forms in PERSONAL.items() for form in forms}
    wanted |= {(kind, form) for kind in PARTED for form in ("first", "rest")}
    assert come == wanted


def test_the_blind_set_has_every_distractor():
    told = {(slot.kind, slot.form) for each in TEMPLATES for slot in each.pieces if isinstance(slot, Slot)}
    wanted = {(kind, form) for kind, forms in DISTRACTORS.items() for form in forms}
    missing = {(kind, form) for kind, form in wanted if (kind, form) not in told and (kind, "any") not in told}
    assert not missing


def test_the_blind_set_is_large_and_full_of_nobodys_numbers():
    negative = [each for each in TEMPLATES if each.negative]
    adversarial = Counter(each.negative for each in TEMPLATES if each.tag == "adversarial")
    assert len(TEMPLATES) >= 350
    assert len(negative) >= 150
    assert len(TEMPLATES) - len(negative) >= 200
    assert adversarial[True] >= 40
    assert adversarial[False] >= 40
    assert {each.tag for each in TEMPLATES} == {"", "adversarial", "pickup"}
    assert len({each.say for each in TEMPLATES}) == len(TEMPLATES)


def test_no_number_of_a_person_stands_in_the_words():
    for template in TEMPLATES:
        words = "_".join(piece for piece in template.pieces if isinstance(piece, str))
        assert not re.search(r"(?<!\d)1[3-9]\d{9}(?!\d)|\d{17}[\dXx]|@\w+\.(?:com|cn|net)", words), template.say


@pytest.mark.parametrize(
    ("say", "wrong"),
    [
        ("{fax}", "{fax} is no slot"),
        ("{phone:loud}", "phone has any, capital"),
        ("{phone:rest}", "has no {phone:first} before it"),
        ("{phone:rest}{phone:first}", "has no {phone:first} before it"),
        ("{name:first}", "name has any"),
    ],
)
def test_a_slot_that_does_not_exist_is_refused_with_those_that_do(say, wrong):
    with pytest.raises(InvalidError, match=re.escape(wrong)) as refused:
        list(sow(1, [Template(say=say)], 1))
    assert "blind.yaml" in refused.value.remedy


def test_nothing_is_sown_without_templates():
    with pytest.raises(InvalidError, match="no templates"):
        list(sow(1, [], 1))
