"""The way in: login and password, a second factor where one is set up, a one-time link, somebody else's word (OIDC).

Whatever way was taken, the session is new, and the one the browser held before is over.
"""

from typing import NamedTuple

import sqlalchemy as sa

from huiyin.audit.writing import Entry, Value, write_down
from huiyin.eventlog.unit_of_work import UnitOfWork
from huiyin.eventlog.writer import Writer
from huiyin.kernel.clock import Clock, to_ms
from huiyin.kernel.errors import InvalidError, SecondFactorNeededError
from huiyin.kernel.ids import PersonId
from huiyin.org import attempts, identities, links
from huiyin.org.access import access_person
from huiyin.org.approvals import is_guardian
from huiyin.org.proving import Account, Proving, at_door, set_password
from huiyin.org.second_factor import SecondFactors, enrolled
from huiyin.org.signing_in import close_session, end_sessions, open_session
from huiyin.org.tokens import revoke_tokens
from huiyin.security.passwords import check_strength, hash_password


class Visit(NamedTuple):
    """Where somebody comes from: address, the browser in words, and the token it holds, "" if none."""

    address: str = ""
    device: str = ""
    token: str = ""


class Claim(NamedTuple):
    """Who somebody says they are, and what is to prove it; `code` is "" until it is asked for."""

    login: str
    password: str
    code: str = ""


class Vouched(NamedTuple):
    """Whom an identity provider vouches for.

    `login` is a verified address that may bind them at the first sign-in, "" where the provider is not set up so.
    """

    identity: identities.Identity
    login: str
    second_factor: bool


class Entrance:
    """Lets people in."""

    def __init__(
        self, writer: Writer, reading: sa.Engine, clock: Clock, proving: Proving, factors: SecondFactors
    ) -> None:
        """Check passwords with `proving`, codes with `factors`."""
        self._writer = writer
        self._reading = reading
        self._clock = clock
        self._proving = proving
        self._factors = factors

    def sign_in(self, claim: Claim, visit: Visit) -> str:
        """Return the token of a new session.

        Raises:
            TooManyError: too many attempts before.
            NotSignedInError: login or password is wrong.
            SecondFactorNeededError: both are right, and a code must come with them.
            InvalidError: the code is wrong, or was used before.

        """
        keys = self._proving.keys(claim.login, visit.address)
        numbers = self._proving.begin(keys)
        account = self._proving.check_password(claim.login, claim.password, numbers, at_door(visit.device))
        try:
            return self._writer.run(self._open, account, claim, visit, keys)
        except SecondFactorNeededError:
            self._proving.give_back(keys)
            raise
        except InvalidError as error:
            self._proving.refuse("session.opened", account, numbers, error.code, at_door(visit.device))
            raise

    def enter_vouched(self, uow: UnitOfWork, vouched: Vouched, visit: Visit) -> str:
        """Return the token of a new session for somebody whom an identity provider vouches for.

        Raises:
            InvalidError: nobody here is bound to this identity.

        """
        person = identities.bound_to(uow.connection, vouched.identity)
        if person is None and vouched.login:
            person = self._bind_by_login(uow, vouched)
        if person is None:
            message = "nobody here belongs to this identity"
            raise InvalidError(message, remedy="Ask an administrator to bind it to you.", code="oidc_unknown")
        return _enter(uow, person, visit, "oidc", second_factor=vouched.second_factor)

    def refuse_vouched(self, uow: UnitOfWork, why: str, device: str) -> None:
        """Write down that a provider's word let nobody in."""
        detail: dict[str, Value] = {"how": "oidc", "why": why}
        write_down(
            uow,
            Entry(
                action="session.opened",
                actor=at_door(device),
                tenant="",
                subject="oidc",
                outcome="refused",
                detail=detail,
            ),
        )

    def _bind_by_login(self, uow: UnitOfWork, vouched: Vouched) -> PersonId | None:
        person = identities.by_login(uow.connection, self._proving.sealer.ring, vouched.login)
        if person is None or identities.has_identity(uow.connection, vouched.identity.issuer, person):
            return None
        actor = access_person(uow.connection, person, uow.now())
        if is_guardian(actor.roles):
            return None  # takes a second person, and a provider is none
        identities.bind(uow, vouched.identity, person)
        end_sessions(uow, person, "identity", actor=actor)
        entry = Entry(
            action="identity.bound", actor=actor, tenant=actor.tenant, subject=person, detail={"how": "login"}
        )
        write_down(uow, entry)
        return person

    def look_at_link(self, token: str) -> links.Link:
        """Return what a one-time link is for, without using it up."""
        with self._reading.connect() as connection:
            return links.access_link(connection, self._proving.sealer, token, to_ms(self._clock.now()))

    def accept_link(self, token: str, password: str, visit: Visit) -> str:
        """Use a one-time link up: set the password, and return the token of a new session.

        Raises:
            NotFoundError: the link opens nothing.
            ConflictError: it waits for a second person.
            InvalidError: the password is weak; the link stays good.

        """
        link = self.look_at_link(token)
        check_strength(password, (link.login, link.name, link.organisation))
        stored = hash_password(password)
        return self._writer.run(self._accept, token, stored, visit)

    def refuse_link(self, token: str, why: str, device: str) -> None:
        """Write down that a link was tried which opens nothing: about whom it was for, as far as that is known."""
        self._writer.run(_write_dead_link, token, why, device)

    def _open(self, uow: UnitOfWork, account: Account, claim: Claim, visit: Visit, keys: tuple[str, ...]) -> str:
        second = enrolled(uow.connection, account.id)
        if second and not claim.code.strip():
            message = "a second factor is needed"
            raise SecondFactorNeededError(message, remedy="Send the code your authenticator shows.", code="code_needed")
        if second:
            self._factors.check(uow, account.id, claim.code)
        login_key, *others = keys
        attempts.forget(uow, login_key)
        attempts.give_back(uow, others)
        return _enter(uow, account.id, visit, "password", second_factor=second)

    def _accept(self, uow: UnitOfWork, token: str, stored: str, visit: Visit) -> str:
        link = links.use_link(uow, self._proving.sealer, token)
        actor = access_person(uow.connection, link.person, uow.now())
        set_password(uow, link.person, stored)
        if link.purpose in {"reset", "reset_all"}:
            end_sessions(uow, link.person, "password", actor=actor)
            revoke_tokens(uow, link.person, "reset", actor=actor)
        if link.purpose == "reset_all":
            self._factors.remove(uow, link.person)
        attempts.forget(uow, self._proving.keys(link.login)[0])
        detail = {"how": "link", "purpose": link.purpose}
        entry = Entry(action="password.changed", actor=actor, tenant=link.tenant, subject=link.person, detail=detail)
        write_down(uow, entry)
        return _enter(uow, link.person, visit, "link", second_factor=False)


def _enter(uow: UnitOfWork, person: PersonId, visit: Visit, how: str, *, second_factor: bool) -> str:
    if visit.token:
        close_session(uow, visit.token, "replaced")
    return open_session(uow, person, visit.device, second_factor=second_factor, how=how)


def _write_dead_link(uow: UnitOfWork, token: str, why: str, device: str) -> None:
    person, tenant = links.whose(uow.connection, token)
    write_down(
        uow,
        Entry(
            action="link.used",
            actor=at_door(device),
            tenant=tenant,
            subject=person,
            outcome="refused",
            detail={"why": why},
        ),
    )
