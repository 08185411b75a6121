"""Verdicts and findings: append-only. Re-judging adds a verdict; a rule entered late rewrites nothing."""

import sqlalchemy as sa

from huiyin.eventlog.schema import metadata

verdict = sa.Table(
    "verdict",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("message", sa.Text, nullable=False, index=True),
    sa.Column("conversation", sa.Text, nullable=False),
    sa.Column("tenant", sa.Text, nullable=False),
    sa.Column("shop", sa.Text, nullable=False),
    sa.Column("at", sa.BigInteger, nullable=False),
    sa.Column("outcome", sa.Text, nullable=False),
    sa.Column("engine", sa.Text, nullable=False),
    sa.Column("pack_hash", sa.Text, nullable=False),
    sa.Column("clauses", sa.Text, nullable=False),
    sa.Column("content_hash", sa.Text, nullable=False),
    sa.Column("evidence_hash", sa.Text, nullable=False),
)

finding = sa.Table(
    "finding",
    metadata,
    sa.Column("verdict", sa.Text, primary_key=True),
    sa.Column("place", sa.Integer, primary_key=True),
    sa.Column("message", sa.Text, nullable=False, index=True),
    sa.Column("conversation", sa.Text, nullable=False, index=True),
    sa.Column("rule", sa.Text, nullable=False),
    sa.Column("rule_version", sa.Text, nullable=False),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("severity", sa.Text, nullable=False),
    sa.Column("start", sa.Integer, nullable=False),
    sa.Column("end", sa.Integer, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("confidence", sa.Float, nullable=False),
)
