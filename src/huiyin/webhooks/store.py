"""The tables of webhooks: one row an endpoint, one row a delivery to one endpoint."""

import sqlalchemy as sa

from huiyin.eventlog.schema import metadata

webhook = sa.Table(
    "webhook",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("tenant", sa.Text, nullable=False, index=True),
    sa.Column("url_sealed", sa.LargeBinary, nullable=False),
    sa.Column("secret_sealed", sa.LargeBinary, nullable=False),
    sa.Column("former_sealed", sa.LargeBinary),
    sa.Column("former_until", sa.BigInteger, nullable=False),
    sa.Column("description", sa.Text, nullable=False),
    sa.Column("kinds", sa.Text, nullable=False),
    sa.Column("shops", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("off_why", sa.Text, nullable=False),
    sa.Column("since", sa.BigInteger, nullable=False),
    sa.Column("person", sa.Text, nullable=False),
    sa.Column("created_at", sa.BigInteger, nullable=False),
    sa.Column("failing_since", sa.BigInteger),
    sa.Column("held_until", sa.BigInteger, nullable=False),
)
"""`kinds` and `shops` are JSON lists; no shops are all of the organisation's own. `since` is the place of the log after
which it is told. `former_sealed` signs beside the secret until `former_until`. `held_until` is what the endpoint asked
for (Retry-After)."""

delivery = sa.Table(
    "webhook_delivery",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("webhook", sa.Text, nullable=False),
    sa.Column("position", sa.BigInteger),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("body", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("created_at", sa.BigInteger, nullable=False),
    sa.Column("due_at", sa.BigInteger, nullable=False),
    sa.Column("last_at", sa.BigInteger),
    sa.Column("status", sa.Integer),
    sa.Column("error", sa.Text, nullable=False),
    sa.UniqueConstraint("webhook", "position"),
    sa.Index("ix_webhook_delivery_state_due", "state", "due_at"),
    sa.Index("ix_webhook_delivery_webhook_id", "webhook", "id"),
    sa.Index("ix_webhook_delivery_created_at", "created_at"),
)
"""`position` is the event's place in the log, None for a test; `state` is waiting, delivered or given_up."""
