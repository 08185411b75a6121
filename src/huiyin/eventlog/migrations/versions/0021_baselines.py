"""Keep frozen baselines of shops' figures."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    """Make the tables."""
    text, big = sa.Text(), sa.BigInteger()
    op.create_table(
        "baseline",
        *(sa.Column(name, text, nullable=False) for name in ("id", "tenant", "shop", "name", "since", "until")),
        sa.Column("history", sa.Boolean(), nullable=False),
        sa.Column("definition", sa.Integer(), nullable=False),
        sa.Column("person", text, nullable=False),
        sa.Column("frozen_at", big, nullable=False),
        sa.Column("digest", text, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_baseline")),
        sa.UniqueConstraint("shop", "name", name=op.f("uq_baseline_shop_name")),
    )
    op.create_table(
        "baseline_figure",
        *(sa.Column(name, text, nullable=False) for name in ("baseline", "source", "figure", "unit")),
        sa.Column("value", sa.Float(), nullable=True),
        sa.Column("part", big, nullable=True),
        sa.Column("whole", big, nullable=True),
        sa.Column("why", text, nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("as_of", big, nullable=False),
        sa.PrimaryKeyConstraint("baseline", "source", "figure", name=op.f("pk_baseline_figure")),
    )
