"""The shapes of webhooks; see `shapes` for what holds for all of them."""

from datetime import datetime
from typing import Annotated

import msgspec

from huiyin.web.shapes import Named, Shape, Short
from huiyin.webhooks.addresses import MOST_URL
from huiyin.webhooks.kinds import NAMES


class WantedWebhook(Shape, frozen=True, forbid_unknown_fields=True):
    """What an endpoint is to be told: where, which program it is, which kinds, of which shops (none: all your own)."""

    url: Annotated[str, msgspec.Meta(max_length=MOST_URL)]
    description: Short
    kinds: Annotated[list[Short], msgspec.Meta(max_length=len(NAMES))]
    shops: Annotated[list[Short], msgspec.Meta(max_length=200)] = msgspec.field(default_factory=list)


class WebhookShape(Shape, frozen=True):
    """An endpoint. `state` is on, failing or off; `off_why` is by_hand, gone or failing, "" while it is on.

    `former_until` is up to when the former secret signs too. `waiting` calls are still to be made.
    """

    id: str
    url: str
    description: str
    kinds: list[str]
    shops: list[Named]
    state: str
    off_why: str
    registered_by: str
    created_at: datetime
    failing_since: datetime | None
    former_until: datetime | None
    waiting: int
    last_at: datetime | None


class WebhookSecret(Shape, frozen=True):
    """An endpoint and the secret its calls are signed with: shown this once."""

    webhook: WebhookShape
    secret: str


class DeliveryShape(Shape, frozen=True):
    """A call to an endpoint. `state` is waiting, delivered or given_up; `due_at` is the next attempt of what waits.

    `status` is what the endpoint answered last; `error` says why it did not: timeout, unreached, tls, inward (its name
    leads inside a network), redirected, cut.
    """

    id: str
    kind: str
    state: str
    attempts: int
    created_at: datetime
    due_at: datetime | None
    last_at: datetime | None
    status: int | None
    error: str


class DeliveryPage(Shape, frozen=True):
    """Some calls, the newest first; `next_cursor` is None on the last page."""

    deliveries: list[DeliveryShape]
    next_cursor: str | None
