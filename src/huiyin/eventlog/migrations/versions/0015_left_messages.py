"""Tell what was left while nobody was at a desk (留言), and since when a session wanted a person.

Of sessions that were counted before, both are not known; figures that need them say so.
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    """Add the columns, and the people at their desks as figures know them: those of this moment to begin with."""
    op.add_column("session_figures", sa.Column("left_message", sa.Integer(), nullable=True))
    op.add_column("session_figures", sa.Column("wanted_person_at", sa.BigInteger(), nullable=True))
    op.create_table(
        "figures_presence",
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("person", name=op.f("pk_figures_presence")),
    )
    op.execute(
        "INSERT INTO figures_presence (person, tenant) "
        "SELECT person, tenant FROM seat WHERE state IN ('online', 'busy')"
    )
