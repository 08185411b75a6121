"""Read what a person typed: words that must all stand in a session, phrases, words that must not.

    价保 "七天无理由" -发票        价保 and the phrase, without 发票

Whatever is typed can be read: nothing of it reaches the database's own query language but tokens of letters and digits.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

from huiyin.finding.tokens import Phrase, phrase
from huiyin.kernel.errors import InvalidError

MOST_PHRASES = 12
_QUOTES = '"“”„＂「」『』'
_PIECE = re.compile(rf"([-－]?)(?:[{_QUOTES}]([^{_QUOTES}]*)(?:[{_QUOTES}]|$)|([^\s{_QUOTES}]+))")


class Wanted(NamedTuple):
    """Phrases that all must stand in a session, and those of which none may."""

    phrases: tuple[Phrase, ...]
    without: tuple[Phrase, ...] = ()


def read_wanted(typed: str) -> Wanted:
    """Return what somebody typed as what to look for.

    Raises:
        InvalidError: nothing to look for stands in it, or more than one looks for at a time.

    """
    wanted: list[Phrase] = []
    without: list[Phrase] = []
    for minus, quoted, word in _PIECE.findall(typed):
        found = phrase(quoted or word)
        side = without if minus else wanted
        if found is not None and found not in side:
            side.append(found)
    if not wanted:
        message = "there is nothing to look for"
        remedy = "Type at least one word or character that must stand in the session."
        raise InvalidError(message, remedy=remedy, code="search_empty")
    if len(wanted) + len(without) > MOST_PHRASES:
        message = f"these are more than {MOST_PHRASES} words"
        raise InvalidError(message, remedy="Leave some out, or put what stands together in quotes.", code="search_long")
    return Wanted(tuple(wanted), tuple(without))


def matching(wanted: Wanted, columns: Sequence[str], marks: Sequence[Sequence[str]]) -> str:
    """Return the expression the index is asked with: words in these columns, and of each set of marks at least one."""
    where = "{" + " ".join(columns) + "} : "
    parts = [f"({where}({_joined('AND', wanted.phrases)}))"]
    parts += [f"(marks : ({_any(each)}))" for each in marks]
    said = " AND ".join(parts)
    return f"({said}) NOT ({where}({_joined('OR', wanted.without)}))" if wanted.without else said


def _joined(how: str, phrases: Sequence[Phrase]) -> str:
    return f" {how} ".join(f'"{" ".join(each.tokens)}"{" *" if each.begins else ""}' for each in phrases)


def _any(marks: Sequence[str]) -> str:
    return " OR ".join(f'"{each}"' for each in marks)
