"""What each person wrote last and what they were just asked: the lead of what they write next.

Kept in memory only, a few characters for two minutes: the end of a message where something may go on behind it, and of
what the other side asks only which kinds of personal data would answer it.
"""

from collections import OrderedDict
from datetime import datetime, timedelta
from threading import Lock
from typing import Final, NamedTuple, TypeVar

import re2

from huiyin.channels.port import ContentKind, Inbound, Sender
from huiyin.security.detecting.answers import LONGEST, digits_in
from huiyin.security.detecting.asking import ADDRESS, CARD, IDENTITY, NOTHING, OTHER, PHONE, REST, Asked, asked_for

Key = TypeVar("Key")
Value = TypeVar("Value")

MOST_CHARACTERS = 64
MOST_PEOPLE = 20_000
GOES_ON_WITHIN = timedelta(minutes=2)
MOST_BESIDE = 4
"""So many messages that answer nothing may stand between a question and its answer."""

_PICTURE = r"\[[\p{Han}A-Za-z]{1,6}\]|#E-[a-z][0-9]{2}|\p{So}|\p{Sk}|[\x{200D}\x{FE0F}\x{1F3FB}-\x{1F3FF}]"
_MARK = r"[\s。.,，、:：\-—?？!！~～…]"
_END = re2.compile(rf"(?:{_PICTURE}|{_MARK})+$")
_SMALL = re2.compile(
    rf"^(?:{_PICTURE}|{_MARK}|[好对是]的?|[嗯恩]+|哦+|噢|哈+|啊|呀|呢|吧|行|可以|稍等|等一?下|等等|ok|OK|Ok|收到|谢谢|麻烦了?|还有|然后|没错|发了)+$"
)
_LONGEST_SMALL = 16
_HOUSE = r"[0-9０-９一二三四五六七八九十a-zA-Z](?:[栋幢座楼室弄号]|单元|号楼|组团)"
_OPEN = re2.compile(
    r"(?:[0-9０-９零〇一二三四五六七八九幺两]|[a-zA-Z_][a-zA-Z0-9_\-]*|电话|手机|号|号码|微信|[Vv][Xx信]|[Qq]{1,2}|扣扣|身份证|[卡账]号"
    rf"|姓名|名字|叫|[件货系]人|[证取提核]..?码|是|为|地址|[省市区县镇乡路街村]|小区|花园|苑|[前后]半段?|{_HOUSE})$"
)
"""Ends that something may follow: digits, letters, a word that asks for a value, a part of an address."""
_OPEN_HOUSE = re2.compile(rf"(?:[省市区县镇乡路街村苑]|花园|{_HOUSE})$")
_WHOLE = {PHONE: 11, REST: 11, IDENTITY: 18, CARD: 16}
"""So many digits make the number whole; what is told after it is something else."""


class Context(NamedTuple):
    """What stands before a message: the end of what the same person wrote, and what the other side asked them for."""

    before: str = ""
    asked: Asked = NOTHING


NO_CONTEXT: Final = Context()


class _Tail(NamedTuple):
    at: datetime
    text: str


class _Question(NamedTuple):
    at: datetime
    asked: Asked
    beside: int = 0
    digits: int = 0


class Tails:
    """Tails by shop, customer and side, and questions by shop and customer; the longest unused go first.

    Messages come in on one thread and replies leave on another.
    """

    def __init__(self) -> None:
        """Begin with none."""
        self._lock = Lock()
        self.forget()

    def context(self, inbound: Inbound) -> Context:
        """Return what stands before a record, and remember what this record leaves for the next."""
        if inbound.content.kind is not ContentKind.TEXT:
            return NO_CONTEXT
        text, at = inbound.content.text, inbound.platform_at
        with self._lock:
            if inbound.sender is not Sender.CUSTOMER:
                self._ask((inbound.shop, inbound.customer_ref), text, at)
                return Context(self._before(inbound, NOTHING))
            if len(text) <= _LONGEST_SMALL and _SMALL.search(text):
                return NO_CONTEXT
            asked = self._asked(inbound)
            return Context(self._before(inbound, asked), asked)

    def met(self, customer: str, inbound: Inbound) -> None:
        """Remember which customer of ours a record is about: what we send knows them by our id only."""
        with self._lock:
            _keep(self._met, customer, (inbound.shop, inbound.customer_ref))

    def asks(self, customer: str, text: str, at: datetime) -> None:
        """Remember what a reply of ours asks a customer for; one whom nobody met in this process is not known."""
        with self._lock:
            whom = self._met.get(customer)
            if whom is not None:
                self._ask(whom, text, at)

    def forget(self) -> None:
        """Let go of all of them: somebody's key was destroyed, and their words with it."""
        with self._lock:
            self._tails: OrderedDict[tuple[str, str, str], _Tail] = OrderedDict()
            self._questions: OrderedDict[tuple[str, str], _Question] = OrderedDict()
            self._met: OrderedDict[str, tuple[str, str]] = OrderedDict()

    def _ask(self, whom: tuple[str, str], text: str, at: datetime) -> None:
        known = self._questions.get(whom)
        stands = known.asked if known is not None and _soon(known.at, at) else NOTHING
        asked = asked_for(text, stands)
        if asked is not None:
            digits = known.digits if known is not None and asked == stands else 0
            _keep(self._questions, whom, _Question(at, asked, digits=digits))

    def _asked(self, inbound: Inbound) -> Asked:
        """Return what a customer was asked for, and count what they say towards its end."""
        whom = inbound.shop, inbound.customer_ref
        question = self._questions.get(whom)
        if question is None:
            return NOTHING
        if not _soon(question.at, inbound.platform_at) or question.beside >= MOST_BESIDE:
            del self._questions[whom]
            return NOTHING
        text = inbound.content.text
        told = digits_in(text) if len(text) <= LONGEST else 0
        digits = question.digits + told
        left = frozenset(each for each in question.asked if digits < _WHOLE.get(each, digits + 1))
        at, beside = (inbound.platform_at, question.beside) if told else (question.at, question.beside + 1)
        _keep(self._questions, whom, _Question(at, left, beside, digits))
        return question.asked

    def _before(self, inbound: Inbound, asked: Asked) -> str:
        """Return the end of what the same person wrote just before, "" for nothing, and remember this record's."""
        whose = (inbound.shop, inbound.customer_ref, inbound.sender)
        known = self._tails.pop(whose, None)
        before = known.text if known is not None and _soon(known.at, inbound.platform_at) else ""
        if OTHER in asked and ADDRESS not in asked and _OPEN_HOUSE.search(before):
            before = ""
        text = inbound.content.text
        ended = "#" not in text and text[-1:].isalnum()
        end = None if ended else _END.search(text[-MOST_CHARACTERS:])
        whole = text if end is None else text[: len(text) - len(end.group())]
        if whole and _OPEN.search(whole[-MOST_CHARACTERS:]):
            _keep(self._tails, whose, _Tail(inbound.platform_at, _end(f"{before}\n{whole}" if before else whole)))
        return before


def _keep(kept: OrderedDict[Key, Value], key: Key, value: Value) -> None:
    kept[key] = value
    kept.move_to_end(key)
    while len(kept) > MOST_PEOPLE:
        kept.popitem(last=False)


def _soon(one: datetime, other: datetime) -> bool:
    return abs(other - one) <= GOES_ON_WITHIN


def _end(text: str) -> str:
    """Return the last characters, without the digits of a number that was cut."""
    return text if len(text) <= MOST_CHARACTERS else text[-MOST_CHARACTERS:].lstrip("0123456789")
