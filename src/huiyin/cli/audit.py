"""`huiyin audit`: verify what was written down, and hand out the key it is verified with."""

import sqlite3
from pathlib import Path
from typing import Annotated, NamedTuple

import msgspec
import sqlalchemy as sa
import typer
from rich.console import Console
from rich.progress import Progress

from huiyin.audit.findings import WORDS, Finding
from huiyin.audit.resuming import resume
from huiyin.audit.signing import load_public_key, load_signing_key
from huiyin.audit.verifying import Against, Verdict, verify
from huiyin.cli.places import Folder, chosen, founded, opened
from huiyin.eventlog.database import open_to_examine
from huiyin.kernel.actors import system
from huiyin.kernel.clock import from_ms
from huiyin.kernel.errors import ConflictError, InvalidError, PermanentError
from huiyin.kernel.logs import log_to_stderr
from huiyin.wiring import TRACES

app = typer.Typer(no_args_is_help=True, help="审计：验证谁做了什么的记录 / verify who did what.")


class Wish(NamedTuple):
    """What to verify, and against what; None is what stands in the folder."""

    folder: Path | None
    public_key: Path | None
    checkpoints: Path | None
    backup: bool


@app.command("verify")
def verify_command(
    folder: Folder = None,
    public_key: Annotated[Path | None, typer.Option(help="The public key an auditor was given (PEM).")] = None,
    checkpoints: Annotated[Path | None, typer.Option(help="The checkpoint file, or a copy kept elsewhere.")] = None,
    backup: Annotated[
        bool, typer.Option("--backup", help="It is a backup: it may end before the newest ones.")
    ] = False,
    json_out: Annotated[bool, typer.Option("--json", help="End in one JSON object.")] = False,
) -> None:
    """Follow the chain of entries from the first on, and hold it against the signed checkpoints; change nothing."""
    log_to_stderr()
    verdict = run(Wish(folder, public_key, checkpoints, backup))
    if json_out:
        print(msgspec.json.encode(_plain(verdict)).decode())  # the command's output
    else:
        show(verdict)
    if not verdict.sound:
        raise typer.Exit(1)


@app.command("public-key")
def public_key_command(
    folder: Folder = None,
) -> None:
    """Print the public key for an outside auditor: whoever has it early cannot be deceived later."""
    key = load_signing_key(founded(folder).audit.signing_key, make=False).public
    print(key.pem(), end="")  # the command's output
    Console(stderr=True).print(f"[dim]指纹 / fingerprint: {key.name}[/]")


@app.command("resume")
def resume_command(
    folder: Folder = None,
) -> None:
    """Go on after an older backup was restored: put away the checkpoints it does not know, and write that down."""
    log_to_stderr()
    console = Console()
    with opened(folder) as house:
        try:
            done = resume(house.reading, house.writer, house.settings.audit, actor=system("operator"))
        except ConflictError:
            console.print("数据库与所有检查点一致，不用收起 / the database agrees with every checkpoint: nothing to do")
            return
    console.print(f"保留 / kept: {done.kept}    收起 / put away: {done.put_away}")
    console.print(f"原检查点文件作为证据保留 / the file as it was stays, as evidence: {done.evidence}")


def run(wish: Wish) -> Verdict:
    """Verify, with a bar on stderr.

    Raises:
        InvalidError: a file that was named, or the database, is not there or not readable as what it should be.
        PermanentError: the database is damaged beyond reading.

    """
    places = chosen(wish.folder).audit
    if wish.checkpoints is not None and not wish.checkpoints.is_file():
        message = f"there is no checkpoint file at {wish.checkpoints}"
        raise InvalidError(message, remedy="Name the file checkpoints.jsonl of the witness folder, or leave it out.")
    checkpoints = wish.checkpoints or places.checkpoints
    beside = checkpoints.with_name(places.public_key.name)
    found = wish.public_key or (beside if beside.exists() else None)
    key = load_public_key(found) if found else None
    engine = open_to_examine(chosen(wish.folder).database)
    try:
        with engine.connect() as connection, Progress(console=Console(stderr=True), transient=True) as progress:
            task = progress.add_task("审计链 / chain", total=None)
            against = Against(checkpoints, key, beside=wish.public_key is None, backup=wish.backup, traces=TRACES)
            return verify(connection, against, lambda done, total: progress.update(task, completed=done, total=total))
    except (sa.exc.DatabaseError, sqlite3.DatabaseError) as error:
        message = f"the database cannot be read: {getattr(error, 'orig', error)}"
        raise PermanentError(message, remedy="Keep it as it is, and verify a backup; restore that one.") from error
    finally:
        engine.dispose()


def show(verdict: Verdict) -> None:
    """Say in plain words what is right or wrong, where, and what to do."""
    console = Console()
    last = verdict.last
    entries = f"{verdict.entries} (#{verdict.seq - verdict.entries + 1} … #{verdict.seq})" if verdict.entries else "0"
    console.print(
        f"条目 / entries: {entries}    检查点 / checkpoints: {verdict.checkpoints}    {verdict.seconds:.1f} s",
        markup=False,
    )
    if verdict.key:
        console.print(f"公钥指纹 / key fingerprint: {verdict.key}")
    if last is not None:
        at = from_ms(last.at).astimezone().isoformat(" ", "seconds")
        console.print(f"最后的检查点 / last checkpoint: ✓{last.number} → #{last.seq}, {at}")
    console.print(f"检查点之后 / beyond it: {verdict.beyond}")
    for each in verdict.findings:
        _tell(console, each)
    if verdict.more:
        console.print(f"[red]… 还有 {verdict.more} 处 / and {verdict.more} more[/]")
    good = "[green]完整：每一条都与前一条相接，与检查点一致 / sound: the chain holds and agrees with its checkpoints[/]"
    console.print(good if verdict.sound else "[bold red]审计记录不完整 / the audit does not hold[/]")


def _tell(console: Console, finding: Finding) -> None:
    words = WORDS[finding.code]
    colour = "red" if finding.grave else "yellow"
    console.print(f"[{colour}]{finding.where} {words.zh} / {words.en}[/]")
    console.print(f"  → {words.todo_zh} / {words.todo_en}")


def _plain(verdict: Verdict) -> dict[str, object]:
    """Return the verdict with the words of each finding beside its code."""
    findings = [
        {
            **msgspec.structs.asdict(each),
            "grave": each.grave,
            "says": WORDS[each.code].en,
            "todo": WORDS[each.code].todo_en,
        }
        for each in verdict.findings
    ]
    return {**msgspec.structs.asdict(verdict), "findings": findings}
