"""A house that an earlier Huiyin left is brought up to date at its first start: everything reads, and it goes on.

`tests/installation/kept` holds folders as earlier versions left them, made-up people and keys and all. One is added
whenever the schema of a released version is left behind; none is ever changed.
"""

import asyncio
import json
import shutil
import sqlite3
import sys
import tarfile
from contextlib import closing
from pathlib import Path

import pytest

from huiyin.audit.verifying import verify
from huiyin.eventlog.database import open_to_examine
from huiyin.kernel.errors import PermanentError
from huiyin.wiring import TRACES, Settings, build

from .founding import Founded
from .stage import Stage

KEPT = Path(__file__).parents[1] / "installation" / "kept"


@pytest.fixture(params=sorted(each.name for each in KEPT.glob("house-*.tar.xz")))
def earlier(request: pytest.FixtureRequest, tmp_path: Path) -> Founded:
    """Lay out a folder as an earlier version left it."""
    folder = tmp_path / "house"
    with tarfile.open(KEPT / request.param) as kept:
        for member in kept:
            source = kept.extractfile(member)
            if source is not None:
                (folder / member.name).parent.mkdir(parents=True, exist_ok=True)
                (folder / member.name).write_bytes(source.read())
    for each in ("master.key", "audit.key"):
        (folder / each).chmod(0o600)
    told = json.loads((folder / "founded.json").read_text())
    return Founded(folder, told["shops"], told["people"])


KILLED = 9
CUT = f"""
import os, sys
from pathlib import Path
import sqlalchemy as sa
from huiyin.wiring import Settings, build

def cut(connection, cursor, statement, *rest):
    if statement.startswith("UPDATE alembic_version"):
        os._exit({KILLED})

sa.event.listen(sa.Engine, "before_cursor_execute", cut)
build(Settings(Path(sys.argv[1])))
"""
"""Ends, as a power switch would, when the first step is done and about to be noted."""


def schema_of(folder: Path) -> str:
    with closing(sqlite3.connect(folder / "huiyin.db")) as connection:
        return str(connection.execute("SELECT version_num FROM alembic_version").fetchone()[0])


async def test_an_earlier_house_reads_as_it_did_and_goes_on(earlier: Founded) -> None:
    before = schema_of(earlier.folder)
    stage = Stage(earlier, earlier.folder)
    try:
        assert schema_of(earlier.folder) > before
        lead = await stage.person("lead")
        first, second = stage.customer(), stage.customer("direct")
        said = [each["text"] for each in (await lead.opens(first.conversation))["messages"]]
        assert said[0] == "我的电话是138****5678，地址是北京市****"
        replies = (await lead.opens(second.conversation))["messages"]
        assert [each["sender"] for each in replies][-1] == "agent"
        await second.says("谢谢，还有一个问题")
        await stage.settle()
        assert stage.happened(second.conversation)[-1] in {"MessageReceived", "Suggested"}
        verdict = await asyncio.to_thread(_verified, earlier.folder)
        assert verdict == []
    finally:
        await stage.close()


async def test_an_upgrade_that_was_cut_off_is_begun_again(earlier: Founded, tmp_path: Path) -> None:
    before = schema_of(earlier.folder)
    cut = tmp_path / "cut"
    shutil.copytree(earlier.folder, cut)
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", CUT, str(cut))
    assert await process.wait() == KILLED
    assert schema_of(cut) == before, "all of it, or nothing"
    build(Settings(cut)).close()
    assert schema_of(cut) > before


async def test_a_house_of_a_newer_huiyin_is_refused_and_left_as_it_is(earlier: Founded) -> None:
    with closing(sqlite3.connect(earlier.folder / "huiyin.db")) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()
    with pytest.raises(PermanentError) as refused:
        build(Settings(earlier.folder))
    assert refused.value.remedy
    assert schema_of(earlier.folder) == "9999"


def _verified(folder: Path) -> list[str]:
    engine = open_to_examine(folder / "huiyin.db")
    try:
        with engine.connect() as connection:
            found = verify(connection, Settings(folder).audit.against(TRACES))
        return [each.code for each in found.findings if each.grave]
    finally:
        engine.dispose()
