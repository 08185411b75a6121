"""What the bot says when it gives up while nobody is there: so much, and when a person is back, if that is known."""

from collections.abc import Sequence
from datetime import timedelta
from functools import cache
from importlib.resources import files
from pathlib import Path

import msgspec

from huiyin.conversations.access import Conversation
from huiyin.eventlog.unit_of_work import UnitOfWork
from huiyin.knowledge.packs import read_yaml
from huiyin.org.duty import staffed
from huiyin.org.opening import Reopening, calendars


class Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The wordings: closed and the next opening known, or not; open, and nobody at their desk."""

    reopening: str
    unknown: str
    alone: str


@cache
def _words() -> Words:
    return read_yaml(Path(str(files("huiyin.assist") / "packs" / "parting.yaml")), Words)


def notices(uow: UnitOfWork, handed: Sequence[Conversation]) -> dict[str, str]:
    """Return what to tell the customers of conversations handed over while nobody can take them, by conversation.

    Left out is who need not be told: somebody is on duty. A shop that recorded no hours is open at all of them.
    A fixed number of queries, none for no conversations.
    """
    shops = {each.shop for each in handed}
    if not shops:
        return {}
    now = uow.now_ms()
    alone = shops - staffed(uow.connection, shops, uow.now())
    if not alone:
        return {}
    opening = calendars(uow.connection, alone)
    said = {
        shop: _said(opening.reopening(shop, now, now)) if opening.why_closed(shop, now, now) else _words().alone
        for shop in alone
    }
    return {each.id: said[each.shop] for each in handed if each.shop in said}


def _said(reopening: Reopening | None) -> str:
    if reopening is None:
        return _words().unknown
    days = reopening.opens.date() - reopening.now.date()
    near = {timedelta(): "今天", timedelta(days=1): "明天"}
    day = near.get(days, f"{reopening.opens.month}月{reopening.opens.day}日")
    return _words().reopening.format(day=day, periods=reopening.periods, time=f"{reopening.opens:%H:%M}")
