"""Take away what led back, at the platform, to customers erased before the upgrade: numbers of orders and sessions.

Whoever is erased from here on loses them with their keys.
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Empty them; a statement reads each conversation once."""
    customer = sa.table("customer", sa.column("id", sa.Text), sa.column("ref_index", sa.Text))
    conversation = sa.table(
        "conversation",
        sa.column("customer", sa.Text),
        sa.column("session_ref", sa.Text),
        sa.column("order_ref", sa.Text),
    )
    erased = sa.select(customer.c.id).where(customer.c.ref_index.like("shredded:%"))
    op.execute(conversation.update().where(conversation.c.customer.in_(erased)).values(session_ref="", order_ref=""))
