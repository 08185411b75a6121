"""The commands of `huiyin keys`: look at keys, rotate them, hold and shred, copy and restore."""

import sys
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import Progress as Bar
from rich.table import Table

from huiyin.cli.places import Folder, founded, opened
from huiyin.cli.saying import plain
from huiyin.conversations import subjects
from huiyin.kernel.actors import system
from huiyin.kernel.clock import from_ms
from huiyin.kernel.errors import InvalidError
from huiyin.org.views import organisation_names
from huiyin.retention.pausing import go_on, is_paused, note_confirmed
from huiyin.security import holds
from huiyin.security.copying import read_copy
from huiyin.security.key_rows import WRAP
from huiyin.security.keyroom import Progress
from huiyin.security.rights import check_there

app = typer.Typer(no_args_is_help=True, add_completion=False, help="密钥：查看、轮换、查找客户、保全、粉碎、备份。")
TERMINAL = system("terminal")
"""Whoever can read the master key file needs no login; the audit says it was done here."""
WIDE = 120
STATES = {"current": "在用 current", "old": "只解密 old", "destroyed": "已销毁 destroyed"}
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask first.")]


def _ask(question: str, *, yes: bool) -> None:
    """Ask before something is destroyed for ever; whoever says no leaves with nothing done.

    Raises:
        InvalidError: there is nobody to ask.

    """
    if yes:
        return
    if not sys.stdin.isatty():
        message = "this cannot be taken back, and there is no terminal to ask at"
        raise InvalidError(message, remedy="Look twice, then give the command again with --yes.")
    typer.confirm(question, abort=True)


def _show(steps: Iterable[Progress], title: str) -> None:
    with Bar(console=Console(stderr=True)) as bar:
        task, of = bar.add_task(title, total=None), 1
        for step in steps:
            of = max(step.of, step.done)
            bar.update(task, completed=step.done, total=of)
        of = max(of, 1)
        bar.update(task, completed=of, total=of, description=f"{title} 完成 done")


def _named(tenant: str, names: dict[str, str]) -> str:
    return escape(plain(f"{tenant} {names.get(tenant, '')}".strip()))


@app.command()
def state(folder: Folder = None) -> None:
    """Show which keys there are, what stands under old ones, which holds stand, what still has to be buried."""
    with opened(folder, check_keys=False) as house, house.reading.connect() as connection:
        found, names = house.keyroom.state(), organisation_names(connection)
    console = Console()
    console.print(f"主密钥版本 master key: {'、'.join(found.master)}（最后一个在用 / the last is in use）")
    table = Table("租户 tenant", "用途 purpose", "主密钥 master", "状态 state", "数 number")
    for tenant, purpose, master, status, number in found.tenants:
        opens = status == "destroyed" or master in found.master
        said = STATES.get(status, status) if opens else "打不开 lost"
        table.add_row(_named(tenant, names) or "—", purpose, master, said, str(number))
    for tenant, status, number in found.data:
        table.add_row(_named(tenant, names), "data", "", STATES.get(status, status), str(number))
    # Ids are copied from here: they are never cut, however narrow the terminal.
    Console(width=max(console.width, WIDE)).print(table)
    for each in found.holds:
        end = "until further notice" if each.until is None else f"until {from_ms(each.until):%Y-%m-%d %H:%M}Z"
        whose = f"{each.tenant} {names.get(each.tenant, '')}".strip()
        told = f"保全 hold {each.id}: {whose} · {each.subject or '全部 all'} · {each.reason} · {each.actor} · {end}"
        console.print(plain(told), markup=False)
    if found.lost:
        console.print(
            f"主密钥版本 {'、'.join(found.lost)} 已销毁，由它保护的密钥打不开。这个数据库来自较早的备份："
            "huiyin keys restore 最新的密钥副本 / "
            "keys stand under a destroyed version of the master key, as in an earlier backup. "
            "Put the newest copy of the keys back: huiyin keys restore FILE"
        )
    elif found.to_bury:
        console.print("已粉碎但旧备份仍可读 / shredded, still readable in earlier backups. Run: huiyin keys bury")


