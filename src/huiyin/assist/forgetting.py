"""Forget the drafts of conversations of which the hall keeps no words any more."""

from collections.abc import Sequence

from huiyin.assist.store import suggestion
from huiyin.eventlog.unit_of_work import UnitOfWork


def forget(uow: UnitOfWork, conversations: Sequence[str]) -> None:
    """Delete the drafts offered in some conversations."""
    uow.connection.execute(suggestion.delete().where(suggestion.c.conversation.in_(conversations)))
