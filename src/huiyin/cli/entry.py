"""The commands of `huiyin`."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from huiyin.beside import quick_loop
from huiyin.cli import audit as audit_commands
from huiyin.cli import backup as backup_command
from huiyin.cli import bench as bench_command
from huiyin.cli import demo as demo_command
from huiyin.cli import document
from huiyin.cli import evals as eval_commands
from huiyin.cli import figures as figures_command
from huiyin.cli import importing as import_command
from huiyin.cli import keys as keys_command
from huiyin.cli import owner as owner_command
from huiyin.cli import people as people_command
from huiyin.cli import replay as replay_command
from huiyin.cli import serve as serve_command
from huiyin.cli import walk as walk_command
from huiyin.cli.places import DEMO, Folder, address, chosen
from huiyin.installation.serving import alone
from huiyin.kernel.errors import HuiyinError, InvalidError
from huiyin.kernel.logs import log_to_stderr
from huiyin.org.inviting import Owner

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="回音 Huiyin: 把客服外包看得见、信得过。",
)
app.add_typer(audit_commands.app, name="audit")
app.add_typer(eval_commands.app, name="eval")
owners = typer.Typer(no_args_is_help=True, help="The first owner of an organisation.")
app.add_typer(owners, name="owner")
app.add_typer(keys_command.app, name="keys")
app.add_typer(backup_command.app, name="backup")
app.add_typer(figures_command.app, name="figures")
app.command("restore")(backup_command.restore_command)
app.add_typer(people_command.app, name="people")


@app.command()
def demo(
    port: Annotated[int, typer.Option(help="Wanted port; the next free one is taken when it is in use.")] = 8600,
    reset: Annotated[bool, typer.Option("--reset", help="Forget the last demo and start anew.")] = False,
    talking: Annotated[int, typer.Option(help="How many customers talk at once.")] = 12,
    folder: Annotated[Path, typer.Option(help="Where the demo keeps its things.")] = DEMO,
) -> None:
    """Start Huiyin with a simulated JD whose customers are already talking."""
    log_to_stderr()
    # The lock stands beside the folder: a reset takes the folder away.
    with alone(folder, folder.with_name(f"{folder.name}.lock")), asyncio.Runner(loop_factory=quick_loop()) as runner:
        runner.run(demo_command.run(demo_command.Wish(folder, port, talking, reset)))


@app.command()
def init(
    settings: Annotated[Path, typer.Option(help="The settings file to write.")] = Path("huiyin.toml"),
    folder: Annotated[str, typer.Option(help="Where the data go; data beside the file, if left out.")] = "",
    at: Annotated[str, typer.Option("--address", help="Where browsers reach it.")] = "http://127.0.0.1:8600",
    organisation: Annotated[str, typer.Option(help="Name of the first organisation; asked for if left out.")] = "",
    login: Annotated[str, typer.Option(help="What its owner signs in with; asked for if left out.")] = "",
    kind: Annotated[str, typer.Option(help="merchant or vendor")] = "merchant",
) -> None:
    """Begin an installation: a settings file, keys, the first owner and the one-time link that lets them in."""
    log_to_stderr()
    first = Owner(kind, organisation, login, login)
    serve_command.begin(serve_command.Beginning(settings, folder, at, first))


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="CSV, .xlsx, or one JSON object a line.")],
    shop: Annotated[str, typer.Option(help="Whose it is: the shop's name, or its id.")],
    what: Annotated[
        str, typer.Option(help="chats, or whose report: service_manager, business_intelligence, other.")
    ] = "chats",
    sheet: Annotated[str, typer.Option(help="Which sheet of a workbook; the first if left out.")] = "",
    column: Annotated[list[str] | None, typer.Option(help="field=column, where names alone do not tell.")] = None,
    folder: Folder = None,
) -> None:
    """Bring a shop's own file in: chats exported elsewhere, or a platform's report."""
    log_to_stderr()
    import_command.run(folder, import_command.Wish(file, shop, what, sheet, column or []))


@app.command()
def serve(
    settings: Annotated[
        Path | None, typer.Option(help="The settings file; by default ./huiyin.toml, then /etc/huiyin/huiyin.toml.")
    ] = None,
) -> None:
    """Serve: the door, its worker beside it, until Ctrl-C or the supervisor ends it."""
    serve_command.run(settings)


@app.command()
def replay(
    file: Annotated[Path, typer.Argument(help="Sessions as JSON lines: sid, turns[role, text].", exists=True)],
    as_recorded: Annotated[bool, typer.Option("--as-recorded", help="Both sides as they stand; no bot.")] = False,
    customers_only: Annotated[
        bool, typer.Option("--customers-only", help="Customers' turns come in; bot and stand-ins answer.")
    ] = False,
    json_out: Annotated[bool, typer.Option("--json", help="End in one JSON object.")] = False,
    seed: Annotated[int, typer.Option(help="Seed of the synthetic times.")] = 1,
    limit: Annotated[int, typer.Option(help="Replay only the first sessions; 0 for all.")] = 0,
) -> None:
    """Feed recorded sessions through the front door and show the balance."""
    log_to_stderr()
    if as_recorded == customers_only:
        message = "choose one of --as-recorded and --customers-only"
        raise typer.BadParameter(message)
    mode = "as-recorded" if as_recorded else "customers-only"
    balance = asyncio.run(replay_command.run(replay_command.Wish(file, mode, seed, limit)))
    replay_command.show(balance, as_json=json_out)
    if not balance.balanced:
        raise typer.Exit(1)


@app.command()
def walk(
    text: Annotated[str, typer.Argument(help="What the customer says.")] = "付款后多久发货？",
) -> None:
    """Play one customer message and print each step with its room."""
    log_to_stderr()
    if not text.strip():
        message = "there is nothing to walk: the message is empty"
        raise InvalidError(message, remedy='Say something, for example: huiyin walk "付款后多久发货？"')
    asyncio.run(walk_command.run(text))


@owners.command("create")
def create_owner(
    organisation: Annotated[str, typer.Option(help="Name of the new organisation.")],
    login: Annotated[str, typer.Option(help="What the owner signs in with.")],
    name: Annotated[str, typer.Option(help="The owner's name; the login if left out.")] = "",
    kind: Annotated[str, typer.Option(help="merchant or vendor")] = "merchant",
    folder: Folder = None,
    at: Annotated[
        str, typer.Option("--address", help="Where the owner's browser reaches it; as the settings say.")
    ] = "",
) -> None:
    """Register an organisation with its owner, and print the one-time link that lets them in."""
    log_to_stderr()
    settings = chosen(folder)
    owner_command.create(settings, Owner(kind, organisation, name, login), at or address(settings))


@app.command()
def openapi(
    file: Annotated[Path, typer.Argument(help="Where the document goes.")] = Path("openapi.json"),
) -> None:
    """Write the OpenAPI document that the console's types are made from."""
    document.write(file)


