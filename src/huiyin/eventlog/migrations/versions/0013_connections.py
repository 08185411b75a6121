"""Keep how each shop is connected to its platform: settings and tokens, sealed."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Make the table and its index."""
    op.create_table(
        "shop_connection",
        sa.Column("shop", sa.Text(), nullable=False),
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("settings_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("tokens_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.Column("renewing_until", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("shop", name=op.f("pk_shop_connection")),
    )
    op.create_index(op.f("ix_shop_connection_tenant"), "shop_connection", ["tenant"], unique=False)
