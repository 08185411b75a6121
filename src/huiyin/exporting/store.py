"""The tables of exports: what was asked for and how far it is, of which shops, and the parts of its file.

The key of the file stands sealed in the export's row for as long as the file may be taken; without it no part opens.
"""

import sqlalchemy as sa

from huiyin.eventlog.schema import metadata

export = sa.Table(
    "export",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("tenant", sa.Text, nullable=False),
    sa.Column("person", sa.Text, nullable=False),
    sa.Column("content", sa.Text, nullable=False),
    sa.Column("form", sa.Text, nullable=False),
    sa.Column("language", sa.Text, nullable=False),
    sa.Column("first", sa.Text, nullable=False),
    sa.Column("last", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("trouble", sa.Text, nullable=False),
    sa.Column("created_at", sa.BigInteger, nullable=False),
    sa.Column("ended_at", sa.BigInteger),
    sa.Column("expires_at", sa.BigInteger),
    sa.Column("expected", sa.BigInteger, nullable=False),
    sa.Column("sessions", sa.BigInteger, nullable=False),
    sa.Column("rows", sa.BigInteger, nullable=False),
    sa.Column("bytes", sa.BigInteger, nullable=False),
    sa.Column("parts", sa.Integer, nullable=False),
    sa.Column("at_shop", sa.Text, nullable=False),
    sa.Column("at_opened", sa.BigInteger, nullable=False),
    sa.Column("at_session", sa.Text, nullable=False),
    sa.Column("key_sealed", sa.LargeBinary),
    sa.Column("taken", sa.Integer, nullable=False),
    sa.Column("lease", sa.Text, nullable=False),
    sa.Column("leased_until", sa.BigInteger, nullable=False),
    sa.Column("turned_at", sa.BigInteger, nullable=False),
    sa.Index("ix_export_state", "state", "turned_at"),
    sa.Index("ix_export_tenant", "tenant", "created_at"),
)
"""`first` and `last` are days, both within; `expected` is sessions; `at_*` is the last session that was written."""

export_shop = sa.Table(
    "export_shop",
    metadata,
    sa.Column("export", sa.Text, primary_key=True),
    sa.Column("shop", sa.Text, primary_key=True),
    sa.Column("reach", sa.BigInteger, nullable=False),
    sa.Column("since", sa.BigInteger, nullable=False),
    sa.Column("until", sa.BigInteger, nullable=False),
)
"""The days of a shop in milliseconds, and from when on its sessions were whoever asked's to see."""

export_part = sa.Table(
    "export_part",
    metadata,
    sa.Column("export", sa.Text, primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("rows", sa.BigInteger, nullable=False),
    sa.Column("bytes", sa.BigInteger, nullable=False),
)
