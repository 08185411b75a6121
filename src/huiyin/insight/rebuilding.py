"""Make the figures of all sessions anew from the log, after a definition changed or to prove them."""

from huiyin.eventlog.events import Catalogue
from huiyin.eventlog.replaying import replay
from huiyin.eventlog.unit_of_work import UnitOfWork
from huiyin.insight.listen import figures_listener
from huiyin.insight.store import figures_presence, session_figures


def rebuild(uow: UnitOfWork, catalogue: Catalogue) -> int:
    """Throw the rows of all sessions away and make them again from events; return how many events there were.

    One transaction, during which nobody else writes: it belongs where the house stands still.
    """
    uow.connection.execute(session_figures.delete())
    uow.connection.execute(figures_presence.delete())
    return replay(uow, catalogue, figures_listener())
