"""Receive: the one way in. Idempotent, durable before acknowledged, masked and sealed, many at a time.

A batch costs a fixed number of queries however many records it holds: known sources, customers, keys, open
conversations, stream versions, then one insert per table.
"""

from collections.abc import Sequence
from typing import NamedTuple

import sqlalchemy as sa

from huiyin.channels.port import ContentKind, Inbound, Origin, Sender
from huiyin.conversations import echoes, store
from huiyin.conversations.bodies import Bodies, Written, write
from huiyin.conversations.erased import Said, said_before
from huiyin.conversations.events import MessageReceived
from huiyin.conversations.heard_live import heard_live
from huiyin.conversations.model import Thread, author_of
from huiyin.conversations.recalls import recall
from huiyin.conversations.source_keys import source_key
from huiyin.conversations.tails import Tails
from huiyin.conversations.threads import Threads
from huiyin.conversations.told_back import is_told, told_key
from huiyin.eventlog.prepared import Prepared, insert
from huiyin.eventlog.unit_of_work import UnitOfWork
from huiyin.eventlog.writer import Notice
from huiyin.kernel.actors import Actor, ActorKind
from huiyin.kernel.clock import to_ms
from huiyin.kernel.ids import TenantId, new_id
from huiyin.org.account_names import AccountNames
from huiyin.org.views import Shop, person_behind
from huiyin.security.keys import CHANGED
from huiyin.security.sealing import Place, Sealer

LATE_MS = 10 * 60 * 1000
"""A record that reaches us this long after its platform time is marked late."""


_KNOWN = Prepared(
    sa.select(
        store.message.c.source_key, store.message.c.conversation, store.message.c.id, store.message.c.received_at
    ).where(store.message.c.source_key.in_(sa.bindparam("keys", expanding=True)))
)
_CUSTOMERS = Prepared(
    sa.select(store.customer.c.shop, store.customer.c.ref_index, store.customer.c.id).where(
        store.customer.c.shop.in_(sa.bindparam("shops", expanding=True)),
        store.customer.c.ref_index.in_(sa.bindparam("indexes", expanding=True)),
    )
)


class Arrival(NamedTuple):
    """A record and the shop it came in for, masked before anybody waits for the writer. Made by `Inbox.arriving`."""

    inbound: Inbound
    shop: Shop
    written: Written
    key: str
    """What names the record at us."""


class Received(NamedTuple):
    """What became of an arrival. `duplicate` is true if it was on record already; then nothing was written.

    So it is with what somebody said before they were erased, and with what a backfill brings that came in live: then
    there is no conversation and no message either.
    """

    conversation: str
    message: str
    duplicate: bool


