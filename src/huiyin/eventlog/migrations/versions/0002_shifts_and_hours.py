"""Shifts, and which shift answered; what was said outside a shop's opening hours."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the table of shifts; older assignments and sessions are on no shift, and their hours are not known."""
    op.create_table(
        "shift",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("shop", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("effective_from", sa.BigInteger(), nullable=False),
        sa.Column("effective_to", sa.BigInteger(), nullable=False),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
        sa.Column("replaces", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shift")),
    )
    op.create_index("ix_shift_person_from", "shift", ["person", "effective_from"], unique=False)
    op.create_index(op.f("ix_shift_replaces"), "shift", ["replaces"], unique=False)
    op.add_column("assignment", sa.Column("shift", sa.Text(), nullable=False, server_default=""))
    op.add_column("session_figures", sa.Column("shift", sa.Text(), nullable=False, server_default=""))
    op.add_column("session_figures", sa.Column("outside_hours", sa.Text(), nullable=False, server_default=""))
    op.add_column("session_figures", sa.Column("first_response_open_ms", sa.BigInteger(), nullable=True))
    op.add_column("conversation", sa.Column("outside_hours", sa.Boolean(), nullable=False, server_default=sa.false()))
