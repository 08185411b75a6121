"""An agent who is erased stands by name in no file that can be taken."""

import asyncio

import pytest

from .stage import Person, Stage
from .test_exports import asks, exports, owner, takes
from .test_keys import OFFICER
from .test_outcomes import served

__all__ = ["asks", "owner"]


@pytest.mark.parametrize("content", ["sessions", "messages"])
async def test_an_agent_who_is_erased_stands_in_no_file(stage: Stage, owner: Person, content: str) -> None:
    await served(stage, stage.customer())
    done = await exports(owner, stage, content=content)
    lin = await stage.person("lin")
    with stage.house.reading.connect() as connection:
        name = stage.house.people.name(connection, lin.id)
    assert name in (await takes(owner, done["id"])).text
    await asyncio.to_thread(stage.house.keyroom.shred, lin.id, "来信 18", actor=OFFICER)
    again = await takes(owner, done["id"])
    assert (again.status_code, name in again.text) == (409, False)
