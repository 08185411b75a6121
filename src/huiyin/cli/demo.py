"""`huiyin demo`: Huiyin's door and a simulated JD, the worker beside them, colleagues who stand in for people."""

import asyncio
import fcntl
import random
import shutil
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

import httpx
import uvicorn
from rich.console import Console
from rich.table import Table

from huiyin.beside import END_SECONDS, WorkerProcess, live_long
from huiyin.channels.port import Tier
from huiyin.cli import founding
from huiyin.cli.saying import ROLES
from huiyin.cli.working import Order, open_lines
from huiyin.kernel.actors import Role
from huiyin.kernel.errors import InvalidError
from huiyin.simulator.control import HEADER as CONTROL
from huiyin.simulator.serving import QuietServer, run_simulator
from huiyin.stand_ins import StandIns
from huiyin.web.app import create_app
from huiyin.web.pages import CONSOLE
from huiyin.web.serving import server_config
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


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Hold a demo's folder for ourselves.

    Raises:
        InvalidError: another demo runs over it; two would answer the same customers, and a reset would take the first
            one's data away under its feet.

    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    with folder.with_name(f"{folder.name}.lock").open("ab") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            message = f"another demo runs over {folder}"
            raise InvalidError(message, remedy="End it with Ctrl-C, or give this one its own --folder.") from error
        yield


async def run(wish: Wish) -> None:
    """Run until Ctrl-C."""
    console = Console()
    if wish.reset and wish.folder.exists():
        shutil.rmtree(wish.folder)
        console.print("[dim]上一次演示已清除 / last demo forgotten[/]")
    port = free_port(wish.port)
    simulator_port = free_port(port + 1)
    console.print("[dim][1/3][/] 打开数据库 / opening the database …")
    house = build(Settings(wish.folder, linger=SERVING))
    console.print("[dim][2/3][/] 准备店铺与人员 / shops and people …")
    state = await _remembered(house, wish.folder)
    hook = f"http://127.0.0.1:{port}/hooks/jd"
    order = Order(str(wish.folder.absolute()), simulator_port, hook, wish.talking)
    simulated = open_lines(house, state, order)
    window = f"http://{simulated.host}:{simulator_port}/dongdong"
    house.knowledge()
    live_long()
    console.print("[dim][3/3][/] 启动服务与模拟京东 / starting Huiyin and the simulated JD …")
    # The simulated JD comes first: its door stands open after its first step, and the first poll finds it there.
    simulating = asyncio.create_task(run_simulator(simulated, house.clock))
    await asyncio.sleep(0)
    worker = WorkerProcess(house, "huiyin.cli.working", order)
    config = server_config(
        create_app(house, beside=(worker.run,)), host="127.0.0.1", port=port, timeout_graceful_shutdown=GRACE_SECONDS
    )
    server = QuietServer(config)
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    serving = asyncio.create_task(server.serve())
    while not server.started and not serving.done():  # noqa: ASYNC110  # the server offers no event to wait for
        await asyncio.sleep(0.05)
    sides = [
        simulating,
        asyncio.create_task(_stand_in(house, state, window)),
    ]
    announce(console, f"http://127.0.0.1:{port}", window, state)
    waiting = asyncio.create_task(stop.wait())
    await asyncio.wait([waiting, serving, *sides], return_when=asyncio.FIRST_COMPLETED)
    console.print("\n[dim]正在收尾 / finishing …[/]")
    await _finish(server, serving, sides)
    for line in house.lines.by_shop.values():
        await line.close()
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
    state.starts += 1
    founding.save(folder, state)
    return state


async def _finish(server: uvicorn.Server, serving: asyncio.Task[None], sides: list[asyncio.Task[None]]) -> None:
    for task in sides:
        task.cancel()
    for task in sides:
        with suppress(asyncio.CancelledError):
            await asyncio.wait([task])
    server.should_exit = True
    # The worker ends with the server; one that hangs is given its time and then killed.
    await asyncio.wait([serving], timeout=GRACE_SECONDS + END_SECONDS + 2)


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
    console.print("[dim]Ctrl-C 结束 / ends it.[/]\n")
    sys.stdout.flush()


def _called(role: Role) -> str:
    return f"{ROLES[role]} {role.replace('_', ' ')}"


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
