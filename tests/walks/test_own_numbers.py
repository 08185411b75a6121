"""A customer's own number may be repeated to them by whoever was shown it; anybody else's never leaves.

Whoever was not shown it gets the same answer about it as about every other number: no draft tells which one it is.
"""

import pytest
import sqlalchemy as sa

from huiyin.assist.thinking import BOT
from huiyin.channels.port import Content, Sender
from huiyin.conversations.access import find_many
from huiyin.conversations.sending import Draft, Outgoing
from huiyin.eventlog.unit_of_work import UnitOfWork

from .codes import is_shown
from .stage import Customer, Person, Stage

OWN, OTHERS = "13812345678", "13987654321"


async def asks(agent: Person, conversation: str, text: str) -> str:
    """Return what the gates say before a draft is sent, and hold it against what sending says."""
    checked = (await agent.does(conversation, "check", text=text)).json()["outcome"]
    sent = await agent.sends(conversation, text)
    assert sent["outcome"] == {"pass": "approved"}.get(checked, checked)
    return str(sent["outcome"])


@pytest.fixture
def buyer(stage: Stage) -> Customer:
    return stage.customer("direct")


async def test_whoever_was_not_shown_a_number_cannot_tell_it_from_others_by_asking(
    stage: Stage, buyer: Customer
) -> None:
    lin, mei = await stage.agent(), await stage.agent("mei")
    await buyer.says(f"我的电话是{OWN}，邮箱 song.guo@example.com")
    await stage.settle()
    holder = lin if await lin.sees() else mei
    other = mei if holder is lin else lin
    guesses = [OWN, OTHERS, "13812345679", "song.guo@example.com", "somebody@example.com"]
    for person in (holder, other):
        answers = [(await person.does(buyer.conversation, "check", text=f"是{each}吗")).json() for each in guesses]
        assert [each["outcome"] for each in answers] == ["hold", "hold", "hold", "warn", "warn"]
        assert len({str(each["findings"]) for each in answers[:3]}) == 1
    listed = (await other.does(buyer.conversation, "check", text="，电话".join(["", *guesses[:3]]))).json()
    assert [each["rule"] for each in listed["findings"]] == ["privacy.mobile"] * 3
    await is_shown(holder, buyer.conversation)
    assert (await holder.does(buyer.conversation, "check", text=f"是{OWN}吗")).json()["outcome"] == "pass"
    assert (await other.does(buyer.conversation, "check", text=f"是{OWN}吗")).json()["outcome"] == "hold"


async def test_a_draft_longer_than_any_reply_is_not_looked_at(stage: Stage, buyer: Customer) -> None:
    lin = await stage.agent()
    await buyer.says("在吗")
    await stage.settle()
    answer = await lin.does(buyer.conversation, "check", text="好" * 2001)
    assert (answer.status_code, answer.json()["status"]) == (400, 400)


async def test_the_customers_own_number_passes_without_a_warning_and_reaches_them_whole(
    stage: Stage, buyer: Customer
) -> None:
    lin = await stage.agent()
    await buyer.says(f"我的电话是{OWN}，请改成这个")
    await stage.settle()
    await is_shown(lin, buyer.conversation)
    assert await asks(lin, buyer.conversation, f"好的，会打 {OWN} 联系您") == "approved"
    await stage.settle()
    assert buyer.heard() == [f"好的，会打 {OWN} 联系您"]
    shown = await lin.opens(buyer.conversation)
    assert OWN not in str(shown)
    assert OWN.encode() not in b"".join(each.read_bytes() for each in stage.folder.glob("huiyin.db*"))


async def test_a_number_the_customer_never_wrote_is_held_also_beside_their_own(stage: Stage, buyer: Customer) -> None:
    lin = await stage.agent()
    await buyer.says(f"我的电话是{OWN}")
    await stage.settle()
    await is_shown(lin, buyer.conversation)
    for draft in (f"派送员的电话是{OTHERS}", f"{OWN}和{OTHERS}", f"{OTHERS},{OWN}"):
        assert await asks(lin, buyer.conversation, draft) == "hold"
    await stage.settle()
    assert buyer.heard() == []


async def test_what_another_customer_wrote_in_another_conversation_is_held(stage: Stage, buyer: Customer) -> None:
    lin, neighbour = await stage.agent(), stage.customer("direct", 1)
    await neighbour.says(f"我的电话是{OTHERS}")
    await buyer.says("我的快递呢")
    await stage.settle()
    await is_shown(lin, neighbour.conversation)
    assert await asks(lin, buyer.conversation, f"打的是{OTHERS}吗") == "hold"
    assert await asks(lin, neighbour.conversation, f"打的是{OTHERS}吗") == "approved"


async def test_what_our_own_side_said_makes_no_number_the_customers(stage: Stage, buyer: Customer) -> None:
    lin = await stage.agent()
    await buyer.says("请给我派送员的电话")
    await stage.settle()
    for _again in range(2):
        assert await asks(lin, buyer.conversation, f"电话是{OTHERS}") == "hold"


async def test_in_the_read_tier_the_same_words_pass_and_the_same_are_held(stage: Stage) -> None:
    lin, buyer = await stage.agent(), stage.customer("pasted")
    buyer.writes(f"我的电话是{OWN}")
    await stage.polls("pasted")
    await stage.settle()
    await is_shown(lin, buyer.conversation)
    own = await lin.sends(buyer.conversation, f"会打{OWN}联系您")
    assert (own["outcome"], own["findings"]) == ("copy", [])
    others = await lin.sends(buyer.conversation, f"会打{OTHERS}联系您")
    assert (others["outcome"], [each["rule"] for each in others["findings"]]) == ("hold", ["privacy.mobile"])


async def test_many_drafts_with_numbers_cost_one_look_and_drafts_without_cost_none(stage: Stage) -> None:
    looks: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if "message.original" in statement and "message.sender = " in statement:
            looks.append(statement)

    customers = [stage.customer(place=place) for place in range(3)]
    for place, each in enumerate(customers):
        await each.says(f"号码{OWN if place else OTHERS}")
    await stage.worker.carry()

    def send(uow: UnitOfWork, words: str) -> list[str]:
        talks = find_many(uow, [each.conversation for each in customers])
        drafts = [
            Outgoing(talks[each.conversation], Draft(Content(text=words), Sender.BOT), live=True) for each in customers
        ]
        return [each.outcome for each in stage.house.exit.send(uow, drafts, actor=BOT)]

    engine = stage.house.writer._engine
    sa.event.listen(engine, "before_cursor_execute", note)
    try:
        assert await stage.house.writer.do(send, "您好，请稍等。") == ["approved"] * 3
        assert looks == []
        assert await stage.house.writer.do(send, f"是{OWN}吗？") == ["hold", "approved", "approved"]
        assert len(looks) == 1
    finally:
        sa.event.remove(engine, "before_cursor_execute", note)
