"""Write down who did what; the table refuses every change of what stands there."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

SQLITE_GUARDS = (
    """CREATE TRIGGER audit_entry_is_never_changed BEFORE UPDATE ON audit_entry
    BEGIN SELECT RAISE(ABORT, 'audit entries are never changed'); END""",
    """CREATE TRIGGER audit_entry_is_never_deleted BEFORE DELETE ON audit_entry
    BEGIN SELECT RAISE(ABORT, 'audit entries are never deleted'); END""",
    # REPLACE would delete without asking the trigger above.
    """CREATE TRIGGER audit_entry_is_only_appended BEFORE INSERT ON audit_entry
    WHEN NEW.seq IS NOT (SELECT coalesce(max(seq), 0) + 1 FROM audit_entry)
    BEGIN SELECT RAISE(ABORT, 'audit entries are only appended'); END""",
)
POSTGRESQL_GUARDS = (
    """CREATE FUNCTION audit_entry_guard() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'audit entries are never changed or deleted'; END $$""",
    """CREATE TRIGGER audit_entry_is_never_changed BEFORE UPDATE OR DELETE ON audit_entry
    FOR EACH ROW EXECUTE FUNCTION audit_entry_guard()""",
    """CREATE TRIGGER audit_entry_is_never_emptied BEFORE TRUNCATE ON audit_entry
    FOR EACH STATEMENT EXECUTE FUNCTION audit_entry_guard()""",
)


def upgrade() -> None:
    """Make the table, its indexes and its guards."""
    op.create_table(
        "audit_entry",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("actor_tenant", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("proof", sa.Text(), nullable=False),
        sa.Column("proof_id", sa.Text(), nullable=False),
        sa.Column("device", sa.Text(), nullable=False),
        sa.Column("second_factor_at", sa.BigInteger(), nullable=True),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("prev", sa.LargeBinary(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_audit_entry")),
    )
    for column in ("tenant", "actor_tenant", "actor", "subject"):
        op.create_index(f"ix_audit_entry_{column}_at_seq", "audit_entry", [column, "at", "seq"], unique=False)
    on_sqlite = op.get_bind().dialect.name == "sqlite"
    for guard in SQLITE_GUARDS if on_sqlite else POSTGRESQL_GUARDS:
        op.execute(guard)
