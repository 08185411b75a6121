"""Plant the simulated world from its seed: the same seed and start give the same world."""

from datetime import datetime, timedelta

from huiyin.simulator.aftermath import plant_aftermath
from huiyin.simulator.goods import DIGITAL, FRESH, GIVEN, PARCEL_STEPS, PLACES, SURNAMES
from huiyin.simulator.world import Customer, Protected, Said, Shop, SimOrder, Sku, Verdict, World

STATES = (
    "WAIT_SELLER_STOCK_OUT",
    "WAIT_GOODS_RECEIVE_CONFIRM",
    "FINISHED_L",
    "TRADE_CANCELED",
    "LOCKED",
    "PAUSE",
)
SOME_PAID_FIRST = 0.5
SOME_PASS = 0.7
SOME_JUDGE = 0.4
WEIGHTS = (25, 30, 34, 6, 3, 2)
SHIPPED = {"WAIT_GOODS_RECEIVE_CONFIRM", "FINISHED_L"}

_OLD_TALK = (
    ("这款什么时候能发货", "您好，付款后按下单顺序发出的。", "好的"),
    ("发票怎么开呀", "您好，订单完成后可以在订单里申请。", "行 谢谢"),
    ("能便宜点不", "您好，页面价格就是活动价了呢。", "那算了"),
    ("收到了 少个配件", "非常抱歉，我帮您登记补发。", "尽快哈"),
)


def plant(world: World) -> World:
    """Fill every shop with goods, buyers, orders and a little chat history."""
    now = world.clock.now()
    for number, shop in enumerate(world.shops.values(), start=1):
        goods = FRESH if shop.seed.kind == "fresh" else DIGITAL
        shop.skus = [
            Sku(f"{10000 + number}{place:07d}", name, short, price)
            for place, (name, short, price) in enumerate(goods, start=1)
        ]
        for _ in range(world.settings.customers):
            customer = _customer(world)
            shop.customers[customer.pin] = customer
            for _ in range(world.random.choice((1, 1, 1, 2, 3))):
                order = _order(world, shop, customer, now)
                shop.orders[order.order_id] = order
        _protect(world, shop, now)
        _remember(world, shop, now)
    plant_aftermath(world)
    return world


def _customer(world: World) -> Customer:
    chance = world.random
    name = chance.choice(SURNAMES) + chance.choice(GIVEN)
    place = f"{chance.choice(PLACES)}{chance.randrange(1, 300)}号{chance.randrange(1, 30)}栋"
    # 199 0000 is used here as a stand-in range; the rest is random.
    return Customer(f"jd_{chance.getrandbits(44):011x}", name, f"1990000{chance.randrange(10000):04d}", place)


def _order(world: World, shop: Shop, customer: Customer, now: datetime) -> SimOrder:
    chance = world.random
    state = chance.choices(STATES, WEIGHTS)[0]
    created = now - timedelta(seconds=chance.randrange(600, 28 * 86400 if state == "FINISHED_L" else 5 * 86400))
    paid = None if state == "TRADE_CANCELED" and chance.random() < SOME_PAID_FIRST else created + timedelta(seconds=40)
    order = SimOrder(
        order_id=world.new_number(12),
        pin=customer.pin,
        state=state,
        lines=[(sku, chance.choice((1, 1, 1, 2))) for sku in chance.sample(shop.skus, chance.choice((1, 1, 2)))],
        created=created,
        paid=paid,
        finished=None,
        waybill="",
        trace=[],
    )
    if state in SHIPPED:
        order.waybill = f"JDV{world.new_number(11)}"
        steps = len(PARCEL_STEPS) if state == "FINISHED_L" else chance.randrange(1, len(PARCEL_STEPS))
        gap = (now - created) / (len(PARCEL_STEPS) + 1)
        order.trace = [
            (created + gap * (place + 1), title, remark) for place, (title, remark) in enumerate(PARCEL_STEPS[:steps])
        ]
    if state == "FINISHED_L":
        order.finished = order.trace[-1][0]
    return order


def _protect(world: World, shop: Shop, now: datetime) -> None:
    done = [order for order in shop.orders.values() if order.state == "FINISHED_L"]
    for order in done[::4]:
        sku, _ = order.lines[0]
        lower = sku.price * world.random.randrange(80, 97) // 100
        passed = world.random.random() < SOME_PASS
        shop.protected.append(
            Protected(
                application_id=world.new_number(10),
                order_id=order.order_id,
                sku=sku,
                bought=sku.price,
                now=lower,
                refunded=sku.price - lower if passed else 0,
                state="价保成功" if passed else "申请未通过",
                applied=min(now, order.created + timedelta(days=2)),
            )
        )


def _remember(world: World, shop: Shop, now: datetime) -> None:
    chance = world.random
    for customer in list(shop.customers.values())[: world.settings.customers // 4]:
        begin = now - timedelta(seconds=chance.randrange(7200, 40 * 86400))
        asked, told, ended = chance.choice(_OLD_TALK)
        sid = ""
        for place, (by_waiter, text) in enumerate(((False, asked), (True, told), (False, ended))):
            sid = world.record(
                shop,
                Said(
                    mid=f"m{world.new_number(15)}",
                    sid="",
                    customer=customer.pin,
                    waiter="",
                    by_waiter=by_waiter,
                    content=text,
                    at=begin + timedelta(seconds=25 * place),
                ),
            ).sid
        if chance.random() < SOME_JUDGE:
            desc, score = chance.choice((("非常满意", 5), ("满意", 4), ("一般", 3), ("不满意", 2)))
            shop.verdicts.append(
                Verdict(customer.pin, shop.seed.main_waiter, desc, score, begin + timedelta(seconds=90), sid)
            )
