"""Keep records of access until the platform that wants them took them."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    """Make the tables."""
    text, big = sa.Text(), sa.BigInteger()
    op.create_table(
        "access_log",
        *(sa.Column(name, text, nullable=False) for name in ("id", "tenant", "subject", "shop", "kind")),
        sa.Column("at", big, nullable=False),
        sa.Column("record", sa.LargeBinary(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("not_before", big, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_log")),
    )
    op.create_index("ix_access_log_shop", "access_log", ["shop", "kind", "at"])
    op.create_index("ix_access_log_subject", "access_log", ["subject"])
    op.create_table(
        "access_log_mark",
        sa.Column("shop", text, nullable=False),
        sa.Column("taken", big, nullable=False),
        sa.Column("taken_at", big, nullable=True),
        sa.Column("trouble", text, nullable=False),
        sa.PrimaryKeyConstraint("shop", name=op.f("pk_access_log_mark")),
    )
