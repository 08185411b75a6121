"""Put ids that were derived from what was said under a key."""

import sqlalchemy as sa
from alembic import context, op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Hand the rows to the room that knows them, where there are any."""
    connection = op.get_bind()
    if connection.execute(
        sa.text("SELECT 1 FROM message WHERE source_key LIKE :derived LIMIT 1"), {"derived": "%:log-%"}
    ).scalar():
        context.config.attributes["key_derived_ids"](connection)
