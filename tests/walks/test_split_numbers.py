"""A customer writes a number in pieces, as many do: what is stored is masked all the same."""

import asyncio

import pytest
import sqlalchemy as sa

from huiyin.conversations import store
from huiyin.kernel.actors import system

from .stage import Customer, Stage

OFFICER = system("officer")


async def shown(stage: Stage, customer: Customer, *said: str) -> list[str]:
    for words in said:
        await customer.says(words)
    await stage.settle()
    lead = await stage.person("lead")
    told = await lead.opens(customer.conversation)
    return [each["text"] for each in told["messages"] if each["sender"] == "customer"]


@pytest.mark.parametrize(
    ("said", "read"),
    [
        (["我电话138", "1234 5678"], ["我电话138", "*********"]),
        (["我微信是", "songguo88"], ["我微信是", "s********"]),
        (["收件人", "李小雨"], ["收件人", "李**"]),
        (["订单号", "13812345678"], ["订单号", "13812345678"]),
    ],
)
async def test_the_second_piece_is_masked(stage: Stage, customer: Customer, said: list[str], read: list[str]) -> None:
    assert await shown(stage, customer, *said) == read


async def test_another_customer_does_not_go_on_with_it(stage: Stage, customer: Customer) -> None:
    await customer.says("我电话138")
    assert await shown(stage, stage.customer(place=1), "12345678") == ["12345678"]


async def test_a_destroyed_key_takes_the_remembered_end_with_it(stage: Stage, customer: Customer) -> None:
    await customer.says("我电话138")
    await customer.ends()
    assert remembered(stage) == {"我电话138"}
    (row,) = stage.rows(sa.select(store.customer.c.id))
    await asyncio.to_thread(stage.house.keyroom.shred, row.id, "案卷 5", actor=OFFICER)
    await customer.says("12345678")
    assert remembered(stage) == {"12345678"}


def remembered(stage: Stage) -> set[str]:
    return {each.text for each in stage.house.inbox._tails._tails.values()}


async def test_much_later_it_is_another_matter(stage: Stage, customer: Customer) -> None:
    await customer.says("我电话138")
    await stage.passes(180)
    assert await shown(stage, customer, "12345678") == ["我电话138", "12345678"]
