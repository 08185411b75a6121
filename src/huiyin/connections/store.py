"""The table of connections: one row a shop. Settings and tokens are sealed under the shop's own data key."""

import sqlalchemy as sa

from huiyin.eventlog.schema import metadata

connection = sa.Table(
    "shop_connection",
    metadata,
    sa.Column("shop", sa.Text, primary_key=True),
    sa.Column("tenant", sa.Text, nullable=False, index=True),
    sa.Column("platform", sa.Text, nullable=False),
    sa.Column("settings_sealed", sa.LargeBinary, nullable=False),
    sa.Column("tokens_sealed", sa.LargeBinary),
    sa.Column("changed_at", sa.BigInteger, nullable=False),
    sa.Column("renewing_until", sa.BigInteger, nullable=False),
)

trouble = sa.Table(
    "line_trouble",
    metadata,
    sa.Column("shop", sa.Text, primary_key=True),
    sa.Column("code", sa.Text, nullable=False),
    sa.Column("since", sa.BigInteger, nullable=False),
    sa.Column("last_at", sa.BigInteger, nullable=False),
    sa.Column("lasting", sa.Boolean, nullable=False),
)
