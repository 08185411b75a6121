"""Read a conversation for the visitor it is with: their own words and what reached them, nothing else.

What reached them is what was delivered: drafts, held, failed and withdrawn replies, notes and the names of people are
no columns of what leaves here. A visitor's cursor is the version of each conversation they have seen.
"""

from collections.abc import Collection, Mapping
from typing import Any, NamedTuple

import sqlalchemy as sa

from huiyin.channels.port import ContentKind, Sender
from huiyin.conversations import store
from huiyin.conversations.bodies import Bodies
from huiyin.conversations.events import DeliverySettled, MessageReceived, ReplyDelivered
from huiyin.eventlog import views as eventlog
from huiyin.eventlog.events import Catalogue
from huiyin.eventlog.prepared import Prepared
from huiyin.security.keys import KeyRing

MOST_CONVERSATIONS = 20
MOST_MESSAGES = 200
"""The newest, of conversations a visitor's page knows nothing of yet."""

SHOWING = (MessageReceived, ReplyDelivered, DeliverySettled)
"""Events after which a message may be shown; whatever else happens to it is the house's own affair."""

_IDS: sa.BindParameter[Any] = sa.bindparam("ids", expanding=True)
_REPLIED = sa.and_(store.message.c.sender.in_((Sender.AGENT, Sender.BOT)), store.message.c.delivery == "delivered")
_SHOWN = sa.and_(
    sa.or_(store.message.c.sender == Sender.CUSTOMER, _REPLIED),
    store.message.c.kind == ContentKind.TEXT,
    ~store.message.c.flags.contains("recalled"),
)
_MINE = Prepared(
    sa.select(store.conversation.c.id)
    .join(store.customer, store.customer.c.id == store.conversation.c.customer)
    .where(
        store.customer.c.shop == sa.bindparam("shop"),
        store.customer.c.ref_index == sa.bindparam("visitor"),
        store.customer.c.ref_index != "",
        store.conversation.c.kept != "nothing",
    )
    .order_by(store.conversation.c.id.desc())
    .limit(MOST_CONVERSATIONS)
)
_NEWEST = Prepared(
    sa.select(store.message)
    .where(store.message.c.conversation.in_(_IDS), _SHOWN)
    .order_by(store.message.c.id.desc())
    .limit(MOST_MESSAGES)
)
_BY_ID = Prepared(sa.select(store.message).where(store.message.c.id.in_(_IDS), _SHOWN))
_WHOSE = Prepared(
    sa.select(store.conversation.c.shop, store.customer.c.ref_index)
    .join(store.customer, store.customer.c.id == store.conversation.c.customer)
    .where(store.conversation.c.id.in_(_IDS), store.conversation.c.shop.in_(sa.bindparam("shops", expanding=True)))
    .distinct()
)


class Visitor(NamedTuple):
    """A visitor of a shop's page: the shop, whose it is, and what the visitor is called there."""

    shop: str
    tenant: str
    reference: str


class Said(NamedTuple):
    """What was said: `sender` is customer, bot or agent; `at` is in milliseconds."""

    id: str
    sender: str
    text: str
    at: int


class News(NamedTuple):
    """What a visitor has not seen yet, and their cursor once they have."""

    seen: dict[str, int]
    said: list[Said]


def index_of(connection: sa.Connection, ring: KeyRing, visitor: Visitor) -> str:
    """Return under which index the visitor is kept; "" before anybody wrote to the shop's organisation."""
    return ring.look_up(connection, visitor.tenant, "customer", visitor.reference)


def whose(connection: sa.Connection, conversations: Collection[str], shops: Collection[str]) -> set[tuple[str, str]]:
    """Return with whom conversations are, as shop and index; those of other shops are left out."""
    found = _WHOSE.rows(connection, ids=sorted(conversations), shops=sorted(shops))
    return {(row.shop, row.ref_index) for row in found}


class Reader:
    """Reads what visitors may see."""

    def __init__(self, bodies: Bodies, ring: KeyRing, catalogue: Catalogue) -> None:
        """Keep what opening a body needs."""
        self._bodies = bodies
        self._ring = ring
        self._catalogue = catalogue

    def news(self, connection: sa.Connection, visitor: Visitor, seen: Mapping[str, int]) -> News:
        """Return what a visitor has not seen, oldest first; what they claim to know of others' is not looked at.

        A reply counts from its delivery on, not from its writing. What is told twice all the same is known by its id.
        """
        index = index_of(connection, self._ring, visitor)
        mine = list(_MINE.column(connection, shop=visitor.shop, visitor=index)) if index else []
        if not mine:
            return News({}, [])
        newest = eventlog.versions(connection, mine)
        unknown = [each for each in mine if each not in seen]
        changed: set[str] = set()
        for each in mine:
            if newest.get(each, 0) > seen.get(each, newest.get(each, 0)):
                recorded = eventlog.stream(connection, self._catalogue, each, seen[each])
                newest[each] = recorded[-1].version
                changed |= {one.event.message for one in recorded if isinstance(one.event, SHOWING)}
        rows = _NEWEST.rows(connection, ids=unknown) if unknown else []
        late = sorted(changed)[-MOST_MESSAGES:]  # ids grow with time: whoever was long away gets the newest
        rows = [*rows, *(_BY_ID.rows(connection, ids=late) if late else [])]
        self._bodies.learn(connection, (row.body for row in rows))
        said = [self._said(connection, row) for row in rows]
        return News({each: newest.get(each, 0) for each in mine}, sorted(said, key=lambda one: (one.at, one.id)))

    def _said(self, connection: sa.Connection, row: Any) -> Said:  # noqa: ANN401  # a row of the columns above
        """Open what was said: our own words as they left, the visitor's with personal data masked."""
        if row.sender != Sender.CUSTOMER and row.original is not None:
            body = self._bodies.open_original(connection, row.tenant, row.id, row.original)
        else:
            body = self._bodies.open(connection, row.tenant, row.id, row.body)
        return Said(row.id, row.sender, body.content.text, row.platform_at)
