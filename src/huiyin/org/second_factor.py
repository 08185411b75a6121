"""The second factor: time-based codes (TOTP, RFC 6238) and recovery codes. Each code opens once.

The secret is sealed under the person's own data key. The last step that opened is stored, so that a code that was
seen, here or by another process, is worth nothing. For how long it stands says `policy.deciding`.
"""

import hmac
import secrets
from base64 import b32encode
from typing import Any, NamedTuple

import sqlalchemy as sa
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

from huiyin.eventlog.unit_of_work import UnitOfWork
from huiyin.kernel.actors import Actor, Role
from huiyin.kernel.errors import ConflictError, InvalidError, NotFoundError
from huiyin.org import store
from huiyin.org.signing_in import hashed
from huiyin.security.keys import KeyRing
from huiyin.security.sealing import Place, Sealer

NEEDING = frozenset({Role.ADMINISTRATOR, Role.SECURITY_OFFICER, Role.AUDITOR, Role.MERCHANT_OWNER})
"""Whoever holds one of these roles sets a second factor up at the first sign-in."""
STEP_SECONDS = 30
DIGITS = 6
SECRET_BYTES = 20
"""RFC 4226 §4: at least 128 bits, 160 recommended."""
CODES = 10
CODE_BYTES = 10
ISSUER = "Huiyin 回音"


class Enrolment(NamedTuple):
    """What an authenticator app needs: the secret for typing, and the address a QR code carries."""

    secret: str
    uri: str


class Standing(NamedTuple):
    """How a person's second factor stands; moments in milliseconds."""

    confirmed_at: int | None
    recovery_codes: int


def needs_second_factor(actor: Actor) -> bool:
    """Tell whether the actor's roles ask for a second factor."""
    return bool(NEEDING & actor.roles)


def standing(connection: sa.Connection, person: str) -> Standing:
    """Return how a person's second factor stands."""
    confirmed = connection.execute(
        sa.select(store.totp.c.confirmed_at).where(store.totp.c.person == person)
    ).scalar_one_or_none()
    left = sa.select(sa.func.count()).where(
        store.recovery_code.c.person == person, store.recovery_code.c.used_at.is_(None)
    )
    return Standing(confirmed, connection.execute(left).scalar_one() if confirmed is not None else 0)


def enrolled(connection: sa.Connection, person: str) -> bool:
    """Tell whether a person has a second factor."""
    return standing(connection, person).confirmed_at is not None


