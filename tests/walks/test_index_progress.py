"""While an index is built or behind, each is told of what is theirs to find, and never how much others have."""

from typing import Any

import pytest

from huiyin.org.store import engagement

from .stage import Person, Stage
from .test_finding import SEARCH, says
from .test_still_looking import pauses

HOUR = 3600


async def told(person: Person, **filters: object) -> tuple[int, int, int]:
    """Search; return how many sessions are found, how many can be, and of how many."""
    answer = await person.http.post(SEARCH, json={"words": "螺丝", **filters})
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body["total"], body["indexed"], body["toIndex"]


@pytest.fixture
def one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("huiyin.finding.indexing.MOST_SESSIONS", 1)


async def test_a_vendor_is_told_how_far_the_index_is_with_its_own_sessions(stage: Stage, one_by_one: None) -> None:
    """One of before the pause, one of theirs, then two of a shop the vendor does not serve; the newest go in first."""
    await says(stage, "柜子少了螺丝")
    await stage.customer("direct").ends()
    await pauses(stage, "direct", 1)
    stage.clock.advance(HOUR + 60)  # type: ignore[arg-type]
    over = engagement.update().where(engagement.c.shop == stage.shops["digital"])
    await stage.house.writer.do(lambda uow: uow.connection.execute(over.values(effective_to=uow.now_ms() - 1)))
    await says(stage, "柜子少了螺丝", place=1)
    stage.clock.advance(60)  # type: ignore[arg-type]
    for place in range(2):
        await says(stage, "柜子少了螺丝", shop="digital", place=place)
        stage.clock.advance(60)  # type: ignore[arg-type]
    lead, owner = await stage.person("lead"), await stage.person("owner")
    assert (await told(lead), await told(owner)) == ((0, 0, 1), (0, 0, 4)), "before it is begun"
    looked = []
    for _ in range(4):
        stage.house.finder.indexer.step()
        looked.append((await told(lead), await told(owner)))
    assert looked[:3] == [((0, 0, 1), (1, 1, 4)), ((0, 0, 1), (2, 2, 4)), ((1, 0, 0), (3, 3, 4))]
    await stage.worker.index()
    assert (await told(lead), await told(owner)) == ((1, 0, 0), (4, 0, 0))


async def test_what_an_index_does_not_know_yet_is_told_of_ones_own_shops(stage: Stage) -> None:
    lead, owner = await stage.person("lead"), await stage.person("owner")
    await says(stage, "柜子少了螺丝")
    over = engagement.update().where(engagement.c.shop == stage.shops["digital"])
    await stage.house.writer.do(lambda uow: uow.connection.execute(over.values(effective_to=uow.now_ms())))
    stage.clock.advance(60)  # type: ignore[arg-type]
    await stage.worker.index()

    async def behind() -> list[int]:
        answers = [await who.http.post(SEARCH, json={"words": "螺丝"}) for who in (lead, owner)]
        return [each.json()["behind"] for each in answers]

    assert await behind() == [0, 0]
    await says(stage, "少了两颗", shop="digital")
    theirs, all_of_them = await behind()
    assert theirs == 0 < all_of_them
    await says(stage, "少了三颗")
    theirs, now = await behind()
    assert 0 < theirs < now > all_of_them
    await stage.worker.index()
    assert await behind() == [0, 0]
