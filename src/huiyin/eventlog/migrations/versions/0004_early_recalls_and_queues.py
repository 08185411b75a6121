"""Keep recalls that come before their message; find the oldest waiting conversations of a shop and skill."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Make the table and the index."""
    op.create_table(
        "early_recall",
        sa.Column("source_key", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("source_key", name=op.f("pk_early_recall")),
    )
    op.create_index(op.f("ix_early_recall_at"), "early_recall", ["at"], unique=False)
    op.create_index(
        "ix_conversation_state_shop_skill_queued", "conversation", ["state", "shop", "skill", "queued_at"], unique=False
    )
