"""Go on after an older backup was restored: the checkpoints it does not know are put away, and the chain says so.

Only a person decides that a database that ends before its checkpoints is a restored backup and no cut one. The file as
it was stays beside the new one, as evidence of what there was.
"""

from pathlib import Path
from typing import NamedTuple

import sqlalchemy as sa

from huiyin.audit.checkpoints import Checkpoint, read_checkpoints
from huiyin.audit.signing import load_public_key, sync
from huiyin.audit.verifying import hashes_at
from huiyin.audit.views import WHOLE
from huiyin.audit.witnessing import Places
from huiyin.audit.writing import Entry, write_down
from huiyin.eventlog.writer import Writer
from huiyin.kernel.actors import Actor
from huiyin.kernel.errors import ConflictError, InvalidError

RESUMED = "audit.resumed"


class Resumed(NamedTuple):
    """How many checkpoints the database knows, how many it does not, and where the file that holds all of them is."""

    kept: int
    put_away: int
    evidence: Path


def resume(reading: sa.Engine, writer: Writer, places: Places, *, actor: Actor) -> Resumed:
    """Keep the checkpoints this database agrees with, put the file with all of them away, and write that down.

    Raises:
        InvalidError: the checkpoint file does not hold by itself, or there is none.
        ConflictError: the database agrees with every checkpoint; there is nothing to resume from.

    """
    path = places.checkpoints
    key = load_public_key(places.public_key)
    checkpoints, wrong, _ = read_checkpoints(path, key)
    if wrong or not checkpoints:
        message = "the checkpoint file does not hold by itself"
        raise InvalidError(message, remedy="Put a copy of it that was kept elsewhere in its place, then try again.")
    with reading.connect() as connection:
        kept = _known(connection, checkpoints)
    lost = checkpoints[len(kept) :]
    if not lost:
        message = "the database agrees with every checkpoint"
        raise ConflictError(message, remedy="Nothing is to be done; huiyin audit verify says how the audit stands.")
    detail = {"kept": len(kept), "last": lost[-1].number, "seq": lost[-1].seq, "digest": lost[-1].digest()}
    # Written down first: whatever happens then, the chain tells that checkpoints were put away.
    writer.run(write_down, Entry(action=RESUMED, actor=actor, tenant="", subject=WHOLE, detail=detail))
    evidence = path.with_name(f"checkpoints-until-{lost[-1].number}-{lost[-1].digest()[:8]}.jsonl")
    fresh = path.with_name(f"{path.name}.new")
    fresh.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[: len(kept)]))
    sync(fresh)
    path.replace(evidence)
    fresh.replace(path)
    sync(path.parent)
    return Resumed(len(kept), len(lost), evidence)


def _known(connection: sa.Connection, checkpoints: list[Checkpoint]) -> list[Checkpoint]:
    """Return the checkpoints from the first on that the database agrees with."""
    stands = hashes_at(connection, [each.seq for each in checkpoints])
    for place, each in enumerate(checkpoints):
        if stands.get(each.seq) != bytes.fromhex(each.head):
            return checkpoints[:place]
    return checkpoints
