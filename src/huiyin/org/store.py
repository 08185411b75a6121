"""Tables of organisations. Facts that change carry two times: when they hold, and when we learned of them."""

import sqlalchemy as sa

from huiyin.eventlog.schema import metadata

organisation = sa.Table(
    "organisation",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("simulated", sa.Boolean, nullable=False),
)

shop = sa.Table(
    "shop",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("tenant", sa.Text, nullable=False, index=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("platform", sa.Text, nullable=False),
    sa.Column("platform_ref", sa.Text, nullable=False),
    sa.Column("category", sa.Text, nullable=False),
    sa.Column("time_zone", sa.Text, nullable=False),
    sa.Column("tier", sa.Text, nullable=False),
    sa.Column("origin", sa.Text, nullable=False),
    sa.Column("bot", sa.Boolean, nullable=False),
    sa.Column("knowledge", sa.Text, nullable=False),
    sa.UniqueConstraint("platform", "platform_ref"),
)

person = sa.Table(
    "person",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("tenant", sa.Text, nullable=False, index=True),
    sa.Column("name_sealed", sa.LargeBinary, nullable=False),
    sa.Column("login_sealed", sa.LargeBinary, nullable=False),
    sa.Column("login_index", sa.Text, nullable=False, unique=True),
    sa.Column("password", sa.Text, nullable=False),
    sa.Column("roles", sa.Text, nullable=False),
    sa.Column("skills", sa.Text, nullable=False),
    sa.Column("active", sa.Boolean, nullable=False),
)

engagement = sa.Table(
    "engagement",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("merchant", sa.Text, nullable=False),
    sa.Column("vendor", sa.Text, nullable=False, index=True),
    sa.Column("shop", sa.Text, nullable=False, index=True),
    sa.Column("hours", sa.Text, nullable=False),
    sa.Column("effective_from", sa.BigInteger, nullable=False),
    sa.Column("effective_to", sa.BigInteger),
    sa.Column("recorded_at", sa.BigInteger, nullable=False),
    sa.Column("replaces", sa.Text),
)

seat = sa.Table(
    "seat",
    metadata,
    sa.Column("person", sa.Text, primary_key=True),
    sa.Column("tenant", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("capacity", sa.Integer, nullable=False),
    sa.Column("load", sa.Integer, nullable=False),
    sa.Column("changed_at", sa.BigInteger, nullable=False),
    sa.Column("seen_at", sa.BigInteger, nullable=False),
    sa.Column("given_at", sa.BigInteger, nullable=False),
    sa.CheckConstraint("load >= 0 AND load <= capacity", name="load_within_capacity"),
)

platform_account = sa.Table(
    "platform_account",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("shop", sa.Text, nullable=False),
    sa.Column("account", sa.Text, nullable=False),
    sa.Column("person", sa.Text, nullable=False),
    sa.Column("effective_from", sa.BigInteger, nullable=False),
    sa.Column("effective_to", sa.BigInteger),
    sa.Column("recorded_at", sa.BigInteger, nullable=False),
    sa.Column("replaces", sa.Text),
    sa.Index("ix_platform_account_shop_account", "shop", "account"),
)

account_name = sa.Table(
    "account_name",
    metadata,
    sa.Column("shop", sa.Text, primary_key=True),
    sa.Column("account", sa.Text, primary_key=True, index=True),
    sa.Column("tenant", sa.Text, nullable=False),
    sa.Column("ref_sealed", sa.LargeBinary, nullable=False),
)

shift = sa.Table(
    "shift",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("tenant", sa.Text, nullable=False),
    sa.Column("person", sa.Text, nullable=False),
    sa.Column("shop", sa.Text, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("effective_from", sa.BigInteger, nullable=False),
    sa.Column("effective_to", sa.BigInteger, nullable=False),
    sa.Column("recorded_at", sa.BigInteger, nullable=False),
    sa.Column("replaces", sa.Text, index=True),
    sa.Index("ix_shift_person_from", "person", "effective_from"),
)

calendar = sa.Table(
    "calendar",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("shop", sa.Text, nullable=False, index=True),
    sa.Column("hours", sa.Text, nullable=False),
    sa.Column("effective_from", sa.BigInteger, nullable=False),
    sa.Column("effective_to", sa.BigInteger),
    sa.Column("recorded_at", sa.BigInteger, nullable=False),
)

exempt_window = sa.Table(
    "exempt_window",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("platform", sa.Text, nullable=False),
    sa.Column("shop", sa.Text, nullable=False),
    sa.Column("effective_from", sa.BigInteger, nullable=False),
    sa.Column("effective_to", sa.BigInteger, nullable=False),
    sa.Column("recorded_at", sa.BigInteger, nullable=False),
    sa.Column("why", sa.Text, nullable=False),
    sa.Column("source", sa.Text, nullable=False),
)

session = sa.Table(
    "session",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("token_hash", sa.Text, nullable=False, unique=True),
    sa.Column("person", sa.Text, nullable=False, index=True),
    sa.Column("device", sa.Text, nullable=False),
    sa.Column("created_at", sa.BigInteger, nullable=False),
    sa.Column("seen_at", sa.BigInteger, nullable=False),
    sa.Column("second_factor_at", sa.BigInteger),
    sa.Column("ended_at", sa.BigInteger),
    sa.Column("ended_why", sa.Text),
)

totp = sa.Table(
    "totp",
    metadata,
    sa.Column("person", sa.Text, primary_key=True),
    sa.Column("tenant", sa.Text, nullable=False),
    sa.Column("secret", sa.LargeBinary, nullable=False),
    sa.Column("begun_at", sa.BigInteger, nullable=False),
    sa.Column("confirmed_at", sa.BigInteger),
    sa.Column("last_step", sa.BigInteger, nullable=False),
)

recovery_code = sa.Table(
    "recovery_code",
    metadata,
    sa.Column("code_hash", sa.Text, primary_key=True),
    sa.Column("person", sa.Text, nullable=False, index=True),
    sa.Column("used_at", sa.BigInteger),
)

api_token = sa.Table(
    "api_token",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("token_hash", sa.Text, nullable=False, unique=True),
    sa.Column("person", sa.Text, nullable=False, index=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("scopes", sa.Text, nullable=False),
    sa.Column("created_at", sa.BigInteger, nullable=False),
    sa.Column("expires_at", sa.BigInteger, nullable=False),
    sa.Column("used_at", sa.BigInteger),
    sa.Column("revoked_at", sa.BigInteger),
)

attempt = sa.Table(
    "attempt",
    metadata,
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("last_at", sa.BigInteger, nullable=False),
    sa.Column("blocked_until", sa.BigInteger, nullable=False),
)

one_time_link = sa.Table(
    "one_time_link",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("token_hash", sa.Text, nullable=False, unique=True),
    sa.Column("purpose", sa.Text, nullable=False),
    sa.Column("person", sa.Text, nullable=False, index=True),
    sa.Column("created_at", sa.BigInteger, nullable=False),
    sa.Column("expires_at", sa.BigInteger, nullable=False),
    sa.Column("used_at", sa.BigInteger),
)

approval = sa.Table(
    "approval",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("tenant", sa.Text, nullable=False, index=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("person", sa.Text, nullable=False, index=True),
    sa.Column("link", sa.Text, nullable=False, index=True),
    sa.Column("terms", sa.Text, nullable=False),
    sa.Column("asked_by", sa.Text, nullable=False),
    sa.Column("asked_at", sa.BigInteger, nullable=False),
    sa.Column("expires_at", sa.BigInteger, nullable=False),
    sa.Column("verdict", sa.Text, nullable=False),
    sa.Column("decided_by", sa.Text),
    sa.Column("decided_at", sa.BigInteger),
)

oidc_identity = sa.Table(
    "oidc_identity",
    metadata,
    sa.Column("issuer", sa.Text, primary_key=True),
    sa.Column("subject", sa.Text, primary_key=True),
    sa.Column("person", sa.Text, nullable=False, index=True),
    sa.Column("bound_at", sa.BigInteger, nullable=False),
)
