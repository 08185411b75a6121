"""What platforms tell of service, one row a record; the latest telling of a record stands."""

import sqlalchemy as sa

from huiyin.eventlog.schema import metadata

evaluation = sa.Table(
    "evaluation",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("tenant", sa.Text, nullable=False),
    sa.Column("shop", sa.Text, nullable=False),
    sa.Column("conversation", sa.Text, nullable=False),
    sa.Column("customer", sa.Text, nullable=False),
    sa.Column("session_ref", sa.Text, nullable=False),
    sa.Column("account", sa.Text, nullable=False),
    sa.Column("at", sa.BigInteger, nullable=False),
    sa.Column("degree", sa.Integer, nullable=False),
    sa.Column("score", sa.Text, nullable=False),
    sa.Column("label_sealed", sa.LargeBinary),
    sa.Column("gateway", sa.Text, nullable=False),
    sa.Column("method", sa.Text, nullable=False),
    sa.Column("as_of", sa.BigInteger, nullable=False),
    sa.Column("recorded_at", sa.BigInteger, nullable=False),
    sa.Index("ix_evaluation_shop_at", "shop", "at"),
    sa.Index("ix_evaluation_customer", "customer"),
)
"""`id` is a keyed index of who judged whom in which second: both gateways tell that; one alone tells the session."""

after_sale = sa.Table(
    "after_sale",
    metadata,
    sa.Column("shop", sa.Text, primary_key=True),
    sa.Column("number", sa.Text, primary_key=True),
    sa.Column("tenant", sa.Text, nullable=False),
    sa.Column("order_ref", sa.Text, nullable=False),
    sa.Column("conversation", sa.Text, nullable=False),
    sa.Column("expectation", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("state_label", sa.Text, nullable=False),
    sa.Column("applied_at", sa.BigInteger),
    sa.Column("changed_at", sa.BigInteger),
    sa.Column("finished_at", sa.BigInteger),
    sa.Column("deadline", sa.BigInteger),
    sa.Column("refunded", sa.Boolean),
    sa.Column("refunded_fen", sa.BigInteger),
    sa.Column("gateway", sa.Text, nullable=False),
    sa.Column("method", sa.Text, nullable=False),
    sa.Column("as_of", sa.BigInteger, nullable=False),
    sa.Column("recorded_at", sa.BigInteger, nullable=False),
    sa.Index("ix_after_sale_shop_finished", "shop", "finished_at"),
    sa.Index("ix_after_sale_shop_changed", "shop", "changed_at"),
    sa.Index("ix_after_sale_order", "shop", "order_ref"),
)

comment = sa.Table(
    "comment",
    metadata,
    sa.Column("shop", sa.Text, primary_key=True),
    sa.Column("number", sa.Text, primary_key=True),
    sa.Column("tenant", sa.Text, nullable=False),
    sa.Column("order_ref", sa.Text, nullable=False),
    sa.Column("sku", sa.Text, nullable=False),
    sa.Column("score", sa.Text, nullable=False),
    sa.Column("replies", sa.Integer, nullable=False),
    sa.Column("at", sa.BigInteger),
    sa.Column("gateway", sa.Text, nullable=False),
    sa.Column("method", sa.Text, nullable=False),
    sa.Column("as_of", sa.BigInteger, nullable=False),
    sa.Column("recorded_at", sa.BigInteger, nullable=False),
    sa.Index("ix_comment_order", "shop", "order_ref"),
)
"""What the buyer wrote is not kept: the platform shows it to everybody, and nothing here is made of it."""

UNNAMED = "unnamed:"
"""Before the keyed indexes of an order, and of the account that placed it, of somebody who never wrote to us."""

placed_order = sa.Table(
    "placed_order",
    metadata,
    sa.Column("shop", sa.Text, primary_key=True),
    sa.Column("number", sa.Text, primary_key=True),
    sa.Column("tenant", sa.Text, nullable=False),
    sa.Column("customer", sa.Text, nullable=False),
    sa.Column("skus", sa.Text, nullable=False),
    sa.Column("placed_at", sa.BigInteger, nullable=False),
    sa.Column("cancelled_at", sa.BigInteger),
    sa.Column("gateway", sa.Text, nullable=False),
    sa.Column("method", sa.Text, nullable=False),
    sa.Column("as_of", sa.BigInteger, nullable=False),
    sa.Column("recorded_at", sa.BigInteger, nullable=False),
    sa.Index("ix_placed_order_customer", "customer"),
    sa.Index("ix_placed_order_recorded", "shop", "recorded_at"),
)
"""Orders of those who ever wrote to us, `skus` being numbers with spaces. What others buy is not ours to keep: of them
only keyed indexes stand here for a month, and when."""

waiter_move = sa.Table(
    "waiter_move",
    metadata,
    sa.Column("shop", sa.Text, primary_key=True),
    sa.Column("account", sa.Text, primary_key=True),
    sa.Column("at", sa.BigInteger, primary_key=True),
    sa.Column("tenant", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("gateway", sa.Text, nullable=False),
    sa.Column("method", sa.Text, nullable=False),
    sa.Column("as_of", sa.BigInteger, nullable=False),
)

mark = sa.Table(
    "outcome_mark",
    metadata,
    sa.Column("shop", sa.Text, primary_key=True),
    sa.Column("kind", sa.Text, primary_key=True),
    sa.Column("since", sa.BigInteger),
    sa.Column("until", sa.BigInteger),
    sa.Column("not_before", sa.BigInteger, nullable=False),
    sa.Column("trouble", sa.Text, nullable=False),
    sa.Column("lasting", sa.Boolean, nullable=False),
)
"""How far each kind of record was read of each shop: [since, until), when to ask again, and what stood in the way."""
