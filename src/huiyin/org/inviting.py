"""Let people in who have no password yet, and help those who cannot get in. Nobody ever sets a password for another.

Everything stays within the actor's own organisation: somebody of another one does not exist.
"""

from datetime import timedelta
from typing import Any, NamedTuple

import msgspec
import sqlalchemy as sa

from huiyin.audit.writing import Entry, Value, write_down
from huiyin.eventlog.unit_of_work import UnitOfWork
from huiyin.kernel.actors import Actor, Role, system
from huiyin.kernel.errors import ConflictError, InvalidError, NotFoundError
from huiyin.kernel.ids import PersonId, TenantId
from huiyin.kernel.wire import decode
from huiyin.org import attempts, identities, store
from huiyin.org.administering import NewPerson, register_organisation, register_person
from huiyin.org.approvals import Wish, ask, is_guardian
from huiyin.org.links import LASTS, MadeLink, make_link
from huiyin.org.logins import check_login
from huiyin.org.people import login_indexes, opened_person
from huiyin.org.signing_in import end_sessions
from huiyin.org.still import check_still
from huiyin.policy.deciding import check_roles
from huiyin.security.sealing import Sealer

MERCHANTS = frozenset({Role.MERCHANT_OWNER, Role.MERCHANT_VIEWER})
VENDORS = frozenset({Role.VENDOR_MANAGER})
FOREIGN_ROLES = {"merchant": VENDORS, "vendor": MERCHANTS}
"""Roles that an organisation of a kind cannot give."""
FIRST_ROLES = {
    "merchant": frozenset({Role.MERCHANT_OWNER, Role.ADMINISTRATOR}),
    "vendor": frozenset({Role.VENDOR_MANAGER, Role.ADMINISTRATOR}),
}
SETTING_UP = system("setting-up")


class Invitation(NamedTuple):
    """Who was invited, and their link."""

    person: PersonId
    link: MadeLink


class Owner(NamedTuple):
    """A first owner: the organisation and its kind (merchant or vendor), and who runs it."""

    kind: str
    organisation: str
    name: str
    login: str


def invite(uow: UnitOfWork, sealer: Sealer, new: NewPerson, *, actor: Actor) -> Invitation:
    """Register somebody without a password in the actor's organisation, and make their link.

    Raises:
        InvalidError: no name or login, or roles that do not go together or not with this organisation.
        ConflictError: the login is taken.

    """
    check_still(uow, actor)
    new = msgspec.structs.replace(new, tenant=actor.tenant, password="", name=new.name.strip())
    _check(uow, sealer, new)
    person = register_person(uow, new, sealer, actor=actor)
    _write(uow, "person.invited", person, actor, {"roles": ",".join(sorted(new.roles))})
    return Invitation(person, make_link(uow, person, "invite", actor=actor))


def make_reset_link(uow: UnitOfWork, person: str, *, second_factor: bool, actor: Actor) -> MadeLink:
    """Make a link by which somebody of the actor's organisation sets a new password; it ends all their sessions.

    With `second_factor` theirs is taken away too, for who lost telephone and recovery codes.

    Raises:
        NotFoundError: no such person in the actor's organisation.

    """
    check_still(uow, actor)
    entered = bool(access_colleague(uow, person, actor=actor).password)
    purpose = ("reset_all" if second_factor else "reset") if entered else "invite"
    _write(uow, "link.made", person, actor, {"purpose": purpose})
    return make_link(uow, person, purpose, actor=actor)


def unlock(uow: UnitOfWork, sealer: Sealer, person: str, *, actor: Actor) -> None:
    """Let somebody of the actor's organisation try again at once after too many attempts.

    Raises:
        NotFoundError: no such person in the actor's organisation.

    """
    check_still(uow, actor)
    _, login = opened_person(uow.connection, sealer, access_colleague(uow, person, actor=actor))
    for key in (attempts.login_key(sealer.ring, login), attempts.code_key(person)):
        attempts.forget(uow, key)
    _write(uow, "login.unlocked", person, actor, {})


def bind_identity(uow: UnitOfWork, person: str, identity: identities.Identity, *, actor: Actor) -> bool:
    """Let somebody of the actor's organisation in whenever the identity provider vouches for `identity`.

    All their sessions end. Returns whether it waits for a second person: for a guardian it does.

    Raises:
        NotFoundError: no such person in the actor's organisation.
        ConflictError: the identity is bound to somebody already.

    """
    check_still(uow, actor)
    row = access_colleague(uow, person, actor=actor)
    identities.check_free(uow, identity)
    if is_guardian(decode(row.roles)):
        until = uow.now_ms() + LASTS // timedelta(milliseconds=1)
        ask(uow, Wish("identity", person, identity._asdict(), until), actor=actor)
        return True
    bind_now(uow, person, identity, actor=actor)
    return False


