"""Find the messages that were written under a platform account nobody was named for."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

UNATTRIBUTED = sa.text("substr(author, 1, 7) = 'waiter:'")


def upgrade() -> None:
    """Index those messages alone: they are few, and only a lead's screen counts them."""
    op.create_index(
        "ix_message_unattributed",
        "message",
        ["shop", "author", "platform_at"],
        unique=False,
        sqlite_where=UNATTRIBUTED,
        postgresql_where=UNATTRIBUTED,
    )
