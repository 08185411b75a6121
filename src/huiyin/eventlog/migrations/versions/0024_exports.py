"""Keep exports, and find sessions of a shop by when they opened."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"


def upgrade() -> None:
    """Make the tables and the index."""
    text, big, number = sa.Text(), sa.BigInteger(), sa.Integer()
    op.create_table(
        "export",
        *(
            sa.Column(name, text, nullable=False)
            for name in (
                "id", "tenant", "person", "content", "form", "language", "first", "last", "state", "trouble",
            )
        ),
        sa.Column("created_at", big, nullable=False),
        sa.Column("ended_at", big, nullable=True),
        sa.Column("expires_at", big, nullable=True),
        *(sa.Column(name, big, nullable=False) for name in ("expected", "sessions", "rows", "bytes")),
        sa.Column("parts", number, nullable=False),
        sa.Column("at_shop", text, nullable=False),
        sa.Column("at_opened", big, nullable=False),
        sa.Column("at_session", text, nullable=False),
        sa.Column("key_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("taken", number, nullable=False),
        sa.Column("lease", text, nullable=False),
        sa.Column("leased_until", big, nullable=False),
        sa.Column("turned_at", big, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_export")),
    )  # fmt: skip
    op.create_index("ix_export_state", "export", ["state", "turned_at"])
    op.create_index("ix_export_tenant", "export", ["tenant", "created_at"])
    op.create_table(
        "export_shop",
        *(sa.Column(name, text, nullable=False) for name in ("export", "shop")),
        *(sa.Column(name, big, nullable=False) for name in ("reach", "since", "until")),
        sa.PrimaryKeyConstraint("export", "shop", name=op.f("pk_export_shop")),
    )
    op.create_table(
        "export_part",
        sa.Column("export", text, nullable=False),
        sa.Column("number", number, nullable=False),
        *(sa.Column(name, big, nullable=False) for name in ("rows", "bytes")),
        sa.PrimaryKeyConstraint("export", "number", name=op.f("pk_export_part")),
    )
    op.create_index("ix_conversation_shop_opened", "conversation", ["shop", "opened_at", "id"])
