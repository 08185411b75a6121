"""Read the past forward: a backfill under way begins again, and what is in is known. Count days that came too late."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"


def upgrade() -> None:
    """Add the count; let backfills that read from the newest day begin at the oldest."""
    op.add_column("backfill", sa.Column("missed", sa.Integer(), nullable=False, server_default="0"))
    op.execute("UPDATE backfill SET done = 0 WHERE state = 'running'")