class Inbox:
    """Receives records of all channels."""

    def __init__(self, bodies: Bodies, sealer: Sealer, accounts: AccountNames, tails: Tails) -> None:
        """Keep what sealing needs, and what was said just before."""
        self._bodies = bodies
        self._sealer = sealer
        self._ring = sealer.ring
        self._accounts = accounts
        self._tails = tails

    def arriving(self, inbound: Inbound, shop: Shop) -> Arrival:
        """Return a record ready to be received. Records of one person are handed in in the order they were written."""
        written = write(inbound.content, context=self._tails.context(inbound))
        return Arrival(inbound, shop, written, source_key(self._ring, shop.id, inbound.source_id))

    def watch(self, notices: Sequence[Notice]) -> None:
        """Forget how messages ended, and what was asked, when keys changed."""
        if any(each.kind == CHANGED.kind for each in notices):
            self._tails.forget()

    def receive(self, uow: UnitOfWork, arrivals: Sequence[Arrival]) -> list[Received]:
        """Store a batch of records in their order and say what became of each; a batch verb of the writer."""
        known = self._known(uow, arrivals)
        firsts = _first_seen(arrivals)
        fresh = [each for each, first in zip(arrivals, firsts, strict=True) if first and each.key not in known]
        heard = [(each, self._said(uow, each)) for each in fresh]
        past = [said for each, said in heard if each.inbound.origin is Origin.BACKFILL]
        gone = said_before(uow, [said for _, said in heard]) | heard_live(uow, past)
        fresh = [each for each in fresh if each.key not in gone]
        customers = self._customers(uow, fresh)
        keys: dict[str, str] = {}
        for tenant in {each.shop.tenant for each in fresh}:
            mine = {customer for each, customer in zip(fresh, customers, strict=True) if each.shop.tenant == tenant}
            keys.update(self._ring.for_writing(uow, tenant, mine))
        threads = Threads(uow, set(customers))
        results = {
            key: Received(conversation, message, duplicate=True) for key, (conversation, message) in known.items()
        } | dict.fromkeys(gone, Received("", "", duplicate=True))
        rows: list[dict[str, object]] = []
        for each, customer in zip(fresh, customers, strict=True):
            if rows and each.inbound.content.kind is ContentKind.RECALL:
                # A recall marks a stored row: those of the same batch must be stored by now.
                insert(uow.connection, store.message, rows)
                rows = []
            thread = threads.for_record(each.inbound, each.shop, customer)
            result, row = self._take(uow, each, thread, keys[customer])
            results[each.key] = result
            if row is not None:
                rows.append(row)
        if rows:
            insert(uow.connection, store.message, rows)
        threads.save()
        told = zip([results[each.key] for each in arrivals], firsts, strict=True)
        return [result if first else result._replace(duplicate=True) for result, first in told]

    def _take(
        self, uow: UnitOfWork, arrival: Arrival, thread: Thread, key_id: str
    ) -> tuple[Received, dict[str, object] | None]:
        inbound, shop = arrival.inbound, arrival.shop
        actor = Actor(ActorKind.CUSTOMER, thread.customer, "", TenantId(shop.tenant))
        if inbound.content.kind is ContentKind.RECALL:
            recalled = recall(uow, self._ring, inbound, thread, actor)
            return Received(thread.id, recalled, duplicate=False), None
        if inbound.sender is not Sender.CUSTOMER:
            echo = echoes.recognise(uow, self._ring, inbound, thread, actor)
            if echo is not None:
                return Received(thread.id, echo, duplicate=True), None
        message = new_id()
        sealed = self._bodies.seal(uow.connection, key_id, shop.tenant, message, arrival.written)
        now, platform_at = uow.now_ms(), to_ms(inbound.platform_at)
        late = now - platform_at > LATE_MS and inbound.origin in {Origin.LIVE, Origin.SIMULATED}
        author = self._author(uow, inbound, shop)
        version = uow.record(
            MessageReceived(message, inbound.sender, inbound.content.kind, inbound.origin, platform_at, author, late),
            subject=thread.id, tenant=shop.tenant, shop=shop.id, actor=actor,
        )  # fmt: skip
        thread.heard(inbound, message, platform_at)
        self._tails.met(thread.customer, inbound)
        flags = [name for name, on in (
            ("late", late), ("corrected", bool(inbound.corrects)), ("synthetic_time", inbound.synthetic_time),
        ) if on]  # fmt: skip
        return Received(thread.id, message, duplicate=False), {
            "id": message,
            "conversation": thread.id,
            "version": version,
            "tenant": shop.tenant,
            "shop": shop.id,
            "source_key": arrival.key,
            "sender": inbound.sender,
            "author": author,
            "kind": inbound.content.kind,
            "body": sealed.body,
            "original": sealed.original,
            "content_hash": sealed.content_hash,
            "reply_mac": "",
            "platform_at": platform_at,
            "received_at": now,
            "delivery": None,
            "note": "",
            "flags": ",".join(flags),
        }

    def _author(self, uow: UnitOfWork, inbound: Inbound, shop: Shop) -> str:
        reference = "" if inbound.sender is Sender.CUSTOMER else inbound.waiter_ref
        account = self._accounts.account(uow, shop.tenant, reference) if reference else ""
        person = None
        if account and inbound.sender is Sender.AGENT:
            person = person_behind(uow.connection, shop.id, account, inbound.platform_at, uow.now_ms())
        if account and person is None:
            self._accounts.write_down(uow, shop.tenant, [(shop.id, account, reference)])
        return author_of(inbound, person, account)

    def _known(self, uow: UnitOfWork, arrivals: Sequence[Arrival]) -> dict[str, tuple[str, str]]:
        ours = [each for each in arrivals if each.inbound.sender is not Sender.CUSTOMER]
        told = [(told_key(uow, self._ring, each.shop.tenant, each.inbound), each) for each in ours]
        rows = _KNOWN.rows(uow.connection, keys=[*(each.key for each in arrivals), *(key for key, _ in told)])
        found = {row.source_key: row for row in rows}
        again = {
            each.key: found[key] for key, each in told if key in found and is_told(each.inbound, found[key].received_at)
        }
        return {key: (row.conversation, row.id) for key, row in (again | found).items()}

    def _ref(self, uow: UnitOfWork, arrival: Arrival) -> tuple[str, str]:
        return arrival.shop.id, self._ring.index(uow, arrival.shop.tenant, "customer", arrival.inbound.customer_ref)

    def _said(self, uow: UnitOfWork, arrival: Arrival) -> Said:
        inbound = arrival.inbound
        return Said(arrival.key, arrival.shop.id, to_ms(inbound.platform_at), lambda: self._ref(uow, arrival)[1])

    def _customers(self, uow: UnitOfWork, arrivals: Sequence[Arrival]) -> list[str]:
        """Return the customer id of each arrival, writing down the new ones."""
        references = [self._ref(uow, each) for each in arrivals]
        wanted = dict(zip(references, arrivals, strict=True))
        rows = _CUSTOMERS.rows(
            uow.connection, shops=sorted({shop for shop, _ in wanted}), indexes=[index for _, index in wanted]
        )
        found = {(shop, index): customer for shop, index, customer in rows}
        fresh = {reference: arrival for reference, arrival in wanted.items() if reference not in found}
        found.update({reference: new_id() for reference in fresh})
        self._write_down(uow, fresh, found)
        return [found[each] for each in references]

    def _write_down(
        self, uow: UnitOfWork, fresh: dict[tuple[str, str], Arrival], customers: dict[tuple[str, str], str]
    ) -> None:
        """Write new customers down, each with a data key of its own."""
        rows = []
        for tenant in {each.shop.tenant for each in fresh.values()}:
            mine = [reference for reference, each in fresh.items() if each.shop.tenant == tenant]
            keys = self._ring.make(uow, tenant, [customers[each] for each in mine])
            rows += [self._customer(uow, fresh[each], customers[each], each[1], keys[customers[each]]) for each in mine]
        if rows:
            insert(uow.connection, store.customer, rows)

    def _customer(self, uow: UnitOfWork, arrival: Arrival, customer: str, index: str, key_id: str) -> dict[str, object]:
        tenant, reference = arrival.shop.tenant, arrival.inbound.customer_ref
        place = Place(tenant, "customer", customer, "ref")
        return {
            "id": customer,
            "tenant": tenant,
            "shop": arrival.shop.id,
            "ref_index": index,
            "ref_sealed": self._sealer.seal(uow.connection, key_id, place, reference.encode()),
        }


def _first_seen(arrivals: Sequence[Arrival]) -> list[bool]:
    seen: set[str] = set()
    firsts = []
    for each in arrivals:
        firsts.append(each.key not in seen)
        seen.add(each.key)
    return firsts
