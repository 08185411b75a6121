"""What this room keeps sealed, and what goes when somebody is shredded."""

from collections.abc import Mapping

from huiyin.access_logs.store import access_log
from huiyin.eventlog.unit_of_work import UnitOfWork
from huiyin.security.resealing import SealedColumn

SEALED = (SealedColumn(access_log, "record", "record"),)


def scrub(uow: UnitOfWork, tenant: str, subject: str) -> Mapping[str, int]:
    """Forget the records about somebody: nobody can read them any more, so nobody can be told of them."""
    table = access_log.c
    gone = uow.connection.execute(access_log.delete().where(table.subject == subject, table.tenant == tenant)).rowcount
    return {"access_log": int(gone)} if gone else {}
