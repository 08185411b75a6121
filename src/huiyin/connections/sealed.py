"""What is kept sealed about connections: the settings with their secrets, and the tokens."""

from huiyin.connections.store import connection
from huiyin.security.resealing import SealedColumn

SEALED = (
    SealedColumn(connection, "settings_sealed", "settings"),
    SealedColumn(connection, "tokens_sealed", "tokens"),
)
