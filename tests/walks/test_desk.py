"""What agents do with a conversation, and what the customer hears of it."""

from datetime import datetime

import pytest
import sqlalchemy as sa

from huiyin.channels.jd.chatlog import ChatRecord, inbound_of
from huiyin.channels.port import Origin
from huiyin.conversations import store
from huiyin.conversations.source_keys import keyed
from huiyin.kernel.ids import ShopId

from .founding import key
from .stage import Customer, Stage

LEADING_OFF = "加我微信 songguo2026，私下给您便宜"
BOASTING = "绝对是全网最低价"


@pytest.fixture
def buyer(stage: Stage) -> Customer:
    """Return a customer of the shop where people answer at once."""
    return stage.customer("direct")


def words_kept(stage: Stage, conversation: str) -> list[str | None]:
    """Return what became of each reply of a conversation, oldest first."""
    columns = store.message.c
    query = sa.select(columns.delivery).where(columns.conversation == conversation, columns.sender == "agent")
    return [row.delivery for row in stage.rows(query.order_by(columns.version))]


async def test_what_an_agent_sends_the_customer_hears(stage: Stage, buyer: Customer) -> None:
    lin = await stage.agent()
    await buyer.says("耳机能连两台手机吗")
    await stage.settle()
    assert await lin.sees() == [buyer.conversation]
    sent = await lin.sends(buyer.conversation, "可以同时连接两台，我把步骤发给您。")
    assert sent["outcome"] == "approved"
    assert buyer.heard() == []
    await stage.settle()
    assert buyer.heard() == ["可以同时连接两台，我把步骤发给您。"]
    shown = (await lin.opens(buyer.conversation))["messages"][-1]
    assert (shown["author"], shown["delivery"]) == ("小林", "delivered")


async def test_leading_a_customer_off_the_platform_is_held_and_never_leaves(stage: Stage, buyer: Customer) -> None:
    lin = await stage.agent()
    await buyer.says("能再便宜点吗")
    await stage.settle()
    for acknowledged in (False, True):
        sent = await lin.sends(buyer.conversation, LEADING_OFF, acknowledged=acknowledged)
        assert sent["outcome"] == "hold"
        assert [each["rule"] for each in sent["findings"]] == ["leaving.wechat"]
    await stage.settle()
    assert buyer.heard() == []
    assert stage.wire.sends == 0
    assert words_kept(stage, buyer.conversation) == ["held", "held"]
    assert stage.happened(buyer.conversation).count("ReplyHeld") == 2


async def test_a_warning_stores_nothing_until_the_agent_insists(stage: Stage, buyer: Customer) -> None:
    lin = await stage.agent()
    await buyer.says("别家更便宜")
    await stage.settle()
    warned = await lin.sends(buyer.conversation, BOASTING)
    assert (warned["outcome"], warned["message"]) == ("warn", None)
    assert warned["findings"]
    checked = await lin.does(buyer.conversation, "check", text=BOASTING)
    assert checked.json() == {"outcome": "warn", "findings": warned["findings"]}
    await stage.settle()
    assert buyer.heard() == []
    assert words_kept(stage, buyer.conversation) == []
    insisted = await lin.sends(buyer.conversation, BOASTING, acknowledged=True)
    await stage.settle()
    assert insisted["outcome"] == "approved"
    assert buyer.heard() == [BOASTING]


async def test_the_same_key_twice_sends_once_and_answers_the_same(stage: Stage, buyer: Customer) -> None:
    lin = await stage.agent()
    await buyer.says("在吗")
    await stage.settle()
    once = key()
    first = await lin.sends(buyer.conversation, "在的，您请说。", key=once)
    again = await lin.sends(buyer.conversation, "在的，您请说。", key=once)
    await stage.settle()
    late = await lin.sends(buyer.conversation, "在的，您请说。", key=once)
    assert first["message"]["id"] == again["message"]["id"] == late["message"]["id"]
    assert {first["outcome"], again["outcome"], late["outcome"]} == {"approved"}
    other = await lin.sends(buyer.conversation, "请问是哪一款？", key=key())
    await stage.settle()
    assert other["message"]["id"] != first["message"]["id"]
    assert buyer.heard() == ["在的，您请说。", "请问是哪一款？"]


