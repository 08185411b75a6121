"""Write one number in the many ways customers write it."""

from collections.abc import Callable, Mapping
from random import Random

Groups = tuple[str, ...]
"""A number in the groups people read it out in: ("138", "0013", "8000")."""
Writer = Callable[[Groups, Random], str]

DIGITS = "0123456789"
FULLWIDTH = str.maketrans(
    {chr(code): chr(code + 0xFEE0) for code in range(0x21, 0x7F)}  # GB 18030's full-width twin of each ASCII sign
)
HANZI = str.maketrans(DIGITS, "零一二三四五六七八九")
YAO = str.maketrans(DIGITS, "零幺二三四五六七八九")
CAPITAL = str.maketrans(DIGITS, "零壹贰叁肆伍陆柒捌玖")
ALIKE = {"0": "oO〇零", "1": "lI｜"}
BETWEEN = ("a", "x", "*", "🌸", "转", "～", "加", "…")
COUNTRY = ("+86", "+86 ", "+86-", "0086", "0086 ", "0086-", "（+86）", "(86)", "86-")


def joined(separator: str) -> Writer:
    """Write the groups with `separator` between them."""
    return lambda groups, _dice: separator.join(groups)


def translated(table: Mapping[int, int] | Mapping[int, str]) -> Writer:
    """Write every sign through `table`."""
    return lambda groups, _dice: "".join(groups).translate(table)


def sparse(groups: Groups, _dice: Random) -> str:
    """Write every sign apart."""
    return " ".join("".join(groups))


def mixed(groups: Groups, dice: Random) -> str:
    """Write some digits in Chinese, some not, at least one of each."""
    whole = "".join(groups)
    chinese = set(dice.sample(range(len(whole)), dice.randint(1, len(whole) - 1)))
    return "".join(sign.translate(HANZI) if at in chinese else sign for at, sign in enumerate(whole))


def obfuscated(groups: Groups, dice: Random) -> str:
    """Put signs that look alike in the place of 0 and 1; where there are none, one digit in Chinese."""
    whole = "".join(groups)
    if not set(whole) & set(ALIKE):
        at = dice.randrange(len(whole))
        return whole[:at] + whole[at].translate(HANZI) + whole[at + 1 :]
    return "".join(dice.choice(ALIKE[sign]) if sign in ALIKE else sign for sign in whole)


def interleaved(groups: Groups, dice: Random) -> str:
    """Put letters, signs or pictures between the groups, as people do who know that numbers are starred."""
    text = groups[0]
    for group in groups[1:]:
        text += dice.choice(BETWEEN) + group
    return text


def split(groups: Groups, dice: Random) -> str:
    """Begin in one turn and go on in the next."""
    whole = "".join(groups)
    cut = dice.randint(len(whole) // 3, 2 * len(whole) // 3)
    return f"{whole[:cut]}\n{whole[cut:]}"


def prefixed(groups: Groups, dice: Random) -> str:
    """Write the country code first."""
    return dice.choice(COUNTRY) + dice.choice(("", "", " ", "-")).join(groups)


def lower(groups: Groups, _dice: Random) -> str:
    """Write letters small."""
    return "".join(groups).lower()


def upper(groups: Groups, _dice: Random) -> str:
    """Write letters large."""
    return "".join(groups).upper()


WRITERS: dict[str, Writer] = {
    "plain": joined(""),
    "spaced": joined(" "),
    "dashed": joined("-"),
    "dotted": joined("."),
    "fullwidth": translated(FULLWIDTH),
    "hanzi": translated(HANZI),
    "yao": translated(YAO),
    "capital": translated(CAPITAL),
    "sparse": sparse,
    "mixed": mixed,
    "obfuscated": obfuscated,
    "interleaved": interleaved,
    "split": split,
    "prefixed": prefixed,
    "lower": lower,
    "upper": upper,
}
