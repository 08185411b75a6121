"""The commands of `huiyin`."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from huiyin.beside import quick_loop
from huiyin.cli import audit as audit_commands
from huiyin.cli import bench as bench_command
from huiyin.cli import demo as demo_command
from huiyin.cli import document
from huiyin.cli import evals as eval_commands
from huiyin.cli import keys as keys_command
from huiyin.cli import owner as owner_command
from huiyin.cli import people as people_command
from huiyin.cli import replay as replay_command
from huiyin.cli import walk as walk_command
from huiyin.cli.places import FOLDER
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
app.add_typer(people_command.app, name="people")


@app.command()
def demo(
    port: Annotated[int, typer.Option(help="Wanted port; the next free one is taken when it is in use.")] = 8600,
    reset: Annotated[bool, typer.Option("--reset", help="Forget the last demo and start anew.")] = False,
    talking: Annotated[int, typer.Option(help="How many customers talk at once.")] = 12,
    folder: Annotated[Path, typer.Option(help="Where the demo keeps its things.")] = FOLDER,
) -> None:
    """Start Huiyin with a simulated JD whose customers are already talking."""
    log_to_stderr()
    with demo_command.alone(folder), asyncio.Runner(loop_factory=quick_loop()) as runner:
        runner.run(demo_command.run(demo_command.Wish(folder, port, talking, reset)))


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
    folder: Annotated[Path, typer.Option(help="Where Huiyin keeps its things.")] = FOLDER,
    address: Annotated[str, typer.Option(help="Where the owner's browser reaches it.")] = "http://127.0.0.1:8600",
) -> None:
    """Register an organisation with its owner, and print the one-time link that lets them in."""
    log_to_stderr()
    owner_command.create(folder, Owner(kind, organisation, name, login), address)


@app.command()
def openapi(
    file: Annotated[Path, typer.Argument(help="Where the document goes.")] = Path("openapi.json"),
) -> None:
    """Write the OpenAPI document that the console's types are made from."""
    document.write(file)


@app.command()
def bench(
    name: Annotated[
        str, typer.Argument(help="ingest, wall, crash, audit or pii; docs/benchmarks.md says what each measures.")
    ],
    seconds: Annotated[float, typer.Option(help="How long to measure; 0 for the benchmark's own length.")] = 0.0,
    seed: Annotated[int, typer.Option(help="Seed of what customers say and of the moments of the crashes.")] = 1,
    plant: Annotated[str, typer.Option(help="A fault to plant, which the benchmark must catch.")] = "",
    rate: Annotated[float, typer.Option(help="Messages a second; 0 for the benchmark's own choice.")] = 0.0,
) -> None:
    """Measure; the report is the last line of stdout, and the exit status tells whether every target held."""
    log_to_stderr()
    if not bench_command.run(name, seconds, seed, plant, rate).held:
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
