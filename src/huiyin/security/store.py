"""Tables of keys. Only wrapped keys are stored; the master key lives outside the database."""

import sqlalchemy as sa

from huiyin.eventlog.schema import metadata

tenant_key = sa.Table(
    "tenant_key",
    metadata,
    sa.Column("tenant", sa.Text, primary_key=True),
    sa.Column("wrapped", sa.LargeBinary, nullable=False),
    sa.Column("created_at", sa.BigInteger, nullable=False),
)

data_key = sa.Table(
    "data_key",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("tenant", sa.Text, nullable=False),
    sa.Column("subject", sa.Text, nullable=False, unique=True),
    sa.Column("wrapped", sa.LargeBinary, nullable=False),
    sa.Column("created_at", sa.BigInteger, nullable=False),
)
