"""What a platform tells of a parcel holds a courier's name and number: no screen, draft or reply shows them."""

from .stage import Stage

PHONE, NAME, ROOM = "13698745214", "张建国", "张江路88弄3号502室"


async def test_a_couriers_number_and_a_home_are_masked_wherever_a_parcel_is_told_of(stage: Stage) -> None:
    lin, buyer = await stage.agent(), stage.customer("digital")
    shop = stage.simulator.world.shops[stage.shops["digital"]]
    for order in shop.orders_of(buyer.pin):
        if order.trace:
            at, title, _ = order.trace[-1]
            told = f"配送员{NAME}（电话{PHONE}）正在为您派送，收件地址上海市浦东新区{ROOM}"
            order.trace[-1] = (at, title, told)
    await buyer.says("我的快递到哪了", mt="order", order_id=buyer.order)
    await buyer.says("我的快递到哪里了")
    await stage.settle()
    path = f"/api/desk/conversations/{buyer.conversation}"
    shown = [await lin.http.get(path), await lin.http.get(f"{path}/orders/{buyer.order}/logistics")]
    assert [each.status_code for each in shown] == [200, 200]
    assert "136****5214" in shown[1].text
    everything = " ".join([*(each.text for each in shown), *buyer.heard()])
    assert [each for each in (PHONE, ROOM, f"员{NAME}") if each in everything] == []
