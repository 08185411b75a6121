"""Read the past forward; keep who was erased out; keep what was put into sessions past their period.

A backfill under way begins again from its oldest day, and what is in is known. Days that came too late are counted. New
words were taken into brought-in sessions that were past their period: those keep to it from now on.
"""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"


def upgrade() -> None:
    """Add the count; let backfills that read from the newest day begin at the oldest."""
    op.add_column("backfill", sa.Column("missed", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("backfill", sa.Column("turned_at", sa.BigInteger(), nullable=False, server_default="0"))
    op.create_table(
        "erased_account",
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("shop", "ref_index")),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("shop", "ref_index", name=op.f("pk_erased_account")),
    )
    op.execute("UPDATE backfill SET done = 0 WHERE state = 'running'")
    op.execute(
        "UPDATE conversation SET kept = 'all' WHERE kept = 'nothing' AND EXISTS ("
        "SELECT 1 FROM message WHERE message.conversation = conversation.id AND length(message.body) > 0)"
    )
