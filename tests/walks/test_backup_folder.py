"""The folder of backups may be a disk others write to, and the clock may have been wrong once."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec

from huiyin.installation.backing_up import Made, forget_oldest, kept_backups
from huiyin.installation.keeping_backups import is_due
from huiyin.kernel.units import Seconds

from .stage import Stage
from .test_backups import identity, made, wanted

__all__ = ["identity", "wanted"]


async def test_what_a_planted_telling_names_is_not_deleted(stage: Stage, wanted: Any) -> None:
    await made(stage, wanted)
    folder, key = Path(wanted.folder), stage.folder / "master.key"
    planted = Made(
        name="../" * 20 + str(key).lstrip("/"), bytes=1, sha256="0" * 64, made_at=1, schema="x", position=0, audit_seq=0
    )
    (folder / "huiyin-19700101T000000Z.age.json").write_bytes(msgspec.json.encode(planted))
    forget_oldest(folder, 1)
    assert key.is_file()
    assert len(kept_backups(folder)) == 1


async def test_a_backup_of_a_day_to_come_keeps_no_other_from_being_made(stage: Stage, wanted: Any) -> None:
    await made(stage, wanted)
    assert not is_due(wanted, stage.clock)
    stage.clock.advance(Seconds(365 * 86_400))
    await made(stage, wanted)
    stage.clock.set(stage.clock.now() - timedelta(days=335))
    assert is_due(wanted, stage.clock)
