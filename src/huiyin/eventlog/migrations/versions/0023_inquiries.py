"""Keep the orders of customers who wrote, which goods they wrote about, and what consults led to."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"


def upgrade() -> None:
    """Make the tables and the column."""
    text, big = sa.Text(), sa.BigInteger()
    op.add_column("conversation", sa.Column("sku_refs", text, nullable=False, server_default=""))
    op.create_table(
        "placed_order",
        *(sa.Column(name, text, nullable=False) for name in ("shop", "number", "tenant", "customer", "skus")),
        sa.Column("placed_at", big, nullable=False),
        sa.Column("cancelled_at", big, nullable=True),
        *(sa.Column(name, text, nullable=False) for name in ("gateway", "method")),
        *(sa.Column(name, big, nullable=False) for name in ("as_of", "recorded_at")),
        sa.PrimaryKeyConstraint("shop", "number", name=op.f("pk_placed_order")),
    )
    op.create_index("ix_placed_order_customer", "placed_order", ["customer"])
    op.create_index("ix_placed_order_recorded", "placed_order", ["shop", "recorded_at"])
    op.create_table(
        "inquiry",
        *(sa.Column(name, text, nullable=False) for name in ("shop", "customer", "day", "person", "tenant")),
        sa.Column("at", big, nullable=False),
        sa.Column("presale", sa.Boolean(), nullable=True),
        sa.Column("converted", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("shop", "customer", "day", "person", name=op.f("pk_inquiry")),
    )
    op.create_index("ix_inquiry_shop_at", "inquiry", ["shop", "at"])
    op.create_table(
        "inquiry_mark",
        sa.Column("shop", text, nullable=False),
        *(sa.Column(name, big, nullable=False) for name in ("closed_until", "orders_until", "window_ms")),
        sa.PrimaryKeyConstraint("shop", name=op.f("pk_inquiry_mark")),
    )
