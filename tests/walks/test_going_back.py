"""Going back to a backup, as SECURITY.md tells it: database, keys, audit; what is shredded stays shredded."""

import asyncio
import shutil
from pathlib import Path

from typer.testing import CliRunner

from huiyin.cli.entry import app

from .stage import Customer, Stage
from .test_keys import subject_of


def gives(*words: object) -> str:
    """Give a command; return what it said once it went well."""
    result = CliRunner().invoke(app, [str(word) for word in words])
    assert result.exit_code == 0, (words, result.output, result.exception)
    return result.output


async def test_an_earlier_database_goes_on_with_the_newest_keys_and_the_auditors_agreement(
    stage: Stage, customer: Customer, tmp_path: Path
) -> None:
    other = stage.customer(place=1)
    for each in (customer, other):
        await each.says("收货电话 13812345678")
    await stage.settle()
    backup = shutil.copytree(stage.folder, tmp_path / "backup")
    await customer.says("后来说的话")
    shredded = await other.ends()
    subject = subject_of(stage, other)
    await asyncio.to_thread(gives, "keys", "shred", subject, "--reason", "案卷 1", "--yes", "--folder", stage.folder)
    await asyncio.to_thread(gives, "keys", "bury", "--yes", "--folder", stage.folder)
    copy = tmp_path / "keys.copy"
    await asyncio.to_thread(gives, "keys", "copy", copy, "--folder", stage.folder)
    await stage.close()

    for each in stage.folder.glob("huiyin.db*"):
        each.unlink()
    for each in backup.glob("huiyin.db*"):
        shutil.copy(each, stage.folder)
    gives("audit", "verify", "--backup", "--folder", stage.folder)
    gives("keys", "restore", copy, "--folder", stage.folder)
    gives("audit", "resume", "--folder", stage.folder)
    gives("audit", "verify", "--folder", stage.folder)
    assert await _still_reads(stage, customer, shredded) == (["收货电话 138****5678"], False, "closed")


async def _still_reads(stage: Stage, kept: Customer, shredded: str) -> tuple[list[str], bool, str]:
    """Return what the one said before the backup, whether anything of the other opens, and how that stands."""
    again = Stage(stage.founded, stage.folder, stage.clock)
    try:
        lead = await again.person("lead")
        said = [
            each["text"] for each in (await lead.opens(kept.conversation))["messages"] if each["sender"] == "customer"
        ]
        other = await lead.opens(shredded)
        return said, any("138" in each["text"] for each in other["messages"]), other["conversation"]["state"]
    finally:
        await again.close()
