"""Verify the audit: follow the chain from its first entry, then hold it against the signed checkpoints.

Read-only, a page at a time, so it may run beside a working house. The order makes that safe: what the chain says of
checkpoints is read before their file, and what they say of the chain is looked up after it.
"""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import sqlalchemy as sa

from huiyin.audit.chaining import COLUMNS, Chain
from huiyin.audit.checkpoints import Checkpoint, read_checkpoints
from huiyin.audit.findings import MOST_FINDINGS, Finding
from huiyin.audit.guards import guards_missing
from huiyin.audit.signing import PublicKey
from huiyin.audit.store import audit_entry
from huiyin.audit.traces import Trace, Unseen
from huiyin.eventlog.prepared import Prepared
from huiyin.kernel.clock import monotonic
from huiyin.kernel.units import Seconds

SIGNED = "audit.checkpoint_signed"
"""The action by which the chain itself names each checkpoint: the file cannot lose one unseen."""
NAMED = "checkpoint"
"""The subject of those entries."""
PAGE = 5_000
OVERDUE_MS = 10 * 60 * 1000
"""Entries that lie beyond the last checkpoint span seconds; where they span this long, something is wrong."""
ACTION, DETAIL = COLUMNS.index("action"), COLUMNS.index("detail")

_PAGE = Prepared(
    sa.select(*(audit_entry.c[name] for name in COLUMNS), audit_entry.c.prev, audit_entry.c.hash)
    .where(audit_entry.c.seq > sa.bindparam("after"))
    .order_by(audit_entry.c.seq)
    .limit(sa.bindparam("most"))
)
_NEXT = Prepared(sa.select(sa.func.min(audit_entry.c.seq)).where(audit_entry.c.seq > sa.bindparam("after")))
_OLDEST = Prepared(sa.select(sa.func.min(audit_entry.c.seq)))
_NEWEST = Prepared(sa.select(sa.func.max(audit_entry.c.seq)))
_HASHES = Prepared(
    sa.select(audit_entry.c.seq, audit_entry.c.hash).where(audit_entry.c.seq.in_(sa.bindparam("seqs", expanding=True)))
)
_TIMES = Prepared(
    sa.select(audit_entry.c.seq, audit_entry.c.at).where(audit_entry.c.seq.in_(sa.bindparam("seqs", expanding=True)))
)
_BEYOND = Prepared(
    sa.select(
        sa.func.count().label("entries"),
        sa.func.min(audit_entry.c.seq).label("first"),
        sa.func.max(audit_entry.c.seq).label("until"),
    ).where(audit_entry.c.seq > sa.bindparam("after"), audit_entry.c.action != SIGNED)
)
_LAST_NAMED = Prepared(
    sa.select(audit_entry.c.detail)
    .where(audit_entry.c.subject == NAMED, audit_entry.c.action == SIGNED)
    .order_by(audit_entry.c.at.desc(), audit_entry.c.seq.desc())
    .limit(1)
)
Progress = Callable[[int, int], None]


class Verdict(msgspec.Struct, frozen=True):
    """What a verification says. `beyond` entries lie behind the last checkpoint, mentions of checkpoints left out.

    `seq` is the last entry; `more` findings were left out of the list. `sound` means that nothing grave was found.
    `key` is the fingerprint of the public key that signatures were checked with, "" without one.
    """

    sound: bool
    entries: int
    seq: int
    checkpoints: int
    last: Checkpoint | None
    beyond: int
    findings: list[Finding]
    more: int
    seconds: Seconds
    key: str = ""


class Against(NamedTuple):
    """What the chain is held against. `beside` says the key was found beside the checkpoints, so nobody vouches for it.

    A backup may end before the newest checkpoints. `traces` are the rows of other rooms that entries tell of.
    """

    checkpoints: Path
    key: PublicKey | None
    beside: bool = False
    backup: bool = False
    traces: tuple[Trace, ...] = ()


def verify(connection: sa.Connection, against: Against, progress: Progress = lambda _done, _total: None) -> Verdict:
    """Follow the whole chain and hold it against the checkpoints; `progress` hears how many entries of how many."""
    began = monotonic()
    if not sa.inspect(connection).has_table(audit_entry.name):
        return Verdict(False, 0, 0, 0, None, 0, [Finding("table_missing")], 0, Seconds(0))
    run = _Run(connection, against.traces)
    run.findings += [Finding("guard_missing")] if guards_missing(connection) else []
    oldest = _OLDEST.column(connection)[0]
    run.findings += [Finding("out_of_place", seq=oldest)] if oldest is not None and oldest < 1 else []
    run.follow(progress)
    named = dict(run.named)
    checkpoints, wrong, foreign = read_checkpoints(against.checkpoints, against.key)
    run.findings += wrong
    run.follow(progress)
    last = checkpoints[-1] if checkpoints else None
    run.compare(checkpoints, backup=against.backup)
    run.look_for(named, [*foreign, *checkpoints], gone=not against.checkpoints.exists())
    run.findings += run.unseen.findings()
    rest = beyond(connection, last)
    # What another key signed was witnessed, if by nobody known: that was told, and no more follows from it.
    run.findings += [each for each in rest.findings if (each.grave or not named) and not foreign]
    if against.key is not None and not against.beside and last is None and not named and not foreign:
        run.findings.append(Finding("never_witnessed"))
    if checkpoints and against.key is None:
        run.findings.append(Finding("key_missing"))
    elif checkpoints and against.beside:
        run.findings.append(Finding("key_from_beside"))
    told = run.findings
    return Verdict(
        sound=not any(each.grave for each in told), entries=run.entries, seq=run.chain.seq,
        checkpoints=len(checkpoints), last=last, beyond=rest.entries, findings=told[:MOST_FINDINGS],
        more=max(0, len(told) - MOST_FINDINGS), seconds=Seconds(monotonic() - began),
        key=against.key.name if against.key else "",
    )  # fmt: skip


