"""`huiyin keys` in the hands of a newcomer: what is mistyped is refused, what cannot be undone asks first."""

import asyncio
import os
import pty
import shutil
import sqlite3
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa
from typer.testing import CliRunner, Result

from huiyin.audit.store import audit_entry
from huiyin.cli.entry import app
from huiyin.eventlog.unit_of_work import UnitOfWork
from huiyin.kernel.errors import ConflictError, HuiyinError, InvalidError, NotFoundError
from huiyin.org import store as org
from huiyin.security.store import legal_hold, tenant_key

from .stage import Customer, Stage
from .test_audit import auditor
from .test_keys import subject_of, tenant_of


async def gives(folder: Path, *words: object) -> Result:
    """Give a command of `huiyin keys` beside the running house."""
    wanted = ["keys", *map(str, words), "--folder", str(folder)]
    return await asyncio.to_thread(lambda: CliRunner().invoke(app, wanted))


async def answers(folder: Path, answer: str, *words: object) -> tuple[int, str]:
    """Give a command of `huiyin keys` at a terminal of its own, type an answer, and return what came of it."""
    ours, theirs = pty.openpty()
    try:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-c", "from huiyin.cli.entry import main; main()", "keys", *map(str, words),
            "--folder", str(folder), stdin=theirs, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
        )  # fmt: skip
        os.write(ours, f"{answer}\n".encode())
        said, _ = await process.communicate()
    finally:
        os.close(ours)
        os.close(theirs)
    return process.returncode or 0, said.decode()


def refused(result: Result, kind: type[HuiyinError], words: str) -> None:
    """Hold a refusal: of its kind, in words, with a remedy."""
    assert isinstance(result.exception, kind), result.output
    assert words in str(result.exception)
    assert result.exception.remedy


@pytest.fixture
async def talked(stage: Stage, customer: Customer) -> Customer:
    await customer.says("在吗")
    await stage.settle()
    return customer


async def test_a_hold_on_nobody_is_refused(stage: Stage, talked: Customer) -> None:
    tenant, subject = tenant_of(stage), subject_of(stage, talked)
    foreign = tenant_of(stage, "foreign")
    for whose, whom in (("nobody", ""), ("", ""), (tenant, "nobody"), (foreign, subject), ("nobody", subject)):
        given = await gives(stage.folder, "hold", whose, "--subject", whom, "--reason", "案卷 1")
        refused(given, NotFoundError, "keys")
    assert stage.rows(sa.select(legal_hold)) == []
    held = await gives(stage.folder, "hold", tenant, "--subject", subject, "--reason", "案卷 1")
    assert held.exit_code == 0, held.output


@pytest.mark.parametrize("words", [
    "state", "rotate --what master", "hold t --reason r", "lift h", "shred s --reason r", "bury", "tombstones",
    "copy {copy}", "restore {copy}",
])  # fmt: skip
async def test_a_folder_that_is_no_house_is_refused_and_none_is_made_there(words: str, tmp_path: Path) -> None:
    copy = tmp_path / "keys.copy"
    copy.touch()
    place = tmp_path / "mistyped"
    refused(await gives(place, *words.format(copy=copy).split()), InvalidError, "no database")
    assert not place.exists()


@pytest.mark.parametrize("what", ["tenant", "data"])
async def test_the_keys_of_nobody_are_not_renewed(stage: Stage, talked: Customer, what: str) -> None:
    before = stage.rows(sa.select(tenant_key.c.id, tenant_key.c.tenant))
    refused(await gives(stage.folder, "rotate", "--what", what, "--tenant", "nobody"), NotFoundError, "tenant")
    assert stage.rows(sa.select(tenant_key.c.id, tenant_key.c.tenant)) == before


async def test_a_copy_of_all_keys_is_written_down_and_takes_nothings_place(
    stage: Stage, talked: Customer, tmp_path: Path
) -> None:
    file, other = tmp_path / "keys.copy", tmp_path / "letters.txt"
    other.write_text("dear all")
    assert (await gives(stage.folder, "copy", file)).exit_code == 0
    copied = sa.select(audit_entry.c.actor).where(audit_entry.c.action == "keys.copied")
    assert [row.actor for row in stage.rows(copied)] == ["system:terminal"]
    before = file.read_bytes()
    refused(await gives(stage.folder, "copy", file), ConflictError, "there already")
    await gives(stage.folder, "rotate", "--what", "master")
    refused(await gives(stage.folder, "bury", "--copy", other, "--yes"), ConflictError, "there already")
    refused(await gives(stage.folder, "copy", tmp_path / "no" / "where"), InvalidError, "no folder")
    assert (file.read_bytes(), other.read_text(), len(stage.rows(copied))) == (before, "dear all", 1)


async def test_what_was_done_to_the_keys_of_the_whole_house_is_seen_by_every_auditor_and_nothing_else_of_it(
    stage: Stage, talked: Customer, tmp_path: Path
) -> None:
    await gives(stage.folder, "rotate", "--what", "master")
    await gives(stage.folder, "rotate", "--what", "tenant", "--tenant", tenant_of(stage))
    await gives(stage.folder, "copy", tmp_path / "keys.copy")
    await gives(stage.folder, "restore", tmp_path / "keys.copy")
    await gives(stage.folder, "bury", "--copy", tmp_path / "keys.copy", "--yes")
    stage.house.witness.look()
    for side, theirs in (("owner", {"tenant_key.rotated"}), ("stranger", set())):
        audits = await auditor(stage, side)
        page = await audits.get("/api/audit", by="system:terminal")
        deeds = {each["action"] for each in page["entries"]}
        assert deeds == {"master_key.rotated", "keys.copied", "keys.restored", "copies.buried"} | theirs
        one = await audits.get("/api/audit", action="keys.copied")
        assert [each["action"] for each in one["entries"]] == ["keys.copied"]
        everything = {each["action"] for each in (await audits.get("/api/audit"))["entries"]}
        assert deeds - theirs <= everything
        assert "audit.checkpoint_signed" not in everything


