"""One side asks, the other answers almost nothing: what was asked says what the answer is.

服 is an agent who answers through Huiyin, 台 one who writes in the platform's own window, 客 the customer.
"""

import asyncio

import pytest
import sqlalchemy as sa

from huiyin.conversations import store
from huiyin.kernel.actors import system
from huiyin.kernel.units import Seconds
from huiyin.simulator.world import Said

from .founding import key
from .stage import Customer, Person, Stage

Told = list[tuple[str, str]]
"""What the customer said, and how it is shown; (服…, "") and (台…, "") are the other side's words between."""

ASKED: dict[str, Told] = {
    "a name": [("服请问收件人怎么称呼？", ""), ("陈知夏", "陈**")],
    "a name with a family name of two characters": [("服姓名？", ""), ("上官云舟", "上***")],
    "a name, a little later": [("服收货人是哪位呢", ""), ("嗯", "嗯"), ("写何静宜就行", "写何**就行")],
    "two names": [("服麻烦提供一下收件人姓名", ""), ("贺云帆 或者 马思远", "贺** 或者 马**")],
    "three things at once": [
        ("服麻烦发一下姓名、电话和地址哦", ""),
        ("周听雨", "周**"),
        ("189", "***"),
        ("0000 1111", "*********"),
        ("云栖小区9幢1203", "云栖小****"),
    ],
    "a pick-up code": [("服取件码报一下", ""), ("660417", "******")],
    "a shelf number": [("服驿站的货架号是多少呢", ""), ("5-2-3018 这个", "******** 这个")],
    "a code in two pieces": [("台收到的验证码发我一下可以吗", ""), ("66", "**"), ("0417", "****")],
    "a WeChat id": [("台您微信号多少", ""), ("sunny_2077", "s*********")],
    "a WeChat id that is a telephone number": [("台您微信号是多少", ""), ("18900001111", "189****1111")],
    "a QQ number": [("台您QQ号多少呀", ""), ("是 55667788", "是 ********")],
    "a local number": [("服您家里座机多少", ""), ("66778899", "********")],
    "a plate": [("服车牌号发我一下", ""), ("B7N3Q2 浙的", "****** 浙的")],
    "the end of an ID number, then its beginning": [
        ("台身份证后六位？", ""), ("013316", "******"), ("台前面呢", ""), ("330106198807", "************"),
    ],
    "the rest of a telephone number": [("服前三位是186对吗", ""), ("对，00234567", "对，********")],
    "the end of a telephone number, then its beginning": [
        ("服麻烦提供手机后四位", ""), ("4567", "****"), ("服前七位呢", ""), ("1860023", "*******"),
    ],
    "a number that is read back": [
        ("我号码186", "我号码186"), ("服186，后面呢", ""), ("0023", "****"), ("服0023", ""), ("4567", "****"),
    ],
    "a number digit by digit": [("服您手机号是多少", ""), *((digit, "*") for digit in "18600234567")],
    "a number in numerals": [("服联系电话报一下", ""), ("幺八六", "***"), ("零零二三", "****")],
    "a number that has to be said again": [
        ("服手机号发一下", ""), ("18600", "*****"), ("服没收全，麻烦再发一遍", ""), ("234567", "******"),
    ],
    "an e-mail address": [("台邮箱发我一下", ""), ("wangxiaolu 163的", "w********* 163的")],
    "a house": [("服请问几栋几单元呢", ""), ("6栋", "**"), ("3单元", "***"), ("1102", "****")],
    "a number asked in the platform's window": [("台留个手机号吧", ""), ("186", "***"), ("好的", "好的"), ("00", "**")],
    "a card": [("台退款的银行卡号报一下", ""), ("6222 02", "*******"), ("1234567890", "**********")],
    "a passport": [("台护照号是多少", ""), ("G55667788", "*********")],
}  # fmt: skip

SPLIT: dict[str, Told] = {
    "pictures and small words between": [
        ("186", "186"), ("[微笑]", "[微笑]"), ("0023", "0023"), ("好的", "好的"), ("4567", "****"),
    ],
    "a thumb and a platform's picture between": [
        ("我电话186", "我电话186"), ("👌", "👌"), ("0023", "0023"), ("#E-s09", "#E-s09"), ("4567", "****"),
    ],
    "a question mark at the end": [("我手机是186 0023？", "我手机是186 0023？"), ("4567", "****")],
    "a picture at the end": [("手机1860023[微笑]", "手机1860023[微笑]"), ("4567", "****")],
    "the second half first": [("后面八位00234567", "后面八位0*******"), ("前面是186", "前面是1**")],
    "an address, piece by piece": [
        ("杭州西湖区", "杭州西湖区"), ("云栖三区", "****"), ("9幢", "**"), ("1单元", "***"), ("1203", "****"),
    ],
    "words of the other side between": [("1860023", "1860023"), ("服您好请讲", ""), ("4567", "****")],
}  # fmt: skip

