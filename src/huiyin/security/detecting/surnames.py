"""Family names, and words that begin like a name and are none."""

from huiyin.security.detecting.wordlists import read_words

_LISTED = read_words("names")
SURNAMES = frozenset("".join(_LISTED["single"]))
FREQUENT = frozenset("".join(_LISTED["frequent"]))
"""Where nothing but a neighbour speaks for a name, only these are taken for one."""

COMPOUND = frozenset(_LISTED["compound"])
NO_NAMES = frozenset(_LISTED["none"])
BRANDS = _LISTED["brand"]
"""Brands that begin like a name: 王老吉, 李宁."""
