"""The table of periods: what a merchant decided, and what held before until it comes into force."""

import sqlalchemy as sa

from huiyin.eventlog.schema import metadata

retention_period = sa.Table(
    "retention_period",
    metadata,
    sa.Column("tenant", sa.Text, primary_key=True),
    sa.Column("kind", sa.Text, primary_key=True),
    sa.Column("days", sa.Integer),
    sa.Column("from_at", sa.BigInteger, nullable=False),
    sa.Column("before", sa.Integer),
    sa.Column("set_at", sa.BigInteger, nullable=False),
    sa.Column("set_by", sa.Text, nullable=False),
)
"""`days` and `before` are None for as long as there is a database; `before` holds until `from_at` (milliseconds)."""