def bind_now(uow: UnitOfWork, person: str, identity: identities.Identity, *, actor: Actor) -> None:
    """Bind an identity to a person whose account the caller looked at; all their sessions end.

    Raises:
        ConflictError: the identity is bound to somebody already.

    """
    identities.bind(uow, identity, person)
    own = actor.proof.id if actor.id == person else ""
    end_sessions(uow, person, "identity", actor=actor, but=own)
    _write(uow, "identity.bound", person, actor, {"how": "administrator"})


def found_owner(uow: UnitOfWork, sealer: Sealer, owner: Owner) -> MadeLink:
    """Register an organisation with the one person who runs it, and make their link; for the machine's own terminal.

    Asked again before the link was used, it makes a new one.

    Raises:
        InvalidError: no such kind, or no name or login.
        ConflictError: the login is taken, or the organisation has people already.

    """
    roles = FIRST_ROLES.get(owner.kind)
    if roles is None:
        message = f"an organisation is a merchant or a vendor, not {owner.kind!r}"
        raise InvalidError(message, remedy="Use --kind merchant or --kind vendor.")
    waiting = _waiting(uow, sealer, owner)
    if waiting is not None:
        return make_link(uow, waiting, "owner", actor=SETTING_UP)
    tenant = TenantId("")
    new = NewPerson(tenant=tenant, name=owner.name.strip() or owner.login, login=owner.login, roles=roles)
    _check(uow, sealer, new, kind=owner.kind)
    tenant = register_organisation(uow, owner.kind, owner.organisation.strip(), actor=SETTING_UP)
    person = register_person(uow, msgspec.structs.replace(new, tenant=tenant), sealer, actor=SETTING_UP)
    entry = Entry(action="owner.founded", actor=SETTING_UP, tenant=tenant, subject=person)
    write_down(uow, entry)
    return make_link(uow, person, "owner", actor=SETTING_UP)


def _waiting(uow: UnitOfWork, sealer: Sealer, owner: Owner) -> PersonId | None:
    """Return the owner who was registered before and has not used their link."""
    name = owner.organisation.strip()
    if not name:
        message = "an organisation has a name"
        raise InvalidError(message, remedy="Give one with --organisation.")
    people = uow.connection.execute(
        sa.select(store.person.c.id, store.person.c.login_index, store.person.c.password)
        .join(store.organisation, store.organisation.c.id == store.person.c.tenant)
        .where(store.organisation.c.name == name)
    ).all()
    if not people:
        return None
    if len(people) == 1 and people[0].login_index in login_indexes(sealer.ring, owner.login) and not people[0].password:
        return PersonId(people[0].id)
    message = f"the organisation {name} has people already"
    raise ConflictError(message, remedy="Let its administrator invite, or send a link to who cannot get in.")


def _check(uow: UnitOfWork, sealer: Sealer, new: NewPerson, kind: str = "") -> None:
    if not new.name or not new.name.isprintable():
        message = "a person has a name"
        raise InvalidError(message, remedy="Write it as colleagues know them.", code="person_name")
    check_login(new.login)
    check_given(uow, new.tenant, new.roles, kind)
    taken = sa.select(store.person.c.id).where(store.person.c.login_index.in_(login_indexes(sealer.ring, new.login)))
    if uow.connection.execute(taken).first() is not None:
        message = "this login is taken"
        raise ConflictError(message, remedy="Take another one.", code="login_taken")


def roles_given(connection: sa.Connection, tenant: str, kind: str = "") -> frozenset[Role]:
    """Return the roles an organisation can give: those of its own side."""
    query = sa.select(store.organisation.c.kind).where(store.organisation.c.id == tenant)
    return frozenset(Role) - FOREIGN_ROLES.get(kind or connection.execute(query).scalar_one(), frozenset())


def check_given(uow: UnitOfWork, tenant: str, roles: frozenset[Role], kind: str = "") -> None:
    """Refuse roles that do not go together, or that an organisation cannot give.

    Raises:
        InvalidError: they are such.

    """
    check_roles(roles)
    if roles - roles_given(uow.connection, tenant, kind):
        message = "this organisation does not give these roles"
        raise InvalidError(message, remedy="Choose roles of your own side.", code="person_roles")


def access_colleague(uow: UnitOfWork, person: str, *, inactive: bool = False, actor: Actor) -> Any:  # noqa: ANN401  # a row of the table
    """Return the row of somebody of the actor's organisation; with `inactive` also of somebody deactivated.

    Raises:
        NotFoundError: there is none.

    """
    columns = store.person.c
    row = uow.connection.execute(
        sa.select(store.person).where(columns.id == person, columns.tenant == actor.tenant)
    ).one_or_none()
    if row is None or not (row.active or inactive):
        message = "there is no such person"
        raise NotFoundError(message, remedy="Choose one of your own organisation.", code="person_gone")
    return row


def _write(uow: UnitOfWork, action: str, person: str, actor: Actor, detail: dict[str, Value]) -> None:
    write_down(uow, Entry(action=action, actor=actor, tenant=actor.tenant, subject=person, detail=detail))
