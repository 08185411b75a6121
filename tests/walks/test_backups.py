"""A backup is made while customers write, cannot be opened by the server, and brings everything back elsewhere."""

import asyncio
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
import sqlalchemy as sa

from huiyin.audit.store import audit_entry
from huiyin.installation import backing_up
from huiyin.installation.age_files import make_identity, read_identities, read_recipients
from huiyin.installation.backing_up import Made, is_whole, kept_backups, make_backup
from huiyin.installation.restoring import Wish, look_into, restore
from huiyin.installation.serving import alone
from huiyin.installation.settings import Backup
from huiyin.kernel.errors import (
    ConflictError,
    HuiyinError,
    InvalidError,
    PermanentError,
    TemporaryError,
)
from huiyin.kernel.units import Seconds
from huiyin.wiring import Settings

from .stage import Customer, Stage

WORDS = "我的电话是13812345678，请在周三之后送"


@pytest.fixture
def identity(tmp_path: Path) -> Path:
    return tmp_path / "backup.identity"


@pytest.fixture
def wanted(tmp_path: Path, identity: Path) -> Backup:
    return Backup(str(tmp_path / "backups"), (make_identity(identity),))


async def made(stage: Stage, wanted: Backup) -> Made:
    return await asyncio.to_thread(make_backup, stage.house, wanted)


def kept(wanted: Backup) -> list[Path]:
    return list(Path(wanted.folder).iterdir())


def back(stage: Stage, wanted: Backup, identity: Path, into: Path, name: str = "") -> Path:
    """Restore the newest backup into an empty folder that holds the keys; return the folder."""
    newest = name or kept_backups(Path(wanted.folder))[0].name
    into.mkdir()
    for each in ("master.key", "audit.key"):
        if (stage.folder / each).exists():
            shutil.copy(stage.folder / each, into)
    wish = Wish(Path(wanted.folder) / newest, identity, Settings(into), replace=False)
    restore(wish, stage.clock.now(), lambda _step: None)
    return into


def state_of(folder: Path, *left_out: str) -> dict[str, str]:
    """Return every row of every table of a house, as text."""
    with closing(sqlite3.connect(folder / "huiyin.db")) as connection:
        tables = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {
            table: "\n".join(sorted(map(repr, connection.execute(f'SELECT * FROM "{table}"'))))
            for table in tables
            if table not in left_out
        }


async def test_what_was_acknowledged_before_a_backup_is_all_there_after_it_and_reads_as_it_did(
    stage: Stage, customer: Customer, wanted: Backup, identity: Path, tmp_path: Path
) -> None:
    await customer.says(WORDS)
    await stage.settle()
    before = state_of(stage.folder)
    await made(stage, wanted)
    folder = await asyncio.to_thread(back, stage, wanted, identity, tmp_path / "again")
    assert state_of(folder, "audit_entry") == {name: rows for name, rows in before.items() if name != "audit_entry"}
    conversation = customer.conversation
    await stage.close()
    again = Stage(stage.founded, folder, stage.clock)
    try:
        lead = await again.person("lead")
        said = [each["text"] for each in (await lead.opens(conversation))["messages"]]
        assert said[0] == "我的电话是138****5678，请在周三之后送"
        assert (await again.customer().says("还在吗")).content == "还在吗", "and the house goes on"
        await again.settle()
    finally:
        await again.close()


async def test_a_backup_under_load_is_whole_up_to_one_moment(
    stage: Stage, customer: Customer, wanted: Backup, identity: Path, tmp_path: Path
) -> None:
    done = asyncio.Event()

    async def writes() -> int:
        number = 0
        while not done.is_set():
            number += 1
            await customer.says(f"第{number}句")
        return number

    writing = asyncio.create_task(writes())
    taken = [await made(stage, wanted)]
    stage.clock.advance(Seconds(1))
    taken.append(await made(stage, wanted))
    done.set()
    assert await writing > 1
    assert taken[0].position < taken[1].position
    for number, each in enumerate(taken):
        folder = await asyncio.to_thread(back, stage, wanted, identity, tmp_path / f"again{number}", each.name)
        with closing(sqlite3.connect(folder / "huiyin.db")) as connection:
            asked = "SELECT count(*), max(position) FROM event WHERE position <= ?"
            stored = connection.execute(asked, (each.position,)).fetchone()
        assert stored == (each.position, each.position), "no event before the last one is missing"


