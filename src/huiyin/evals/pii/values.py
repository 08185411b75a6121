"""List what can be sown: each type of personal data in each of its forms."""

from collections.abc import Callable, Iterable
from random import Random

from huiyin.evals.pii import numbers, people, places
from huiyin.evals.pii.forms import WRITERS, Groups

Grower = Callable[[Random], str]
"""Make up one value."""

PARTED = frozenset({"phone", "id_number", "bank_card", "address", "qq"})
"""Types that may come in two parts with words between: `first` and `rest`."""

_ALL_DIGITS = ("plain", "spaced", "fullwidth", "hanzi", "mixed", "obfuscated", "sparse", "split")


def _in_forms(source: Callable[[Random], Groups], forms: Iterable[str]) -> dict[str, Grower]:
    return {form: _written(source, form) for form in forms}


def _written(source: Callable[[Random], Groups], form: str) -> Grower:
    return lambda dice: WRITERS[form](source(dice), dice)


PERSONAL: dict[str, dict[str, Grower]] = {
    "phone": {
        **_in_forms(numbers.mobile, (*_ALL_DIGITS, "dashed", "dotted", "yao", "capital", "interleaved", "prefixed")),
        "landline": numbers.landline,
    },
    "id_number": {
        **_in_forms(numbers.id_number, (*_ALL_DIGITS, "dashed", "dotted", "yao", "interleaved")),
        "x": _written(numbers.id_number_with_x, "plain"),
        "lower_x": _written(numbers.id_number_with_x, "lower"),
    },
    "bank_card": _in_forms(numbers.bank_card, (*_ALL_DIGITS, "dashed", "dotted", "capital", "interleaved")),
    "qq": _in_forms(numbers.qq, (*_ALL_DIGITS, "dashed", "yao", "interleaved")),
    "code": _in_forms(numbers.code, ("plain", "spaced", "dashed", "fullwidth", "hanzi", "yao", "mixed", "sparse")),
    "email": {
        **_in_forms(people.email, ("plain", "spaced", "fullwidth", "upper")),
        "spoken": people.spoken_email,
        "obfuscated": people.hidden_email,
    },
    "wechat": {
        **_in_forms(people.wechat, ("plain", "spaced", "fullwidth", "upper", "split")),
        "underscored": people.underscored_wechat,
        "wxid": people.wxid,
    },
    "plate": {
        **_in_forms(people.plate, ("plain", "spaced", "dashed", "lower")),
        "dotted": lambda dice: "·".join(people.plate(dice)),
        "fullwidth": people.wide_plate,
        "energy": people.energy_plate,
        "special": people.special_plate,
    },
    "address": {
        "plain": places.full,
        "no_province": places.no_province,
        "village": places.village,
        "dormitory": places.dormitory,
        "tower": places.tower,
        "compound": places.compound,
        "letters": places.letters,
        "numbered": places.numbered,
        "spaced": places.spaced,
        "punctuated": places.punctuated,
        "hanzi": places.hanzi,
        "fullwidth": places.fullwidth,
        "colloquial": places.colloquial,
        "split": places.split,
    },
    "name": {
        "plain": people.name,
        "compound": people.compound_name,
        "spaced": people.spaced_name,
        "minority": people.minority_name,
        "pinyin": people.pinyin_name,
    },
}
