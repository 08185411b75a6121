"""What backfills do when something happened: a shop that was connected again is asked at once."""

from collections.abc import Sequence

from huiyin.backfill.store import backfill as table
from huiyin.connections.events import ConnectionChanged
from huiyin.eventlog.events import Recorded
from huiyin.eventlog.listening import Listener
from huiyin.eventlog.unit_of_work import UnitOfWork


def connections_listener() -> Listener:
    """Return the listener that has backfills go on which waited for their shop's line."""

    def handle(uow: UnitOfWork, events: Sequence[Recorded]) -> None:
        found = [each.event for each in events if isinstance(each.event, ConnectionChanged)]
        shops = sorted({event.shop for event in found if event.platform})
        mine = table.update().where(table.c.shop.in_(shops), table.c.state == "running")
        uow.connection.execute(mine.values(not_before=0))

    return Listener("backfill.connections", (ConnectionChanged,), handle)
