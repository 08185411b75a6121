"""Keep the figures of sessions in step with what happens."""

from collections.abc import Sequence

import sqlalchemy as sa

from huiyin.eventlog.events import Recorded
from huiyin.eventlog.listening import Listener
from huiyin.eventlog.prepared import Prepared, insert, update_by
from huiyin.eventlog.unit_of_work import UnitOfWork
from huiyin.insight.model import COUNTED, Row, apply, new_row
from huiyin.insight.store import session_figures
from huiyin.org.opening import calendars

_STORED = Prepared(
    sa.select(session_figures).where(session_figures.c.conversation.in_(sa.bindparam("subjects", expanding=True)))
)
_MOVED = update_by(
    session_figures.c.conversation, *(each.name for each in session_figures.columns if each.name != "conversation")
)


def figures_listener() -> Listener:
    """Return the listener that moves session figures: three queries and two writes, however many."""

    def handle(uow: UnitOfWork, events: Sequence[Recorded]) -> None:
        stored = _STORED.rows(uow.connection, subjects=list({each.subject for each in events}))
        rows: dict[str, Row] = {row.conversation: row._asdict() for row in stored}
        opening = calendars(uow.connection, {each.shop for each in events})
        fresh: list[Row] = []
        for each in events:
            row = rows.get(each.subject)
            if row is None:
                row = rows[each.subject] = new_row(each.subject, each.tenant, each.shop)
                fresh.append(row)
            apply(row, each, opening)
        insert(uow.connection, session_figures, fresh)
        new = {id(row) for row in fresh}
        moved = [{"key": row["conversation"], **row} for row in rows.values() if id(row) not in new]
        _MOVED.run_many(uow.connection, moved)

    return Listener("insight.figures", COUNTED, handle)
