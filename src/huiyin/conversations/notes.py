"""What a person writes to the colleague they hand a conversation to: sealed like the conversation's own words."""

from collections.abc import Callable
from functools import partial

import sqlalchemy as sa

from huiyin.conversations import store
from huiyin.conversations.access import Conversation
from huiyin.eventlog.unit_of_work import UnitOfWork
from huiyin.kernel.ids import new_id
from huiyin.security.sealing import Place, Sealer

Noting = Callable[[UnitOfWork, Conversation], str]
"""Writes a note down for a conversation and returns its id, "" where there is nothing to write."""


class Notes:
    """Seals and opens notes under the key of the conversation's customer, whom they are about."""

    def __init__(self, sealer: Sealer) -> None:
        """Use `sealer` for every note."""
        self._sealer = sealer

    def of(self, text: str) -> Noting:
        """Return what writes `text` down where it belongs."""
        return partial(self._write, text.strip())

    def read(self, connection: sa.Connection, note: str, conversation: Conversation) -> str:
        """Return a note of a conversation the caller already accessed; "" if there is none, or its key is gone."""
        columns = store.transfer_note.c
        query = sa.select(columns.body).where(columns.id == note, columns.conversation == conversation.id)
        sealed = connection.execute(query).scalar_one_or_none()
        if sealed is None:
            return ""
        return (self._sealer.open(connection, _place(conversation.tenant, note), sealed) or b"").decode()

    def _write(self, text: str, uow: UnitOfWork, conversation: Conversation) -> str:
        if not text:
            return ""
        note, tenant, customer = new_id(), conversation.tenant, conversation.customer
        key_id = self._sealer.ring.for_writing(uow, tenant, [customer])[customer]
        sealed = self._sealer.seal(uow.connection, key_id, _place(tenant, note), text.encode())
        uow.connection.execute(
            store.transfer_note.insert().values(id=note, conversation=conversation.id, tenant=tenant, body=sealed)
        )
        return note


def _place(tenant: str, note: str) -> Place:
    return Place(tenant, "transfer_note", note, "body")
