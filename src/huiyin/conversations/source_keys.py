"""Name a platform's record by a key of ours, so that one that is read twice is stored once."""

from huiyin.channels.port import Inbound
from huiyin.security.keys import KeyRing


def source_key(ring: KeyRing, shop: str, inbound: Inbound) -> str:
    """Return the key of a record at a shop."""
    source_id = inbound.source_id
    return f"{shop}:{keyed(ring, source_id) if inbound.derived else source_id}"


def keyed(ring: KeyRing, derived_id: str) -> str:
    """Return what stands for an id that was derived from what was said.

    Whoever holds the database alone could otherwise try sentences until one fits, also after the customer's own key
    was destroyed.
    """
    return f"seen-{ring.house_index('record', derived_id)}"
