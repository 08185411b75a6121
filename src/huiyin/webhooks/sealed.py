"""What is kept sealed of webhooks: addresses, which may carry keys of their own, and the secrets calls are signed with.

The subject of the data key is the organisation itself.
"""

from huiyin.security.resealing import SealedColumn
from huiyin.security.sealing import Place
from huiyin.webhooks.store import webhook

SEALED = (
    SealedColumn(webhook, "url_sealed", "url"),
    SealedColumn(webhook, "secret_sealed", "secret"),
    SealedColumn(webhook, "former_sealed", "former"),
)


def place(tenant: str, endpoint: str, field: str) -> Place:
    """Return where a sealed field of an endpoint lives."""
    return Place(tenant, webhook.name, endpoint, field)
