"""`huiyin owner create`: the first owner of an organisation, let in by a link that opens once."""

from rich.console import Console

from huiyin.cli.places import check_ours
from huiyin.org.inviting import Owner, found_owner
from huiyin.org.links import LASTS
from huiyin.wiring import Settings, build


def create(settings: Settings, owner: Owner, address: str) -> None:
    """Register the owner and print the link; there is no password to print."""
    check_ours(settings)
    house = build(settings)
    try:
        link = house.writer.run(found_owner, house.sealer, owner)
    finally:
        house.close()
    console = Console()
    hours = int(LASTS.total_seconds() // 3600)
    console.print(f"{owner.organisation} · {owner.login}")
    console.print(f"[bold cyan]{address.rstrip('/')}{link.path}[/]", soft_wrap=True)
    console.print(f"[dim]{hours} 小时内有效，只能用一次 / good for {hours} hours, opens once[/]")
