"""Read the customers' scenarios: small state machines in YAML, written by hand and checked on load.

A line is a text, or a card in double brackets:
`[[order]]`, `[[sku]]`, `[[image 说明]]`, `[[voice 说明]]`, `[[recall]]`.
Braces are filled in: {sku} {order} {price} {waybill} {name} {phone} {address}, and {phone_start} {phone_end} for a
telephone said in two pieces, its last four digits apart.
"""

from collections.abc import Iterable
from functools import cache
from importlib.resources import files

import msgspec
import yaml

Wording = str | list[str]
"""One way to say it: a line, or several sent one after another."""

ENDINGS = frozenset({"thanks", "okay", "gone", "angry"})


class Reaction(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a customer does next: say one of the wordings, then go to a state, stay, or end."""

    say: list[Wording] = []
    go: str = ""
    end: str = ""


class Trigger(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A reaction to words in the reply: it comes before the one to the speaker."""

    words: list[str]
    then: Reaction


class State(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How a customer reacts here. Without `human`, people are met like the bot, and the other way round."""

    bot: Reaction | None = None
    human: Reaction | None = None
    silence: Reaction | None = None
    hears: list[Trigger] = []


class Scenario(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One reason to write to a shop. `about` is the state of the order in hand, "" without one."""

    id: str
    topic: str
    openers: list[Wording]
    states: dict[str, State]
    shop: str = "any"
    about: str = ""
    patience: float = 60.0
    weight: int = 2


class Manners(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What anybody may say: when nobody answers, and on leaving."""

    nudges: list[Wording]
    endings: dict[str, list[Wording]]


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    scenarios: list[Scenario]


@cache
def load_scenarios() -> tuple[Scenario, ...]:
    """Return every scenario, checked.

    Raises:
        ValueError: a scenario is written wrongly; the message names it.

    """
    found: dict[str, Scenario] = {}
    for name, content in _files():
        if name != "manners.yaml":
            for scenario in msgspec.convert(content, _File).scenarios:
                if scenario.id in found:
                    message = f"{name}: the scenario {scenario.id} is written twice"
                    raise ValueError(message)
                check_scenario(scenario)
                found[scenario.id] = scenario
    return tuple(found.values())


@cache
def load_manners() -> Manners:
    """Return the manners everybody shares."""
    return msgspec.convert(dict(_files())["manners.yaml"], Manners)


def check_scenario(scenario: Scenario) -> None:
    """Refuse a scenario that cannot be played to an end.

    Raises:
        ValueError: naming the scenario and the fault.

    """
    if not scenario.openers or "start" not in scenario.states:
        message = f"{scenario.id}: needs openers and a state named start"
        raise ValueError(message)
    for name, state in scenario.states.items():
        if state.bot is None and state.human is None:
            message = f"{scenario.id}: the state {name} reacts to nobody"
            raise ValueError(message)
        for reaction in reactions_of(state):
            if reaction.end and (reaction.go or reaction.end not in ENDINGS):
                message = f"{scenario.id}: {name} ends as {reaction.end!r} and goes to {reaction.go!r}"
                raise ValueError(message)
            if reaction.go and reaction.go not in scenario.states:
                message = f"{scenario.id}: {name} goes to {reaction.go}, which is not there"
                raise ValueError(message)


def reactions_of(state: State) -> Iterable[Reaction]:
    """Go through the reactions of a state."""
    yield from (reaction for reaction in (state.bot, state.human, state.silence) if reaction is not None)
    yield from (trigger.then for trigger in state.hears)


def _files() -> list[tuple[str, object]]:
    folder = files("huiyin.simulator.scripts")
    named = sorted((entry.name, entry) for entry in folder.iterdir() if entry.name.endswith(".yaml"))
    return [(name, yaml.safe_load(entry.read_text(encoding="utf-8"))) for name, entry in named]
