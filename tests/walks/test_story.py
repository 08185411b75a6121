"""One customer message, from the platform to the figures, and back to the customer's ear."""

from huiyin.assist.answers import DISCLOSURE

from .stage import Customer, Stage

PHONE = "13812345678"


async def test_a_standard_question_is_answered_by_the_bot_with_its_citation_and_disclosure(
    stage: Stage, customer: Customer
) -> None:
    lead = await stage.person("lead")
    await customer.says("请问什么时候发货？")
    await stage.settle()

    assert customer.hears().startswith(DISCLOSURE)
    shown = await lead.opens(customer.conversation)
    reply = shown["messages"][-1]
    assert (reply["sender"], reply["delivery"]) == ("bot", "delivered")
    assert [each["kind"] for each in reply["citations"]] == ["clause"]
    assert reply["citations"][0]["ref"].startswith("digital.shipping@")
    assert reply["citations"][0]["quote"][:6] in customer.hears()
    assert await lead.sees("bot") == [customer.conversation]


async def test_the_bot_discloses_itself_once(stage: Stage, customer: Customer) -> None:
    await customer.says("请问什么时候发货？")
    await stage.settle()
    await customer.says("用的哪家快递")
    await stage.settle()
    first, second = customer.heard()
    assert DISCLOSURE in first
    assert DISCLOSURE not in second


async def test_an_unknown_question_gets_parting_words_then_waits_then_reaches_an_agent(
    stage: Stage, customer: Customer
) -> None:
    await customer.says("你们老板喜欢吃榴莲还是山竹？")
    await stage.settle()
    assert "人工客服" in customer.hears()
    lin = await stage.person("lin")
    assert await lin.sees("waiting") == [customer.conversation]
    await lin.goes("online")
    assert await lin.sees("mine") == [customer.conversation]
    told = [each for each in stage.happened(customer.conversation) if each in {
        "ReplyApproved", "ReplyDelivered", "HandedOver", "Queued", "Routed",
    }]  # fmt: skip
    assert told == ["Routed", "ReplyApproved", "ReplyDelivered", "HandedOver", "Queued", "Routed"]


async def test_the_bot_closes_a_conversation_after_ten_minutes_of_silence_and_takes_it_up_again(
    stage: Stage, customer: Customer
) -> None:
    lead = await stage.person("lead")
    await customer.says("请问什么时候发货？")
    await stage.settle()
    await stage.passes(599)
    assert customer.conversation in await lead.sees("bot")
    await stage.passes(2)
    assert customer.conversation in await lead.sees("closed")
    await customer.says("还有，发什么快递？")
    await stage.settle()
    assert await lead.sees("bot") != []
