"""What a house that goes back must not forget: tried out on the backup before it takes the place of what stands there.

Who was shredded since stays shredded, what was held since stays held, as far as the newer database tells; nobody is
written to a second time; nobody comes in by what may have been taken from them since.
"""

from pathlib import Path
from typing import NamedTuple

import sqlalchemy as sa

from huiyin.audit.views import WHOLE
from huiyin.audit.writing import Entry, write_down
from huiyin.conversations.winding_up import Wound, wind_up
from huiyin.eventlog.database import open_to_examine
from huiyin.eventlog.unit_of_work import UnitOfWork
from huiyin.kernel.actors import system
from huiyin.kernel.clock import to_ms
from huiyin.kernel.errors import HuiyinError
from huiyin.org.sending_home import SentHome, send_home
from huiyin.retention.pausing import is_paused, pause
from huiyin.security.copying import Copy, copy_of
from huiyin.security.holds import carry_holds, holds_of
from huiyin.wiring import House

RESTORING = system("terminal")


class After(NamedTuple):
    """What was done: how many holds and tombstones came over from the newer database, None where there was none.

    `paused` tells that nothing past its period is let go of until somebody confirmed that none is missing.
    """

    wound: Wound
    home: SentHome
    holds: int | None
    tombstones: int | None
    paused: bool = False


class _Newer(NamedTuple):
    copy: Copy
    holds: list[dict[str, object]]


def settle(house: House, newer: Path) -> After:
    """Settle a restored house that nobody serves yet; `newer` is the database it is to replace, if there is one."""
    done = _settle(house, _read(newer, to_ms(house.clock.now())))
    done = done._replace(paused=is_paused(newer) or done.tombstones is None)
    if done.paused:
        pause(newer)
    house.writer.run(_note, done)
    return done


def _note(uow: UnitOfWork, done: After) -> None:
    detail = {
        "replies": done.wound.replies, "conversations": done.wound.talks, "sessions": done.home.sessions,
        "tokens": done.home.tokens, "links": done.home.links, "holds": done.holds or 0,
        "tombstones": done.tombstones or 0, "paused": done.paused,
    }  # fmt: skip
    write_down(uow, Entry(action="backup.restored", actor=RESTORING, tenant="", subject=WHOLE, detail=detail))


def _settle(house: House, told: "_Newer | None") -> After:
    wound = house.writer.run(wind_up, house.delivery)
    home = house.writer.run(send_home)
    if told is None:
        return After(wound, home, None, None)
    holds = house.writer.run(carry_holds, told.holds)
    before = len(house.keyroom.check())
    try:
        house.keyroom.restore(told.copy, actor=RESTORING)
    except HuiyinError:  # its keys do not open here: a copy of the keys has to be put back by hand
        return After(wound, home, holds, None)
    return After(wound, home, holds, len(house.keyroom.check()) - before)


def _read(newer: Path, now: int) -> _Newer | None:
    """Return what the newer database knows of keys and holds; None where there is none, or none that can be read."""
    if not newer.exists():
        return None
    engine = open_to_examine(newer)
    try:
        with engine.connect() as connection:
            return _Newer(copy_of(connection, now), holds_of(connection))
    except sa.exc.DBAPIError:  # damaged, or of an earlier form: that may be why somebody goes back
        return None
    finally:
        engine.dispose()
