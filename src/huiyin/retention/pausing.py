"""Let nothing go in a house that came from a backup, until somebody confirmed that what was decided since stands again.

Holds placed since the backup are not in it, and what they keep would be past its period. The mark is a file beside the
database: no backup has it, and it stands before the restored database does.
"""

from pathlib import Path

from huiyin.audit.writing import Entry, write_down
from huiyin.eventlog.unit_of_work import UnitOfWork
from huiyin.kernel.actors import Actor
from huiyin.policy.terms import Action
from huiyin.security.keys import HOUSE
from huiyin.security.rights import check_keys

CONFIRMED = "retention.confirmed"


def mark_of(database: Path) -> Path:
    """Return the file that pauses the letting go."""
    return database.with_name("retention-paused")


def pause(database: Path) -> None:
    """Let nothing go from now on."""
    mark_of(database).touch(mode=0o600)


def is_paused(database: Path) -> bool:
    """Tell whether nothing may be let go of."""
    return mark_of(database).exists()


def note_confirmed(uow: UnitOfWork, *, actor: Actor) -> None:
    """Write down that holds and shreddings since the backup were entered again.

    Raises:
        NotFoundError: the house's keys are not the actor's to keep.

    """
    check_keys(actor, Action.ERASE, HOUSE)
    write_down(uow, Entry(action=CONFIRMED, actor=actor, tenant=HOUSE, subject=HOUSE))


def go_on(database: Path) -> None:
    """Let go again of what is past its period."""
    mark_of(database).unlink(missing_ok=True)
