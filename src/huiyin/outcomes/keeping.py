"""Keep what a line told, each record once: told again it is brought up to date, unless it was told better before.

Each verb costs a fixed number of queries, however many records it is handed.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa

from huiyin.channels.service_records import AfterSale, Comment, Evaluation, PlacedOrder, WaiterPresence
from huiyin.conversations.matching import About, Match, known_customers, match_orders, match_sessions
from huiyin.eventlog.unit_of_work import UnitOfWork
from huiyin.kernel.actors import system
from huiyin.kernel.clock import to_ms
from huiyin.org.account_names import AccountNames
from huiyin.org.views import Shop
from huiyin.outcomes import store
from huiyin.outcomes.events import SessionRated
from huiyin.outcomes.model import degree_of
from huiyin.security.masking import mask
from huiyin.security.sealing import Place, Sealer

READER = system("outcomes")
SECOND_MS = 1000
MONTH_MS = 31 * 24 * 3600 * 1000
"""A day longer than an order makes whoever writes an after-sale customer (`insight/inquiring.py`)."""


class Keeper(NamedTuple):
    """What keeping needs: keys for names and labels."""

    sealer: Sealer
    accounts: AccountNames

    def evaluations(self, uow: UnitOfWork, shop: Shop, told: Sequence[Evaluation]) -> int:
        """Keep verdicts, and say of each session that one judges; return how many are new or read otherwise."""
        if not told:
            return 0
        ids = [self._id(uow, shop, each) for each in told]
        about = [About(each.customer_ref, each.session_ref, to_ms(each.at)) for each in told]
        matches = match_sessions(uow, self.sealer.ring, shop, about)
        known = _rows(uow, store.evaluation.c.id, _id_in(ids))
        accounts = self._accounts(uow, shop, (each.waiter_ref for each in told))
        keys = self.sealer.ring.for_writing(uow, shop.tenant, {each.customer for each in matches if each.customer})
        rows = dict[str, dict[str, Any]]()
        for key, each, match in sorted(zip(ids, told, matches, strict=True), key=lambda one: one[1].at):
            row = self._evaluation(uow, shop, each, match, keys)
            row |= {"id": key, "account": accounts.get(each.waiter_ref, "")}
            if key in known:
                row = _better(row, known[key])
            rows[key] = row
        changed = [row for key, row in rows.items() if key not in known or _reads_otherwise(row, known[key])]
        _write(uow, store.evaluation.c.id, changed)
        rated = [row for row in changed if row["conversation"]]
        uow.follow({row["conversation"] for row in rated})
        for row in rated:
            event = SessionRated(row["degree"], row["at"])
            uow.record(event, subject=row["conversation"], tenant=shop.tenant, shop=shop.id, actor=READER)
        return len(changed)

    def cases(self, uow: UnitOfWork, shop: Shop, told: Sequence[AfterSale]) -> int:
        """Keep after-sales cases; return how many are new or have moved on."""
        if not told:
            return 0
        table = store.after_sale
        numbers = sorted({each.after_sale_id for each in told})
        here = sa.and_(table.c.shop == shop.id, table.c.number.in_(numbers))
        known = _rows(uow, table.c.number, here)
        talks = match_orders(uow.connection, shop.id, {each.order_id for each in told})
        rows = dict[str, dict[str, Any]]()
        for each in told:
            row = _case(shop, each, talks.get(each.order_id, ""), uow.now_ms())
            before = known.get(each.after_sale_id)
            if before is not None:
                row = _case_with(row, before)
                if all(row[name] == before[name] for name in CASE_MOVES):
                    continue
            rows[each.after_sale_id] = row
        _write(uow, table.c.number, list(rows.values()))
        return len(rows)

    def comments(self, uow: UnitOfWork, shop: Shop, told: Sequence[Comment]) -> int:
        """Keep what buyers' comments scored, not what they wrote; return how many are new or scored otherwise."""
        table = store.comment
        numbers = sorted({each.comment_id for each in told if each.comment_id})
        here = sa.and_(table.c.shop == shop.id, table.c.number.in_(numbers))
        known = {row.number: (row.score, row.replies) for row in uow.connection.execute(sa.select(table).where(here))}
        rows = {
            each.comment_id: {
                "shop": shop.id, "number": each.comment_id, "tenant": shop.tenant, "order_ref": each.order_id,
                "sku": each.sku_id, "score": each.score, "replies": each.replies, "at": _ms(each.at),
                "gateway": each.source.gateway, "method": each.source.method, "as_of": to_ms(each.as_of),
                "recorded_at": uow.now_ms(),
            }
            for each in told
            if each.comment_id and known.get(each.comment_id) != (each.score, each.replies)
        }  # fmt: skip
        _write(uow, table.c.number, list(rows.values()))
        return len(rows)

    def orders(self, uow: UnitOfWork, shop: Shop, told: Sequence[PlacedOrder]) -> int:
        """Keep orders of customers who ever wrote to us; return how many are new or were cancelled since.

        Of everybody else only that somebody ordered is kept, under keyed indexes and for a month: who asks about an
        order they placed without a word is no inquirer, and nothing else would tell.
        """
        table = store.placed_order
        refs = sorted({ref for each in told for ref in each.customer_refs})
        customers = known_customers(uow, self.sealer.ring, shop, refs)
        self._unnamed(uow, shop, told, customers)
        theirs = {each.order_id: each for each in told if any(ref in customers for ref in each.customer_refs)}
        here = sa.and_(table.c.shop == shop.id, table.c.number.in_(sorted(theirs)))
        known = _rows(uow, table.c.number, here)
        rows = []
        for number, each in theirs.items():
            customer = next(customers[ref] for ref in each.customer_refs if ref in customers)
            row = _placed(shop, each, customer, uow.now_ms())
            before = known.get(number)
            if before is None or (before["cancelled_at"] is None) is not (row["cancelled_at"] is None):
                rows.append(row)
        _write(uow, table.c.number, rows)
        return len(rows)

    def _unnamed(self, uow: UnitOfWork, shop: Shop, told: Sequence[PlacedOrder], customers: Mapping[str, str]) -> None:
        """Keep that somebody ordered who never wrote; of whoever wrote since, the order itself stands instead."""
        table, now = store.placed_order, uow.now_ms()
        rows = {}
        for each in told:
            for ref in each.customer_refs:
                number, account = (self._mark(uow, shop, said) for said in (f"{each.order_id}|{ref}", ref))
                rows[number] = {**_placed(shop, each, account, now), "number": number, "skus": ""}
        named = {each.order_id for each in told if any(ref in customers for ref in each.customer_refs)}
        fresh = {
            self._mark(uow, shop, f"{each.order_id}|{ref}")
            for each in told
            for ref in each.customer_refs
            if each.order_id not in named and to_ms(each.placed_at) >= now - MONTH_MS
        }
        uow.connection.execute(table.delete().where(table.c.shop == shop.id, table.c.number.in_(sorted(rows))))
        if fresh:
            uow.connection.execute(table.insert(), [rows[number] for number in sorted(fresh)])

    def _mark(self, uow: UnitOfWork, shop: Shop, said: str) -> str:
        return store.UNNAMED + self.sealer.ring.index(uow, shop.tenant, "customer", said)

    def moves(self, uow: UnitOfWork, shop: Shop, told: Sequence[WaiterPresence]) -> int:
        """Keep what waiters did to their state; return how many moves are new."""
        accounts = self._accounts(uow, shop, (each.waiter_ref for each in told))
        table = store.waiter_move
        moments = sorted({to_ms(each.at) for each in told})
        here = sa.and_(table.c.shop == shop.id, table.c.at.in_(moments))
        query = sa.select(table.c.account, table.c.at).where(here)
        known = {(account, at) for account, at in uow.connection.execute(query)}
        rows = {
            (accounts[each.waiter_ref], to_ms(each.at)): {
                "shop": shop.id, "account": accounts[each.waiter_ref], "at": to_ms(each.at), "tenant": shop.tenant,
                "state": each.state_as_told, "gateway": each.source.gateway, "method": each.source.method,
                "as_of": to_ms(each.as_of),
            }
            for each in told
            if each.waiter_ref
        }  # fmt: skip
        fresh = [row for key, row in rows.items() if key not in known]
        if fresh:
            uow.connection.execute(table.insert(), fresh)
        return len(fresh)

    def _id(self, uow: UnitOfWork, shop: Shop, told: Evaluation) -> str:
        """Name a verdict alike whichever gateway told it: JOS writes seconds, SP-API milliseconds."""
        who = f"{shop.id}|{told.customer_ref}|{told.waiter_ref}|{to_ms(told.at) // SECOND_MS}"
        return self.sealer.ring.index(uow, shop.tenant, "evaluation", who)

    def _evaluation(
        self, uow: UnitOfWork, shop: Shop, told: Evaluation, match: Match, keys: dict[str, str]
    ) -> dict[str, Any]:
        label, sealed = told.label.strip(), None
        if label and match.customer:
            place = Place(shop.tenant, "evaluation", self._id(uow, shop, told), "label")
            sealed = self.sealer.seal(uow.connection, keys[match.customer], place, mask(label).text.encode())
        return {
            "tenant": shop.tenant, "shop": shop.id, "conversation": match.conversation, "customer": match.customer,
            "session_ref": told.session_ref, "at": to_ms(told.at), "degree": degree_of(label, told.score),
            "score": told.score[:20], "label_sealed": sealed, "gateway": told.source.gateway,
            "method": told.source.method, "as_of": to_ms(told.as_of), "recorded_at": uow.now_ms(),
        }  # fmt: skip

    def _accounts(self, uow: UnitOfWork, shop: Shop, references: Iterable[str]) -> dict[str, str]:
        named = {each: self.accounts.account(uow, shop.tenant, each) for each in sorted(set(references)) if each}
        self.accounts.write_down(uow, shop.tenant, [(shop.id, account, each) for each, account in named.items()])
        return named


