"""The table of calls that were made with a key: one row a caller, route and key, kept for a day."""

import sqlalchemy as sa

from huiyin.eventlog.schema import metadata

kept_answer = sa.Table(
    "kept_answer",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("tenant", sa.Text, nullable=False, index=True),
    sa.Column("request", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("status", sa.Integer),
    sa.Column("answer_sealed", sa.LargeBinary),
    sa.Column("created_at", sa.BigInteger, nullable=False, index=True),
)
"""`id` is a keyed index of caller, route and key, `request` of the body; `state` is running, done,
shown_once, or unknown after a call that fell over."""