async def test_nothing_readable_is_in_a_backup_and_the_server_cannot_open_it(
    stage: Stage, customer: Customer, wanted: Backup
) -> None:
    await customer.says(WORDS)
    await stage.settle()
    taken = await made(stage, wanted)
    sealed = (Path(wanted.folder) / taken.name).read_bytes()
    assert sealed.startswith(b"age-encryption.org/v1")
    for each in ("13812345678", "周三", "旗舰店", "SQLite format 3", "checkpoints", stage.shops["digital"]):
        assert each.encode() not in sealed, each
    keys = [each for each in stage.folder.rglob("*") if each.is_file() and b"AGE-SECRET-KEY" in each.read_bytes()]
    assert keys == []
    assert not (stage.folder / backing_up.COPY).exists()
    modes = {each.stat().st_mode & 0o777 for each in kept(wanted)}
    assert modes == {0o600}


async def test_a_backup_is_written_down_in_the_audit(stage: Stage, wanted: Backup) -> None:
    taken = await made(stage, wanted)
    entry = stage.rows(sa.select(audit_entry).where(audit_entry.c.action == "backup.made"))[0]
    assert msgspec.json.decode(entry.detail) == {
        "sha256": taken.sha256, "bytes": taken.bytes, "position": taken.position,
    }  # fmt: skip


async def test_only_so_many_are_kept_the_newest(stage: Stage, wanted: Backup) -> None:
    keeping = msgspec.structs.replace(wanted, keep=2)
    names = []
    for _ in range(4):
        names.append((await made(stage, keeping)).name)
        stage.clock.advance(Seconds(60))
    assert [each.name for each in kept_backups(Path(wanted.folder))] == names[:1:-1]
    assert len(kept(wanted)) == 4


def cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-1000])


def cut_to_a_block(file: Path) -> None:
    file.write_bytes(file.read_bytes()[: 64 * 1024 * 3])


