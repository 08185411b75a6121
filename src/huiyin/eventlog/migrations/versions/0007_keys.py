"""Keys with versions and states; names and logins of people sealed; holds and tombstones; notes of transfers."""

import sqlalchemy as sa
from alembic import context, op

revision = "0007"
down_revision = "0006"

CURRENT = sa.text("state = 'current'")


def upgrade() -> None:
    """Give keys their versions; seal what an earlier version left plain, with the keys handed in."""
    _keys()
    _beside_keys()
    op.create_table(
        "transfer_note",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("conversation", sa.Text(), nullable=False),
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transfer_note")),
    )
    op.create_index(op.f("ix_transfer_note_conversation"), "transfer_note", ["conversation"], unique=False)
    op.add_column("person", sa.Column("name_sealed", sa.LargeBinary(), nullable=True))
    op.add_column("person", sa.Column("login_sealed", sa.LargeBinary(), nullable=True))
    op.add_column("person", sa.Column("login_index", sa.Text(), nullable=True))
    op.add_column("platform_account", sa.Column("account", sa.Text(), nullable=True))
    op.create_table(
        "account_name",
        sa.Column("shop", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("ref_sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("shop", "account", name=op.f("pk_account_name")),
    )
    op.create_index(op.f("ix_account_name_account"), "account_name", ["account"], unique=False)
    connection = op.get_bind()
    if connection.execute(sa.text("SELECT count(*) FROM tenant_key")).scalar() or _people(connection):
        context.config.attributes["seal_what_was_plain"](connection)
    with op.batch_alter_table("person") as batch:
        batch.drop_constraint("uq_person_login", type_="unique")
        batch.drop_column("name")
        batch.drop_column("login")
        batch.alter_column("name_sealed", existing_type=sa.LargeBinary(), nullable=False)
        batch.alter_column("login_sealed", existing_type=sa.LargeBinary(), nullable=False)
        batch.alter_column("login_index", existing_type=sa.Text(), nullable=False)
        batch.create_unique_constraint("uq_person_login_index", ["login_index"])
    with op.batch_alter_table("customer") as batch:
        batch.drop_column("label")
    op.drop_index("ix_platform_account_shop_waiter", "platform_account")
    with op.batch_alter_table("platform_account") as batch:
        batch.drop_column("waiter_ref")
        batch.alter_column("account", existing_type=sa.Text(), nullable=False)
    op.create_index("ix_platform_account_shop_account", "platform_account", ["shop", "account"], unique=False)


def _people(connection: sa.Connection) -> bool:
    return bool(connection.execute(sa.text("SELECT count(*) FROM person")).scalar())


def _keys() -> None:
    op.rename_table("tenant_key", "tenant_key_of_0001")
    op.create_table(
        "tenant_key",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("master", sa.Text(), nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tenant_key_")),
    )
    op.execute(
        "INSERT INTO tenant_key (id, tenant, purpose, master, wrapped, state, created_at) "
        "SELECT tenant, tenant, 'wrap', '1', wrapped, 'current', created_at FROM tenant_key_of_0001"
    )
    op.drop_table("tenant_key_of_0001")
    op.create_index(
        "uq_tenant_key_current", "tenant_key", ["tenant", "purpose"], unique=True,
        sqlite_where=CURRENT, postgresql_where=CURRENT,
    )  # fmt: skip
    with op.batch_alter_table("data_key") as batch:
        batch.add_column(sa.Column("wrapping", sa.Text(), nullable=False, server_default=""))
        batch.add_column(sa.Column("state", sa.Text(), nullable=False, server_default="current"))
        batch.drop_constraint("uq_data_key_subject", type_="unique")
    op.execute("UPDATE data_key SET wrapping = tenant")
    op.create_index(op.f("ix_data_key_subject"), "data_key", ["subject"], unique=False)
    op.create_index(op.f("ix_data_key_wrapping"), "data_key", ["wrapping"], unique=False)
    op.create_index(
        "uq_data_key_current", "data_key", ["subject"], unique=True, sqlite_where=CURRENT, postgresql_where=CURRENT
    )


def _beside_keys() -> None:
    op.create_table(
        "key_epoch",
        sa.Column("one", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("one", name=op.f("pk_key_epoch")),
    )
    op.execute("INSERT INTO key_epoch (one, number) VALUES (1, 1)")
    op.create_table(
        "legal_hold",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=True),
        sa.Column("lifted_at", sa.BigInteger(), nullable=True),
        sa.Column("lifted_by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_legal_hold")),
    )
    op.create_index(op.f("ix_legal_hold_subject"), "legal_hold", ["subject"], unique=False)
    op.create_table(
        "tombstone",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("signer", sa.LargeBinary(), nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sa.Column("copies_gone_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tombstone")),
    )
    op.create_index(op.f("ix_tombstone_subject"), "tombstone", ["subject"], unique=False)
