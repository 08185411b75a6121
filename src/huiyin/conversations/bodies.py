"""What a message says, sealed: put in on the way in, opened for a screen or for inspection.

Two bodies are kept: the masked one, which everybody works with, and the original where masking changed
something. The original leaves this house in our own replies only; the gates read from it which numbers are the
customer's own, and keep nothing of it; and one stretch of it at a time is revealed to a person, who is written down.
"""

import hashlib
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import msgspec
import sqlalchemy as sa

from huiyin.channels.port import VISITOR, Content
from huiyin.conversations.tails import NO_CONTEXT, Context
from huiyin.eventlog.writer import Notice
from huiyin.security.detecting.spans import Span
from huiyin.security.key_memory import Opened
from huiyin.security.keys import CHANGED
from huiyin.security.masking import Masked, mask
from huiyin.security.sealing import Place, Sealer


class Citation(msgspec.Struct, frozen=True):
    """Where words come from: kind is clause (ref = id@version) or fact (ref = the platform's object)."""

    kind: str
    ref: str
    title: str
    quote: str
    as_of: int


class Body(msgspec.Struct, frozen=True):
    """What is sealed for a message.

    `hidden` says where in the text personal data stands and of which kind: masked in the masked body, plain at the same
    place in the list in the original.
    """

    content: Content
    citations: tuple[Citation, ...] = ()
    hidden: tuple[Span, ...] = ()


class Written(NamedTuple):
    """A body as it was written, and as it is shown: the same object where nothing had to be masked."""

    body: Body
    shown: Body


class SealedBody(NamedTuple):
    """A body ready for its row."""

    body: bytes
    original: bytes | None
    content_hash: str


MOST_REMEMBERED = 20_000
REFERENCES = frozenset({"order_id", "sku_id", "source_id"})
"""Fields that hold a platform's id: an order's number may look like a telephone and is none."""

_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(Body)

ERASED = Body(Content(text="（内容已按要求删除）"))
"""Shown once the customer's key was destroyed."""
ERASED_CUSTOMER = "（已删除的顾客）"
EXPIRED = Body(Content(text="（已过保存期限，内容已删除）"))
"""Shown once the merchant's period of keeping is over: its sealed body is empty."""
EXPIRED_CUSTOMER = "（已过保存期限的顾客）"


class Bodies:
    """Seals and opens message bodies."""

    def __init__(self, sealer: Sealer) -> None:
        """Use `sealer` for every body."""
        self._sealer = sealer
        # A message is read several times within seconds of its arrival: by the bot, inspection, delivery, screens.
        # Only masked bodies are remembered, by their place and ciphertext: what was changed, or put in another's place,
        # is opened anew, or not at all.
        memory = sealer.ring.memory
        self._recent: Opened[tuple[Place, bytes], Body] = Opened(memory, MOST_REMEMBERED)
        self._labels: Opened[tuple[Place, bytes], str] = Opened(memory, MOST_REMEMBERED)

    def seal(self, connection: sa.Connection, key_id: str, tenant: str, message: str, written: Written) -> SealedBody:
        """Seal a body. The hash covers the ciphertext, so that erasing a person leaves it verifiable."""
        place = Place(tenant, "message", message, "body")
        epoch = self._sealer.ring.memory.epoch
        sealed = self._sealer.seal(connection, key_id, place, _encoder.encode(written.shown))
        self._recent.keep(epoch, (place, sealed), written.shown)
        original = None
        if written.shown is not written.body:
            original = self._sealer.seal(
                connection, key_id, Place(tenant, "message", message, "original"), _encoder.encode(written.body)
            )
        return SealedBody(sealed, original, hashlib.sha256(sealed).hexdigest())

    def learn(self, connection: sa.Connection, sealed: Iterable[bytes]) -> None:
        """Load the keys of many bodies in one query, before they are opened one by one."""
        self._sealer.learn(connection, filter(None, sealed))

    def open(self, connection: sa.Connection, tenant: str, message: str, sealed: bytes) -> Body:
        """Return the masked body; `ERASED` once the key was destroyed, `EXPIRED` once it is no longer kept."""
        if not sealed:
            return EXPIRED
        place = Place(tenant, "message", message, "body")
        known = self._recent.get((place, sealed))
        if known is not None:
            return known
        epoch, plain = self._sealer.open_at(connection, place, sealed)
        if plain is None:
            return ERASED
        body = _decoder.decode(plain)
        self._recent.keep(epoch, (place, sealed), body)
        return body

    def label(self, connection: sa.Connection, tenant: str, customer: str, sealed: bytes) -> str:
        """Return how a customer is called on screens: their account at the platform, starred; opened from its seal."""
        if not sealed:
            return EXPIRED_CUSTOMER
        place = Place(tenant, "customer", customer, "ref")
        known = self._labels.get((place, sealed))
        if known is not None:
            return known
        epoch, plain = self._sealer.open_at(connection, place, sealed)
        if plain is None:
            return ERASED_CUSTOMER
        label = masked_label(plain.decode())
        self._labels.keep(epoch, (place, sealed), label)
        return label

    def watch(self, notices: Sequence[Notice]) -> None:
        """Forget what was opened when keys changed: a key that was destroyed must not live on in its words."""
        if any(each.kind == CHANGED.kind for each in notices):
            self.forget()

    def forget(self) -> None:
        """Forget what was opened."""
        self._recent.forget()
        self._labels.forget()

    def open_original(self, connection: sa.Connection, tenant: str, message: str, sealed: bytes) -> Body:
        """Return the unmasked body: for delivery of our own replies, for the gates, for revealing."""
        plain = self._sealer.open(connection, Place(tenant, "message", message, "original"), sealed)
        return ERASED if plain is None else _decoder.decode(plain)


def write(content: Content, citations: tuple[Citation, ...] = (), *, context: Context = NO_CONTEXT) -> Written:
    """Mask what was written; pure, so that it can be done before any transaction."""
    body = Body(content, citations)
    text = mask(content.text, context.before, context.asked)
    data = {key: _mask_field(key, value) for key, value in content.data.items()} if content.data else {}
    if not text.spans and not any(each.spans for each in data.values()):
        return Written(body, body)
    shown = Content(content.kind, text.text, {key: value.text for key, value in data.items()})
    return Written(Body(content, citations, text.spans), Body(shown, citations, text.shown))


def _mask_field(key: str, value: str) -> Masked:
    return Masked(value, ()) if key in REFERENCES else mask(value)


def masked_label(reference: str) -> str:
    """Return a customer's display name: a platform account with its middle starred, a visitor by the end of theirs."""
    if reference.startswith(VISITOR):
        return f"访客 {reference[-4:]}"
    shown: Masked = mask(reference)
    plain = shown.text
    return plain if shown.spans or len(plain) <= 2 else f"{plain[0]}***{plain[-1]}"