def flip(file: Path) -> None:
    body = bytearray(file.read_bytes())
    body[len(body) // 2] ^= 1
    file.write_bytes(body)


def empty(file: Path) -> None:
    file.write_bytes(b"")


def other(file: Path) -> None:
    file.write_bytes(b"not a backup at all\n" * 100)


@pytest.mark.parametrize("spoil", [cut, cut_to_a_block, flip, empty, other])
async def test_a_backup_that_was_changed_is_told_without_a_key_and_never_restored(
    stage: Stage, wanted: Backup, identity: Path, tmp_path: Path, spoil: Callable[[Path], None]
) -> None:
    taken = await made(stage, wanted)
    file = Path(wanted.folder) / taken.name
    assert is_whole(Path(wanted.folder), taken)
    spoil(file)
    assert not is_whole(Path(wanted.folder), taken)
    with pytest.raises(PermanentError):
        back(stage, wanted, identity, tmp_path / "again")
    assert sorted(each.name for each in (tmp_path / "again").iterdir()) == [
        "audit.key",
        "door.lock",
        "house.lock",
        "master.key",
    ]


async def test_another_identity_opens_nothing(stage: Stage, wanted: Backup, tmp_path: Path) -> None:
    await made(stage, wanted)
    make_identity(tmp_path / "other.identity")
    with pytest.raises(PermanentError, match="does not open"):
        back(stage, wanted, tmp_path / "other.identity", tmp_path / "again")


async def test_without_its_master_key_nothing_is_put_in_place(
    stage: Stage, wanted: Backup, identity: Path, tmp_path: Path
) -> None:
    taken = await made(stage, wanted)
    folder = tmp_path / "again"
    for key in ("", "1:" + "ab" * 32):
        folder.mkdir(exist_ok=True)
        if key:
            (folder / "master.key").write_text(key + "\n")
            (folder / "master.key").chmod(0o600)
        wish = Wish(Path(wanted.folder) / taken.name, identity, Settings(folder), replace=False)
        with pytest.raises(HuiyinError) as refused:
            restore(wish, stage.clock.now(), lambda _step: None)
        assert "master" in f"{refused.value} {refused.value.remedy}"
        assert not (folder / "huiyin.db").exists()


async def test_a_house_that_stands_there_is_replaced_on_demand_only_and_moved_aside(
    stage: Stage, customer: Customer, wanted: Backup, identity: Path
) -> None:
    taken = await made(stage, wanted)
    await customer.says("备份之后的话")
    await stage.settle()
    await stage.close()
    wish = Wish(Path(wanted.folder) / taken.name, identity, Settings(stage.folder), replace=False)
    with pytest.raises(ConflictError, match="a house stands"):
        restore(wish, stage.clock.now(), lambda _step: None)
    done = restore(wish._replace(replace=True), stage.clock.now(), lambda _step: None)
    assert done.aside is not None
    assert len(state_of(done.aside)["message"]) > len(state_of(stage.folder)["message"])


async def test_nothing_is_restored_under_a_server_that_runs(stage: Stage, wanted: Backup, identity: Path) -> None:
    taken = await made(stage, wanted)
    wish = Wish(Path(wanted.folder) / taken.name, identity, Settings(stage.folder), replace=True)
    with alone(stage.folder), pytest.raises(InvalidError, match="another Huiyin"):
        restore(wish, stage.clock.now(), lambda _step: None)


async def test_a_damaged_database_is_never_called_a_backup(
    stage: Stage, customer: Customer, wanted: Backup, tmp_path: Path
) -> None:
    await customer.says("你好")
    await stage.settle()
    with closing(sqlite3.connect(stage.folder / "huiyin.db")) as connection:
        triggers = connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for (name,) in triggers:
            connection.execute(f'DROP TRIGGER "{name}"')
        connection.execute("UPDATE audit_entry SET action = 'shop.opened' WHERE seq = 3")
        connection.commit()
    with pytest.raises(PermanentError, match="audit"):
        await made(stage, wanted)
    assert kept_backups(Path(wanted.folder)) == []
    assert kept(wanted) == []


async def test_what_a_backup_cannot_be_made_of_is_told_with_a_remedy(
    stage: Stage, wanted: Backup, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with pytest.raises(InvalidError) as refused:
        await made(stage, msgspec.structs.replace(wanted, recipients=("age1nobody",)))
    assert "huiyin backup key" in refused.value.remedy
    (tmp_path / "file").write_text("")
    with pytest.raises(TemporaryError):
        await made(stage, msgspec.structs.replace(wanted, folder=str(tmp_path / "file" / "below")))
    monkeypatch.setattr(backing_up, "ROOM", 1e12)
    with pytest.raises(TemporaryError, match="are free"):
        await made(stage, wanted)


async def test_two_backups_at_once_are_one(stage: Stage, wanted: Backup) -> None:
    made_ = await asyncio.gather(made(stage, wanted), made(stage, wanted), return_exceptions=True)
    assert sorted(type(each).__name__ for each in made_) == ["ConflictError", "Made"]


async def test_a_backup_is_looked_into_without_a_house(
    stage: Stage, wanted: Backup, identity: Path, tmp_path: Path
) -> None:
    taken = await made(stage, wanted)
    (tmp_path / "scratch").mkdir()
    found = look_into(Path(wanted.folder) / taken.name, identity, tmp_path / "scratch")
    assert (found.position, found.audit_seq, found.schema) == (taken.position, taken.audit_seq, taken.schema)


async def test_a_backup_of_a_newer_huiyin_is_refused_by_name(
    stage: Stage, wanted: Backup, identity: Path, tmp_path: Path
) -> None:
    with stage.house.turn, closing(sqlite3.connect(stage.folder / "huiyin.db")) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()
    taken = await made(stage, wanted)
    with pytest.raises(InvalidError, match="newer Huiyin"):
        back(stage, wanted, identity, tmp_path / "again", taken.name)


def test_an_identity_others_may_read_is_refused_and_one_that_is_there_is_never_overwritten(
    identity: Path, tmp_path: Path
) -> None:
    recipient = make_identity(identity)
    assert identity.stat().st_mode & 0o777 == 0o600
    with pytest.raises(ConflictError):
        make_identity(identity)
    identity.chmod(0o644)
    with pytest.raises(InvalidError, match="others"):
        read_identities(identity)
    (tmp_path / "none").write_text("# nothing\n")
    (tmp_path / "none").chmod(0o600)
    for wrong in (tmp_path / "none", tmp_path / "gone"):
        with pytest.raises(InvalidError):
            read_identities(wrong)
    assert len(read_recipients([recipient])) == 1


async def test_going_back_on_a_new_machine_ends_with_a_sound_audit(
    stage: Stage, customer: Customer, wanted: Backup, identity: Path, tmp_path: Path
) -> None:
    await customer.says("你好")
    await stage.settle()
    await asyncio.to_thread(stage.house.witness.look)
    await made(stage, wanted)
    folder = await asyncio.to_thread(back, stage, wanted, identity, tmp_path / "again")
    assert (folder / "witness" / "checkpoints.jsonl").exists()
    again = Stage(stage.founded, folder, stage.clock)
    try:
        stage.clock.advance(Seconds(timedelta(minutes=2).total_seconds()))
        await asyncio.to_thread(again.house.witness.look)
        assert again.house.witness.standing().findings == []
    finally:
        await again.close()