async def test_the_same_key_for_a_held_draft_answers_hold_again(stage: Stage, buyer: Customer) -> None:
    lin = await stage.agent()
    await buyer.says("在吗")
    await stage.settle()
    once = key()
    answers = [await lin.sends(buyer.conversation, LEADING_OFF, key=once) for _ in range(2)]
    assert [each["outcome"] for each in answers] == ["hold", "hold"]
    assert answers[0] == answers[1]
    assert words_kept(stage, buyer.conversation) == ["held"]


async def test_a_repeat_after_the_close_answers_as_the_first_did(stage: Stage, buyer: Customer) -> None:
    lin = await stage.agent()
    await buyer.says("在吗")
    await stage.settle()
    once = key()
    first = await lin.sends(buyer.conversation, "在的，您请说。", key=once)
    await lin.closes(buyer.conversation)
    again = await lin.sends(buyer.conversation, "在的，您请说。", key=once)
    assert again["message"]["id"] == first["message"]["id"]
    assert buyer.heard() == ["在的，您请说。"]


async def test_only_whoever_has_the_conversation_writes_in_it(stage: Stage, buyer: Customer) -> None:
    lin, mei = await stage.agent("lin"), await stage.person("mei")
    await buyer.says("在吗")
    await stage.settle()
    refused = await mei.does(buyer.conversation, "send", text="您好", key=key())
    assert refused.status_code == 409
    assert refused.json()["detail"]
    await lin.sends(buyer.conversation, "您好")
    assert words_kept(stage, buyer.conversation) == ["approved"]


@pytest.mark.parametrize("text", ["", "  \n ", "长" * 2001], ids=["empty", "blank", "too long"])
async def test_an_empty_or_endless_reply_is_refused_with_its_limit(stage: Stage, buyer: Customer, text: str) -> None:
    lin = await stage.agent()
    await buyer.says("在吗")
    await stage.settle()
    refused = await lin.does(buyer.conversation, "send", text=text, key=key())
    assert refused.status_code == 400
    assert "2000" in refused.json()["title"]


async def test_a_transfer_moves_the_conversation_and_its_slot(stage: Stage, buyer: Customer) -> None:
    lin = await stage.agent("lin")
    await buyer.says("在吗")
    await stage.settle()
    mei = await stage.agent("mei")
    await lin.transfers(buyer.conversation, person=mei.id, note="客户问洗衣机，我不熟")
    assert (await lin.sees(), await mei.sees()) == ([], [buyer.conversation])
    loads = [(await each.get("/api/session"))["load"] for each in (lin, mei)]
    assert loads == [0, 1]
    assert (await lin.does(buyer.conversation, "send", text="您好", key=key())).status_code == 409


async def test_a_transfer_to_a_skill_waits_for_somebody_who_has_it(stage: Stage, buyer: Customer) -> None:
    mei = await stage.agent("mei")
    await buyer.says("降价了能退差价吗")
    await stage.settle()
    await mei.transfers(buyer.conversation, skill="价保")
    assert await mei.sees("waiting") == [buyer.conversation]
    lin = await stage.agent("lin")
    assert await lin.sees() == [buyer.conversation]


async def test_a_closed_conversation_cannot_be_handed_on_even_by_a_lead(stage: Stage, buyer: Customer) -> None:
    lin, lead = await stage.agent("lin"), await stage.person("lead")
    await buyer.says("在吗")
    await stage.settle()
    await lin.closes(buyer.conversation)
    for to in ({"person": lin.id}, {"skill": "价保"}):
        refused = await lead.does(buyer.conversation, "transfer", **to)
        assert refused.status_code == 409, to
    assert await lead.sees("closed") == [buyer.conversation]
    assert (await lin.get("/api/session"))["load"] == 0


@pytest.mark.parametrize(("seconds", "same"), [(599, True), (600, True), (601, False)])
async def test_who_returns_within_ten_minutes_of_the_close_goes_on_in_the_same_conversation(
    stage: Stage, buyer: Customer, seconds: int, same: bool
) -> None:
    lin = await stage.agent()
    await buyer.says("在吗")
    await stage.settle()
    stage.clock.advance(700)  # the platform's own session is over by then: our close alone decides
    await lin.closes(buyer.conversation)
    assert await lin.sees("closed") == [buyer.conversation]
    stage.clock.advance(seconds)
    await buyer.says("还有个问题")
    await stage.settle()
    assert len(buyer.conversations) == (1 if same else 2)
    assert stage.happened(buyer.conversation).count("ConversationReopened") == same
    assert await lin.sees() == [buyer.conversation]


