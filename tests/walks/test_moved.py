"""What is sealed opens in its own place only, also in a house that runs and remembers what it opened."""

import sqlalchemy as sa

from huiyin.conversations import store

from .stage import Stage

OURS, THEIRS = "我的订单到了，谢谢", "别家的话：我要投诉"


async def test_a_body_put_in_anothers_place_is_not_shown(stage: Stage) -> None:
    lin, here, there = await stage.agent(), stage.customer("direct"), stage.customer("foreign")
    await here.says(OURS)
    await there.says(THEIRS)
    await stage.settle()
    assert OURS in str(await lin.opens(here.conversation))
    columns = store.message.c
    (body,) = stage.rows(
        sa.select(columns.body).where(columns.conversation == there.conversation, columns.sender == "customer")
    )
    await stage.house.writer.do(lambda uow: uow.connection.execute(
        store.message.update().where(columns.conversation == here.conversation).values(body=body.body)
    ))  # fmt: skip
    answer = await lin.http.get(f"/api/desk/conversations/{here.conversation}")
    assert THEIRS not in answer.text
    assert answer.status_code == 422


async def test_a_name_put_in_anothers_place_is_not_shown(stage: Stage) -> None:
    lin, here, there = await stage.agent(), stage.customer("direct"), stage.customer("foreign")
    await here.says(OURS)
    await there.says(THEIRS)
    await stage.settle()
    assert (await lin.opens(here.conversation))["conversation"]["customer"]
    columns = store.customer.c
    sealed = {row.shop: row.ref_sealed for row in stage.rows(sa.select(columns.shop, columns.ref_sealed))}
    await stage.house.writer.do(lambda uow: uow.connection.execute(
        store.customer.update()
        .where(columns.shop == stage.shops["direct"])
        .values(ref_sealed=sealed[stage.shops["foreign"]])
    ))  # fmt: skip
    answer = await lin.http.get(f"/api/desk/conversations/{here.conversation}")
    assert answer.status_code == 422
