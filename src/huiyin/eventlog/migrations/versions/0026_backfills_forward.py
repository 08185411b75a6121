"""Read the past forward, keep who was erased out, and work out anew what consults led to.

A backfill under way begins again from its oldest day, and what is in is known; days that came too late are counted. New
words were taken into brought-in sessions that were past their period: those keep to it from now on. Consults of history
count with their sessions.
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
    op.add_column("session_figures", sa.Column("consulted", sa.Integer(), nullable=False, server_default="0"))
    where = sa.text("state = 'recorded' AND replies_human > consulted")
    op.create_index(
        "ix_session_figures_unconsulted", "session_figures", ["shop"], sqlite_where=where, postgresql_where=where
    )
    op.drop_table("inquiry")  # made anew from sessions and orders
    op.create_table(
        "inquiry",
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("shop", "customer", "day", "person")),
        sa.Column("history", sa.Boolean(), nullable=False),
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("presale", sa.Boolean(), nullable=True),
        sa.Column("converted", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("shop", "customer", "day", "person", "history", name=op.f("pk_inquiry")),
    )
    op.create_index("ix_inquiry_shop_at", "inquiry", ["shop", "at"])
    op.execute("DELETE FROM inquiry_mark")
    op.execute("UPDATE backfill SET done = 0 WHERE state = 'running'")
    op.execute(
        "UPDATE conversation SET kept = 'all' WHERE kept = 'nothing' AND EXISTS ("
        "SELECT 1 FROM message WHERE message.conversation = conversation.id AND length(message.body) > 0)"
    )