HARMLESS: dict[str, Told] = {
    "an order": [("服请问订单号是多少？", ""), ("3058812345671", "3058812345671")],
    "the end of an order": [("服订单号后四位？", ""), ("8812", "8812"), ("服前面呢", ""), ("305881", "305881")],
    "an order after a telephone number": [
        ("服手机号发一下", ""), ("18600234567", "186****4567"), ("服订单号呢", ""), ("305881234567", "305881234567"),
    ],
    "how many": [("服您要几件？", ""), ("2", "2")],
    "how many, after a telephone number": [
        ("服电话多少", ""), ("18600234567", "186****4567"), ("2", "2"), ("服要几台呢", ""), ("3", "3"),
    ],
    "how tall": [("服您身高多少？", ""), ("178", "178")],
    "how tall and how heavy": [("服身高体重报一下，帮您看尺码", ""), ("178 65", "178 65")],
    "what size": [("服多大码？", ""), ("39", "39")],
    "how much": [("服退了多少钱给您", ""), ("1299", "1299"), ("1299.00", "1299.00")],
    "a parcel": [("服运单号发一下", ""), ("SF1382736451", "SF1382736451"), ("78213456", "78213456")],
    "a model": [("服您手机是什么型号的", ""), ("KFR-35GW", "KFR-35GW"), ("mate60", "mate60")],
    "memory": [("服您手机多少内存的", ""), ("256", "256")],
    "a colour": [("服要什么颜色的", ""), ("白色", "白色"), ("红", "红")],
    "no name": [
        ("服请问收件人姓名？", ""), ("为什么要姓名", "为什么要姓名"), ("不方便说", "不方便说"), ("算了", "算了"),
    ],
    "no telephone number": [
        ("服留个电话吧", ""), ("不用了，等了3天", "不用了，等了3天"), ("都买了2件了", "都买了2件了"),
    ],
    "no address": [("服您收货地址是哪里", ""), ("等我找一下", "等我找一下"), ("就按默认的", "就按默认的")],
    "a time": [("服您几点方便", ""), ("15:30", "15:30"), ("3点后", "3点后")],
    "a telephone number nobody asks for": [
        ("服您的电话已经登记好了，还需要别的吗", ""), ("2", "2"), ("再来4个", "再来4个"),
    ],
    "an order and a telephone number": [("服订单号和手机号发一下", ""), ("305881234567", "305881234567")],
    "a price after a telephone number": [
        ("服手机号报一下", ""), ("没有1399的那款便宜", "没有1399的那款便宜"), ("服预算多少", ""), ("1399", "1399"),
    ],
    "an address that is whole": [("送到云栖三区9幢1203", "送到云栖三****"), ("服要几箱呢", ""), ("120", "120")],
    "a choice": [("服留电话还是退款？回复1或2", ""), ("2", "2")],
    "nobody asked": [("陈知夏", "陈知夏"), ("660417", "660417"), ("4567", "4567")],
}  # fmt: skip


async def writes_at_the_platform(stage: Stage, customer: Customer, words: str) -> None:
    """Let an agent write in the platform's own window; the platform pushes it to us."""
    world = stage.simulator.world
    shop = world.shops[stage.shops[customer.shop]]
    said = Said(world.new_number(15), "", customer.pin, "客服03", by_waiter=True, content=words, at=stage.clock.now())
    world.record(shop, said)
    await stage.client().post(f"/hooks/jd/{shop.seed.shop}", content=stage.simulator.courier.body(shop, [said]))


async def plays(stage: Stage, lin: Person, customer: Customer, told: Told) -> list[tuple[str, str]]:
    """Play a talk; return what the customer said, and how the desk shows it."""
    await customer.says("在吗")
    await stage.settle()
    for words, _ in told:
        stage.clock.advance(Seconds(4))
        if words.startswith("服"):
            sent = await lin.sends(customer.conversation, words[1:], key=key(), acknowledged=True)
            assert sent["outcome"] == "approved", f"the gates keep the agent from asking: {words}"
        elif words.startswith("台"):
            await writes_at_the_platform(stage, customer, words[1:])
        else:
            await customer.says(words)
    await stage.settle()
    messages = (await lin.opens(customer.conversation))["messages"]
    shown = [each["text"] for each in messages if each["sender"] == "customer"]
    words_of_theirs = [words for words, _ in by_customer(told)]
    return list(zip(words_of_theirs, shown[-len(words_of_theirs) :], strict=True)) if words_of_theirs else []


def by_customer(told: Told) -> Told:
    return [each for each in told if each[0][0] not in "服台"]


TALKS = {**ASKED, **SPLIT, **HARMLESS}


@pytest.mark.parametrize("talk", TALKS)
async def test_what_was_asked_says_what_the_answer_is(stage: Stage, talk: str) -> None:
    lin = await stage.agent()
    assert await plays(stage, lin, stage.customer("direct"), TALKS[talk]) == by_customer(TALKS[talk])


async def test_who_was_not_asked_is_not_answering(stage: Stage) -> None:
    lin = await stage.agent()
    one, other = stage.customer("direct"), stage.customer("direct", 1)
    await plays(stage, lin, one, [("服取件码报一下", "")])
    assert await plays(stage, lin, other, [("660417", "")]) == [("660417", "660417")]
    assert await plays(stage, lin, one, [("660417", "")]) == [("660417", "******")]


async def test_what_was_asked_long_ago_asks_nothing_any_more(stage: Stage) -> None:
    lin, customer = await stage.agent(), stage.customer("direct")
    await plays(stage, lin, customer, [("服取件码报一下", "")])
    await stage.passes(121)
    await customer.says("660417")
    shown = (await lin.opens(customer.conversation))["messages"]
    assert shown[-1]["text"] == "660417"


async def test_a_destroyed_key_takes_the_question_with_it(stage: Stage) -> None:
    lin, customer = await stage.agent(), stage.customer("direct")
    await plays(stage, lin, customer, [("服取件码报一下", "")])
    other = stage.customer("digital")
    await other.says("在吗")
    await other.ends()
    shredded = stage.rows(sa.select(store.customer.c.id).where(store.customer.c.shop == stage.shops["digital"]))[0].id
    await asyncio.to_thread(stage.house.keyroom.shred, shredded, "案卷 7", actor=system("officer"))
    await customer.says("660417")
    assert (await lin.opens(customer.conversation))["messages"][-1]["text"] == "660417"
