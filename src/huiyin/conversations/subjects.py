"""Find the customer a letter is about, and count what is held of them; none of their words is shown to anybody.

Whoever writes a letter names their account at the platform, an order, or a telephone. The account is found by its blind
index. An order is found where a conversation is about it. A telephone has no index of its own, since eleven digits are
guessed at within a day by whoever holds the index's key: what customers wrote is opened in memory and compared.
"""

import threading
import time
from collections.abc import Collection, Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa

from huiyin.audit.writing import Entry, write_down
from huiyin.conversations import store
from huiyin.conversations.access import OVER
from huiyin.conversations.bodies import Bodies
from huiyin.eventlog.unit_of_work import UnitOfWork
from huiyin.eventlog.writer import Writer
from huiyin.kernel.actors import Actor
from huiyin.kernel.errors import InvalidError, NotFoundError, TooManyError
from huiyin.kernel.units import Seconds
from huiyin.org.views import shops
from huiyin.policy.terms import Action
from huiyin.security.detecting.shadow import half, spoken
from huiyin.security.keys import KeyRing
from huiyin.security.rights import GONE, check_keys

ACCOUNT, ORDER, PHONE = WAYS = ("account", "order", "phone")
MOST_FOUND = 20
FEWEST_DIGITS = 7
BATCH = 128
"""Messages opened at once in a search for a telephone; then it rests as long as they took, so that others go on."""
BUSY_SECONDS = Seconds(10)
"""When whoever came second may look for a telephone again."""
SEARCHED = "subject.searched"


class Wanted(NamedTuple):
    """What a letter names: `by` account, order or phone, and its value, as `read_wanted` returns it."""

    by: str
    value: str


class Held(NamedTuple):
    """How much is held of a customer, and since when, in milliseconds.

    `masked` messages hide personal data; `seen` is how often a stretch of it was revealed.
    """

    customer: str
    shop: str
    label: str
    conversations: int
    under_way: int
    since: int
    until: int
    messages: int
    masked: int
    notes: int
    seen: int


def read_wanted(by: str, value: str) -> Wanted:
    """Return what somebody looks for, without blanks around it; a telephone in digits alone.

    Raises:
        InvalidError: an unknown way, nothing to look for, or too few digits for a telephone.

    """
    if by not in WAYS:
        message = f"nobody is found by {by[:20]!r}"
        raise InvalidError(message, remedy=f"Use one of {', '.join(WAYS)}.", code="choice")
    value = value.strip()
    wanted = digits(value) if by == PHONE else value
    if len(wanted) < (FEWEST_DIGITS if by == PHONE else 1):
        message = f"this is no {by} to look for"
        raise InvalidError(message, remedy="Copy it from the letter, or from the order at the platform.", code="sought")
    return Wanted(by, wanted)


def digits(text: str) -> str:
    """Return a number's digits, also of Chinese numerals, without the country's 86."""
    found = "".join(each for each in spoken(half(text)) if each.isdecimal() and each.isascii())
    return found[-11:] if found.startswith(("861", "00861")) and len(found) in {13, 15} else found


def access_customer(connection: sa.Connection, customer: str, *, actor: Actor) -> str:
    """Return the id of a customer of the actor's own organisation whose keys the actor may destroy.

    Raises:
        NotFoundError: none, or somebody else's.

    """
    check_keys(actor, Action.ERASE, actor.tenant)
    columns = store.customer.c
    query = sa.select(columns.id).where(columns.id == customer, columns.tenant == actor.tenant)
    found = connection.execute(query).scalar_one_or_none()
    if found is None:
        message = "there is no such customer"
        raise NotFoundError(message, remedy="Look them up again; they may have been erased.", code=GONE)
    return str(found)


