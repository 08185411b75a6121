"""Put the platform's ids of messages under a key: there they lead back to account and words."""

import sqlalchemy as sa
from alembic import context, op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Hand the rows to the room that knows them, where there are any."""
    connection = op.get_bind()
    for table in ("message", "early_recall"):
        plain = sa.text(f"SELECT 1 FROM {table} WHERE source_key NOT LIKE :keyed LIMIT 1")  # noqa: S608  # two names of ours
        if connection.execute(plain, {"keyed": "%:seen-%"}).scalar():
            context.config.attributes["key_source_ids"](connection)
            return
