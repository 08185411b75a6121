"""Make backups by the clock for as long as the server runs; one that fails is told and tried again soon."""

import asyncio
from pathlib import Path

import structlog

from huiyin.installation.backing_up import kept_backups, make_backup
from huiyin.installation.settings import Backup
from huiyin.kernel.clock import Clock, to_ms
from huiyin.kernel.errors import HuiyinError
from huiyin.wiring import House

log = structlog.get_logger(__name__)

LOOK_SECONDS = 60.0
AGAIN_SECONDS = 600.0
HOUR_MS = 3_600_000


def is_due(settings: Backup, clock: Clock) -> bool:
    """Tell whether the newest backup is as old as the settings allow, or there is none.

    One of a day to come, when the clock was wrong, is none: it would keep every other from being made until then.
    """
    now = to_ms(clock.now())
    newest = next((each for each in kept_backups(Path(settings.folder)) if each.made_at <= now + HOUR_MS), None)
    return newest is None or now - newest.made_at >= settings.every_hours * HOUR_MS


async def keep_backing_up(house: House, settings: Backup) -> None:
    """Make backups until cancelled; where the settings name no folder there is nothing to do."""
    while settings.folder:
        pause = LOOK_SECONDS
        try:
            if await asyncio.to_thread(is_due, settings, house.clock):
                made = await asyncio.to_thread(make_backup, house, settings)
                log.info("backup.made", bytes=made.bytes, position=made.position)
        except HuiyinError as error:
            log.error("backup.failed", error=type(error).__name__, remedy=error.remedy)
            pause = AGAIN_SECONDS
        await asyncio.sleep(pause)