class Subjects:
    """Finds the customers of an organisation."""

    def __init__(self, writer: Writer, reading: sa.Engine, bodies: Bodies, ring: KeyRing) -> None:
        """Read with `reading`; write down who looked for whom with `writer`."""
        self._writer, self._reading = writer, reading
        self._bodies, self._ring = bodies, ring
        self._searching = threading.Lock()

    def find(self, tenant: str, wanted: Wanted, *, actor: Actor) -> list[Held]:
        """Return what is held of whom a letter may be about, in all shops of a tenant; it is written down first.

        Raises:
            NotFoundError: the tenant's keys are not the actor's to destroy.
            InvalidError: so many fit that it is nobody's own.
            TooManyError: somebody of this house looks for a telephone at this moment.

        """
        check_keys(actor, Action.ERASE, tenant)
        with self._reading.connect() as connection:
            theirs = [shop.id for shop in shops(connection) if shop.tenant == tenant]
            found = [] if wanted.by == PHONE else self._customers(connection, tenant, theirs, wanted)
        if wanted.by == PHONE:
            found = self._by_phone(theirs, wanted.value)
        with self._reading.connect() as connection:
            held = self._held(connection, found) if len(found) <= MOST_FOUND else []
        self._writer.run(_note, tenant, wanted.by, found, actor=actor)
        if len(found) > MOST_FOUND:
            message = f"more than {MOST_FOUND} customers fit this {wanted.by}"
            remedy = "Look for the account at the platform instead; what so many wrote is nobody's own."
            raise InvalidError(message, remedy=remedy, code="sought_many")
        return held

    def labels(self, connection: sa.Connection, customers: Collection[str]) -> dict[str, str]:
        """Return the starred accounts of customers, by id; ids of nobody are left out."""
        return {row.id: self._label(connection, row) for row in self._rows(connection, customers)}

    def _customers(self, connection: sa.Connection, tenant: str, theirs: list[str], wanted: Wanted) -> list[str]:
        customer, talk = store.customer.c, store.conversation.c
        if wanted.by == ORDER:
            query = sa.select(talk.customer).where(talk.shop.in_(theirs), talk.order_ref == wanted.value).distinct()
        else:
            index = self._ring.look_up(connection, tenant, "customer", wanted.value)
            query = sa.select(customer.id).where(customer.shop.in_(theirs), customer.ref_index == index)
        return list(connection.execute(query.limit(MOST_FOUND + 1)).scalars())

    def _by_phone(self, theirs: list[str], number: str) -> list[str]:
        """Return who wrote a telephone: each original that hides something is opened, and let go of again.

        A few at a time, each few read anew: whoever is shredded meanwhile is not opened from what stood here before.
        """
        if not self._searching.acquire(blocking=False):
            message = "somebody looks for a telephone at this moment"
            remedy = "Wait a little, then look again; an account or an order is found at once."
            raise TooManyError(message, retry_after=BUSY_SECONDS, remedy=remedy, code="search_busy")
        try:
            found: dict[str, None] = {}
            hiding = self._hiding(theirs)
            for first in range(0, len(hiding), BATCH):
                began = time.perf_counter()
                found.update(dict.fromkeys(self._who_say(hiding[first : first + BATCH], number)))
                if len(found) > MOST_FOUND:
                    break
                time.sleep(time.perf_counter() - began)
            return list(found)
        finally:
            self._searching.release()

    def _hiding(self, theirs: list[str]) -> Sequence[str]:
        """Return the ids of what customers of some shops wrote and something of it is masked."""
        msg, talk = store.message.c, store.conversation.c
        query = (
            sa.select(msg.id)
            .join(store.conversation, talk.id == msg.conversation)
            .where(talk.shop.in_(theirs), msg.original.is_not(None), msg.sender == "customer")
        )
        with self._reading.connect() as connection:
            return connection.execute(query).scalars().all()

    def _who_say(self, messages: Sequence[str], number: str) -> list[str]:
        msg, talk = store.message.c, store.conversation.c
        query = (
            sa.select(msg.id, msg.tenant, msg.original, talk.customer)
            .join(store.conversation, talk.id == msg.conversation)
            .where(msg.id.in_(messages), msg.original.is_not(None))
        )
        with self._reading.connect() as connection:
            rows = connection.execute(query).all()
            self._bodies.learn(connection, (row.original for row in rows))
            return [row.customer for row in rows if self._says(connection, row, number)]

    def _says(self, connection: sa.Connection, row: Any, number: str) -> bool:  # noqa: ANN401  # a row of the columns asked for
        body = self._bodies.open_original(connection, row.tenant, row.id, row.original)
        text = body.content.text
        return any(kind == PHONE and digits(text[start:end]) == number for start, end, kind in body.hidden)

    def _held(self, connection: sa.Connection, customers: list[str]) -> list[Held]:
        talks = _talks(connection, customers)
        messages, notes, seen = (_counted(connection, each, customers) for each in (_MESSAGES, _NOTES, _SEEN))
        found = []
        for row in self._rows(connection, customers):
            talk, said = talks.get(row.id), messages.get(row.id, (0, 0))
            numbers = (0, 0, 0, 0) if talk is None else tuple(talk[1:])
            found.append(
                Held(
                    row.id, row.shop, self._label(connection, row), *numbers, *said,
                    *notes.get(row.id, (0,)), *seen.get(row.id, (0,)),
                )
            )  # fmt: skip
        return sorted(found, key=lambda each: -each.until)

    def _rows(self, connection: sa.Connection, customers: Collection[str]) -> Sequence[Any]:
        rows = connection.execute(sa.select(store.customer).where(store.customer.c.id.in_(customers))).all()
        self._bodies.learn(connection, (row.ref_sealed for row in rows))
        return rows

    def _label(self, connection: sa.Connection, row: Any) -> str:  # noqa: ANN401  # a row of the customers
        return self._bodies.label(connection, row.tenant, row.id, row.ref_sealed)


