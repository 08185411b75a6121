"""Keep endpoints of programs outside with what they are told, and answers to calls that may come twice."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"


def upgrade() -> None:
    """Make the tables."""
    text, big = sa.Text(), sa.BigInteger()
    op.create_table(
        "webhook",
        *(sa.Column(name, text, nullable=False) for name in ("id", "tenant")),
        sa.Column("url_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("secret_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("former_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("former_until", big, nullable=False),
        *(sa.Column(name, text, nullable=False) for name in ("description", "kinds", "shops", "state", "off_why")),
        sa.Column("since", big, nullable=False),
        sa.Column("person", text, nullable=False),
        sa.Column("created_at", big, nullable=False),
        sa.Column("failing_since", big, nullable=True),
        sa.Column("held_until", big, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook")),
    )
    op.create_index("ix_webhook_tenant", "webhook", ["tenant"])
    op.create_table(
        "webhook_delivery",
        *(sa.Column(name, text, nullable=False) for name in ("id", "webhook")),
        sa.Column("position", big, nullable=True),
        *(sa.Column(name, text, nullable=False) for name in ("kind", "body", "state")),
        sa.Column("attempts", sa.Integer(), nullable=False),
        *(sa.Column(name, big, nullable=False) for name in ("created_at", "due_at")),
        sa.Column("last_at", big, nullable=True),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("error", text, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_delivery")),
        sa.UniqueConstraint("webhook", "position", name=op.f("uq_webhook_delivery_webhook_position")),
    )
    op.create_index("ix_webhook_delivery_state_due", "webhook_delivery", ["state", "due_at"])
    op.create_index("ix_webhook_delivery_webhook_id", "webhook_delivery", ["webhook", "id"])
    op.create_index("ix_webhook_delivery_created_at", "webhook_delivery", ["created_at"])
    op.create_table(
        "kept_answer",
        *(sa.Column(name, text, nullable=False) for name in ("id", "tenant", "request", "state")),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("answer_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", big, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kept_answer")),
    )
    op.create_index("ix_kept_answer_tenant", "kept_answer", ["tenant"])
    op.create_index("ix_kept_answer_created_at", "kept_answer", ["created_at"])
