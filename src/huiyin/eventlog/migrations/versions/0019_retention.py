"""Keep how long a merchant wants what its customers wrote kept, and how much of each conversation is left."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    """Make the table, the column and its index."""
    op.create_table(
        "retention_period",
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=True),
        sa.Column("from_at", sa.BigInteger(), nullable=False),
        sa.Column("before", sa.Integer(), nullable=True),
        sa.Column("set_at", sa.BigInteger(), nullable=False),
        sa.Column("set_by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("tenant", "kind", name=op.f("pk_retention_period")),
    )
    op.add_column("conversation", sa.Column("kept", sa.Text(), nullable=False, server_default="all"))
    over = sa.text("state IN ('closed', 'recorded')")
    op.create_index(
        "ix_conversation_kept", "conversation", ["tenant", "kept", "last_at"], sqlite_where=over, postgresql_where=over
    )