_TALK, _MSG = store.conversation.c, store.message.c
_OF = sa.select(_TALK.customer).group_by(_TALK.customer)
_MESSAGES = _OF.add_columns(sa.func.count(), sa.func.count(_MSG.original)).join(
    store.message, _MSG.conversation == _TALK.id
)
_NOTES = _OF.add_columns(sa.func.count()).join(store.transfer_note, store.transfer_note.c.conversation == _TALK.id)
_SEEN = _OF.add_columns(sa.func.count()).join(store.reveal, store.reveal.c.conversation == _TALK.id)


def _talks(connection: sa.Connection, customers: list[str]) -> dict[str, Any]:
    open_ones = sa.func.sum(sa.case((_TALK.state.in_(OVER), 0), else_=1))
    query = _OF.add_columns(sa.func.count(), open_ones, sa.func.min(_TALK.opened_at), sa.func.max(_TALK.last_at)).where(
        _TALK.customer.in_(customers)
    )
    return {row.customer: row for row in connection.execute(query)}


def _counted(connection: sa.Connection, query: sa.Select[Any], customers: list[str]) -> dict[str, tuple[int, ...]]:
    return {each: tuple(numbers) for each, *numbers in connection.execute(query.where(_TALK.customer.in_(customers)))}


def _note(uow: UnitOfWork, tenant: str, by: str, found: list[str], *, actor: Actor) -> None:
    """Write down that somebody was looked for: with each one found, or with the organisation if none is told."""
    if len(found) > MOST_FOUND:
        detail: dict[str, str | int] = {"by": by, "why": "sought_many"}
        refused = Entry(action=SEARCHED, actor=actor, tenant=tenant, subject=tenant, outcome="refused", detail=detail)
        write_down(uow, refused)
        return
    detail = {"by": by, "found": len(found)}
    for subject in found or [tenant]:
        write_down(uow, Entry(action=SEARCHED, actor=actor, tenant=tenant, subject=subject, detail=detail))
