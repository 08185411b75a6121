"""Keep the figures of sessions in step with what happens."""

from collections.abc import Sequence

import sqlalchemy as sa

from huiyin.conversations.events import Queued
from huiyin.eventlog.events import Recorded
from huiyin.eventlog.listening import Listener
from huiyin.eventlog.prepared import Prepared, insert, update_by
from huiyin.eventlog.unit_of_work import UnitOfWork
from huiyin.insight.model import COUNTED, Row, apply, new_row
from huiyin.insight.store import figures_presence, session_figures
from huiyin.org.duty import Teams, teams
from huiyin.org.events import PresenceChanged
from huiyin.org.opening import calendars

AT_DESK = frozenset({"online", "busy"})
"""Who takes customers, or has all they can carry. Rest and training are JD's 挂起: nobody is there for a newcomer."""

_STORED = Prepared(
    sa.select(session_figures).where(session_figures.c.conversation.in_(sa.bindparam("subjects", expanding=True)))
)
MOVED = update_by(
    session_figures.c.conversation, *(each.name for each in session_figures.columns if each.name != "conversation")
)
_PRESENT = Prepared(sa.select(figures_presence.c.person, figures_presence.c.tenant))
_LEFT = Prepared(figures_presence.delete().where(figures_presence.c.person.in_(sa.bindparam("people", expanding=True))))


class Desks:
    """Who is at a desk while a batch of events is gone through, in the order of the log."""

    def __init__(self, uow: UnitOfWork, events: Sequence[Recorded]) -> None:
        """Look only if an event asks: one query for a change of presence, two more rows of teams for a queue."""
        self._uow = uow
        self._changed: set[str] = set()
        queued = {each.shop for each in events if isinstance(each.event, Queued)}
        moved = any(isinstance(each.event, PresenceChanged) for each in events)
        self._present: dict[str, str] = dict(_PRESENT.rows(uow.connection)) if queued or moved else {}
        self._teams = teams(uow.connection, queued) if queued else Teams(())

    def change(self, recorded: Recorded) -> None:
        """Follow somebody to their desk or away from it."""
        event = recorded.event
        if not isinstance(event, PresenceChanged):
            return
        self._changed.add(event.person)
        if event.state in AT_DESK:
            self._present[event.person] = recorded.tenant
        else:
            self._present.pop(event.person, None)

    def staffed(self, tenant: str, shop: str, at: int) -> bool:
        """Tell whether anybody of a shop's own team or of a vendor at work for it is at a desk now."""
        there = set(self._present.values())
        return tenant in there or bool(self._teams.vendors(shop, at) & there)

    def keep(self) -> None:
        """Write down who came and who left."""
        if self._changed:
            _LEFT.run(self._uow.connection, people=sorted(self._changed))
            there = [
                {"person": person, "tenant": self._present[person]}
                for person in sorted(self._changed)
                if person in self._present
            ]
            insert(self._uow.connection, figures_presence, there)


def figures_listener() -> Listener:
    """Return the listener that moves session figures: five queries and four writes at most, however many."""

    def handle(uow: UnitOfWork, events: Sequence[Recorded]) -> None:
        desks = Desks(uow, events)
        told = [each for each in events if not isinstance(each.event, PresenceChanged)]
        stored = _STORED.rows(uow.connection, subjects=list({each.subject for each in told})) if told else ()
        rows: dict[str, Row] = {row.conversation: row._asdict() for row in stored}
        opening = calendars(uow.connection, {each.shop for each in told})
        fresh: list[Row] = []
        for each in events:
            if isinstance(each.event, PresenceChanged):
                desks.change(each)
                continue
            row = rows.get(each.subject)
            if row is None:
                row = rows[each.subject] = new_row(each.subject, each.tenant, each.shop)
                fresh.append(row)
            apply(row, each, opening, desks.staffed)
        insert(uow.connection, session_figures, fresh)
        new = {id(row) for row in fresh}
        moved = [{"key": row["conversation"], **row} for row in rows.values() if id(row) not in new]
        MOVED.run_many(uow.connection, moved)
        desks.keep()

    return Listener("insight.figures", (*COUNTED, PresenceChanged), handle)
