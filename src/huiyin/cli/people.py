"""`huiyin people`: be the second person at the machine's own terminal, where an organisation has nobody else."""

from typing import Annotated

import typer

from huiyin.cli.places import Folder, opened
from huiyin.cli.saying import ROLES, plain
from huiyin.kernel.actors import Role, system
from huiyin.kernel.clock import from_ms, to_ms
from huiyin.org import approvals, approving

app = typer.Typer(no_args_is_help=True, add_completion=False, help="人员：等第二人批准的链接、绑定与角色。")
TERMINAL = system("terminal")
"""Whoever can start Huiyin on its own server needs no login; the audit says it was done here."""
WHAT = {
    "owner": "负责人链接 owner's link", "invite": "加入链接 invitation", "reset": "重设密码 new password",
    "reset_all": "重设密码与验证器 new password and second factor", "roles": "更改角色 roles",
    "identity": "绑定身份 identity",
}  # fmt: skip
"""What waits, by its kind or its link's purpose."""
Request = Annotated[str, typer.Argument(help="What waits, as `huiyin people waiting` names it.")]


@app.command()
def waiting(folder: Folder = None) -> None:
    """List what waits for a second person: links, identities and roles of security officers and auditors."""
    with opened(folder) as house, house.reading.connect() as connection:
        found = approvals.waiting(connection, to_ms(house.clock.now()), actor=TERMINAL)
        askers = {each.asked_by: each.asked_by.partition(":")[2] for each in found}
        names = house.people.names(connection, {each.person for each in found} | set(askers.values()))
    for each in found:
        what = WHAT.get(each.terms.get("purpose", each.kind), each.kind)
        roles = "、".join(ROLES[Role(role)] for role in each.terms.get("roles", each.held))
        until = f"{from_ms(each.expires_at):%Y-%m-%d %H:%M}Z"
        name, asker = names.get(each.person, each.person), names.get(askers[each.asked_by], each.asked_by)
        print(each.id)
        print(plain(f"  {name} · {roles} · {what} · 提出人 asked by {asker} · 截止 until {until}"))
    if not found:
        print("没有等待批准的事项 / nothing waits")


@app.command()
def approve(request: Request, folder: Folder = None) -> None:
    """Agree to what waits; ask whom it is about first. The audit says that it was done at the terminal."""
    with opened(folder) as house:
        house.writer.run(approving.approve, request, actor=TERMINAL)
    print("已批准 / approved")


@app.command()
def refuse(request: Request, folder: Folder = None) -> None:
    """Refuse what waits; a link that waited is void."""
    with opened(folder) as house:
        house.writer.run(approving.refuse, request, actor=TERMINAL)
    print("已拒绝 / refused")
