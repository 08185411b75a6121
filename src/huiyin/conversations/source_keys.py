"""Name a platform's record by a key of ours, so that one that is read twice is stored once.

The platform's id of a message leads, at the platform, to the account and the words. An id that was derived from the
words can be guessed at. So neither is kept: what stands for it is made with a key of the house, before it is stored.
"""

from huiyin.security.keys import KeyRing

SEEN = "seen-"


def source_key(ring: KeyRing, shop: str, source_id: str) -> str:
    """Return the key of a record at a shop."""
    return f"{shop}:{keyed(ring, source_id)}"


def keyed(ring: KeyRing, source_id: str) -> str:
    """Return what stands for a record's id everywhere."""
    return f"{SEEN}{ring.house_index('record', source_id)}"
