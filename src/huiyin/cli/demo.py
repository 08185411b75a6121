"""`huiyin demo`: Huiyin's door and a simulated JD, the worker beside them, colleagues who stand in for people."""

import asyncio
import random
import shutil
import socket
import sys
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import httpx
from rich.console import Console
from rich.table import Table

from huiyin.beside import WorkerProcess, live_long
from huiyin.channels.port import Tier
from huiyin.cli import founding, own_page
from huiyin.cli.places import SEEN_AT
from huiyin.cli.saying import ROLES
from huiyin.installation.door import open_door, take_port
from huiyin.installation.serving import told_to_end
from huiyin.installation.settings import Listen
from huiyin.kernel.actors import Role
from huiyin.kernel.errors import InvalidError
from huiyin.simulator.control import HEADER as CONTROL
from huiyin.simulator.serving import run_simulator
from huiyin.stand_ins import StandIns
from huiyin.web.app import create_app
from huiyin.web.pages import CONSOLE
from huiyin.wiring import SERVING, House, Settings, build

PORTS_TRIED = 50
GRACE_SECONDS = 3
STAND_IN_DELAY = (6.0, 45.0)


class Means(NamedTuple):
    """What a tier is called on the terminal, and what it does."""

    label: str
    does: str


TIERS = {
    Tier.LIVE: Means("实时 Live", "消息实时到达，回复直接发出 / messages arrive at once, replies are sent"),
    Tier.READ: Means(
        "读 Read",
        "约 20 秒读一次，回复在回音检查、复制，粘贴到咚咚发出 / read every 20 s; replies are checked, copied, pasted",
    ),
}


class Wish(NamedTuple):
    """What was asked for on the command line."""

    folder: Path
    port: int
    talking: int
    reset: bool


async def run(wish: Wish) -> None:
    """Run until Ctrl-C."""
    console = Console()
    if wish.reset and wish.folder.exists():
        shutil.rmtree(wish.folder)
        console.print("[dim]上一次演示已清除 / last demo forgotten[/]")
    door, port = take_free_port(wish.port)
    simulator_port = free_port(port + 1)
    console.print("[dim][1/3][/] 打开数据库 / opening the database …")
    # A shop that somebody connects here finds the simulated JD, never the real one.
    addresses = {"jd": founding.addresses(simulator_port)}
    house = build(Settings(wish.folder, linger=SERVING, addresses=addresses, loopback=True))
    console.print("[dim][2/3][/] 准备店铺与人员 / shops and people …")
    (wish.folder / SEEN_AT).write_text(f"http://127.0.0.1:{port}", encoding="utf-8")
    state = await _remembered(house, wish.folder)
    hook = f"http://127.0.0.1:{port}/hooks/jd"
    simulated = founding.simulator_settings(state, port=simulator_port, hook=hook, talking=wish.talking)
    simulated = own_page.with_widget(simulated, state, f"http://127.0.0.1:{port}")
    await house.writer.do(founding.connect, house.sealer, state, simulated)
    await house.writer.do(own_page.connect_own_page, house.sealer, state, simulated)
    window = f"http://{simulated.host}:{simulator_port}/dongdong"
    house.knowledge()
    live_long()
    console.print("[dim][3/3][/] 启动服务与模拟京东 / starting Huiyin and the simulated JD …")
    # The simulated JD comes first: its door stands open after its first step, and the first poll finds it there.
    simulating = asyncio.create_task(run_simulator(simulated, house.clock))
    await asyncio.sleep(0)
    app = create_app(house, beside=(WorkerProcess(house).run,))
    stop = told_to_end()
    async with open_door(app, door) as serving:
        sides = [simulating, asyncio.create_task(_stand_in(house, state, window))]
        announce(console, f"http://127.0.0.1:{port}", window, state)
        waiting = asyncio.create_task(stop.wait())
        await asyncio.wait([waiting, serving, *sides], return_when=asyncio.FIRST_COMPLETED)
        console.print("\n[dim]正在收尾 / finishing …[/]")
        waiting.cancel()
        await _end(sides)
    await house.lines.close()
    house.close()
    for task in sides:
        if not task.cancelled() and task.exception():
            raise task.exception() or RuntimeError
    console.print("[dim]再见。下次 make demo 从这里继续 / bye; make demo continues from here[/]")


