"""Everything that happened in a session stands on its time line, in order, masked, for those who may read it."""

import pytest

from .stage import Stage
from .test_statements import SIGNED_IN, Counter, counter

__all__ = ["counter"]  # a fixture
PHONE = "13812345678"


async def test_a_session_is_told_from_its_first_word_to_its_close(stage: Stage) -> None:
    lin = await stage.agent()
    customer = stage.customer()
    await customer.says(f"电话{PHONE}，转人工")
    await stage.settle()
    talk = customer.conversation
    await lin.takes_over(talk)
    await lin.sends(talk, "您好，这边给您看一下。")
    held = await lin.sends(talk, "加我微信 songguo888 私下退款")
    assert held["outcome"] != "sent"
    stage.clock.advance(90)
    await stage.settle()
    await lin.closes(talk)
    told = await lin.get(f"/api/desk/conversations/{talk}/timeline")
    line = told["happenings"]
    assert [each["kind"].partition(".")[2] for each in line] == stage.happened(talk)
    assert [each["version"] for each in line] == list(range(1, len(line) + 1))
    by_kind = {each["kind"].partition(".")[2]: each for each in line}
    assert (by_kind["Routed"]["agent"], by_kind["Routed"]["code"], by_kind["Routed"]["by"]) == (
        "小林",
        "person",
        "system",
    )
    assert (by_kind["ConversationClosed"]["code"], by_kind["ConversationClosed"]["agent"]) == ("solved", "小林")
    assert by_kind["HandedOver"]["because"]
    assert by_kind["HandedOver"]["code"] == ""
    texts = {each["id"]: each["text"] for each in told["messages"]}
    assert {each["message"] for each in line if each["message"]} == set(texts)
    assert texts[by_kind["ReplyHeld"]["message"]].startswith("加我微信")
    assert PHONE not in str(told)
    assert told["nextAfter"] is None
    later = await lin.get(f"/api/desk/conversations/{talk}/timeline", after="3")
    assert later["happenings"] == line[3:]


async def test_it_goes_on_page_by_page(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("huiyin.web.timeline.PAGE", 2)
    lin = await stage.agent()
    customer = stage.customer("direct")
    await customer.says("在吗")
    await stage.settle()
    path, kinds, after = f"/api/desk/conversations/{customer.conversation}/timeline", [], 0
    while after is not None:
        told = await lin.get(path, after=str(after))
        kinds += [each["kind"].partition(".")[2] for each in told["happenings"]]
        after = told["nextAfter"]
    assert kinds == stage.happened(customer.conversation)
    assert len(kinds) > 2


async def test_another_merchants_people_are_told_nothing(stage: Stage) -> None:
    customer = stage.customer()
    await customer.says("在吗")
    stranger = await stage.person("stranger")
    path = f"/api/desk/conversations/{customer.conversation}/timeline"
    assert (await stranger.http.get(path)).status_code == 404


@pytest.mark.parametrize("said", [1, 5])
async def test_it_costs_the_same_however_much_happened(stage: Stage, counter: Counter, said: int) -> None:
    lin = await stage.agent()
    customer = stage.customer("direct")
    for number in range(said):
        await customer.says(f"第{number}句")
    await stage.settle()
    path = f"/api/desk/conversations/{customer.conversation}/timeline"
    with counter.counting(SIGNED_IN + 4):
        await lin.get(path)
