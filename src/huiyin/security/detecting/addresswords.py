"""The words addresses are built from, and the words that end one."""

from typing import NamedTuple

import ahocorasick_rs

from huiyin.security.detecting.wordlists import read_words

REGION, TOWN, VILLAGE, ROAD, PLACE, UNIT = "region", "town", "village", "road", "place", "unit"
DIVISION = "division"
"""省, 市, 区 …: a region where a region's name stands before it."""
NAMED_ROAD = "named road"
HOUSE = "house"
"""A number such as 6-2-1201."""
STOP, NOISE, LEAD, COUNTER = "stop", "noise", "lead", "counter"
WAY, LANDMARK = "way", "landmark"


class Word(NamedTuple):
    """A word of the vocabulary in a text."""

    start: int
    end: int
    role: str


def _vocabulary() -> dict[str, str]:
    listed, places = read_words("addresses"), read_words("places")
    roles = {word: role for role in reversed(listed) for word in listed[role]}
    names = {*places["province"], *places["city"], *places["county"]}
    # A region's name before a road, a hospital or a shop is part of that name: 北京路, 上海银行.
    roles.update(
        {f"{name}{tail}": NAMED_ROAD for name in names for tail in ("路", "街", "大道", "东路", "西路", "南路", "北路")}
    )
    roles.update({f"{name}{tail}": NOISE for name in names for tail in ("路由", "路线", "路况")})
    roles.update(dict.fromkeys(names, REGION))
    roles.update({f"{name}{tail}": REGION for name in names for tail in ("省", "市", "区", "县")})
    roles.update(dict.fromkeys(places["state"], REGION))
    return roles


_ROLES = _vocabulary()
_VOCABULARY = list(_ROLES)
_AUTOMATON = ahocorasick_rs.AhoCorasick(_VOCABULARY, matchkind=ahocorasick_rs.MatchKind.LeftmostLongest)


def words(shadow: str) -> list[Word]:
    """Return the vocabulary's words in a half-width text, the longest at each place, without overlaps."""
    roles, vocabulary = _ROLES, _VOCABULARY
    return [
        Word(start, end, roles[vocabulary[which]]) for which, start, end in _AUTOMATON.find_matches_as_indexes(shadow)
    ]
