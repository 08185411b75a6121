"""What customers send, in every shape and order the platform delivers it."""

import pytest
import sqlalchemy as sa

from huiyin.conversations import store
from huiyin.conversations.source_keys import keyed
from huiyin.kernel.units import Seconds
from huiyin.simulator.visits import Line

from .founding import NOON
from .stage import Customer, Stage

PHONE = "13812345678"
SECRET_WORDS = "请把礼盒送到收发室，打这个电话"


def on_disk(stage: Stage) -> bytes:
    """Return every byte of the database, its log included."""
    return b"".join(each.read_bytes() for each in sorted(stage.folder.glob("huiyin.db*")))


async def test_a_phone_number_is_masked_on_screen_and_nothing_plain_lies_on_disk(
    stage: Stage, customer: Customer
) -> None:
    lead = await stage.person("lead")
    await customer.says(f"{SECRET_WORDS}{PHONE}")
    await stage.settle()
    shown = await lead.opens(customer.conversation)
    assert shown["messages"][0]["text"] == f"{SECRET_WORDS}138****5678"
    assert PHONE not in str(shown)
    written = on_disk(stage)
    assert customer.conversation.encode() in written
    for plain in (PHONE, SECRET_WORDS, SECRET_WORDS[:6], customer.pin):
        assert plain.encode() not in written
        assert plain.encode("utf-16-le") not in written


@pytest.mark.parametrize("between", ["和", "，", " ", "/"])
async def test_two_numbers_with_one_mark_between_them_are_both_masked(
    stage: Stage, customer: Customer, between: str
) -> None:
    lead = await stage.person("lead")
    await customer.says(f"{PHONE}{between}13987654321{between}li.na@example.com")
    shown = await lead.opens(customer.conversation)
    assert shown["messages"][0]["text"] == f"138****5678{between}139****4321{between}l***@example.com"


async def test_the_order_is_looked_up_beside_the_chat_and_a_strangers_order_is_absent(
    stage: Stage, customer: Customer
) -> None:
    lin = await stage.person("lin")
    await customer.says("我的订单呢", mt="order", order_id=customer.order)
    await stage.settle()
    path = f"/api/desk/conversations/{customer.conversation}/orders"
    found = await lin.get(path)
    assert customer.order in [each["orderId"] for each in found]
    assert all(each["asOf"] == "2026-06-01T04:00:00Z" for each in found)
    await lin.get(f"{path}/{customer.order}/logistics")
    await lin.get(f"{path}/{customer.order}/price-protection")
    strangers = stage.customer(place=1).order
    for what in ("logistics", "price-protection"):
        theirs = await lin.http.get(f"{path}/{strangers}/{what}")
        absent = await lin.http.get(f"{path}/999999999999/{what}")
        assert theirs.status_code == absent.status_code == 404
        assert theirs.json() == absent.json()


async def test_an_image_goes_to_a_person_with_its_address(stage: Stage, customer: Customer) -> None:
    lin = await stage.agent()
    await customer.says(mt="image", url="https://img.invalid/broken-box.jpg")
    await stage.settle()
    shown = await lin.opens(customer.conversation)
    assert await lin.sees() == [customer.conversation]
    image = shown["messages"][0]
    assert (image["kind"], image["data"]["url"]) == ("image", "https://img.invalid/broken-box.jpg")


async def test_a_delivery_pushed_twice_is_stored_once(stage: Stage, customer: Customer) -> None:
    stage.simulator.world.settings.faults.duplicates = 1.0
    for text in ("在吗", "请问什么时候发货？"):
        await customer.says(text)
    await stage.settle()
    assert stage.simulator.courier.pushed == 4
    kinds = stage.happened(customer.conversation)
    assert kinds.count("MessageReceived") == 2
    assert kinds.count("ConversationOpened") == 1
    assert len(customer.heard()) == kinds.count("ReplyDelivered") <= 2


