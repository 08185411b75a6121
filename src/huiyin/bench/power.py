"""Cut the power: rebuild the files from what was synced, at many moments, and check what is left.

A library loaded into the server process writes down every write, truncation and sync of the data folder. For each
moment the files are rebuilt as they were at their last sync; later writes are gone, or arrived in part and torn.
Every message acknowledged before that moment must be in them. The control runs with `synchronous=OFF` and must
lose messages (`control_caught`): a harness that cannot see that sees nothing.
"""

import asyncio
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from random import Random
from typing import NamedTuple

import sqlalchemy as sa

from huiyin.bench import books, tape
from huiyin.bench.chat import Customers
from huiyin.bench.gateway import Gateway
from huiyin.bench.orders import Order
from huiyin.bench.pushing import OK, Pushed, Pushers
from huiyin.bench.report import tell
from huiyin.bench.servers import serving, start
from huiyin.kernel.errors import HuiyinError

TARGETS = {
    "power_lost": ("==", 0.0),
    "power_doubled": ("==", 0.0),
    "power_reordered": ("==", 0.0),
    "power_corrupt": ("==", 0.0),
    "power_restarts_failed": ("==", 0.0),
    "control_caught": ("==", 1.0),
}
SHIM = Path(__file__).with_name("shim.c")
AGENTS = 5
CUSTOMERS = 60
CONTROL_SECONDS = 3.0
CONTROL_CUTS = 10
RESTARTS = 3
"""On so many of the rebuilt folders Huiyin itself is started, and must take a message and work it through."""

DRAIN_PATIENCE = 60.0
NEAR = 2
"""Half of the cuts fall this close to a sync, where mistakes would be."""


class Load(NamedTuple):
    """What runs while the tape does."""

    seconds: float
    rate: float
    seed: int
    cuts: int
    plant: str = ""
    synchronous: str = "FULL"


class Found(NamedTuple):
    """The worst over all cuts, and how many there were."""

    wrong: books.Wrong
    corrupt: int
    cuts: int
    acknowledged: int
    steps: int
    syncs: int
    pages_moved: int
    images: list[Path]


async def measure(load: Load) -> dict[str, float]:
    """Return the figures of the power cuts; none, with a word of why, where they cannot be measured."""
    why = cannot()
    if why:
        tell(f"断电未测 / power cuts not measured: {why}")
        return {}
    with tempfile.TemporaryDirectory(prefix="huiyin-bench-") as place:
        folder = Path(place)
        library = build_shim(folder)
        for name in ("run", "control"):
            (folder / name).mkdir()
        found = await cut(load, folder / "run", library)
        tell(f"power: {found._replace(images=[])}")
        failed = [image.name for image in found.images if not await _starts_on(image, load)]
        off = load._replace(seconds=min(load.seconds, CONTROL_SECONDS), cuts=CONTROL_CUTS, plant="", synchronous="OFF")
        control = await cut(off, folder / "control", library)
        tell(f"control with synchronous=OFF: {control._replace(images=[])}")
    return {
        "power_lost": found.wrong.lost,
        "power_doubled": found.wrong.doubled,
        "power_reordered": found.wrong.reordered,
        "power_corrupt": found.corrupt,
        "power_restarts_failed": len(failed),
        "power_cuts": found.cuts,
        "power_acknowledged": found.acknowledged,
        "power_steps": found.steps,
        "power_syncs": found.syncs,
        "power_checkpointed_pages": found.pages_moved,
        "control_lost": control.wrong.lost,
        "control_caught": float(control.wrong.lost > 0 or control.corrupt > 0),
    }


def cannot() -> str:
    """Say why power cuts cannot be measured here; "" if they can."""
    if not sys.platform.startswith("linux"):
        return "the recording library is loaded with LD_PRELOAD, which needs Linux"
    return "" if shutil.which("cc") else "no C compiler `cc` to build the recording library"


def build_shim(folder: Path) -> Path:
    """Compile the recording library."""
    library = folder / "shim.so"
    command = ["cc", "-O2", "-fPIC", "-shared", "-o", str(library), str(SHIM), "-ldl", "-lpthread"]
    subprocess.run(command, check=True)  # noqa: S603  # the compiler of this machine, on our own file
    return library


async def cut(load: Load, folder: Path, library: Path) -> Found:
    """Record a run, then cut its power at many moments."""
    base, live, reel = folder / "base", folder / "live", folder / "tape"
    pushed = await _record(load, (base, live, reel), library)
    return await asyncio.to_thread(_check, load, (base, live, reel), pushed)


