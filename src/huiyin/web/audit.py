"""The audit for its auditors: entries to search, how it stands, and a verification on demand. Nothing here changes it.

Reading and searching is not itself written down; a verification is, with what came of it.
"""

from datetime import datetime
from typing import Annotated, Any

import sqlalchemy as sa
from litestar import Controller, get, post
from litestar.di import NamedDependency, Provide
from litestar.params import QueryParameter, SkipValidation

from huiyin.audit import views
from huiyin.audit.checkpoints import Checkpoint
from huiyin.audit.findings import Finding
from huiyin.audit.signing import load_public_key
from huiyin.kernel.actors import Actor
from huiyin.kernel.clock import from_ms
from huiyin.kernel.errors import InvalidError
from huiyin.kernel.ids import is_id
from huiyin.kernel.wire import decode
from huiyin.org.listing import members_of
from huiyin.policy.terms import Action, Resource
from huiyin.web.audit_shapes import (
    AuditCheckpoint,
    AuditFinding,
    AuditKey,
    AuditLine,
    AuditPage,
    AuditState,
    AuditVerdict,
    AuditVerified,
)
from huiyin.web.desk import Cursor
from huiyin.web.guarding import needs
from huiyin.web.sessions import ActorHere, HouseHere
from huiyin.web.shapes import Named
from huiyin.wiring import House

_READS = needs(Resource.AUDIT, Action.READ)
Text = Annotated[str, QueryParameter(max_length=200)]
When = Annotated[datetime | None, QueryParameter()]


def provide_wanted(  # query parameters
    by: Text = "", action: Text = "", subject: Text = "", since: When = None, until: When = None, cursor: Cursor = None
) -> views.Wanted:
    """Read what an auditor looks for: `by` an actor, of an action, about a subject, from `since` up to `until`."""
    return views.Wanted(by, action, subject, since, until, cursor or "")


class Audit(Controller):
    """Who did what."""

    path = "/api/audit"
    tags = ("audit",)
    dependencies = {"wanted": Provide(provide_wanted, sync_to_thread=False)}  # noqa: RUF012  # the framework's own form

    @get("/", opt=_READS, sync_to_thread=True)
    def search(
        self, house: HouseHere, actor: ActorHere, wanted: NamedDependency[SkipValidation[views.Wanted]]
    ) -> AuditPage:
        """Return entries, newest first."""
        wanted = wanted._replace(subject=wanted.subject.strip().removeprefix("…"))
        with house.reading.connect() as connection:
            page = views.search(connection, _named(house, connection, wanted, actor), actor=actor)
            own = {*members_of(connection, actor.tenant), *_shops(house, actor)}
            told = [_told(row, own) for row in page.rows]
            names = house.people.names(connection, set().union(*told))
        names |= {shop.id: shop.name for shop in house.shops.all().values()}
        lines = [
            _line(row, {each: names[each] for each in ids if each in names})
            for row, ids in zip(page.rows, told, strict=True)
        ]
        return AuditPage(entries=lines, next_cursor=page.cursor or None)

    @get("/people", opt=_READS, sync_to_thread=True)
    def people(self, house: HouseHere, actor: ActorHere) -> list[Named]:
        """Return everybody who is or was with the auditor's organisation, to search by."""
        views.check_auditor(actor)
        with house.reading.connect() as connection:
            names = house.people.names(connection, members_of(connection, actor.tenant))
        return [Named(id=each, name=names[each]) for each in sorted(names, key=lambda each: (names[each], each))]

    @get("/state", opt=_READS, sync_to_thread=True)
    def state(self, house: HouseHere, actor: ActorHere) -> AuditState:
        """Tell how the audit stands, at the cost of a few rows."""
        views.check_auditor(actor)
        standing = house.witness.standing()
        with house.reading.connect() as connection:
            verified = views.last_verified(connection)
        return AuditState(
            seq=standing.seq,
            public_key=_public_key(house),
            checkpoint=_checkpoint(standing.last),
            beyond=standing.beyond,
            findings=[_finding(each) for each in standing.findings],
            verified=AuditVerified(at=from_ms(verified.at), **decode(verified.detail)) if verified else None,
        )

    @post("/verify", opt=needs(Resource.AUDIT, Action.VERIFY), sync_to_thread=True, status_code=200)
    def verify(self, house: HouseHere, actor: ActorHere) -> AuditVerdict:
        """Follow the whole chain and hold it against its checkpoints."""
        verdict = house.witness.examine(actor=actor)
        return AuditVerdict(
            sound=verdict.sound, entries=verdict.entries, seq=verdict.seq, checkpoints=verdict.checkpoints,
            checkpoint=_checkpoint(verdict.last), beyond=verdict.beyond,
            findings=[_finding(each) for each in verdict.findings], more=verdict.more, seconds=verdict.seconds,
        )  # fmt: skip


def _named(house: House, connection: sa.Connection, wanted: views.Wanted, actor: Actor) -> views.Wanted:
    """Let a subject that is no id be looked for as the name of one's own people and shops."""
    if not wanted.subject or is_id(wanted.subject):
        return wanted
    views.check_auditor(actor)
    names = house.people.names(connection, members_of(connection, actor.tenant))
    names |= _shops(house, actor)
    return wanted._replace(
        named=tuple(sorted(each for each, name in names.items() if wanted.subject.casefold() in name.casefold()))
    )


def _shops(house: House, actor: Actor) -> dict[str, str]:
    return {shop.id: shop.name for shop in house.shops.all().values() if shop.tenant == actor.tenant}


def _told(row: Any, own: set[str]) -> set[str]:  # noqa: ANN401  # a row of the table
    """Return the ids an entry may be read with the names of: those that took part in it.

    What somebody was refused they may have typed: of that only one's own people and shops are told by name.
    """
    who = row.actor.partition(":")[2]
    detail = (each for each in decode(row.detail).values() if isinstance(each, str) and is_id(each))
    ids = {*detail, row.subject.rpartition(":")[2]}
    return {who} | (ids if row.outcome == "done" else ids & own)


def _line(row: Any, names: dict[str, str]) -> AuditLine:  # noqa: ANN401  # a row of the table
    kind, _, who = row.actor.partition(":")
    return AuditLine(
        seq=row.seq, at=from_ms(row.at), actor_kind=kind, actor=Named(id=who, name=names.get(who, "")),
        action=row.action, subject=row.subject, subject_name=names.get(row.subject, ""),
        names=names, outcome=row.outcome,
        proof=row.proof, proof_id=row.proof_id, device=row.device,
        second_factor_at=None if row.second_factor_at is None else from_ms(row.second_factor_at),
        detail=decode(row.detail), hash=row.hash.hex(),
    )  # fmt: skip


def _public_key(house: House) -> AuditKey | None:
    """Return the key an outside auditor verifies with, None until the first checkpoint is signed."""
    path = house.settings.audit.public_key
    if not path.exists():
        return None
    try:
        key = load_public_key(path)
    except InvalidError:
        return None  # what is wrong with it is among the findings
    return AuditKey(name=key.name, pem=key.pem())


def _checkpoint(last: Checkpoint | None) -> AuditCheckpoint | None:
    return AuditCheckpoint(number=last.number, seq=last.seq, at=from_ms(last.at)) if last else None


def _finding(found: Finding) -> AuditFinding:
    return AuditFinding(
        code=found.code, grave=found.grave, seq=found.seq, until=found.until, checkpoint=found.checkpoint
    )