CASE_MOVES = (
    "state", "state_label", "applied_at", "finished_at", "deadline", "refunded", "refunded_fen", "conversation",
)  # fmt: skip
"""What makes a case another than it was; that it was merely told again does not."""


def _case(shop: Shop, told: AfterSale, conversation: str, now: int) -> dict[str, Any]:
    return {
        "shop": shop.id, "number": told.after_sale_id, "tenant": shop.tenant, "order_ref": told.order_id,
        "conversation": conversation, "expectation": told.expectation, "state": told.state,
        "state_label": told.state_label, "applied_at": _ms(told.applied_at), "changed_at": _ms(told.changed_at),
        "finished_at": _ms(told.finished_at), "deadline": _ms(told.deadline), "refunded": told.refunded,
        "refunded_fen": told.refunded_amount, "gateway": told.source.gateway, "method": told.source.method,
        "as_of": to_ms(told.as_of), "recorded_at": now,
    }  # fmt: skip


def forget_unnamed(uow: UnitOfWork) -> None:
    """Let go of what is known of orders of those who never wrote, once it is a month old."""
    table = store.placed_order.c
    # A range, not a pattern: the index of customers finds it.
    unnamed = sa.and_(table.customer >= store.UNNAMED, table.customer < store.UNNAMED[:-1] + ";")
    old = table.placed_at < uow.now_ms() - MONTH_MS
    uow.connection.execute(store.placed_order.delete().where(unnamed, old))


