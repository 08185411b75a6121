"""Tables of keys. Only wrapped keys are stored; the master key lives outside the database.

A key is `current` (new things are sealed under it), `old` (it only opens), or `destroyed` (its bytes are gone).
"""

import sqlalchemy as sa

from huiyin.eventlog.schema import metadata

CURRENT = sa.text("state = 'current'")

tenant_key = sa.Table(
    "tenant_key",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("tenant", sa.Text, nullable=False),
    sa.Column("purpose", sa.Text, nullable=False),
    sa.Column("master", sa.Text, nullable=False),
    sa.Column("wrapped", sa.LargeBinary, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("created_at", sa.BigInteger, nullable=False),
    sa.Index("uq_tenant_key_current", "tenant", "purpose", unique=True, sqlite_where=CURRENT, postgresql_where=CURRENT),
)
"""`purpose` is "wrap" (over data keys), "index|kind" (a blind index) or "sign" (tombstones)."""

data_key = sa.Table(
    "data_key",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("tenant", sa.Text, nullable=False),
    sa.Column("subject", sa.Text, nullable=False, index=True),
    sa.Column("wrapping", sa.Text, nullable=False, index=True),
    sa.Column("wrapped", sa.LargeBinary, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("created_at", sa.BigInteger, nullable=False),
    sa.Index("uq_data_key_current", "subject", unique=True, sqlite_where=CURRENT, postgresql_where=CURRENT),
)
"""`wrapping` is the tenant key above it. The id stands in whatever is sealed under the key."""

key_epoch = sa.Table(
    "key_epoch",
    metadata,
    sa.Column("one", sa.Integer, primary_key=True),
    sa.Column("number", sa.BigInteger, nullable=False),
)
"""One row, whose number rises with each rotation and shredding: whoever keeps keys in memory compares it."""

legal_hold = sa.Table(
    "legal_hold",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("tenant", sa.Text, nullable=False),
    sa.Column("subject", sa.Text, nullable=False, index=True),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("actor", sa.Text, nullable=False),
    sa.Column("recorded_at", sa.BigInteger, nullable=False),
    sa.Column("until", sa.BigInteger),
    sa.Column("lifted_at", sa.BigInteger),
    sa.Column("lifted_by", sa.Text, nullable=False),
)

tombstone = sa.Table(
    "tombstone",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("tenant", sa.Text, nullable=False),
    sa.Column("subject", sa.Text, nullable=False, index=True),
    sa.Column("at", sa.BigInteger, nullable=False),
    sa.Column("body", sa.LargeBinary, nullable=False),
    sa.Column("signer", sa.LargeBinary, nullable=False),
    sa.Column("signature", sa.LargeBinary, nullable=False),
    sa.Column("copies_gone_at", sa.BigInteger),
)
"""`body` is what was signed, word for word; `copies_gone_at` is when earlier backups became unreadable too."""
