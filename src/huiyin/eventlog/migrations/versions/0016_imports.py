"""Keep imports: files under way and brought in, rows refused, mappings remembered, figures reported elsewhere."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    """Add the tables."""
    _files()
    op.create_table(
        "import_refusal",
        sa.Column("file", sa.Text(), nullable=False),
        sa.Column("place", sa.BigInteger(), nullable=False),
        sa.Column("row", sa.BigInteger(), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("file", "place", name=op.f("pk_import_refusal")),
    )
    op.create_table(
        "import_mapping",
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("columns", sa.Text(), nullable=False),
        sa.Column("used_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("tenant", "kind", "fingerprint", name=op.f("pk_import_mapping")),
    )
    _figures()


def _files() -> None:
    texts = ("id", "tenant", "shop", "kind", "source")
    op.create_table(
        "import_file",
        *(sa.Column(name, sa.Text(), nullable=False) for name in texts),
        sa.Column("name_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("key_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        *(
            sa.Column(name, sa.Text(), nullable=False)
            for name in ("form", "sheet", "columns", "person", "state", "trouble")
        ),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        *(
            sa.Column(name, sa.BigInteger(), nullable=False)
            for name in ("rows_read", "refused", "records", "fed", "fresh")
        ),
        sa.Column("first_at", sa.BigInteger(), nullable=True),
        sa.Column("last_at", sa.BigInteger(), nullable=True),
        sa.Column("lease", sa.Text(), nullable=False),
        sa.Column("leased_until", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_file")),
    )
    op.create_index(op.f("ix_import_file_state"), "import_file", ["state"])
    op.create_index("ix_import_file_shop", "import_file", ["shop", "created_at"])


def _figures() -> None:
    texts = ("id", "tenant", "shop", "source", "figure", "day", "until", "account")
    op.create_table(
        "reported_figure",
        *(sa.Column(name, sa.Text(), nullable=False) for name in texts),
        sa.Column("value", sa.Float(), nullable=False),
        sa.Column("file", sa.Text(), nullable=False),
        sa.Column("as_of", sa.BigInteger(), nullable=False),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reported_figure")),
    )
    op.create_index("ix_reported_figure_day", "reported_figure", ["shop", "day"])
