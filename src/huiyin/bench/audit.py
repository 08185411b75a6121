"""How fast the audit is written and verified, on one core, and whether what was done to it is seen."""

import asyncio
import sqlite3
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from huiyin.audit.verifying import Verdict, verify
from huiyin.audit.writing import Entry, write_down
from huiyin.bench.plants import sow
from huiyin.bench.report import Report, tell
from huiyin.eventlog.unit_of_work import UnitOfWork
from huiyin.kernel.actors import Actor, ActorKind, Proof
from huiyin.kernel.clock import monotonic
from huiyin.kernel.ids import TenantId, new_id
from huiyin.wiring import House, Settings, build

TARGETS: dict[str, tuple[str, float]] = {
    "entries_per_second": (">=", 100_000),
    "findings": ("==", 0),
    "tamperings_missed": ("==", 0),
}
GROUP = 512
"""Entries a transaction, as under load."""
ROUNDS = 3
AUDITED = Actor(
    ActorKind.PERSON,
    new_id(),
    "",
    TenantId(new_id()),
    proof=Proof("session", new_id(), 1_780_000_000_000, "Firefox 140"),
)
TAMPERINGS: dict[str, str] = {
    "edited": "UPDATE audit_entry SET subject = 'another' WHERE seq = 7",
    "deleted": "DELETE FROM audit_entry WHERE seq = 7",
    "cut off": "DELETE FROM audit_entry WHERE seq > 7",
    "exchanged": "UPDATE audit_entry SET seq = CASE seq WHEN 7 THEN -8 ELSE -7 END WHERE seq IN (7, 8)",
}


@dataclass(frozen=True, slots=True)
class Wish:
    """How many entries, and which fault."""

    entries: int = 300_000
    seed: int = 1
    plant: str = ""


async def run(wish: Wish) -> Report:
    """Measure."""
    return await asyncio.to_thread(_run, wish)


def _run(wish: Wish) -> Report:
    with tempfile.TemporaryDirectory(prefix="huiyin-bench-") as place:
        house = build(Settings(Path(place)))
        try:
            figures = _written(house, wish)
            house.witness.look()
            sow(wish.plant, house)
            verdicts = [_verified(house) for _ in range(ROUNDS)]
            rates = [each.entries / each.seconds for each in verdicts]
            figures |= {
                "entries": float(verdicts[-1].entries),
                "entries_per_second": median(rates),
                "findings": float(sum(each.grave for each in verdicts[-1].findings)),
            }
        finally:
            house.close()
        missed = [name for name, statement in TAMPERINGS.items() if not _caught(Path(place), statement)]
        figures |= {"tamperings": float(len(TAMPERINGS)), "tamperings_missed": float(len(missed))}
    return Report("audit", figures, TARGETS, wish.seed)


def _written(house: House, wish: Wish) -> dict[str, float]:
    """Write all entries in rounds, each beside a round of bare inserts; return both rates and their ratio."""
    groups = max(1, wish.entries // GROUP // ROUNDS)
    ours: list[float] = []
    bare: list[float] = []
    for number in range(ROUNDS):
        bare.append(_rate(groups, _bare(house.settings.folder / f"bare-{number}.db")))
        ours.append(_rate(groups, lambda: house.writer.run(_write_group)))
        tell(f"round {number + 1}: {ours[-1]:.0f} entries written a second, {bare[-1]:.0f} bare rows")
    ratios = [own / other for own, other in zip(ours, bare, strict=True)]
    return {"appends_per_second": median(ours), "bare_per_second": median(bare), "ratio_bare": median(ratios)}


def _write_group(uow: UnitOfWork) -> None:
    for _ in range(GROUP):
        detail = {"from": 1_780_000_000_000, "until": None, "person": AUDITED.id}
        write_down(
            uow, Entry(action="account.mapped", actor=AUDITED, tenant=AUDITED.tenant, subject=AUDITED.id, detail=detail)
        )


def _bare(path: Path) -> Callable[[], None]:
    """Return what inserts a group of rows as long as entries: no hash, no index but the key, no trigger."""
    database = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    for pragma in ("journal_mode=WAL", "synchronous=FULL"):
        database.execute(f"PRAGMA {pragma}")
    names = (
        "at, tenant, actor_tenant, actor, action, subject, outcome, proof, proof_id, device, second, detail, prev, hash"
    )
    database.execute(f"CREATE TABLE bare (seq INTEGER PRIMARY KEY, {names})")
    row = (
        1,
        *["a" * 32] * 4,
        "person.registered",
        "done",
        "session",
        "b" * 32,
        "Firefox 140",
        1,
        "c" * 90,
        *[bytes(32)] * 2,
    )
    blanks = ", ".join("?" * len(row))

    def insert() -> None:
        database.execute("BEGIN IMMEDIATE")
        database.executemany(f"INSERT INTO bare ({names}) VALUES ({blanks})", [row] * GROUP)  # noqa: S608  # our own names
        database.execute("COMMIT")

    return insert


def _rate(groups: int, write: Callable[[], object]) -> float:
    began = monotonic()
    for _ in range(groups):
        write()
    return groups * GROUP / (monotonic() - began)


def _verified(house: House) -> Verdict:
    with house.reading.connect() as connection:
        verdict = verify(connection, house.settings.audit.against())
    tell(f"verified {verdict.entries} entries in {verdict.seconds:.2f} s, {len(verdict.findings)} findings")
    return verdict


def _caught(folder: Path, statement: str) -> bool:
    """Do something to a small copy of an audit, and tell whether a verification sees it."""
    with tempfile.TemporaryDirectory(prefix="huiyin-bench-", dir=folder) as place:
        house = build(Settings(Path(place)))
        try:
            house.writer.run(_write_group)
            house.witness.look()
            house.writer.run(_tampered, statement)
            return not _verified(house).sound
        finally:
            house.close()


def _tampered(uow: UnitOfWork, statement: str) -> None:
    """Change the table and put its triggers back, as somebody would who hides it."""
    named = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit_entry'"
    guards = uow.connection.exec_driver_sql(named).all()
    for name, _ in guards:
        uow.connection.exec_driver_sql(f"DROP TRIGGER {name}")
    uow.connection.exec_driver_sql(statement)
    uow.connection.exec_driver_sql("UPDATE audit_entry SET seq = -seq WHERE seq < 0")
    for _, sql in guards:
        uow.connection.exec_driver_sql(sql)
