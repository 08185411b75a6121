"""`huiyin init` and `huiyin serve`: a first settings file with its first owner, and the server itself."""

import asyncio
import logging
import sys
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

import typer
from rich.console import Console

from huiyin.beside import quick_loop
from huiyin.cli import owner as owner_command
from huiyin.installation import settings as installed
from huiyin.installation.first_settings import write_settings
from huiyin.installation.serving import serve
from huiyin.installation.settings import Installation
from huiyin.kernel.errors import InvalidError
from huiyin.kernel.logs import log_to_stderr
from huiyin.org.inviting import Owner
from huiyin.org.views import organisation_names
from huiyin.web.pages import CONSOLE
from huiyin.wiring import House

PORT = 8600


class Beginning(NamedTuple):
    """What `huiyin init` was given; "" is asked for."""

    file: Path
    folder: str
    address: str
    owner: Owner


def begin(given: Beginning) -> None:
    """Write the settings file, make the house with its first owner, print the link and what comes next.

    Raises:
        InvalidError: something is missing and there is no terminal to ask at, or a setting cannot be.
        ConflictError: the settings file is there already.

    """
    if given.file.exists():
        write_settings(given.file, Installation(folder=""))  # says that it is there
    wished = _wished(given)
    installed.check(wished)
    organisation = _asked(given.owner.organisation, "--organisation", "商家或服务商的名称 organisation")
    login = _asked(given.owner.login, "--login", "负责人的登录名 the owner's login")
    owner = given.owner._replace(organisation=organisation, login=login, name=login)
    write_settings(given.file, wished)
    settings = installed.load(given.file, {})
    owner_command.create(settings.house(), owner, settings.address)
    console = Console()
    console.print(f"设置文件 / settings: {given.file}")
    console.print(f"现在启动 / now start it: [bold]huiyin serve --settings {given.file}[/]", soft_wrap=True)
    keys = f"{settings.house().master_key.name}、{settings.house().audit.signing_key.name}"
    console.print(
        f"请把 {settings.folder} 里的 {keys} 另处备份：备份文件里没有它们，主密钥丢失后数据无法恢复 / "
        "keep copies of both keys elsewhere: no backup holds them, and without the master key nothing opens",
        soft_wrap=True,
    )


def run(file: Path | None) -> None:
    """Serve until told to end."""
    settings = installed.load(file)
    log_to_stderr(logging.INFO, "json" if settings.log == "json" else "text")
    with asyncio.Runner(loop_factory=quick_loop()) as runner:
        runner.run(serve(settings, lambda house: _announce(settings, house)))


def _announce(settings: Installation, house: House) -> None:
    console = Console(stderr=True)
    console.print(f"[bold]回音 Huiyin[/]  →  [bold cyan]{settings.address}[/]", soft_wrap=True)
    if not (CONSOLE / "index.html").exists():
        console.print("[yellow]控制台尚未构建 / the console is not built: run make console[/]")
    with house.reading.connect() as connection:
        if not organisation_names(connection):
            console.print("[yellow]还没有组织 / nobody can sign in yet: huiyin owner create[/]")
    if not settings.backup.folder:
        console.print("[yellow]没有备份 / there are no backups: set backup in the settings file[/]")


def _asked(value: str, option: str, what: str) -> str:
    """Return a value, asked for where it was left out.

    Raises:
        InvalidError: there is nobody to ask.

    """
    if value.strip():
        return value.strip()
    if not sys.stdin.isatty():
        message = f"{option} is missing"
        raise InvalidError(message, remedy=f"Add {option} to the command.")
    return str(typer.prompt(what)).strip()


def _wished(given: Beginning) -> Installation:
    """Return the settings to write: for an https address a proxy in front, which is the usual way."""
    address = urlsplit(given.address)
    usual = "/var/lib/huiyin" if given.file.is_relative_to("/etc") else "data"
    secure = address.scheme == "https"
    port = PORT if secure or not address.port else address.port
    listen = f"127.0.0.1:{port}"
    return Installation(folder=given.folder or usual, address=given.address, listen=listen, proxies=int(secure))