async def test_what_destroys_for_ever_asks_first(stage: Stage, talked: Customer, tmp_path: Path) -> None:
    await talked.ends()
    shred = ("shred", subject_of(stage, talked), "--reason", "案卷 2")
    bury = ("bury", "--copy", tmp_path / "keys.copy")
    nothing = await gives(stage.folder, *bury)
    assert (nothing.exit_code, "nothing to bury" in nothing.output) == (0, True)
    refused(await gives(stage.folder, *shred), InvalidError, "no terminal")
    code, said = await answers(stage.folder, "n", *shred)
    assert (code, "[y/N]" in said, stage.house.keyroom.check()) == (1, True, [])
    code, said = await answers(stage.folder, "y", *shred)
    assert (code, len(stage.house.keyroom.check())) == (0, 1), said
    refused(await gives(stage.folder, *bury), InvalidError, "no terminal")
    code, said = await answers(stage.folder, "n", *bury)
    assert (code, (tmp_path / "keys.copy").exists()) == (1, False), said
    done = await gives(stage.folder, *bury, "--yes")
    assert (done.exit_code, "replace every copy of the master key file" in done.output) == (0, True), done.output
    assert stage.house.keyroom.check()[0].copies_gone_at is not None


async def test_the_state_of_an_earlier_backup_says_what_it_needs_and_then_that_nothing_is_left_to_bury(
    stage: Stage, talked: Customer, tmp_path: Path
) -> None:
    copy, plain = tmp_path / "keys.copy", tmp_path / "plain.copy"
    await talked.ends()
    await gives(stage.folder, "shred", subject_of(stage, talked), "--reason", "案卷 3", "--yes")
    backup = tmp_path / "backup"
    backup.mkdir()
    with sqlite3.connect(stage.folder / "huiyin.db") as live:
        live.execute(f"VACUUM INTO '{backup / 'huiyin.db'}'")
    live.close()
    await gives(stage.folder, "copy", plain)
    await gives(stage.folder, "restore", plain)
    assert "keys bury" in (await gives(stage.folder, "state")).output, "a plain copy buries nobody"
    await gives(stage.folder, "bury", "--copy", copy, "--yes")
    shutil.copy(stage.folder / "master.key", backup / "master.key")
    before = " ".join((await gives(backup, "state")).output.split())
    assert ("打不开 lost" in before, "keys restore FILE" in before, "keys bury" in before) == (True, True, False)
    restored = await gives(backup, "restore", copy)
    assert restored.exit_code == 0, restored.output
    after = (await gives(backup, "state")).output
    assert not [words for words in ("打不开 lost", "keys restore", "keys bury") if words in after]
    assert "nothing to bury" in (await gives(backup, "bury", "--yes")).output
    assert "备份已失效" in (await gives(backup, "tombstones", "--verify")).output


async def test_what_the_commands_say_is_said_in_plain_words(stage: Stage, talked: Customer) -> None:
    tenant, subject = tenant_of(stage), subject_of(stage, talked)
    name = stage.rows(sa.select(org.organisation.c.name).where(org.organisation.c.id == tenant))[0].name
    shops = [shop.name for shop in stage.house.shops.all().values()]
    for words in (["tombstones"], ["tombstones", "--verify"]):
        none = await gives(stage.folder, *words)
        assert (none.exit_code, "no tombstones" in none.output) == (0, True)
    await gives(stage.folder, "hold", tenant, "--reason", "案卷 4", "--until", "2099-01-02")
    refused(await gives(stage.folder, "shred", subject, "--reason", "案卷 5", "--yes"), ConflictError, "2099-01-0")
    said = (await gives(stage.folder, "state")).output
    (held,) = [line for line in said.splitlines() if line.startswith("保全")]
    assert (name in "".join(said.split()), [shop for shop in shops if shop in said]) == (True, [])
    assert tenant in held


@pytest.mark.parametrize("what", ["master", "tenant", "data"])
async def test_the_bar_of_a_finished_rotation_is_full_and_says_so(stage: Stage, talked: Customer, what: str) -> None:
    for _ in range(2):
        done = await gives(stage.folder, "rotate", "--what", what)
        lines = [line for line in done.output.splitlines() if line.strip()]
        assert lines
        assert all("100%" in line and "完成 done" in line for line in lines), done.output


async def test_what_others_wrote_is_words_at_the_terminal_and_no_markup(stage: Stage, talked: Customer) -> None:
    tenant = tenant_of(stage)
    reason = "[/x] [bold]案卷[/]"
    held = await gives(stage.folder, "hold", tenant, "--subject", subject_of(stage, talked), "--reason", reason)
    assert held.exit_code == 0, held.output

    def renamed(uow: UnitOfWork) -> None:
        values = {"name": "商家\x1b[2J[/red]\n假的"}
        uow.connection.execute(org.organisation.update().where(org.organisation.c.id == tenant).values(**values))

    await stage.house.writer.do(renamed)
    said = await gives(stage.folder, "state")
    assert said.exit_code == 0, said.output
    assert reason in said.output.replace("\n", "")
    assert "\x1b[2J" not in said.output
    assert "\n假的" not in said.output
