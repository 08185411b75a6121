"""What somebody who is signed in does with their own proofs: a new password, a second factor set up, shown, taken away.

Each success that raises what a session may do gives the session a new token.
"""

from typing import NamedTuple

from huiyin.audit.writing import Entry, Value, write_down
from huiyin.eventlog.unit_of_work import UnitOfWork
from huiyin.eventlog.writer import Writer
from huiyin.kernel.actors import Actor
from huiyin.kernel.errors import ConflictError, InvalidError, NotFoundError, NotSignedInError, SecondFactorNeededError
from huiyin.org import attempts
from huiyin.org.proving import Account, Proving, set_password
from huiyin.org.second_factor import Enrolment, SecondFactors
from huiyin.org.signing_in import end_sessions, renew_session
from huiyin.policy.deciding import second_factor_fresh
from huiyin.security.passwords import check_strength, hash_password


class Confirmed(NamedTuple):
    """A second factor that was set up: its recovery codes, shown this once, and the session's new token."""

    recovery_codes: list[str]
    token: str


class Credentials:
    """Changes passwords and second factors."""

    def __init__(self, writer: Writer, proving: Proving, factors: SecondFactors) -> None:
        """Check passwords with `proving`, codes with `factors`."""
        self._writer = writer
        self._proving = proving
        self._factors = factors

    def change_password(self, old: str, new: str, *, actor: Actor) -> str:
        """Change the actor's password, end their other sessions, and return this session's new token.

        Raises:
            InvalidError: the old one is wrong, or the new one is weak or the same.
            TooManyError: too many attempts before.

        """
        account = self._prove(old, "password.changed", actor)
        if old == new:
            message = "this is the old password"
            raise InvalidError(message, remedy="Take another one.", code="password_same")
        check_strength(new, (account.login, account.name))
        return self._writer.run(self._change, account, hash_password(new), actor)

    def begin_totp(self, password: str, *, actor: Actor) -> Enrolment:
        """Draw the secret of a second factor; a password proves that the session is not a stolen one.

        Raises:
            InvalidError: the password is wrong.
            ConflictError: there is a second factor already.

        """
        account = self._prove(password, "second_factor.set_up", actor)
        return self._writer.run(self._factors.begin, account.login, actor=actor)

    def confirm_totp(self, code: str, *, actor: Actor) -> Confirmed:
        """Finish setting a second factor up with its first code; that code counts as shown."""
        keys = (attempts.code_key(actor.id),)
        numbers = self._proving.begin(keys)
        try:
            return self._writer.run(self._confirm, code, keys, actor)
        except InvalidError as error:
            self._refuse("second_factor.set_up", numbers, error.code, actor)
            raise
        except NotFoundError:
            self._proving.give_back(keys)
            raise

    def show_second_factor(self, code: str, *, actor: Actor) -> str:
        """Take a code of the actor's and return the session's new token; for a while it opens what needs one."""
        return self._with_code("second_factor.shown", code, actor, remove=False)

    def remove_totp(self, code: str, *, actor: Actor) -> str:
        """Take the second factor away, which takes one of its codes."""
        return self._with_code("second_factor.removed", code, actor, remove=True)

    def renew_codes(self, *, actor: Actor) -> list[str]:
        """Draw new recovery codes; the old ones are void.

        Raises:
            SecondFactorNeededError: the second factor was not shown lately.

        """
        return self._writer.run(self._renew, actor)

    def _prove(self, password: str, action: str, actor: Actor) -> Account:
        account = self._proving.account(actor.id)
        keys = self._proving.keys(account.login)
        numbers = self._proving.begin(keys)
        try:
            found = self._proving.check_password(account.login, password, numbers, actor, action)
        except NotSignedInError as error:
            message = "the password is wrong"
            raise InvalidError(message, remedy="Give your present password.", code="wrong_password") from error
        self._proving.give_back(keys)
        return found

    def _with_code(self, action: str, code: str, actor: Actor, *, remove: bool) -> str:
        keys = (attempts.code_key(actor.id),)
        numbers = self._proving.begin(keys)
        try:
            return self._writer.run(self._use_code, action, code, actor, remove=remove)
        except InvalidError as error:
            self._refuse(action, numbers, error.code, actor)
            raise
        except ConflictError:
            self._proving.give_back(keys)
            raise

    def _use_code(self, uow: UnitOfWork, action: str, code: str, actor: Actor, *, remove: bool) -> str:
        kind = self._factors.check(uow, actor.id, code)
        if remove:
            self._factors.remove(uow, actor.id)
        attempts.forget(uow, attempts.code_key(actor.id))
        _write(uow, action, actor, {"kind": kind})
        return renew_session(uow, actor.proof.id, second_factor=not remove)

    def _confirm(self, uow: UnitOfWork, code: str, keys: tuple[str, ...], actor: Actor) -> Confirmed:
        codes = self._factors.confirm(uow, code, actor=actor)
        attempts.forget(uow, keys[0])
        _write(uow, "second_factor.set_up", actor, {})
        return Confirmed(codes, renew_session(uow, actor.proof.id, second_factor=True))

    def _change(self, uow: UnitOfWork, account: Account, stored: str, actor: Actor) -> str:
        set_password(uow, account.id, stored)
        end_sessions(uow, account.id, "password", actor=actor, but=actor.proof.id)
        _write(uow, "password.changed", actor, {"how": "old"})
        return renew_session(uow, actor.proof.id, second_factor=False)

    def _renew(self, uow: UnitOfWork, actor: Actor) -> list[str]:
        if not second_factor_fresh(actor, uow.now()):
            message = "new recovery codes take a second factor"
            raise SecondFactorNeededError(message, remedy="Show it again, then repeat.", code="second_factor")
        _write(uow, "recovery_codes.renewed", actor, {})
        return self._factors.renew_codes(uow, actor=actor)

    def _refuse(self, action: str, numbers: dict[str, int], why: str, actor: Actor) -> None:
        self._writer.run(_write_refusal, action, numbers, why, actor)


def _write(uow: UnitOfWork, action: str, actor: Actor, detail: dict[str, Value]) -> None:
    write_down(uow, Entry(action=action, actor=actor, tenant=actor.tenant, subject=actor.id, detail=detail))


def _write_refusal(uow: UnitOfWork, action: str, numbers: dict[str, int], why: str, actor: Actor) -> None:
    for key, number in numbers.items():
        detail: dict[str, Value] = {"why": why, "attempt": number, "locked": attempts.locks(key, number)}
        write_down(
            uow,
            Entry(action=action, actor=actor, tenant=actor.tenant, subject=actor.id, outcome="refused", detail=detail),
        )
