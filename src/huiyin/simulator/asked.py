"""Read the business fields of a call strictly: a missing or ill-formed one is refused, never guessed."""

from collections.abc import Mapping
from datetime import datetime

from huiyin.simulator.jdtime import understood
from huiyin.simulator.refusing import refuse

Fields = Mapping[str, object]


def text(fields: Fields, name: str) -> str:
    """Return a required text."""
    value = fields.get(name)
    if isinstance(value, bool) or not isinstance(value, str | int) or value == "":
        refuse("SIM-FIELD", f"缺少参数 {name}", f"Missing field {name}")
    return str(value)


def maybe_text(fields: Fields, name: str) -> str:
    """Return an optional text, "" when it is absent."""
    return text(fields, name) if fields.get(name) not in (None, "") else ""


def number(fields: Fields, name: str, least: int, most: int) -> int:
    """Return a required number within its documented bounds."""
    written = text(fields, name)
    if not written.isdecimal() or not least <= int(written) <= most:
        refuse("SIM-RANGE", f"参数 {name} 应为 {least} 至 {most}", f"{name}: {least} to {most}")
    return int(written)


def moment(fields: Fields, name: str) -> datetime:
    """Return a required time."""
    try:
        return understood(text(fields, name))
    except ValueError:
        refuse("SIM-TIME", f"参数 {name} 不是时间", f"{name} is not a time")