def _placed(shop: Shop, told: PlacedOrder, customer: str, now: int) -> dict[str, Any]:
    return {
        "shop": shop.id, "number": told.order_id, "tenant": shop.tenant, "customer": customer,
        "skus": " ".join(told.skus), "placed_at": to_ms(told.placed_at), "cancelled_at": _ms(told.cancelled_at),
        "gateway": told.source.gateway, "method": told.source.method, "as_of": to_ms(told.as_of), "recorded_at": now,
    }  # fmt: skip


def _case_with(row: dict[str, Any], before: dict[str, Any]) -> dict[str, Any]:
    """Keep of before what this telling is silent about: JOS tells no end, a list no money."""
    silent = ("applied_at", "finished_at", "refunded", "refunded_fen")
    kept = {name: before[name] for name in silent if row[name] is None}
    talk = row["conversation"] or before["conversation"]
    # Whose order it was may have been forgotten on purpose; it does not come back.
    return {**row, **kept, "conversation": talk, "order_ref": before["order_ref"]}


def _better(row: dict[str, Any], before: dict[str, Any]) -> dict[str, Any]:
    """Keep of before what this telling knows less well: JOS names no session, and sealing twice gives other bytes."""
    if before["customer"] and not row["customer"]:
        return before  # whoever judged was forgotten on purpose
    same = before["degree"] == row["degree"] and before["label_sealed"] is not None
    kept = {
        "session_ref": row["session_ref"] or before["session_ref"],
        "conversation": before["conversation"] or row["conversation"],
        "customer": before["customer"] or row["customer"],
        "label_sealed": before["label_sealed"] if same else row["label_sealed"],
        "degree": row["degree"] or before["degree"],
    }
    return {**row, **kept}


def _reads_otherwise(row: dict[str, Any], before: dict[str, Any]) -> bool:
    return any(row[name] != before[name] for name in ("degree", "conversation", "customer"))


def _id_in(ids: Sequence[str]) -> sa.ColumnElement[bool]:
    return store.evaluation.c.id.in_(sorted(set(ids)))


def _rows(uow: UnitOfWork, key: sa.Column[Any], where: sa.ColumnElement[bool]) -> dict[str, dict[str, Any]]:
    found = uow.connection.execute(sa.select(key.table).where(where))
    return {row[key.name]: dict(row) for row in found.mappings()}


def _write(uow: UnitOfWork, key: sa.Column[Any], rows: list[dict[str, Any]]) -> None:
    """Put rows of one shop in the place of those of the same key."""
    if not rows:
        return
    table, shop = key.table, rows[0]["shop"]
    uow.connection.execute(
        sa.delete(table).where(table.c.shop == shop, key.in_(sorted({row[key.name] for row in rows})))
    )
    uow.connection.execute(sa.insert(table), rows)


def _ms(moment: datetime | None) -> int | None:
    return None if moment is None else to_ms(moment)
