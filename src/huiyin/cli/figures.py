"""`huiyin figures`: make the figures of all sessions anew from the log, beside a running house or without one."""

import asyncio

import typer

from huiyin.cli.places import Folder, founded
from huiyin.insight.rebuilding import Recounter, mark_all
from huiyin.kernel.logs import log_to_stderr
from huiyin.wiring import build

app = typer.Typer(no_args_is_help=True, add_completion=False, help="指标：从事件日志重算。")


@app.callback()
def figures() -> None:
    """Make figures anew."""


@app.command()
def rebuild(folder: Folder = None) -> None:
    """Make the figures of every session anew, a few at a time; live work goes on meanwhile."""
    log_to_stderr()
    house = build(founded(folder))
    try:
        marked = house.writer.run(mark_all)
        made = asyncio.run(Recounter(house.writer, house.catalogue).work())
    finally:
        house.close()
    print(f"重算 recounted {made} / {marked} 会话 sessions")  # the command's output