async def _remembered(house: House, folder: Path) -> founding.DemoState:
    """Return the demo's company, founded now or at an earlier start, and count this start."""
    earlier = founding.load(folder)
    if earlier is None:
        state = await house.writer.do(founding.found, house.sealer)
    else:
        state = await house.writer.do(founding.complete, house.sealer, earlier)
    state = await house.writer.do(own_page.open_own_page, state)
    state.starts += 1
    founding.save(folder, state)
    return state


async def _end(sides: list[asyncio.Task[None]]) -> None:
    for task in sides:
        task.cancel()
    for task in sides:
        with suppress(asyncio.CancelledError):
            await asyncio.wait([task])


async def _stand_in(house: House, state: founding.DemoState, window: str) -> None:
    async with httpx.AsyncClient(base_url=window, headers={CONTROL: "1"}, timeout=GRACE_SECONDS) as client:

        async def paste(shop: str, customer: str, text: str) -> None:
            # Who left with an earlier start of the simulated JD hears nothing, as who left a real one.
            with suppress(httpx.HTTPError):
                await client.post("/type", json={"shop": shop, "customer": customer, "text": text})

        chance = random.Random(state.starts)  # noqa: S311  # repeatable, no secret
        stand_ins = StandIns(house, state.stand_ins, chance, STAND_IN_DELAY, paste)
        await stand_ins.come_online()
        while True:
            await stand_ins.step()
            await asyncio.sleep(1)


def announce(console: Console, address: str, window: str, state: founding.DemoState) -> None:
    """Print where Huiyin is, who can sign in, and what the shops' tiers ask of a person."""
    console.print(f"\n[bold]回音 Huiyin[/]  →  [bold cyan]{address}[/]")
    if not (CONSOLE / "index.html").exists():
        console.print("[yellow]控制台尚未构建 / the console is not built: run make console[/]")
    table = Table("登录 login", "密码 password", "姓名", "角色 role", box=None, pad_edge=False, header_style="dim")
    for part in founding.PEOPLE:
        table.add_row(part.login, state.password, part.name, _called(part.roles[0]))
    console.print(table)
    for tier, means in TIERS.items():
        names = "、".join(shop.seed.name for shop in state.shops if shop.tier is tier)
        console.print(f"[bold]{means.label}[/] {names}：{means.does}", soft_wrap=True)
    console.print(f"咚咚（模拟） Dongdong, simulated  →  [bold cyan]{window}[/]")
    shop = window.removesuffix("/dongdong") + "/shop"
    console.print(f"网页客服 widget on a shop's own page  →  [bold cyan]{shop}[/]")
    console.print("[dim]Ctrl-C 结束 / ends it.[/]\n")
    sys.stdout.flush()


def _called(role: Role) -> str:
    return f"{ROLES[role]} {role.replace('_', ' ')}"


def take_free_port(wanted: int) -> tuple[socket.socket, int]:
    """Take the wanted port or the next free one.

    Raises:
        InvalidError: if none of the next ports is free.

    """
    port = free_port(wanted)
    return take_port(Listen("127.0.0.1", port)), port


def free_port(wanted: int) -> int:
    """Return the wanted port or the next free one.

    Raises:
        InvalidError: if none of the next ports is free.

    """
    for port in range(wanted, wanted + PORTS_TRIED):
        with socket.socket() as probe:
            # As the server does: a port whose last owner died a moment ago is free.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    message = f"no free port from {wanted} to {wanted + PORTS_TRIED}"
    raise InvalidError(message, remedy="Choose another with --port.")
