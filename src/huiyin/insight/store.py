"""The figures of sessions, disposable and rebuilt from events at any time; and figures that others counted."""

import sqlalchemy as sa

from huiyin.eventlog.schema import metadata

UNCONSULTED = sa.text("state = 'recorded' AND replies_human > consulted")
"""Sessions brought in with answers that `inquiring` did not look at: `consulted` is how many it has."""

session_figures = sa.Table(
    "session_figures",
    metadata,
    sa.Column("conversation", sa.Text, primary_key=True),
    sa.Column("definition", sa.Integer, nullable=False),
    sa.Column("tenant", sa.Text, nullable=False),
    sa.Column("shop", sa.Text, nullable=False),
    sa.Column("origin", sa.Text, nullable=False),
    sa.Column("opened_at", sa.BigInteger, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("person", sa.Text, nullable=False),
    sa.Column("engagement", sa.Text, nullable=False),
    sa.Column("shift", sa.Text, nullable=False),
    sa.Column("closed_at", sa.BigInteger),
    sa.Column("waiting_since", sa.BigInteger),
    sa.Column("asked_at", sa.BigInteger),
    sa.Column("first_response_ms", sa.BigInteger),
    sa.Column("first_by", sa.Text, nullable=False),
    sa.Column("outside_hours", sa.Text, nullable=False),
    sa.Column("first_response_open_ms", sa.BigInteger),
    sa.Column("handed_over_at", sa.BigInteger),
    sa.Column("human_response_ms", sa.BigInteger),
    sa.Column("turns", sa.Integer, nullable=False),
    sa.Column("turns_ms", sa.BigInteger, nullable=False),
    sa.Column("messages_in", sa.Integer, nullable=False),
    sa.Column("replies_bot", sa.Integer, nullable=False),
    sa.Column("replies_human", sa.Integer, nullable=False),
    sa.Column("findings", sa.Integer, nullable=False),
    sa.Column("left_message", sa.Integer),
    sa.Column("wanted_person_at", sa.BigInteger),
    sa.Column("degree", sa.Integer),
    sa.Column("consulted", sa.Integer, nullable=False),
    sa.Index("ix_session_figures_unconsulted", "shop", sqlite_where=UNCONSULTED, postgresql_where=UNCONSULTED),
    sa.Index("ix_session_figures_shop_opened", "shop", "opened_at"),
    sa.Index("ix_session_figures_open", "shop", "closed_at"),
    sa.Index("ix_session_figures_definition", "definition"),
)

figures_presence = sa.Table(
    "figures_presence",
    metadata,
    sa.Column("person", sa.Text, primary_key=True),
    sa.Column("tenant", sa.Text, nullable=False),
)
"""Who is at their desk, as far as the figures have read the log; rebuilt from it with them."""

reported_figure = sa.Table(
    "reported_figure",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("tenant", sa.Text, nullable=False),
    sa.Column("shop", sa.Text, nullable=False),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("figure", sa.Text, nullable=False),
    sa.Column("day", sa.Text, nullable=False),
    sa.Column("until", sa.Text, nullable=False),
    sa.Column("account", sa.Text, nullable=False),
    sa.Column("value", sa.Float, nullable=False),
    sa.Column("file", sa.Text, nullable=False),
    sa.Column("as_of", sa.BigInteger, nullable=False),
    sa.Column("recorded_at", sa.BigInteger, nullable=False),
    sa.Index("ix_reported_figure_day", "shop", "day"),
)
"""One row for each value that was ever reported: a later other value stands beside it, and the latest counts."""

inquiry = sa.Table(
    "inquiry",
    metadata,
    sa.Column("shop", sa.Text, primary_key=True),
    sa.Column("customer", sa.Text, primary_key=True),
    sa.Column("day", sa.Text, primary_key=True),
    sa.Column("person", sa.Text, primary_key=True),
    sa.Column("history", sa.Boolean, primary_key=True),
    sa.Column("tenant", sa.Text, nullable=False),
    sa.Column("at", sa.BigInteger, nullable=False),
    sa.Column("presale", sa.Boolean),
    sa.Column("converted", sa.Boolean, nullable=False),
    sa.Index("ix_inquiry_shop_at", "shop", "at"),
)
"""Whom a customer consulted on a day, "" for the shop as a whole, and whether they ordered: made anew at any time."""

inquiry_mark = sa.Table(
    "inquiry_mark",
    metadata,
    sa.Column("shop", sa.Text, primary_key=True),
    sa.Column("closed_until", sa.BigInteger, nullable=False),
    sa.Column("orders_until", sa.BigInteger, nullable=False),
    sa.Column("window_ms", sa.BigInteger, nullable=False),
)

baseline = sa.Table(
    "baseline",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("tenant", sa.Text, nullable=False),
    sa.Column("shop", sa.Text, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("since", sa.Text, nullable=False),
    sa.Column("until", sa.Text, nullable=False),
    sa.Column("history", sa.Boolean, nullable=False),
    sa.Column("definition", sa.Integer, nullable=False),
    sa.Column("person", sa.Text, nullable=False),
    sa.Column("frozen_at", sa.BigInteger, nullable=False),
    sa.Column("digest", sa.Text, nullable=False),
    sa.UniqueConstraint("shop", "name"),
)
"""A shop's figures of some days as they stood at a moment. Written once: nothing changes or deletes a row."""

baseline_figure = sa.Table(
    "baseline_figure",
    metadata,
    sa.Column("baseline", sa.Text, primary_key=True),
    sa.Column("source", sa.Text, primary_key=True),
    sa.Column("figure", sa.Text, primary_key=True),
    sa.Column("unit", sa.Text, nullable=False),
    sa.Column("value", sa.Float),
    sa.Column("part", sa.BigInteger),
    sa.Column("whole", sa.BigInteger),
    sa.Column("why", sa.Text, nullable=False),
    sa.Column("days", sa.Integer, nullable=False),
    sa.Column("as_of", sa.BigInteger, nullable=False),
)
"""`source` is "" for ours, else who counted it; `as_of` in ms."""
