"""Tables of the hall."""

import sqlalchemy as sa

from huiyin.eventlog.schema import metadata

UNATTRIBUTED = sa.text("substr(author, 1, 7) = 'waiter:'")
"""Messages of a platform account nobody was named for. In the very words of the index, or it is not used."""

IS_OVER = sa.text("state IN ('closed', 'recorded')")
"""Conversations that are over. As above: in the very words of the index."""

customer = sa.Table(
    "customer",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("tenant", sa.Text, nullable=False),
    sa.Column("shop", sa.Text, nullable=False),
    sa.Column("ref_index", sa.Text, nullable=False),
    sa.Column("ref_sealed", sa.LargeBinary, nullable=False),
    sa.UniqueConstraint("shop", "ref_index"),
)

erased_account = sa.Table(
    "erased_account",
    metadata,
    sa.Column("shop", sa.Text, primary_key=True),
    sa.Column("ref_index", sa.Text, primary_key=True),
    sa.Column("at", sa.BigInteger, nullable=False),
)
"""Who was erased when, by the keyed index their account had: what they said before must not come in again."""

conversation = sa.Table(
    "conversation",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("tenant", sa.Text, nullable=False),
    sa.Column("shop", sa.Text, nullable=False),
    sa.Column("customer", sa.Text, nullable=False, index=True),
    sa.Column("session_ref", sa.Text, nullable=False),
    sa.Column("origin", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("skill", sa.Text, nullable=False),
    sa.Column("person", sa.Text),
    sa.Column("engagement", sa.Text, nullable=False),
    sa.Column("order_ref", sa.Text, nullable=False),
    sa.Column("sku_refs", sa.Text, nullable=False),
    sa.Column("greeted", sa.Boolean, nullable=False),
    sa.Column("opened_at", sa.BigInteger, nullable=False),
    sa.Column("queued_at", sa.BigInteger),
    sa.Column("waiting_since", sa.BigInteger),
    sa.Column("last_at", sa.BigInteger, nullable=False),
    sa.Column("last_message", sa.Text, nullable=False),
    sa.Column("closed_at", sa.BigInteger),
    sa.Column("close_reason", sa.Text, nullable=False),
    sa.Column("unread", sa.Integer, nullable=False),
    sa.Column("outside_hours", sa.Boolean, nullable=False),
    sa.Column("kept", sa.Text, nullable=False, server_default="all"),
    sa.Index("ix_conversation_shop_state_queued", "shop", "state", "queued_at"),
    sa.Index("ix_conversation_state_shop_skill_queued", "state", "shop", "skill", "queued_at"),
    sa.Index("ix_conversation_shop_state_last", "shop", "state", "last_at"),
    sa.Index("ix_conversation_person_state", "person", "state"),
    sa.Index("ix_conversation_state_last", "state", "last_at"),
    sa.Index("ix_conversation_shop_opened", "shop", "opened_at", "id"),
    # Only those that are over stand in it: a message to one that is not costs nothing here.
    sa.Index("ix_conversation_kept", "tenant", "kept", "last_at", sqlite_where=IS_OVER, postgresql_where=IS_OVER),
)

message = sa.Table(
    "message",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("conversation", sa.Text, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("tenant", sa.Text, nullable=False),
    sa.Column("shop", sa.Text, nullable=False),
    sa.Column("source_key", sa.Text, unique=True),
    sa.Column("sender", sa.Text, nullable=False),
    sa.Column("author", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("body", sa.LargeBinary, nullable=False),
    sa.Column("original", sa.LargeBinary),
    sa.Column("content_hash", sa.Text, nullable=False),
    sa.Column("reply_mac", sa.Text, nullable=False),
    sa.Column("platform_at", sa.BigInteger, nullable=False),
    sa.Column("received_at", sa.BigInteger, nullable=False),
    sa.Column("delivery", sa.Text),
    sa.Column("note", sa.Text, nullable=False),
    sa.Column("flags", sa.Text, nullable=False),
    sa.Index("ix_message_conversation_version", "conversation", "version"),
    sa.Index(
        "ix_message_unattributed",
        "shop",
        "author",
        "platform_at",
        sqlite_where=UNATTRIBUTED,
        postgresql_where=UNATTRIBUTED,
    ),
)

transfer_note = sa.Table(
    "transfer_note",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("conversation", sa.Text, nullable=False, index=True),
    sa.Column("tenant", sa.Text, nullable=False),
    sa.Column("body", sa.LargeBinary, nullable=False),
)

early_recall = sa.Table(
    "early_recall",
    metadata,
    sa.Column("source_key", sa.Text, primary_key=True),
    sa.Column("at", sa.BigInteger, nullable=False, index=True),
)

outbox = sa.Table(
    "outbox",
    metadata,
    sa.Column("message", sa.Text, primary_key=True),
    sa.Column("conversation", sa.Text, nullable=False, index=True),
    sa.Column("shop", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("due_at", sa.BigInteger, nullable=False),
    sa.Column("then_reason", sa.Text, nullable=False),
    sa.Column("then_skill", sa.Text, nullable=False),
    sa.Index("ix_outbox_state_due", "state", "due_at"),
)

assignment = sa.Table(
    "assignment",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("conversation", sa.Text, nullable=False, index=True),
    sa.Column("desk", sa.Text, nullable=False),
    sa.Column("person", sa.Text, nullable=False),
    sa.Column("engagement", sa.Text, nullable=False),
    sa.Column("shift", sa.Text, nullable=False),
    sa.Column("from_at", sa.BigInteger, nullable=False),
    sa.Column("to_at", sa.BigInteger),
    sa.Column("because", sa.Text, nullable=False),
)

request_key = sa.Table(
    "request_key",
    metadata,
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("message", sa.Text, nullable=False),
    sa.Column("at", sa.BigInteger, nullable=False),
)

poll_mark = sa.Table(
    "poll_mark",
    metadata,
    sa.Column("shop", sa.Text, primary_key=True),
    sa.Column("until", sa.BigInteger, nullable=False),
)

reveal = sa.Table(
    "reveal",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("tenant", sa.Text, nullable=False),
    sa.Column("shop", sa.Text, nullable=False),
    sa.Column("conversation", sa.Text, nullable=False, index=True),
    sa.Column("message", sa.Text, nullable=False),
    sa.Column("place", sa.Integer, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("purpose", sa.Text, nullable=False),
    sa.Column("person", sa.Text, nullable=False),
    sa.Column("proof", sa.Text, nullable=False),
    sa.Column("at", sa.BigInteger, nullable=False),
    sa.Index("ix_reveal_person_at", "person", "at"),
)
