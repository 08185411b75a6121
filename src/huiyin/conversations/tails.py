"""The end of what each person wrote last, for a number or a name that goes on in the next message.

Kept in memory only, a few characters for two minutes, and only where the message ends like the beginning of something.
"""

from collections import OrderedDict
from datetime import datetime, timedelta
from typing import NamedTuple

import re2

from huiyin.channels.port import ContentKind, Inbound

MOST_CHARACTERS = 64
MOST_PEOPLE = 20_000
GOES_ON_WITHIN = timedelta(minutes=2)

_OPEN = re2.compile(
    r"(?:[0-9０-９零〇一二三四五六七八九幺两]|[a-zA-Z_][a-zA-Z0-9_\-]*|电话|手机|号|号码|微信|[Vv][Xx信]|[Qq]{1,2}|扣扣|身份证|[卡账]号"
    r"|姓名|名字|叫|[件货系]人|[证取提核]..?码|是|为|地址|[省市区县镇乡路街村]|[前后]半段?)[\s。.,，:：\-]*$"
)
"""Ends that something may follow: digits, letters, a word that asks for a value."""


class _Tail(NamedTuple):
    at: datetime
    text: str


class Tails:
    """Tails by shop, customer and side; the longest unused go first."""

    def __init__(self) -> None:
        """Begin with none."""
        self._tails: OrderedDict[tuple[str, str, str], _Tail] = OrderedDict()

    def before(self, inbound: Inbound) -> str:
        """Return the end of what the same person wrote just before, "" for nothing, and remember this record's."""
        if inbound.content.kind is not ContentKind.TEXT:
            return ""
        whose = (inbound.shop, inbound.customer_ref, inbound.sender)
        known = self._tails.pop(whose, None)
        goes_on = known is not None and abs(inbound.platform_at - known.at) <= GOES_ON_WITHIN
        before = known.text if known is not None and goes_on else ""
        text = inbound.content.text
        if _OPEN.search(text[-MOST_CHARACTERS:]):
            self._tails[whose] = _Tail(inbound.platform_at, _end(f"{before}\n{text}" if before else text))
            while len(self._tails) > MOST_PEOPLE:
                self._tails.popitem(last=False)
        return before

    def forget(self) -> None:
        """Let go of all of them: somebody's key was destroyed, and their words with it."""
        self._tails = OrderedDict()


def _end(text: str) -> str:
    """Return the last characters, without the digits of a number that was cut."""
    return text if len(text) <= MOST_CHARACTERS else text[-MOST_CHARACTERS:].lstrip("0123456789")
