"""Keep verdicts, after-sales cases, comments and moves of waiters, and how far each was read.

Sessions counted before keep no verdict until one is told of them.
"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    """Make the tables and the column."""
    op.add_column("session_figures", sa.Column("degree", sa.Integer(), nullable=True))
    op.create_index("ix_session_figures_definition", "session_figures", ["definition"])
    text, big = sa.Text(), sa.BigInteger()
    op.create_table(
        "evaluation",
        *(sa.Column(name, text, nullable=False) for name in (
            "id", "tenant", "shop", "conversation", "customer", "session_ref", "account")),
        sa.Column("at", big, nullable=False),
        sa.Column("degree", sa.Integer(), nullable=False),
        sa.Column("score", text, nullable=False),
        sa.Column("label_sealed", sa.LargeBinary(), nullable=True),
        *_source(),
        sa.Column("recorded_at", big, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evaluation")),
    )  # fmt: skip
    op.create_index("ix_evaluation_shop_at", "evaluation", ["shop", "at"])
    op.create_index("ix_evaluation_customer", "evaluation", ["customer"])
    op.create_table(
        "after_sale",
        *(sa.Column(name, text, nullable=False) for name in (
            "shop", "number", "tenant", "order_ref", "conversation", "expectation", "state", "state_label")),
        *(sa.Column(name, big, nullable=True) for name in ("applied_at", "changed_at", "finished_at", "deadline")),
        sa.Column("refunded", sa.Boolean(), nullable=True),
        sa.Column("refunded_fen", big, nullable=True),
        *_source(),
        sa.Column("recorded_at", big, nullable=False),
        sa.PrimaryKeyConstraint("shop", "number", name=op.f("pk_after_sale")),
    )  # fmt: skip
    op.create_index("ix_after_sale_shop_finished", "after_sale", ["shop", "finished_at"])
    op.create_index("ix_after_sale_shop_changed", "after_sale", ["shop", "changed_at"])
    op.create_index("ix_after_sale_order", "after_sale", ["shop", "order_ref"])
    op.create_table(
        "comment",
        *(sa.Column(name, text, nullable=False) for name in (
            "shop", "number", "tenant", "order_ref", "sku", "score")),
        sa.Column("replies", sa.Integer(), nullable=False),
        sa.Column("at", big, nullable=True),
        *_source(),
        sa.Column("recorded_at", big, nullable=False),
        sa.PrimaryKeyConstraint("shop", "number", name=op.f("pk_comment")),
    )  # fmt: skip
    op.create_index("ix_comment_order", "comment", ["shop", "order_ref"])
    _presence_and_marks()


def _presence_and_marks() -> None:
    text, big = sa.Text(), sa.BigInteger()
    op.create_table(
        "waiter_move",
        sa.Column("shop", text, nullable=False),
        sa.Column("account", text, nullable=False),
        sa.Column("at", big, nullable=False),
        sa.Column("tenant", text, nullable=False),
        sa.Column("state", text, nullable=False),
        *_source(),
        sa.PrimaryKeyConstraint("shop", "account", "at", name=op.f("pk_waiter_move")),
    )
    op.create_table(
        "outcome_mark",
        sa.Column("shop", text, nullable=False),
        sa.Column("kind", text, nullable=False),
        sa.Column("since", big, nullable=True),
        sa.Column("until", big, nullable=True),
        sa.Column("not_before", big, nullable=False),
        sa.Column("trouble", text, nullable=False),
        sa.Column("lasting", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("shop", "kind", name=op.f("pk_outcome_mark")),
    )


def _source() -> tuple[sa.Column[str], sa.Column[str], sa.Column[int]]:
    return (
        sa.Column("gateway", sa.Text(), nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("as_of", sa.BigInteger(), nullable=False),
    )
