"""What other rooms keep of acts that are written down: each row has its entry, since both are made in one transaction.

A chain that was cut together with its checkpoints holds by itself; the rows that nobody's entry tells of show it.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import msgspec
import sqlalchemy as sa

from huiyin.audit.chaining import COLUMNS
from huiyin.audit.findings import Finding

ACTION, SUBJECT, OUTCOME, DETAIL = map(COLUMNS.index, ("action", "subject", "outcome", "detail"))


class Trace(NamedTuple):
    """The rows an action leaves behind.

    An entry names its row as its subject, or in its detail under `told_by`. `lasting` rows are never taken away.
    """

    action: str
    table: str
    told_by: str = ""
    lasting: bool = False


class Unseen:
    """The rows whose entry was not met yet. They are read first: none is made after its entry was looked for."""

    def __init__(self, connection: sa.Connection, traces: Sequence[Trace]) -> None:
        """Read the rows."""
        self._connection = connection
        self._traces = {each.action: each for each in traces if sa.inspect(connection).has_table(each.table)}
        self._rows = {action: _ids(connection, each.table) for action, each in self._traces.items()}
        self._told: dict[str, set[str]] = {each.table: set() for each in self._traces.values() if each.lasting}

    def take(self, row: Sequence[Any]) -> None:
        """Meet an entry."""
        trace = self._traces.get(row[ACTION])
        if trace is None or row[OUTCOME] != "done":
            return
        told = _told(row[DETAIL], trace.told_by) if trace.told_by else row[SUBJECT]
        self._rows[trace.action].discard(told)
        if trace.lasting:
            self._told[trace.table].add(told)

    def findings(self) -> list[Finding]:
        """Return what is wrong once every entry was met; rows that last are read again, for those made meanwhile."""
        untold = [Finding("untold")] if any(self._rows.values()) else []
        gone = any(told - _ids(self._connection, table) for table, told in self._told.items())
        return untold + ([Finding("row_gone")] if gone else [])


def _ids(connection: sa.Connection, table: str) -> set[str]:
    return set(connection.execute(sa.select(sa.column("id")).select_from(sa.table(table))).scalars())


def _told(detail: object, name: str) -> str:
    """Return what an entry's detail names; one that was edited names nothing, and is told as an edit."""
    try:
        said = msgspec.json.decode(detail if isinstance(detail, str | bytes) else b"")
    except msgspec.MsgspecError:
        return ""
    return str(said.get(name, "")) if isinstance(said, dict) else ""
