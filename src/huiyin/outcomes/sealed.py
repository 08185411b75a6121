"""What this room keeps sealed, and what leads back to a customer."""

from collections.abc import Mapping

import sqlalchemy as sa

from huiyin.conversations.matching import indexes_of, orders_of
from huiyin.eventlog.unit_of_work import UnitOfWork
from huiyin.outcomes import store
from huiyin.security.resealing import SealedColumn

SEALED = (SealedColumn(store.evaluation, "label_sealed", "label"),)


def scrub_customer(uow: UnitOfWork, tenant: str, subject: str) -> Mapping[str, int]:
    """Take away the words of a customer's verdicts and the numbers of their sessions and orders; figures stay.

    To be called before the hall forgets which orders were theirs.
    """
    orders = orders_of(uow.connection, subject)
    for table in (store.after_sale, store.comment):
        mine = sa.and_(table.c.tenant == tenant, table.c.order_ref.in_(orders))
        uow.connection.execute(table.update().where(mine).values(order_ref=""))
    bought, named = store.placed_order.c, [subject]
    named += [store.UNNAMED + index for index in indexes_of(uow.connection, named).values()]
    uow.connection.execute(store.placed_order.delete().where(bought.customer.in_(named), bought.tenant == tenant))
    theirs = sa.and_(store.evaluation.c.customer == subject, store.evaluation.c.tenant == tenant)
    bare = store.evaluation.update().where(theirs).values(label_sealed=None, session_ref="")
    gone = uow.connection.execute(bare).rowcount
    return {"evaluation": int(gone)} if gone else {}