async def test_a_reason_to_close_that_does_not_exist_is_refused(stage: Stage, buyer: Customer) -> None:
    lin = await stage.agent()
    await buyer.says("在吗")
    await stage.settle()
    refused = await lin.does(buyer.conversation, "close", reason="bored")
    assert refused.status_code == 400
    assert "solved" in refused.json()["detail"]


async def test_unread_counts_until_the_agent_reads(stage: Stage, buyer: Customer) -> None:
    lin = await stage.agent()
    for text in ("在吗", "有人吗"):
        await buyer.says(text)
    await stage.settle()
    assert (await lin.opens(buyer.conversation))["conversation"]["unread"] == 2
    answer = await lin.does(buyer.conversation, "read")
    assert answer.status_code == 204
    assert (await lin.opens(buyer.conversation))["conversation"]["unread"] == 0


async def test_on_the_read_tier_a_checked_reply_is_copied_and_known_again_when_polled(stage: Stage) -> None:
    lin, customer = await stage.agent(), stage.customer("pasted")
    customer.writes("尺码偏大吗")
    stage.clock.advance(5)
    await stage.polls("pasted")
    await stage.settle()
    words = "偏大半码，建议选小一号。"
    sent = await lin.sends(customer.conversation, words)
    assert sent["outcome"] == "copy"
    await stage.settle()
    assert stage.wire.sends == 0
    copied = await lin.does(customer.conversation, f"copied/{sent['message']['id']}")
    assert copied.json()["delivery"] == "copied"
    pasted(stage, customer, f" {words}\n")
    stage.clock.advance(2)
    found = await stage.polls("pasted")
    assert [each.duplicate for each in found] == [True, True]
    shown = (await lin.opens(customer.conversation))["messages"]
    assert [(each["sender"], each["delivery"], each["flags"]) for each in shown] == [
        ("customer", None, []),
        ("agent", "delivered", ["echo"]),
    ]
    assert [each.duplicate for each in await stage.polls("pasted")] == [True, True]
    assert stage.happened(customer.conversation).count("EchoRecognised") == 1


async def test_whoever_tries_sentences_against_the_database_finds_none(stage: Stage) -> None:
    shop = stage.shops["pasted"]
    said = ChatRecord("jd_plain", content="我怀孕了，这个能用吗", time="2026-11-11 12:00:00")
    (record,) = inbound_of([said], ShopId(shop), Origin.LIVE, "jingdong.im.pop.chatlog.get")
    assert [(await stage.receives("pasted", record)).duplicate for _ in range(2)] == [False, True]
    (row,) = stage.rows(sa.select(store.message.c.source_key).where(store.message.c.shop == shop))
    assert record.source_id not in row.source_key
    assert row.source_key == f"{shop}:{keyed(stage.house.ring, record.source_id)}"


async def test_words_an_agent_typed_at_the_platform_are_no_echo_but_a_reply_of_an_unregistered_account(
    stage: Stage,
) -> None:
    lin, customer = await stage.agent(), stage.customer("pasted")
    customer.writes("尺码偏大吗")
    stage.clock.advance(5)
    pasted(stage, customer, "您平时穿多大？")
    stage.clock.advance(5)
    await stage.polls("pasted")
    await stage.settle()
    shown = (await lin.opens(customer.conversation))["messages"]
    assert [each["sender"] for each in shown] == ["customer", "agent"]
    assert "未登记账号" in shown[1]["author"]


async def test_the_desk_tells_up_to_when_a_read_shop_was_polled_and_only_to_whom_it_is_theirs(stage: Stage) -> None:
    lin, stranger = await stage.agent(), await stage.agent("stranger")
    pasted = stage.shops["pasted"]
    assert await lin.get("/api/desk/polls") == [{"shop": pasted, "at": None}]
    await stage.worker.poll()
    polled_at = stage.clock.now()
    stage.clock.advance(30)
    (told,) = await lin.get("/api/desk/polls")
    assert (told["shop"], datetime.fromisoformat(told["at"])) == (pasted, polled_at)
    assert await stranger.get("/api/desk/polls") == []


def pasted(stage: Stage, customer: Customer, words: str) -> None:
    """Let an agent paste words into the platform's own window."""
    from huiyin.simulator.world import Said

    world = stage.simulator.world
    said = Said(world.new_number(15), "", customer.pin, "客服03", by_waiter=True, content=words, at=stage.clock.now())
    world.record(world.shops[stage.shops[customer.shop]], said)