async def test_a_delivery_holding_one_message_twice_tells_of_the_duplicate(stage: Stage, customer: Customer) -> None:
    stage.simulator.courier.push = lambda *_: None  # delivered by hand below
    said = customer.writes("在吗")
    world = stage.simulator.world.shops[stage.shops["digital"]]
    body = stage.simulator.courier.body(world, [said, said])
    answer = await stage.client().post(f"/hooks/jd/{stage.shops['digital']}", content=body)
    assert answer.json() == {"code": "0", "received": 2, "duplicates": 1}


async def test_messages_that_overtook_each_other_end_in_one_conversation_with_their_own_times(
    stage: Stage, customer: Customer
) -> None:
    stage.simulator.world.settings.faults.reordering = 1.0
    first = customer.writes("订单想改地址")
    stage.clock.advance(Seconds(3))
    second = customer.writes("还没付款")
    await stage.simulator.courier.settle()
    columns = store.message.c
    query = sa.select(columns.source_key, columns.platform_at, columns.version)
    rows = stage.rows(query.where(columns.conversation == customer.conversation).order_by(columns.version))
    ids = [keyed(stage.house.ring, each.mid) for each in (second, first)]
    assert [row.source_key.partition(":")[2] for row in rows] == ids
    assert rows[0].platform_at - rows[1].platform_at == 3000
    assert len(customer.conversations) == 1


async def test_a_record_eleven_minutes_late_says_so_and_one_in_time_does_not(stage: Stage, customer: Customer) -> None:
    lead = await stage.person("lead")
    courier = stage.simulator.courier
    world = stage.simulator.world.shops[stage.shops["digital"]]
    push, courier.push = courier.push, lambda *_: None  # the way is blocked for a while
    late = customer.writes("下午能到吗")
    stage.clock.advance(Seconds(60))
    timely = customer.writes("在吗")
    stage.clock.advance(Seconds(600))  # eleven minutes after the first, ten after the second
    courier.push = push
    for each in (late, timely):
        courier.push(world, each)
    await courier.settle()
    shown = await lead.opens(customer.conversation)
    assert [each["flags"] for each in shown["messages"]] == [["late"], []]


async def test_a_recalled_message_stays_on_record_and_is_marked(stage: Stage, customer: Customer) -> None:
    lead = await stage.person("lead")
    await customer.says("我不要了")
    await customer.says(mt="recall")
    await customer.says(mt="recall")
    shown = await lead.opens(customer.conversation)
    assert [(each["text"], each["flags"]) for each in shown["messages"]] == [("我不要了", ["recalled"])]
    assert stage.happened(customer.conversation).count("MessageRecalled") == 1


async def test_a_recall_in_the_same_delivery_as_its_message_marks_it(stage: Stage, customer: Customer) -> None:
    lead = await stage.person("lead")
    stage.simulator.courier.push = lambda *_: None  # delivered by hand below
    said = [customer.writes("发错了"), customer.writes(mt="recall")]
    world = stage.simulator.world.shops[stage.shops["digital"]]
    body = stage.simulator.courier.body(world, said)
    answer = await stage.client().post(f"/hooks/jd/{stage.shops['digital']}", content=body)
    assert answer.status_code == 200
    shown = await lead.opens(customer.conversation)
    assert [each["flags"] for each in shown["messages"]] == [["recalled"]]


async def test_a_shop_without_pushes_is_polled_once_however_often(stage: Stage) -> None:
    customer = stage.customer("pasted")
    world = stage.simulator.world.shops[stage.shops["pasted"]]
    for text in ("有人在吗", "想问下尺寸"):
        stage.simulator.crowd.say(world, customer.pin, Line("text", text))
        stage.clock.advance(Seconds(1))
    assert stage.clock.now() > NOON
    first, again = await stage.polls("pasted"), await stage.polls("pasted")
    assert [each.duplicate for each in first] == [False, False]
    assert [each.duplicate for each in again] == [True, True]
    assert {each.conversation for each in first} == {customer.conversation}
