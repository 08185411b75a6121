"""What the examples share: one made-up shop, its people, one conversation, one afternoon."""

from collections.abc import Mapping
from typing import NamedTuple


class Shown(NamedTuple):
    """What is sent (None for nothing) and what is answered with which status."""

    answered: object
    sent: Mapping[str, object] | None = None
    status: str = "200"


SHOP: dict[str, str] = {"id": "0197291c6d7a7b0e9a3c2f5d8e1b4a60", "name": "远山数码旗舰店"}
PERSON: dict[str, str] = {"id": "0197291c70117c42b5d09e6a1f3c8d24", "name": "小林"}
LEAD: dict[str, str] = {"id": "0197291c7055791e8f6b2ad40c9e7b13", "name": "吴组长"}
TALK = "0197293f5a2b7d18a6e47c0b9f21d385"
MESSAGE = "0197293f5a6e7c90b1d24f8a035c9e71"
REPLY = "0197293fb8407a35924cde1760f8ab29"
ENDPOINT = "0197294b11c07a93be582d46f0a97c1e"
CALL = "0197294c3f847b21a0d5937e68c1b4f2"
BEFORE, AT, SOON, LATER = "2026-06-01T03:58:10Z", "2026-06-01T04:00:00Z", "2026-06-01T04:00:24Z", "2026-06-02T04:00:00Z"
FIRST, LAST = "2026-06-01", "2026-06-30"
ORDER = "307412589604"
FIGURE = {
    "key": "answered_within_30", "unit": "share", "value": 0.96, "part": 96, "whole": 100, "target": 0.9, "why": "",
}  # fmt: skip
