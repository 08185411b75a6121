"""A chain cut together with its checkpoints holds by itself; what other rooms keep of acts tells that it was cut."""

import shutil
import sqlite3
from contextlib import closing
from typing import Any

import msgspec
import pytest
import sqlalchemy as sa
from typer.testing import CliRunner

from huiyin.cli.audit import app
from huiyin.conversations import store

from .codes import is_shown
from .stage import Stage
from .test_audit import auditor


@pytest.fixture
async def used(stage: Stage) -> Stage:
    """Let a day happen: people sign in, a number is shown, checkpoints are signed all along."""
    lin, buyer = await stage.agent(), stage.customer("direct")
    stage.house.witness.look()
    await auditor(stage)
    stage.house.witness.look()
    await buyer.says("我的电话是13812345678")
    await stage.settle()
    await is_shown(lin, buyer.conversation)
    stage.house.witness.look()
    return stage


def verified(stage: Stage, *options: str) -> tuple[int, set[str]]:
    """Run the command over the folder, and return its exit status and what it found."""
    done = CliRunner().invoke(app, ["verify", "--folder", str(stage.folder), "--json", *options])
    told: Any = msgspec.json.decode(done.stdout.strip().splitlines()[-1])
    return done.exit_code, {each["code"] for each in told["findings"]}


def cut(stage: Stage, after: int) -> None:
    """Take every entry after one away, and the checkpoints that saw them, as somebody with the disk can."""
    with closing(sqlite3.connect(stage.folder / "huiyin.db")) as database:
        guards = database.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for name, _ in guards:
            database.execute(f"DROP TRIGGER {name}")
        database.execute("DELETE FROM audit_entry WHERE seq > ?", (after,))
        for _, sql in guards:
            database.execute(sql)
        database.commit()
    file = stage.house.settings.audit.checkpoints
    lines = file.read_bytes().splitlines(keepends=True)
    file.write_bytes(b"".join(line for line in lines if msgspec.json.decode(line)["seq"] < after))


async def test_a_day_as_it_was_is_sound(used: Stage) -> None:
    assert verified(used) == (0, {"key_from_beside"})
    assert verified(used, "--public-key", str(used.house.settings.audit.public_key)) == (0, set())


async def test_entries_cut_together_with_their_checkpoints_are_missed(used: Stage) -> None:
    key = str(used.house.settings.audit.public_key)
    named = sa.text("SELECT seq FROM audit_entry WHERE action = 'audit.checkpoint_signed' ORDER BY seq")
    with used.house.reading.connect() as connection:
        first = connection.execute(named).scalars().first()
    cut(used, first)
    assert verified(used, "--public-key", key) == (1, {"untold"})


async def test_an_emptied_audit_is_no_sound_one(used: Stage) -> None:
    key = used.folder / "given-to-an-auditor.pem"
    shutil.copy(used.house.settings.audit.public_key, key)
    cut(used, 0)
    shutil.rmtree(used.house.settings.audit.folder)
    assert verified(used)[0] == 1
    status, codes = verified(used, "--public-key", str(key))
    assert (status, {"untold", "never_witnessed"} <= codes) == (1, True)


async def test_what_was_shown_and_its_entries_agree_both_ways(used: Stage) -> None:
    await used.house.writer.do(lambda uow: uow.connection.execute(sa.delete(store.reveal)))
    assert verified(used, "--public-key", str(used.house.settings.audit.public_key)) == (1, {"row_gone"})
