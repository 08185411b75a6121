"""Witness the chain: sign how far it came, and write that down outside the database, every few seconds of activity.

The worker looks every `WITNESS_SECONDS`, and every process at its clean stop. A crash in between costs nothing: the
next checkpoint covers what lay beyond the last one. Before it signs, the witness follows the chain from the last
checkpoint on, and it never signs what does not continue what was signed before. It then says so in the log and in
`standing`; customers go on being served, since a broken audit must not become a way to stop the shop.
"""

import fcntl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, NamedTuple

import sqlalchemy as sa
import structlog

from huiyin.audit.chaining import Chain
from huiyin.audit.checkpoints import Checkpoint, append_checkpoint, last_checkpoint, open_checkpoints
from huiyin.audit.findings import Finding
from huiyin.audit.signing import SigningKey, load_public_key, load_signing_key
from huiyin.audit.store import audit_entry
from huiyin.audit.traces import Trace
from huiyin.audit.verifying import NAMED, SIGNED, Against, Verdict, beyond, disagreement, follow, verify
from huiyin.audit.views import VERIFIED, WHOLE, check_auditor
from huiyin.audit.writing import Entry, write_down
from huiyin.eventlog.writer import Writer
from huiyin.kernel.actors import Actor, system
from huiyin.kernel.clock import Clock, to_ms
from huiyin.kernel.errors import ConflictError, HuiyinError, InvalidError
from huiyin.policy.terms import Action

log = structlog.get_logger(__name__)

WITNESS = system("witness")
WITNESS_SECONDS = 10.0
"""How long an entry may lie beyond the last checkpoint while the worker lives."""


class Places(NamedTuple):
    """Where the witness keeps its things: the folder belongs on another disk or host than the database."""

    folder: Path
    signing_key: Path

    @property
    def checkpoints(self) -> Path:
        """Return the file of checkpoints."""
        return self.folder / "checkpoints.jsonl"

    @property
    def public_key(self) -> Path:
        """Return where the public key is put for whoever wants to check."""
        return self.folder / "public.pem"

    def against(self, traces: tuple[Trace, ...] = ()) -> Against:
        """Return what a verification without anything from outside is held against."""
        key = load_public_key(self.public_key) if self.public_key.exists() else None
        return Against(self.checkpoints, key, beside=True, traces=traces)


class Standing(NamedTuple):
    """How the witness stands, at little cost: the newest entry, the last checkpoint, what is wrong between them."""

    seq: int
    last: Checkpoint | None
    beyond: int
    findings: list[Finding]


class Witness:
    """Signs checkpoints."""

    def __init__(
        self, places: Places, reading: sa.Engine, writer: Writer, clock: Clock, traces: tuple[Trace, ...] = ()
    ) -> None:
        """Keep where everything is; nothing is made before there is something to sign."""
        self.places = places
        self._traces = traces
        self._reading = reading
        self._writer = writer
        self._clock = clock
        self._examining = threading.Lock()

    def look(self) -> Checkpoint | None:
        """Sign a checkpoint and return it if there is something new; what goes wrong is logged, never raised."""
        try:
            with self._reading.connect() as connection:
                if self._nothing_new(connection):
                    return None
                with self._alone() as file:
                    signed = self._sign(connection, file)
            if signed is not None:
                detail = {"number": signed.number, "digest": signed.digest()}
                entry = Entry(action=SIGNED, actor=WITNESS, tenant="", subject=NAMED, detail=detail)
                self._writer.run(write_down, entry)
        except (OSError, ValueError, HuiyinError) as error:
            log.error("audit.witness_stopped", error=type(error).__name__, remedy=getattr(error, "remedy", ""))
            return None
        return signed

    def examine(self, *, actor: Actor) -> Verdict:
        """Verify the whole audit for somebody at the door, and write down that they did and what came of it.

        Raises:
            NotFoundError: the actor is no auditor.
            ConflictError: a verification is under way.

        """
        check_auditor(actor, Action.VERIFY)
        if not self._examining.acquire(blocking=False):
            message = "a verification is under way"
            raise ConflictError(message, remedy="Wait for it; its result is shown when it is done.", code="verifying")
        try:
            with self._reading.connect() as connection:
                verdict = verify(connection, self.places.against(self._traces))
        finally:
            self._examining.release()
        detail = {"sound": verdict.sound, "seq": verdict.seq, "findings": len(verdict.findings) + verdict.more}
        entry = Entry(action=VERIFIED, actor=actor, tenant=actor.tenant, subject=WHOLE, detail=detail)
        self._writer.run(write_down, entry)
        return verdict

    def standing(self) -> Standing:
        """Return how everything stands, without following the chain."""
        findings: list[Finding] = []
        last = None
        try:
            last = self._last()
            if last is not None:
                self._key(last)
        except ValueError:
            findings.append(Finding("checkpoint_unreadable"))
        except (OSError, HuiyinError):
            findings.append(Finding("signing_stopped"))
        with self._reading.connect() as connection:
            seq = connection.execute(sa.select(sa.func.max(audit_entry.c.seq))).scalar() or 0
            rest = beyond(connection, last)
            findings += disagreement(connection, last)
        return Standing(seq, last, rest.entries, findings + rest.findings)

    def _nothing_new(self, connection: sa.Connection) -> bool:
        last = self._last()
        return not beyond(connection, last).entries and not disagreement(connection, last)

    def _last(self) -> Checkpoint | None:
        if not self.places.checkpoints.exists():
            return None
        with self.places.checkpoints.open("rb") as file:
            return last_checkpoint(file)

    @contextmanager
    def _alone(self) -> Iterator[BinaryIO]:
        """Hold the file for ourselves: door and worker may both stop at this moment."""
        with open_checkpoints(self.places.checkpoints) as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield file

    def _sign(self, connection: sa.Connection, file: BinaryIO) -> Checkpoint | None:
        last = last_checkpoint(file)
        key = self._key(last)
        if not self.places.public_key.exists():
            self.places.public_key.write_text(key.public.pem())
        findings = disagreement(connection, last)
        chain = Chain(last.seq, bytes.fromhex(last.head)) if last else Chain()
        if not findings:
            for _page in follow(connection, chain, findings):
                pass
        wrong = [each for each in findings if each.grave]
        if wrong:
            log.error("audit.chain_broken", code=wrong[0].code, where=wrong[0].where, remedy="Run huiyin audit verify.")
            return None
        if chain.head is None or (last is not None and chain.seq == last.seq):
            return None
        return append_checkpoint(file, last, (chain.seq, chain.head), to_ms(self._clock.now()), key)

    def _key(self, last: Checkpoint | None) -> SigningKey:
        key = load_signing_key(self.places.signing_key, make=last is None)
        if last is not None and not key.public.vouches(last.key, last.payload(), last.signature):
            message = "the last checkpoint was not signed with this key"
            raise InvalidError(
                message,
                remedy="Restore the signing key, or the checkpoint file; then run audit verify.",
                code="audit_key",
            )
        return key
