"""The shapes of the audit; see `shapes` for what holds for all of them."""

from datetime import datetime

from huiyin.web.shapes import Named, Shape


class AuditLine(Shape, frozen=True):
    """One entry. `actor_kind` is person, bot, customer or system; `actor` names the person where one acted.

    `subject` is the id of what it is about, `subject_name` its name if it is a person or a shop, else "".
    `names` are those of people and shops its detail speaks of, by id.
    `proof` is session, token or "" and `proof_id` its public id. `detail` holds codes, ids and numbers by name.
    """

    seq: int
    at: datetime
    actor_kind: str
    actor: Named
    action: str
    subject: str
    subject_name: str
    names: dict[str, str]
    outcome: str
    proof: str
    proof_id: str
    device: str
    second_factor_at: datetime | None
    detail: dict[str, str | int | bool | None]
    hash: str


class AuditPage(Shape, frozen=True):
    """Entries, newest first; `next_cursor` is None on the last page."""

    entries: list[AuditLine]
    next_cursor: str | None


class AuditFinding(Shape, frozen=True):
    """Something that is not as it should be, at entries `seq` to `until` or at a checkpoint; `grave` says tampering."""

    code: str
    grave: bool
    seq: int | None
    until: int | None
    checkpoint: int | None


class AuditCheckpoint(Shape, frozen=True):
    """The last signed checkpoint: it vouches for the entries up to `seq`."""

    number: int
    seq: int
    at: datetime


class AuditVerified(Shape, frozen=True):
    """The last verification asked for here: it followed the chain to `seq` and found so much."""

    at: datetime
    seq: int
    sound: bool
    findings: int


class AuditKey(Shape, frozen=True):
    """The public key checkpoints are signed with: its `name` is the beginning of its SHA-256, as commands print it."""

    name: str
    pem: str


class AuditState(Shape, frozen=True):
    """How the audit stands, without following the chain. `beyond` entries wait for the next checkpoint."""

    seq: int
    public_key: AuditKey | None
    checkpoint: AuditCheckpoint | None
    beyond: int
    findings: list[AuditFinding]
    verified: AuditVerified | None


class AuditVerdict(Shape, frozen=True):
    """What a verification of the whole chain says; `more` findings were left out of the list."""

    sound: bool
    entries: int
    seq: int
    checkpoints: int
    checkpoint: AuditCheckpoint | None
    beyond: int
    findings: list[AuditFinding]
    more: int
    seconds: float
