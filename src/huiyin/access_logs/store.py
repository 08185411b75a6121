"""Records of access that wait for their platform, and how far each shop's platform was told."""

import sqlalchemy as sa

from huiyin.eventlog.schema import metadata

access_log = sa.Table(
    "access_log",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("tenant", sa.Text, nullable=False),
    sa.Column("subject", sa.Text, nullable=False),
    sa.Column("shop", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("at", sa.BigInteger, nullable=False),
    sa.Column("record", sa.LargeBinary, nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("not_before", sa.BigInteger, nullable=False),
    sa.Index("ix_access_log_shop", "shop", "kind", "at"),
    sa.Index("ix_access_log_subject", "subject"),
)
"""`shop` is whose platform is told, `subject` whose key seals the record and `tenant` whose that is: the person's for a
sign-in, the customer's for their orders. A row goes when the platform took it."""

mark = sa.Table(
    "access_log_mark",
    metadata,
    sa.Column("shop", sa.Text, primary_key=True),
    sa.Column("taken", sa.BigInteger, nullable=False),
    sa.Column("taken_at", sa.BigInteger),
    sa.Column("trouble", sa.Text, nullable=False),
)
"""How many records a shop's platform took in all, when the last, and the word for why it does not, "" where it does."""
