"""Who is who at an identity provider (OIDC): people are known by issuer and subject, never by name or address."""

from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

import msgspec
import sqlalchemy as sa

from huiyin.eventlog.unit_of_work import UnitOfWork
from huiyin.kernel.errors import ConflictError, PermanentError
from huiyin.kernel.ids import PersonId
from huiyin.org import store
from huiyin.org.people import login_indexes
from huiyin.security.keys import KeyRing


class Provider(msgspec.Struct, frozen=True, kw_only=True):
    """The identity provider people may sign in with, as `oidc.json` in the data folder holds it.

    `name` stands on the button. `redirect` is our own address of `/api/oidc/callback`, as registered there. `methods`
    are values of `amr` or `acr` that count as a second factor; none does by default. With `login_is_email` a verified
    address that is somebody's login binds them at their first sign-in: only for a provider that gives each address to
    one person for good.
    """

    issuer: str
    client_id: str
    client_secret: str
    redirect: str
    name: str = "OIDC"
    algorithms: tuple[str, ...] = ("RS256", "PS256", "ES256")
    methods: frozenset[str] = frozenset()
    login_is_email: bool = False


def load_provider(path: Path) -> Provider | None:
    """Read the provider's settings; None where there is no such file.

    Raises:
        PermanentError: the file cannot be read, or its issuer is not reached over https.

    """
    if not path.exists():
        return None
    try:
        provider = msgspec.json.decode(path.read_bytes(), type=Provider)
    except msgspec.DecodeError as error:
        message = f"{path} does not hold an identity provider: {error}"
        raise PermanentError(message, remedy="docs/api.md says what stands in it.") from error
    host = urlsplit(provider.issuer).hostname
    if not provider.issuer.startswith("https://") and host not in {"127.0.0.1", "localhost"}:
        message = f"the identity provider {provider.issuer} is not reached over https"
        raise PermanentError(message, remedy="Give its https address as issuer.")
    return provider


class Identity(NamedTuple):
    """Somebody, as a provider names them."""

    issuer: str
    subject: str


def bound_to(connection: sa.Connection, identity: Identity) -> PersonId | None:
    """Return the active person an identity is bound to, None if there is none."""
    columns = store.oidc_identity.c
    person = connection.execute(
        sa.select(columns.person)
        .join(store.person, store.person.c.id == columns.person)
        .where(columns.issuer == identity.issuer, columns.subject == identity.subject, store.person.c.active)
    ).scalar_one_or_none()
    return None if person is None else PersonId(person)


def has_identity(connection: sa.Connection, issuer: str, person: str) -> bool:
    """Tell whether a person is bound to any identity of a provider."""
    columns = store.oidc_identity.c
    query = sa.select(columns.subject).where(columns.issuer == issuer, columns.person == person)
    return connection.execute(query).first() is not None


def bind(uow: UnitOfWork, identity: Identity, person: str) -> None:
    """Bind an identity to a person.

    Raises:
        ConflictError: it is bound to somebody already.

    """
    check_free(uow, identity)
    uow.connection.execute(
        store.oidc_identity.insert().values(
            issuer=identity.issuer, subject=identity.subject, person=person, bound_at=uow.now_ms()
        )
    )


def check_free(uow: UnitOfWork, identity: Identity) -> None:
    """Refuse an identity that belongs to somebody.

    Raises:
        ConflictError: it does.

    """
    columns = store.oidc_identity.c
    known = uow.connection.execute(
        sa.select(columns.person).where(columns.issuer == identity.issuer, columns.subject == identity.subject)
    ).scalar_one_or_none()
    if known is not None:
        message = "this identity belongs to somebody already"
        raise ConflictError(message, remedy="Check the subject at the provider.", code="identity_taken")


def by_login(connection: sa.Connection, ring: KeyRing, login: str) -> PersonId | None:
    """Return the active person with a login, whatever its case; None if there is none."""
    columns = store.person.c
    query = sa.select(columns.id).where(columns.login_index.in_(login_indexes(ring, login)), columns.active)
    found = connection.execute(query).scalars().first()
    return None if found is None else PersonId(found)
