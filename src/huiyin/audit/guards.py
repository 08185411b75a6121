"""The triggers that refuse changes of the audit: a first wall. The proof is the chain and its checkpoints."""

import hashlib

import sqlalchemy as sa

GUARDS = {
    "audit_entry_is_never_changed": "8633f32ee5905c0b",
    "audit_entry_is_never_deleted": "c0cb377c5d5eb3e4",
    "audit_entry_is_only_appended": "3fd93869ab93d411",
}
"""SQLite's triggers, each with the digest of its text without blanks, as migration 0007 made them."""

ON_POSTGRESQL = ("audit_entry_is_never_changed", "audit_entry_is_never_emptied")


def guards_missing(connection: sa.Connection) -> list[str]:
    """Return which of the triggers are gone, or say something else than they did, and which were added."""
    if connection.dialect.name == "postgresql":
        query = sa.text("SELECT tgname FROM pg_trigger WHERE tgrelid = 'audit_entry'::regclass AND tgenabled <> 'D'")
        return sorted(set(ON_POSTGRESQL) - set(connection.execute(query).scalars()))
    query = sa.text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit_entry'")
    stands = {name: digest(sql) for name, sql in connection.execute(query)}
    return sorted(name for name in GUARDS | stands if stands.get(name) != GUARDS.get(name))


def digest(sql: str) -> str:
    """Return the digest of a trigger's text, however it is indented."""
    return hashlib.sha256(" ".join(sql.split()).encode()).hexdigest()[:16]
