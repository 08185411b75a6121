"""The tables of imports: files, rows that were refused, and how files were read.

What a file is called may be somebody's name, so it is sealed; so is the key of the file itself, until it is in.
"""

import sqlalchemy as sa

from huiyin.eventlog.schema import metadata

import_file = sa.Table(
    "import_file",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("tenant", sa.Text, nullable=False),
    sa.Column("shop", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("name_sealed", sa.LargeBinary, nullable=False),
    sa.Column("key_sealed", sa.LargeBinary),
    sa.Column("digest", sa.Text, nullable=False),
    sa.Column("bytes", sa.BigInteger, nullable=False),
    sa.Column("form", sa.Text, nullable=False),
    sa.Column("sheet", sa.Text, nullable=False),
    sa.Column("columns", sa.Text, nullable=False),
    sa.Column("person", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False, index=True),
    sa.Column("trouble", sa.Text, nullable=False),
    sa.Column("created_at", sa.BigInteger, nullable=False),
    sa.Column("ended_at", sa.BigInteger),
    sa.Column("rows_read", sa.BigInteger, nullable=False),
    sa.Column("refused", sa.BigInteger, nullable=False),
    sa.Column("records", sa.BigInteger, nullable=False),
    sa.Column("fed", sa.BigInteger, nullable=False),
    sa.Column("fresh", sa.BigInteger, nullable=False),
    sa.Column("first_at", sa.BigInteger),
    sa.Column("last_at", sa.BigInteger),
    sa.Column("lease", sa.Text, nullable=False),
    sa.Column("leased_until", sa.BigInteger, nullable=False),
    sa.Index("ix_import_file_shop", "shop", "created_at"),
)

refusal = sa.Table(
    "import_refusal",
    metadata,
    sa.Column("file", sa.Text, primary_key=True),
    sa.Column("place", sa.BigInteger, primary_key=True),
    sa.Column("row", sa.BigInteger, nullable=False),
    sa.Column("field", sa.Text, nullable=False),
    sa.Column("code", sa.Text, nullable=False),
)

mapping = sa.Table(
    "import_mapping",
    metadata,
    sa.Column("tenant", sa.Text, primary_key=True),
    sa.Column("kind", sa.Text, primary_key=True),
    sa.Column("fingerprint", sa.Text, primary_key=True),
    sa.Column("columns", sa.Text, nullable=False),
    sa.Column("used_at", sa.BigInteger, nullable=False),
)
