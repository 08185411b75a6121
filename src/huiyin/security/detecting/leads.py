"""Words beside a number that say what it is: an order's, a telephone's, a card's."""

from bisect import bisect_left, bisect_right
from typing import NamedTuple

import ahocorasick_rs

from huiyin.security.detecting.wordlists import read_words

ORDER, PHONE, CARD, IDENTITY, QQ, WECHAT, CODE = "order", "phone", "card", "identity", "qq", "wechat", "code"
_LISTED = read_words("leads")
_BARE_ORDER = frozenset(_LISTED["bare"])
_PHRASES = [(word, sense) for sense, words in _LISTED.items() if sense != "bare" for word in words]
_AUTOMATON = ahocorasick_rs.AhoCorasick(
    [word for word, _ in _PHRASES], matchkind=ahocorasick_rs.MatchKind.LeftmostLongest
)
_GAP = frozenset(" :-=#.\n\t了收到是为叫的号码)(][\"'“”<>《》~→>填写成改换,，、\u200b")
_AFTER_GAP = frozenset(" \n是这个我你您,，、?")
_LINKS = frozenset(" \n,，、;；/和跟与及&+|\t.\u200b")
_REACH = 6
_NEAR = 14


def _inside_a_word(shadow: str, start: int, end: int) -> bool:
    """Tell whether a lead word in Latin letters is a piece of a longer word: the sn of "snow" is no serial number."""
    before, after = shadow[start - 1 : start] if start else "", shadow[end : end + 1]
    return ("a" <= before <= "z" and "a" <= shadow[start] <= "z") or (
        "a" <= after <= "z" and "a" <= shadow[end - 1] <= "z"
    )


class Lead(NamedTuple):
    """A word that tells what a number beside it is."""

    start: int
    end: int
    sense: str
    bare: bool


class Leads:
    """The lead words of one half-width text, found when they are first asked for."""

    def __init__(self, shadow: str) -> None:
        """Look at `shadow`."""
        self._shadow = shadow
        self._found: list[Lead] | None = None
        self._senses: set[str] | None = None
        self._starts: list[int] = []
        self._ends: list[int] = []

    def _all(self) -> list[Lead]:
        if self._found is None:
            self._found = [
                Lead(start, end, _PHRASES[which][1], _PHRASES[which][0] in _BARE_ORDER)
                for which, start, end in _AUTOMATON.find_matches_as_indexes(self._shadow)
                if not _inside_a_word(self._shadow, start, end)
            ]
            self._starts = [each.start for each in self._found]
            self._ends = [each.end for each in self._found]
        return self._found

    def beside(self, start: int) -> str:
        """Return the sense of the lead word right before a number, with only connecting marks between, or ""."""
        found = self._all()
        place = bisect_right(self._ends, start) - 1
        if place < 0 or start - found[place].end > _REACH:
            return ""
        if found[place].sense == QQ and self._shadow[found[place].start] == "充" and "q币" not in self._shadow:
            return ""
        return found[place].sense if set(self._shadow[found[place].end : start]) <= _GAP else ""

    def near(self, start: int, sense: str) -> bool:
        """Tell whether a lead word of a sense stands shortly before a number, whatever is between."""
        found = self._all()
        place = bisect_right(self._ends, start) - 1
        while place >= 0 and start - found[place].end <= _NEAR:
            if found[place].sense == sense:
                return True
            place -= 1
        return False

    def anywhere(self, sense: str) -> bool:
        """Tell whether a lead word of a sense stands anywhere in the text."""
        if self._senses is None:
            self._senses = {each.sense for each in self._all()}
        return sense in self._senses

    def told_after(self, end: int) -> str:
        """Return the sense of the lead word right after a number, or ""; a bare 的订单 says whose, not what."""
        found = self._all()
        place = bisect_left(self._starts, end)
        if place == len(found) or found[place].start - end > _REACH:
            return ""
        lead = found[place]
        gap = self._shadow[end : lead.start]
        if not set(gap) <= _AFTER_GAP or (lead.bare and not set(gap) & {"是", "这"} and lead.sense == ORDER):
            return ""
        return lead.sense

    def linked(self, end: int, start: int) -> bool:
        """Tell whether only an "and" stands between two numbers."""
        return start - end <= 3 and set(self._shadow[end:start]) <= _LINKS