class SecondFactors:
    """Sets second factors up, checks codes, takes them away."""

    def __init__(self, ring: KeyRing, sealer: Sealer) -> None:
        """Seal secrets with `sealer` under keys of `ring`."""
        self._ring = ring
        self._sealer = sealer

    def begin(self, uow: UnitOfWork, login: str, *, actor: Actor) -> Enrolment:
        """Draw a new secret; it counts once a code of it was shown (`confirm`).

        Raises:
            ConflictError: a second factor is set up already.

        """
        if enrolled(uow.connection, actor.id):
            raise ConflictError(
                "a second factor is set up already",
                remedy="Remove it first; that takes one of its codes.",
                code="totp_exists",
            )
        secret = secrets.token_bytes(SECRET_BYTES)
        key_id = self._ring.for_writing(uow, actor.tenant, (actor.id,))[actor.id]
        sealed = self._sealer.seal(uow.connection, key_id, _place(actor.tenant, actor.id), secret)
        uow.connection.execute(store.totp.delete().where(store.totp.c.person == actor.id))
        uow.connection.execute(
            store.totp.insert().values(
                person=actor.id, tenant=actor.tenant, secret=sealed, begun_at=uow.now_ms(), last_step=0
            )
        )
        return Enrolment(b32encode(secret).decode(), _totp(secret).get_provisioning_uri(login, ISSUER))

    def confirm(self, uow: UnitOfWork, code: str, *, actor: Actor) -> list[str]:
        """Take the first code of a new secret, and return the recovery codes, which are shown this once.

        Raises:
            NotFoundError: nothing was begun.
            InvalidError: the code is wrong.

        """
        row = self._row(uow.connection, actor.id)
        if row is None or row.confirmed_at is not None:
            message = "no second factor is being set up"
            raise NotFoundError(message, remedy="Begin anew.", code="totp_begun")
        self._take(uow, row, code)
        uow.connection.execute(
            store.totp.update().where(store.totp.c.person == actor.id).values(confirmed_at=uow.now_ms())
        )
        return self.renew_codes(uow, actor=actor)

    def check(self, uow: UnitOfWork, person: str, code: str) -> str:
        """Check a code and use it up; return which kind it was: totp or recovery.

        Raises:
            ConflictError: no second factor is set up.
            InvalidError: the code is wrong, or was used before.

        """
        row = self._row(uow.connection, person)
        if row is None or row.confirmed_at is None:
            raise ConflictError("no second factor is set up", remedy="Set one up in your account.", code="totp_missing")
        plain = "".join(code.split()).replace("-", "").lower()
        if plain.isascii() and plain.isdigit() and len(plain) == DIGITS:
            self._take(uow, row, plain)
            return "totp"
        used = uow.connection.execute(
            store.recovery_code.update()
            .where(
                store.recovery_code.c.code_hash == hashed(f"{person}:{plain}"),
                store.recovery_code.c.person == person,
                store.recovery_code.c.used_at.is_(None),
            )
            .values(used_at=uow.now_ms())
        )
        if not used.rowcount:
            raise _wrong()
        return "recovery"

    def remove(self, uow: UnitOfWork, person: str) -> None:
        """Take a second factor away, with its recovery codes; who asks for it has shown a code or been authorised."""
        uow.connection.execute(store.totp.delete().where(store.totp.c.person == person))
        uow.connection.execute(store.recovery_code.delete().where(store.recovery_code.c.person == person))

    def renew_codes(self, uow: UnitOfWork, *, actor: Actor) -> list[str]:
        """Draw new recovery codes; the old ones open nothing from here on."""
        plain = [b32encode(secrets.token_bytes(CODE_BYTES)).decode().lower() for _ in range(CODES)]
        uow.connection.execute(store.recovery_code.delete().where(store.recovery_code.c.person == actor.id))
        uow.connection.execute(
            store.recovery_code.insert(),
            [{"code_hash": hashed(f"{actor.id}:{each}"), "person": actor.id, "used_at": None} for each in plain],
        )
        return ["-".join(each[at : at + 4] for at in range(0, len(each), 4)) for each in plain]

    def _row(self, connection: sa.Connection, person: str) -> Any:  # noqa: ANN401  # a row of the table
        return connection.execute(sa.select(store.totp).where(store.totp.c.person == person)).one_or_none()

    def _take(self, uow: UnitOfWork, row: Any, code: str) -> None:  # noqa: ANN401  # as above
        """Use a code up. One step early or late is let pass: telephones' clocks are not ours (RFC 6238 §5.2)."""
        secret = self._sealer.open(uow.connection, _place(row.tenant, row.person), row.secret)
        if secret is None:
            raise _wrong()
        now = uow.now_ms() // 1000 // STEP_SECONDS
        made = {step: _totp(secret).generate(step * STEP_SECONDS) for step in (now - 1, now, now + 1) if step >= 0}
        # Every comparison is made whichever is right, each in constant time.
        right = [step for step, each in made.items() if hmac.compare_digest(each, code.encode())]
        if not right:
            raise _wrong()
        if max(right) <= row.last_step:
            raise InvalidError(
                "this code was used before", remedy="Wait for the next one, half a minute at most.", code="code_used"
            )
        uow.connection.execute(
            store.totp.update().where(store.totp.c.person == row.person).values(last_step=max(right))
        )


def _wrong() -> InvalidError:
    return InvalidError(
        "this code is wrong",
        remedy="Take the code shown now; if it stays wrong, check the telephone's clock.",
        code="code_wrong",
    )


def _totp(secret: bytes) -> TOTP:
    # SHA-1 is what every authenticator app speaks; HMAC does not need collision resistance.
    return TOTP(secret, DIGITS, SHA1(), STEP_SECONDS)  # noqa: S303  # RFC 6238's default


def _place(tenant: str, person: str) -> Place:
    return Place(tenant, "totp", person, "secret")
