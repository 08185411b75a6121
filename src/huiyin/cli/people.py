"""`huiyin people`: be the second person at the machine's own terminal, where an organisation has nobody else."""

from pathlib import Path
from typing import Annotated

import typer

from huiyin.cli.places import FOLDER, opened
from huiyin.cli.saying import plain
from huiyin.kernel.actors import system
from huiyin.kernel.clock import from_ms, to_ms
from huiyin.org import approvals, approving

app = typer.Typer(no_args_is_help=True, add_completion=False, help="人员：等第二人批准的链接、绑定与角色。")
TERMINAL = system("terminal")
"""Whoever can start Huiyin on its own server needs no login; the audit says it was done here."""
Folder = Annotated[Path, typer.Option(help="The data folder.")]
Request = Annotated[str, typer.Argument(help="What waits, as `huiyin people waiting` names it.")]


@app.command()
def waiting(folder: Folder = FOLDER) -> None:
    """List what waits for a second person: links, identities and roles of security officers and auditors."""
    with opened(folder) as house, house.reading.connect() as connection:
        found = approvals.waiting(connection, to_ms(house.clock.now()), actor=TERMINAL)
        names = house.people.names(connection, {each.person for each in found})
    for each in found:
        what = each.terms.get("purpose", each.kind)
        roles = ", ".join(each.terms.get("roles", each.held))
        until = f"{from_ms(each.expires_at):%Y-%m-%d %H:%M}Z"
        name = names.get(each.person, each.person)
        print(plain(f"{each.id} · {name} · {roles} · {what} · {each.asked_by} · {until}"))
    if not found:
        print("没有等待批准的事项 / nothing waits")


@app.command()
def approve(request: Request, folder: Folder = FOLDER) -> None:
    """Agree to what waits; ask whom it is about first. The audit says that it was done at the terminal."""
    with opened(folder) as house:
        house.writer.run(approving.approve, request, actor=TERMINAL)
    print("已批准 / approved")


@app.command()
def refuse(request: Request, folder: Folder = FOLDER) -> None:
    """Refuse what waits; a link that waited is void."""
    with opened(folder) as house:
        house.writer.run(approving.refuse, request, actor=TERMINAL)
    print("已拒绝 / refused")
