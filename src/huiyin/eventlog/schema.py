"""The one `MetaData` all rooms add their tables to, and the log's own tables.

Every column works alike on SQLite and PostgreSQL: moments are BIGINT milliseconds, ids text, bodies bytes.
"""

import sqlalchemy as sa

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

Position = sa.BigInteger().with_variant(sa.Integer, "sqlite")
"""SQLite fills only an INTEGER primary key by itself."""

event = sa.Table(
    "event",
    metadata,
    sa.Column("position", Position, primary_key=True, autoincrement=True),
    sa.Column("tenant", sa.Text, nullable=False),
    sa.Column("shop", sa.Text, nullable=False),
    sa.Column("subject", sa.Text, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("actor", sa.Text, nullable=False),
    sa.Column("at", sa.BigInteger, nullable=False),
    sa.Column("body", sa.LargeBinary, nullable=False),
    sa.UniqueConstraint("subject", "version"),
    sqlite_autoincrement=True,
)

listener_position = sa.Table(
    "listener_position",
    metadata,
    sa.Column("listener", sa.Text, primary_key=True),
    sa.Column("position", sa.BigInteger, nullable=False),
)

parked_event = sa.Table(
    "parked_event",
    metadata,
    sa.Column("listener", sa.Text, primary_key=True),
    sa.Column("position", sa.BigInteger, primary_key=True),
    sa.Column("subject", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("due_at", sa.BigInteger, nullable=False),
    sa.Column("error", sa.Text, nullable=False),
)
