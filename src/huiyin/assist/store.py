"""What waits to be thought about, and the drafts that came of it."""

import sqlalchemy as sa

from huiyin.eventlog.schema import metadata

turn = sa.Table(
    "assist_turn",
    metadata,
    sa.Column("conversation", sa.Text, primary_key=True),
    sa.Column("shop", sa.Text, nullable=False),
    sa.Column("message", sa.Text, nullable=False),
    sa.Column("due_at", sa.BigInteger, nullable=False, index=True),
    sa.Column("attempts", sa.Integer, nullable=False),
)

suggestion = sa.Table(
    "suggestion",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("conversation", sa.Text, nullable=False, index=True),
    sa.Column("message", sa.Text, nullable=False),
    sa.Column("place", sa.Integer, nullable=False),
    sa.Column("body", sa.LargeBinary, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
)