@app.command()
def rotate(
    what: Annotated[str, typer.Option(help="master, tenant or data.")],
    tenant: Annotated[str, typer.Option(help="Whose keys; all tenants' if left out.")] = "",
    folder: Folder = None,
) -> None:
    """Rotate keys while everything runs. Cut off, it goes on when started again."""
    with opened(folder) as house:
        room = house.keyroom
        wrapping = {each for each, purpose, *_ in room.state().tenants if purpose == WRAP}
        tenants = [tenant] if tenant else sorted(wrapping)
        if what == "master":
            _show(room.rotate_master(actor=TERMINAL), "主密钥 master key")
        elif what == "tenant":
            for each in tenants:
                _show(room.rotate_tenant(each, actor=TERMINAL), f"租户密钥 {each}")
        elif what == "data":
            for each in tenants:
                _show(room.rotate_data(each, actor=TERMINAL), f"数据密钥 {each}")
        else:
            message = f"there are no {what!r} keys"
            raise InvalidError(message, remedy="Use --what master, tenant or data.")


@app.command()
def find(
    tenant: Annotated[str, typer.Argument(help="Whose customer; `huiyin keys state` lists the organisations.")],
    by: Annotated[str, typer.Option(help="account, order or phone.")] = subjects.ACCOUNT,
    folder: Folder = None,
) -> None:
    """Find the id of a customer who wrote a letter, for `hold` and `shred`; what the letter names is asked for."""
    with opened(folder) as house:
        with house.reading.connect() as connection:
            check_there(connection, tenant)
        # Asked for, not given in the command: those are kept in the shell's history.
        wanted = subjects.read_wanted(by, typer.prompt(f"{by}", err=True))
        found = house.subjects.find(tenant, wanted, actor=TERMINAL)
        shops = house.shops.all()
    for each in found:
        since = f"{from_ms(each.since):%Y-%m-%d}" if each.since else "—"
        said = f"{each.conversations} 会话 conversations · {each.messages} 消息 messages"
        print(plain(f"{each.customer} · {shops[each.shop].name} · {each.label} · {since} · {said}"))
    if not found:
        print("没有找到 / nobody was found: also try the order, or the account in the order at the platform")


@app.command()
def hold(
    tenant: Annotated[str, typer.Argument(help="Whose keys.")],
    reason: Annotated[str, typer.Option(help="The law or file number; no names.")],
    subject: Annotated[
        str, typer.Option(help="One customer (`huiyin keys find`) or person; all of the tenant's if left out.")
    ] = "",
    until: Annotated[datetime | None, typer.Option(help="Until when; until further notice if left out.")] = None,
    folder: Folder = None,
) -> None:
    """Keep keys from being destroyed: legal retention outranks deletion."""
    with opened(folder) as house:
        end = until.astimezone() if until else None
        made = house.writer.run(holds.hold, holds.NewHold(tenant, subject, reason, end), actor=TERMINAL)
    print(made)
    whole = "整个组织的所有人都不能粉碎 / nobody of the whole organisation can be shredded"
    print(f"保全生效 / the hold stands: {subject or whole}", file=sys.stderr)


@app.command()
def lift(hold_id: Annotated[str, typer.Argument(help="The hold.")], folder: Folder = None) -> None:
    """Lift a hold."""
    with opened(folder) as house:
        house.writer.run(holds.lift, hold_id, actor=TERMINAL)
    print("已解除 / lifted")


@app.command()
def confirm(*, yes: Yes = False, folder: Folder = None) -> None:
    """Confirm that holds and shreddings made since a restored backup stand again: retention goes on."""
    settings = founded(folder)
    if not is_paused(settings.database):
        print("没有要确认的 / there is nothing to confirm")
        return
    with opened(folder) as house:
        _ask("备份之后的保全与粉碎都已重新登记？/ Were holds and shreddings since the backup entered again?", yes=yes)
        house.writer.run(note_confirmed, actor=TERMINAL)
    go_on(settings.database)
    print("保存期限继续执行 / retention goes on")


