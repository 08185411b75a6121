"""What is kept sealed of repeated calls: the answers, under a data key of the caller's organisation."""

from huiyin.eventlog.unit_of_work import UnitOfWork
from huiyin.idempotency.store import kept_answer
from huiyin.security.resealing import SealedColumn
from huiyin.security.sealing import Place

SEALED = (SealedColumn(kept_answer, "answer_sealed", "answer"),)


def place(tenant: str, row: str) -> Place:
    """Return where a kept answer lives."""
    return Place(tenant, kept_answer.name, row, "answer")


def scrub(uow: UnitOfWork) -> None:
    """Forget what answers said, since somebody named in one is shredded; that they were given stays known."""
    uow.connection.execute(kept_answer.update().values(answer_sealed=None))
