"""`huiyin import`: bring a shop's own file in at the machine's terminal, with what is refused row by row."""

import asyncio
from functools import partial
from pathlib import Path
from typing import NamedTuple

import msgspec
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from huiyin.cli.places import opened
from huiyin.cli.saying import plain
from huiyin.imports import offering, starting
from huiyin.imports.columns import Kind
from huiyin.imports.jobs import OPEN, end
from huiyin.imports.keeping import Copy
from huiyin.imports.sorting import reader_of
from huiyin.imports.views import Asked, Import, imports, refusals
from huiyin.kernel.actors import Actor, system
from huiyin.kernel.errors import InvalidError, NotFoundError
from huiyin.kernel.ids import TenantId
from huiyin.org.views import Shop
from huiyin.wiring import House

WHAT = ("chats", "service_manager", "business_intelligence", "other")
PART = 1024 * 1024
SHOWN = 20
LOOK_SECONDS = 0.5


class Wish(NamedTuple):
    """What was asked for at the terminal: `what` is chats or whose report, `columns` are field=column."""

    file: Path
    shop: str
    what: str
    sheet: str
    columns: list[str]


def run(folder: Path | None, wish: Wish) -> None:
    """Bring the file in and print what became of it."""
    if wish.what not in WHAT:
        message = f"a file does not hold {wish.what!r}"
        raise InvalidError(message, remedy=f"Name one of: {', '.join(WHAT)}.")
    with opened(folder) as house:
        shop = _shop(house, wish.shop)
        # Whoever can start Huiyin on its own server needs no login; the audit says it was done here.
        terminal = system("terminal", TenantId(shop.tenant))
        actor = msgspec.structs.replace(terminal, shops=frozenset({shop.id}))
        file = _offered(house, wish, shop, actor)
        asyncio.run(_brought_in(house, file, actor))
        _tell(house, file, actor)


def _shop(house: House, wanted: str) -> Shop:
    found = [shop for shop in house.shops.all().values() if wanted in {shop.id, shop.name}]
    if len(found) != 1:
        names = "、".join(sorted(shop.name for shop in house.shops.all().values()))
        message = f"{'several shops are' if found else 'no shop is'} called {wanted!r}"
        raise NotFoundError(message, remedy=f"Name one of them, or its id: {names}")
    return found[0]


def _offered(house: House, wish: Wish, shop: Shop, actor: Actor) -> str:
    """Copy the file, look into it, and start it as it is mapped; InvalidError says which column is missing."""
    copy = _copied(house, wish.file)
    kind, source = (Kind.CHATS, "") if wish.what == "chats" else (Kind.REPORT, wish.what)
    wanted = offering.Wanted(shop.id, kind, source, wish.file.name)
    files = house.importer.files
    try:
        house.writer.run(offering.offer, house.sealer, copy, wanted, "", actor=actor)
        with house.reading.connect() as connection:
            job = offering.owned_job(connection, house.sealer, copy.id, actor=actor)
            columns = offering.columns_of(files, job, wish.sheet)
            before = offering.remembered(connection, actor.tenant, kind, columns)
        reads = partial(reader_of, now=house.clock.now(), shop=shop.name)
        seen = offering.preview(files, job, lambda _columns: before, None, wish.sheet, reads)
        chosen = {**seen.proposal.mapped, **_chosen(wish.columns)}
        mapped = {field: column for field, column in chosen.items() if column}
        print(plain(f"列 columns: {'、'.join(columns)}"))
        print(plain("读成 read as: " + "、".join(f"{field}={column}" for field, column in mapped.items())))
        house.writer.run(starting.start, job, columns, mapped, wish.sheet, actor=actor)
    except BaseException:
        house.writer.run(end, copy.id, "stopped", "", actor=actor)
        files.remove(copy.id)
        raise
    return copy.id


def _copied(house: House, file: Path) -> Copy:
    incoming = house.importer.files.incoming()
    try:
        with file.open("rb") as source:
            while part := source.read(PART):
                incoming.write(part)
        return incoming.finish()
    except OSError as error:
        incoming.discard()
        message = f"{file} cannot be read"
        raise InvalidError(message, remedy="Look at its name and at who may read it.") from error


def _chosen(columns: list[str]) -> dict[str, str]:
    pairs = [each.partition("=") for each in columns]
    if not all(field and equals for field, equals, _ in pairs):
        message = "a column is named as field=column"
        raise InvalidError(message, remedy="Such as --column text=聊天内容, or --column shop= to leave one unread.")
    return {field.strip(): column.strip() for field, _, column in pairs}


async def _brought_in(house: House, file: str, actor: Actor) -> None:
    """Work until the file has ended, whoever works on it: a server that runs beside takes files on as well."""
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task("读取 reading", total=None)
        while (now := _now(house, file, actor)).state in OPEN:
            working = asyncio.create_task(house.importer.work())
            while not working.done():
                await asyncio.wait({working}, timeout=LOOK_SECONDS)
                now = _now(house, file, actor)
                feeding = now.state == "feeding"
                bar.update(
                    task, description="写入 writing" if feeding else "读取 reading",
                    completed=now.fed if feeding else now.rows_read, total=now.records if feeding else None,
                )  # fmt: skip
            if not working.result():
                await asyncio.sleep(LOOK_SECONDS)


def _now(house: House, file: str, actor: Actor) -> Import:
    with house.reading.connect() as connection:
        return imports(connection, house.sealer, Asked(file), actor=actor).imports[0]


def _tell(house: House, file: str, actor: Actor) -> None:
    done = _now(house, file, actor)
    with house.reading.connect() as connection:
        listed = refusals(connection, Asked(file, limit=SHOWN), actor=actor).rows
    print(f"新增 new {done.fresh} · 已有 known {done.fed - done.fresh} · 未收 refused {done.refused}")
    for _, (row, field, code) in listed:
        print(f"  第 {row} 行 row {row}: {field} {code}".rstrip())
    if done.refused > len(listed):
        print(f"  … 其余在 导入 页 / the rest on the page 导入: {done.refused - len(listed)}")
    if done.state != "done":
        message = f"the import ended as {done.state}: {done.trouble or 'stopped'}"
        raise InvalidError(message, remedy="See the page 导入, then give the file again: nothing comes in twice.")