async def _record(load: Load, places: tuple[Path, Path, Path], library: Path) -> list[Pushed]:
    base, live, reel = places
    gateway = Gateway(seed=load.seed)
    order = Order(
        str(live), await gateway.open(), agents=AGENTS, plant=load.plant, synchronous=load.synchronous, alone=True
    )
    async with serving(order):
        pass  # the company is founded, unrecorded
    await asyncio.to_thread(shutil.copytree, live, base)
    environment = {"LD_PRELOAD": str(library), "HUIYIN_TAPE": str(reel), "HUIYIN_TAPE_FOLDER": str(live)}
    server = await start(order, environment=environment)
    try:
        customers = Customers(server.ready.shops, server.ready.app_secret, load.seed)
        customers.fill(CUSTOMERS)
        pushers = Pushers(server.ready.port, customers)
        await pushers.open()
        await pushers.hold(load.rate, load.seconds)
    finally:
        await server.kill()
        gateway.close()
    return [each for each in pushers.done if each.status == OK]


def _check(load: Load, places: tuple[Path, Path, Path], pushed: list[Pushed]) -> Found:
    base, live, reel = places
    told = [(step.kind, step.moment) for step in tape.steps(reel, live)]
    first = min(each.answered for each in pushed)
    moments = _moments(told, first, Random(load.seed), load.cuts)
    dice, disk = Random(load.seed + 1), tape.Disk(base)
    worst, corrupt, moved, images = books.Wrong(0, 0, 0), 0, 0, []
    kept = set(sorted(moments)[:: max(1, len(moments) // RESTARTS)][-RESTARTS:])
    for number, step in enumerate(tape.steps(reel, live)):
        if number in moments:
            image = base.with_name("image")
            disk.write(image, dice, torn=number % 2 == 0)
            if number in kept:
                images.append(shutil.copytree(image, base.with_name(f"image-{number}")))
            known = [each for each in pushed if each.answered < step.moment]
            whole, wrong = _left(image, known)
            corrupt += not whole
            worst = books.Wrong(*map(max, zip(worst, wrong, strict=True)))
        moved += step.kind == "W" and step.path.endswith(".db")
        disk.take(step)
    return Found(
        worst, corrupt, len(moments), len(pushed), len(told), sum(kind == "E" for kind, _ in told), moved, images
    )


def _moments(told: Sequence[tuple[str, float]], first: float, dice: Random, wanted: int) -> set[int]:
    """Choose the steps before which the power is cut: half anywhere under load, half around syncs."""
    under_load = [number for number, (_, moment) in enumerate(told) if moment > first]
    around = [number for number in under_load if told[number][0] in {"B", "E"}] or under_load
    moments = {min(len(told) - 1, dice.choice(around) + dice.randint(-NEAR, NEAR)) for _ in range(wanted // 2)}
    wanted = min(wanted, len(under_load))
    while len(moments) < wanted:
        moments.add(dice.choice(under_load))
    return moments


async def _starts_on(image: Path, load: Load) -> bool:
    """Start Huiyin on what a cut left; tell whether it takes a message and works everything through."""
    gateway = Gateway(seed=load.seed)
    try:
        async with serving(Order(str(image), await gateway.open(), agents=AGENTS)) as server:
            pushers = Pushers(server.ready.port, Customers(server.ready.shops, server.ready.app_secret, load.seed + 1))
            await pushers.open()
            await pushers.hold(10, 1)
            taken = bool(pushers.done) and all(each.status == OK for each in pushers.done)
            drain = await books.drained(image, DRAIN_PATIENCE)
            pushers.close()
    except HuiyinError as error:
        tell(f"Huiyin does not start on {image.name}: {error}")
        return False
    finally:
        gateway.close()
    return taken and drain < DRAIN_PATIENCE


def _left(image: Path, known: list[Pushed]) -> tuple[bool, books.Wrong]:
    """Open what a cut left, as Huiyin would, and hold it against what had been acknowledged."""
    try:
        with closing(sqlite3.connect(image / "huiyin.db")) as database:
            whole = books.integrity(database)
            messages = [each.message for each in known]
            names = books.named(image, (each.mid for each in messages))
            return whole, books.compare_with(database, messages, names)
    except (sqlite3.DatabaseError, sa.exc.DatabaseError):
        return False, books.Wrong(len(known), 0, 0)
