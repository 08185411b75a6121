"""The table of backfills: what was asked for, how far it is, what it waits for."""

import sqlalchemy as sa

from huiyin.eventlog.schema import metadata

backfill = sa.Table(
    "backfill",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("tenant", sa.Text, nullable=False),
    sa.Column("shop", sa.Text, nullable=False),
    sa.Column("person", sa.Text, nullable=False),
    sa.Column("since", sa.BigInteger, nullable=False),
    sa.Column("until", sa.BigInteger, nullable=False),
    sa.Column("parts", sa.Integer, nullable=False),
    sa.Column("done", sa.Integer, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("trouble", sa.Text, nullable=False),
    sa.Column("not_before", sa.BigInteger, nullable=False),
    sa.Column("created_at", sa.BigInteger, nullable=False),
    sa.Column("ended_at", sa.BigInteger),
    sa.Column("messages", sa.BigInteger, nullable=False),
    sa.Column("fresh", sa.BigInteger, nullable=False),
    sa.Column("missed", sa.Integer, nullable=False),
    sa.Column("turned_at", sa.BigInteger, nullable=False),
    sa.Column("lease", sa.Text, nullable=False),
    sa.Column("leased_until", sa.BigInteger, nullable=False),
    sa.Index("ix_backfill_shop", "shop", "created_at"),
    sa.Index("ix_backfill_state", "state"),
)
