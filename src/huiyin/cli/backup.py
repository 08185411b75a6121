"""`huiyin backup` and `huiyin restore`: encrypted copies of a running house, and the way back to one."""

import tempfile
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from huiyin.cli.places import Folder, check_ours, chosen, founded
from huiyin.installation.after_restore import After
from huiyin.installation.age_files import make_identity
from huiyin.installation.backing_up import is_whole, kept_backups, make_backup
from huiyin.installation.restoring import Wish, look_into, restore
from huiyin.installation.settings import Backup, in_use
from huiyin.kernel.clock import SystemClock, from_ms
from huiyin.kernel.errors import InvalidError
from huiyin.kernel.logs import log_to_stderr
from huiyin.wiring import build

app = typer.Typer(no_args_is_help=True, add_completion=False, help="备份：加密、核对、恢复。")
Identity = Annotated[Path, typer.Option(help="The file that `huiyin backup key` wrote.")]
MIB = 2**20


@app.command()
def key(
    file: Annotated[Path, typer.Argument(help="Where the identity goes; keep it off this server.")],
) -> None:
    """Make the key that opens backups, and print the recipient that goes into the settings."""
    recipient = make_identity(file)
    print(recipient)  # the command's output
    console = Console(stderr=True)
    console.print(
        f'写进设置 / into the settings: [bold]recipients = ["{recipient}"][/]；{file} 请移到别处保存，服务器用不到它 / '
        "move that file elsewhere: the server does not need it",
        soft_wrap=True,
    )


@app.command()
def now(folder: Folder = None) -> None:
    """Make a backup now, while everything runs."""
    log_to_stderr()
    settings = _settings()
    house = build(founded(folder))
    try:
        made = make_backup(house, settings)
    finally:
        house.close()
    print(f"{Path(settings.folder) / made.name}")
    print(f"{made.bytes / MIB:.1f} MiB · 事件 events {made.position} · 审计 audit {made.audit_seq} · 已核对 verified")


@app.command("list")
def list_command() -> None:
    """List the backups, and whether each is still what was written."""
    folder = Path(_settings().folder)
    table = Table("备份 backup", "时间 made", "MiB", "事件 events", "完好 whole", box=None, pad_edge=False)
    found = kept_backups(folder)
    for each in found:
        whole = "[green]是 yes[/]" if is_whole(folder, each) else "[red]否 no[/]"
        at = f"{from_ms(each.made_at):%Y-%m-%d %H:%M}Z"
        table.add_row(each.name, at, f"{each.bytes / MIB:.1f}", str(each.position), whole)
    Console().print(table if found else "还没有备份 / there are none yet")


@app.command()
def verify(
    file: Annotated[Path, typer.Argument(help="The backup.")],
    identity: Identity,
) -> None:
    """Open a backup and check all of it, keeping nothing; on the machine that holds the identity."""
    with tempfile.TemporaryDirectory(prefix="huiyin-verify-") as scratch:
        found = look_into(file, identity, Path(scratch))
    at = f"{from_ms(found.made_at):%Y-%m-%d %H:%M}Z"
    print(f"完好 / whole: {at} · 事件 events {found.position} · 审计 audit {found.audit_seq} · Huiyin {found.huiyin}")


def restore_command(
    file: Annotated[Path, typer.Argument(help="The backup.")],
    identity: Identity,
    folder: Folder = None,
    *,
    replace: Annotated[bool, typer.Option("--replace", help="Take the place of the house that stands there.")] = False,
) -> None:
    """Go back to a backup, with the server stopped; what stood there is moved aside."""
    log_to_stderr()
    console = Console()
    settings = chosen(folder)
    check_ours(settings)
    done = restore(
        Wish(file, identity, settings, replace), SystemClock().now(), lambda step: console.print(f"[dim]{step} …[/]")
    )
    console.print(f"已恢复 / restored: {settings.folder} · 事件 events {done.manifest.position}", soft_wrap=True)
    if done.aside is not None:
        console.print(f"原来的数据 / what stood there: {done.aside}", soft_wrap=True)
    _tell(console, done.after)
    console.print(
        "已核对审计 / its audit was verified. 接下来 / next: huiyin keys restore（有密钥副本时 / with your newest copy "
        "of the keys）, huiyin audit resume, huiyin audit verify, huiyin serve",
        soft_wrap=True,
    )


def _tell(console: Console, after: After) -> None:
    """Say what was settled, and what people have to look at."""
    home, wound = after.home, after.wound
    lines = [
        f"已结束 / ended: 登录 sessions {home.sessions} · 令牌 API tokens {home.tokens} · 链接 links {home.links}",
        f"待人工核实的回复 / replies for people to settle: {wound.replies}",
        f"转人工的会话 / conversations handed to people: {wound.talks}",
        f"沿用的法律保全 / legal holds carried over: {after.holds or 0} · 粉碎 shreddings: {after.tombstones or 0}",
    ]
    if after.holds is None:
        lines.append("没有较新的数据可读 / nothing newer could be read")
    elif after.tombstones is None:
        lines.append("较新的密钥打不开，请用最新的密钥副本 / the newer keys do not open here: huiyin keys restore COPY")
    if after.paused:
        lines.append(
            "请重新登记备份之后的法律保全与粉碎，再运行 huiyin keys confirm；在此之前到期内容一律不删 / "
            "enter holds and shreddings made since the backup again, then: huiyin keys confirm. Until then nothing "
            "past its period is deleted"
        )
    lines.append("请核对备份之后的人员、角色与合作 / look over people, roles and engagements changed since the backup")
    for line in lines:
        console.print(line, soft_wrap=True)


def _settings() -> Backup:
    """Return where backups go.

    Raises:
        InvalidError: the settings do not say.

    """
    installation = in_use()
    if installation is None or not installation.backup.folder:
        message = "the settings do not say where backups go"
        raise InvalidError(message, remedy="Set [backup] folder and recipients in the settings file.")
    return installation.backup