def follow(connection: sa.Connection, chain: Chain, findings: list[Finding]) -> Iterator[Sequence[tuple[Any, ...]]]:
    """Follow the chain to its end a page at a time, and hand each page on; what does not hold goes into `findings`."""
    most = PAGE
    broken = connection.dialect.loaded_dbapi.Error
    while True:
        try:
            page = _PAGE.rows(connection, after=chain.seq, most=most)
        except broken:
            # Somewhere in this page lies what the driver cannot read: find it by halves, then step over it.
            if most > 1:
                most //= 2
                continue
            seq = _NEXT.column(connection, after=chain.seq)[0]
            findings.append(Finding("unreadable", seq=seq, until=seq))
            chain.skip(seq)
            most = PAGE
            continue
        if not page:
            return
        findings += [Finding(each.code, seq=each.seq, until=each.until) for each in chain.take(page)]
        yield page


class Rest(NamedTuple):
    """What lies beyond the last checkpoint."""

    entries: int
    findings: list[Finding]


def beyond(connection: sa.Connection, last: Checkpoint | None) -> Rest:
    """Count the entries beyond the last checkpoint, mentions of checkpoints left out; tell if they wait too long."""
    after = last.seq if last else 0
    rest = _BEYOND.rows(connection, after=after)[0]
    times = dict(_TIMES.rows(connection, seqs=[rest.first, rest.until])) if rest.entries else {}
    if times and times[rest.until] - times[rest.first] > OVERDUE_MS:
        return Rest(rest.entries, [Finding("overdue", seq=rest.first, until=rest.until)])
    return Rest(rest.entries, [Finding("unwitnessed")] if rest.entries and last is None else [])


def hashes_at(connection: sa.Connection, seqs: Sequence[int]) -> dict[int, bytes]:
    """Return the hashes that stand at these entries, as far as there are any."""
    stands: dict[int, bytes] = {}
    for start in range(0, len(seqs), PAGE):
        stands.update(dict(_HASHES.rows(connection, seqs=seqs[start : start + PAGE])))
    return stands


def disagreement(connection: sa.Connection, last: Checkpoint | None) -> list[Finding]:
    """Tell, at the cost of two rows, whether chain and file still know of each other's last checkpoint."""
    named = _LAST_NAMED.one(connection)
    number = _named(named.detail).number if named else 0
    if number > (last.number if last else 0):
        return [Finding("checkpoint_cut" if last else "checkpoints_missing", checkpoint=number)]
    if last is None:
        return []
    found = _HASHES.rows(connection, seqs=[last.seq])
    if not found:
        return [Finding("tail_missing", seq=last.seq, checkpoint=last.number)]
    if found[0].hash != bytes.fromhex(last.head):
        return [Finding("rewritten", seq=last.seq, checkpoint=last.number)]
    return []


class _Run:
    """One verification on its way."""

    def __init__(self, connection: sa.Connection, traces: Sequence[Trace]) -> None:
        self.connection = connection
        self.unseen = Unseen(connection, traces)
        self.chain = Chain()
        self.entries = 0
        self.findings: list[Finding] = []
        self.named: dict[int, str] = {}

    def follow(self, progress: Progress) -> None:
        """Go on to the end of the chain, and note which checkpoints it names."""
        total = _NEWEST.column(self.connection)[0] or 0
        for page in follow(self.connection, self.chain, self.findings):
            self.entries += len(page)
            for row in page:
                self.unseen.take(row)
                if row[ACTION] == SIGNED:
                    named = _named(row[DETAIL])
                    self.named[named.number] = named.digest
            progress(min(self.chain.seq, total), total)

    def compare(self, checkpoints: Sequence[Checkpoint], *, backup: bool) -> None:
        """Tell what the checkpoints saw otherwise: a chain written anew from somewhere on, or one that is too short."""
        before = 0
        stands = hashes_at(self.connection, [each.seq for each in checkpoints])
        for each in checkpoints:
            if each.seq > self.chain.seq:
                code = "tail_in_backup" if backup else "tail_missing"
                self.findings.append(Finding(code, self.chain.seq + 1, checkpoints[-1].seq, each.number))
                return
            if each.seq in stands and stands[each.seq] != bytes.fromhex(each.head):
                self.findings.append(Finding("rewritten", before + 1, each.seq, each.number))
                return
            before = each.seq

    def look_for(self, named: dict[int, str], checkpoints: Sequence[Checkpoint], *, gone: bool) -> None:
        """Look for the checkpoints that the chain names."""
        if gone and named:
            self.findings.append(Finding("checkpoints_missing", checkpoint=max(named)))
            return
        held = {each.number: each.digest() for each in checkpoints}
        cut = sorted(number for number, digest in named.items() if held.get(number) != digest)
        if cut:
            self.findings.append(Finding("checkpoint_cut", checkpoint=cut[0]))


class _Named(msgspec.Struct):
    """What an entry of the action `SIGNED` tells of its checkpoint."""

    number: int
    digest: str


def _named(detail: object) -> _Named:
    """Read what an entry names; one that was edited names nothing, and is told as an edit."""
    try:
        return msgspec.json.decode(detail if isinstance(detail, str | bytes) else b"", type=_Named)
    except msgspec.MsgspecError:
        return _Named(0, "")