@app.command()
def shred(
    subject: Annotated[str, typer.Argument(help="The customer's id, from `huiyin keys find`, or a person's.")],
    reason: Annotated[str, typer.Option(help="The request's file number; no names.")],
    *,
    yes: Yes = False,
    folder: Folder = None,
) -> None:
    """Destroy a person's keys: everything they wrote becomes unreadable. There is no way back."""
    with opened(folder) as house:
        _ask(f"销毁 {subject} 的密钥，无法恢复？/ Destroy the keys of {subject} for ever?", yes=yes)
        stone = house.keyroom.shred(subject, reason, actor=TERMINAL)
    print(f"{stone.id} · {len(stone.keys)} 个密钥 keys · {sum(stone.sealed.values())} 行 rows")
    print("旧备份仍可读 / earlier backups can still be read. Run: huiyin keys bury")


@app.command()
def bury(
    copy: Annotated[Path | None, typer.Option(help="Where the copy of everybody else's keys goes.")] = None,
    *,
    yes: Yes = False,
    folder: Folder = None,
) -> None:
    """Make whoever was shredded unreadable in earlier backups; leave a copy of everybody else's keys."""
    target = copy or founded(folder).folder / "keys.copy"
    with opened(folder) as house:
        if not house.keyroom.has_to_bury():
            print("没有要处理的，没有写副本 / nothing to bury: no copy was written")
            return
        _ask(
            f"销毁旧的主密钥？此后旧备份只能配合 {target} 打开 / "
            f"Destroy the older master keys for ever? Earlier backups then open with {target} alone.",
            yes=yes,
        )
        _show(house.keyroom.bury(target, actor=TERMINAL), "旧备份 earlier backups")
    print(f"请把 {target} 与最新备份放在一起 / keep {target} with your backups: without it they open no more.")
    print(
        "请用现在的主密钥替换它的所有副本：旧副本加旧备份仍能读到已粉碎的人 / "
        "replace every copy of the master key file: an old copy still opens an old backup (decision 21)."
    )


@app.command()
def tombstones(
    *,
    verify: Annotated[bool, typer.Option("--verify", help="Fail if one is not as it was signed.")] = False,
    folder: Folder = None,
) -> None:
    """List who was shredded, when, by whom and why."""
    with opened(folder) as house:
        found = house.keyroom.check()
    for each in found:
        stone, good = each.stone, each.signed and each.gone
        told = (
            f"{'✓' if good else '✗'} {stone.id} {from_ms(stone.at):%Y-%m-%d %H:%M}Z {stone.actor} {stone.subject} "
            f"{stone.reason} · {len(stone.keys)} keys · {'备份已失效' if each.copies_gone_at else '旧备份仍可读'}"
        )
        print(plain(told))
    if not found:
        print("还没有人被粉碎，没有墓碑 / nobody was shredded: there are no tombstones")
    if verify and not all(each.signed and each.gone for each in found):
        raise typer.Exit(1)


@app.command()
def copy(file: Annotated[Path, typer.Argument(help="Where it goes.")], folder: Folder = None) -> None:
    """Copy all wrapped keys into a file; it is worth nothing without the master key."""
    with opened(folder) as house:
        number = house.keyroom.copy(file, actor=TERMINAL)
    print(f"{number} 个数据密钥 / data keys → {file}")


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(help="The newest copy of the keys.", exists=True)], folder: Folder = None
) -> None:
    """Put a copy of the keys under a database that came from an earlier backup."""
    with opened(folder, check_keys=False) as house:
        number = house.keyroom.restore(read_copy(file), actor=TERMINAL)
    print(f"{number} 个数据密钥 / data keys")
