"""The one table of the audit: rows are only ever added, and triggers refuse everything else."""

import sqlalchemy as sa

from huiyin.eventlog.schema import Position, metadata

audit_entry = sa.Table(
    "audit_entry",
    metadata,
    sa.Column("seq", Position, primary_key=True, autoincrement=False),
    sa.Column("at", sa.BigInteger, nullable=False),
    sa.Column("tenant", sa.Text, nullable=False),
    sa.Column("actor_tenant", sa.Text, nullable=False),
    sa.Column("actor", sa.Text, nullable=False),
    sa.Column("action", sa.Text, nullable=False),
    sa.Column("subject", sa.Text, nullable=False),
    sa.Column("outcome", sa.Text, nullable=False),
    sa.Column("proof", sa.Text, nullable=False),
    sa.Column("proof_id", sa.Text, nullable=False),
    sa.Column("device", sa.Text, nullable=False),
    sa.Column("second_factor_at", sa.BigInteger, nullable=True),
    sa.Column("detail", sa.Text, nullable=False),
    sa.Column("prev", sa.LargeBinary, nullable=False),
    sa.Column("hash", sa.LargeBinary, nullable=False),
    sa.Index("ix_audit_entry_tenant_at_seq", "tenant", "at", "seq"),
    sa.Index("ix_audit_entry_actor_tenant_at_seq", "actor_tenant", "at", "seq"),
    sa.Index("ix_audit_entry_actor_at_seq", "actor", "at", "seq"),
    sa.Index("ix_audit_entry_subject_at_seq", "subject", "at", "seq"),
)
