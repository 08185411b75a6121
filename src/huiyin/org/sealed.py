"""What is kept sealed about people who work, and what else leads back to them."""

from collections.abc import Mapping

from huiyin.eventlog.unit_of_work import UnitOfWork
from huiyin.org import store
from huiyin.security.resealing import SealedColumn

SHREDDED = "shredded:"
"""What the login's index of a person begins with whose keys were destroyed."""

SEALED = (
    SealedColumn(store.person, "name_sealed", "name"),
    SealedColumn(store.person, "login_sealed", "login"),
    SealedColumn(store.totp, "secret", "secret"),
    SealedColumn(store.account_name, "ref_sealed", "ref"),
)


def scrub_person(uow: UnitOfWork, tenant: str, subject: str) -> Mapping[str, int]:
    """Take away a person's login, which nobody can sign in with any more; their id stays where they worked."""
    person = store.person.c
    gone = {"login_index": SHREDDED + subject, "active": False}
    theirs = store.person.update().where(person.id == subject, person.tenant == tenant).values(**gone)
    return {"person": 1} if uow.connection.execute(theirs).rowcount else {}