@app.command()
def bench(
    name: Annotated[
        str,
        typer.Argument(
            help="ingest, wall, crash, audit, pii, figures, search or backfill; docs/benchmarks.md tells more."
        ),
    ],
    seconds: Annotated[float, typer.Option(help="How long to measure; 0 for the benchmark's own length.")] = 0.0,
    seed: Annotated[int, typer.Option(help="Seed of what customers say and of the moments of the crashes.")] = 1,
    plant: Annotated[str, typer.Option(help="A fault to plant, which the benchmark must catch.")] = "",
    rate: Annotated[
        float,
        typer.Option(
            help="Messages a second; for figures and search, how many sessions; 0 for the benchmark's own choice."
        ),
    ] = 0.0,
    messages: Annotated[int, typer.Option(help="For backfill: messages of the past; 0 for 100,000.")] = 0,
) -> None:
    """Measure; the report is the last line of stdout, and the exit status tells whether every target held."""
    log_to_stderr()
    if not bench_command.run(name, seconds, seed, plant, rate, messages).held:
        raise typer.Exit(1)


def main() -> None:
    """Run the command line; an error raised on purpose is told in words, with its remedy."""
    try:
        app()
    except HuiyinError as error:
        console = Console(stderr=True)
        console.print(str(error), style="bold red", markup=False)
        if error.remedy:
            console.print(f"→ {error.remedy}", markup=False)
        raise SystemExit(1) from error
