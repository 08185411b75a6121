"""JD's rules at their edges, from the customer's word to the wall: the night, nobody there, a return soon after."""

from typing import Any

import pytest

from huiyin.insight.rebuilding import rebuild

from .moments import at, is_now
from .stage import Person, Stage


async def wall(person: Person) -> dict[str, Any]:
    return {
        each["key"]: (each["value"], each["part"], each["whole"]) for each in (await person.get("/api/wall"))["figures"]
    }


async def asked_and_answered(stage: Stage, moment: str, seconds: float, place: int) -> str:
    """Let somebody ask at a moment of the second of June, and 小林 answer after so long."""
    buyer = stage.customer("direct", place)
    await is_now(stage, at(moment, 2))
    lin = await stage.agent()
    await buyer.says("在吗")
    await stage.settle()
    await stage.passes(seconds)
    await lin.goes("online")
    await stage.settle()
    await lin.sends(buyer.conversation, "在的，您请说。")
    await stage.settle()
    await lin.closes(buyer.conversation)
    return buyer.conversation


async def test_the_night_goes_by_the_start_and_limits_count_as_within(stage: Stage) -> None:
    night = await asked_and_answered(stage, "08:56:00", 300, 0)
    await asked_and_answered(stage, "09:02:00", 30, 1)
    await asked_and_answered(stage, "22:50:00", 120, 2)
    await asked_and_answered(stage, "22:59:59", 20, 3)
    late = await asked_and_answered(stage, "23:00:30", 5, 4)
    lin = await stage.person("lin")
    figures = await wall(lin)
    assert figures["sessions"][0] == 5
    assert figures["answered_within_30"] == (2 / 3, 2, 3)
    assert figures["answered_within_120"] == (1, 3, 3)
    assert figures["human_within_180"] == (1, 3, 3)
    assert figures["response_mean"][0] == figures["first_response_mean"][0] == pytest.approx(170 / 3)
    assert figures["answered_share"] == (1, 5, 5)
    rows = (await lin.get("/api/wall/rows", figure="sessions"))["rows"]
    assert {each["conversation"] for each in rows if not each["counted"]} == {night, late}


async def test_what_is_left_while_nobody_is_there_is_in_no_response_figure_and_is_answered_later(stage: Stage) -> None:
    buyer, lin = stage.customer("direct"), await stage.person("lin")
    await buyer.says("在吗")
    await stage.settle()
    assert (await wall(lin))["leave_messages"][0] == 1
    await stage.passes(60)
    await lin.goes("online")
    await stage.settle()
    await lin.sends(buyer.conversation, "您好，刚才没有人在，现在为您处理。")
    await stage.settle()
    figures = await wall(lin)
    assert figures["leave_message_answered"] == figures["leave_message_share"] == (1, 1, 1)
    assert figures["answered_within_30"] == (None, 0, 0)
    assert figures["response_mean"][0] is None
    (row,) = (await lin.get("/api/wall/rows", figure="leave_messages"))["rows"]
    assert (row["conversation"], row["counted"], row["why"][:2]) == (buyer.conversation, False, "留言")


async def test_whose_vendor_is_not_at_a_desk_for_another_shop_left_a_message_there(stage: Stage) -> None:
    stranger = await stage.agent("stranger")
    await stage.customer("direct").says("在吗")
    await stage.settle()
    assert (await wall(stranger))["sessions"][0] == 0
    assert (await wall(await stage.person("lin")))["leave_messages"][0] == 1


@pytest.mark.parametrize(
    ("pause", "sessions"),
    [
        pytest.param(599, 1, id="within ten minutes"),
        pytest.param(600, 1, id="on the tenth minute"),
        pytest.param(601, 2, id="later"),
    ],
)
async def test_who_comes_back_soon_goes_on_in_the_same_session(stage: Stage, pause: float, sessions: int) -> None:
    lin, buyer = await stage.agent(), stage.customer("direct")
    await buyer.says("在吗")
    await stage.settle()
    await stage.passes(10)
    await lin.sends(buyer.conversation, "在的，您请说。")
    await stage.settle()
    await lin.closes(buyer.conversation)
    await stage.passes(pause)
    await lin.goes("online")
    await buyer.says("还有一个问题")
    await stage.settle()
    figures = await wall(lin)
    assert figures["sessions"][0] == len(buyer.conversations) == sessions
    await stage.passes(50)
    await lin.sends(buyer.conversations[-1], "请讲。")
    await stage.settle()
    figures = await wall(lin)
    assert figures["response_mean"] == (30, None, 2)
    assert figures["first_response_mean"][0] == (10 if sessions == 1 else 30)


async def test_a_house_that_makes_its_figures_anew_says_the_same(stage: Stage) -> None:
    await test_what_is_left_while_nobody_is_there_is_in_no_response_figure_and_is_answered_later(stage)
    lin = await stage.person("lin")
    before = await wall(lin)
    await stage.house.writer.do(rebuild, stage.house.catalogue)
    assert await wall(lin) == before
    await stage.customer("direct", 3).says("在吗")
    await stage.settle()
    assert (await wall(lin))["leave_messages"][0] == 1, "the desks are known again: somebody is there now"
