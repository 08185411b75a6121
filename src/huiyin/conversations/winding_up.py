"""Wind up what was under way when an earlier database was made: nobody is written to again by a house that went back.

What was queued then left long ago, or never will; what the bot had not answered yet was answered, or by whom nobody
here knows. People look at both.
"""

from typing import NamedTuple

import sqlalchemy as sa

from huiyin.conversations import store
from huiyin.conversations.access import COLUMNS, Conversation
from huiyin.conversations.delivering import Delivery, Outcome
from huiyin.conversations.routing import Place, enqueue
from huiyin.eventlog.unit_of_work import UnitOfWork

BECAUSE = "恢复了较早的备份"


class Wound(NamedTuple):
    """How many replies nobody knows the outcome of, and how many customers wait for a person instead of the bot."""

    replies: int
    talks: int


def wind_up(uow: UnitOfWork, delivery: Delivery) -> Wound:
    """Let people settle what was about to leave, and look at whoever waits for the bot."""
    out, talk = store.outbox.c, store.conversation.c
    leaving = list(uow.connection.execute(sa.select(out.message).where(out.state.in_(("queued", "sending")))).scalars())
    delivery.settle(uow, [Outcome(each, "unknown") for each in leaving])
    waiting = sa.and_(talk.state.in_(("new", "bot")), talk.waiting_since.is_not(None))
    talks = [Conversation(*row) for row in uow.connection.execute(sa.select(*COLUMNS).where(waiting))]
    uow.follow(each.id for each in talks)
    enqueue(uow, [Place(each, BECAUSE, each.skill) for each in talks])
    return Wound(len(leaving), len(talks))
