"""Plant what follows a sale: after-sales cases, comments, and when waiters came and went.

Chance of its own, so that the rest of the world stays as its seed makes it.
"""

from datetime import datetime, timedelta
from random import Random

from huiyin.simulator.world import Case, Move, Remark, SimOrder, World

CASE_EVERY = 5
REMARK_EVERY = 3
SOME_OVER = 0.6
WISHES = (10, 20, 30)
OVER, UNDER_WAY = 100, 30
REFUNDED, REFUSED, WAITING = 20, 30, 10
"""`refundStatus`: 20 is JD's for money that went back; the other two are ours."""

REMARKS = ((5, "用着挺好，包装也严实"), (4, "还行，就是慢了一天"), (1, "屏幕有划痕，客服让我打13800001234也没人接"))


def plant_aftermath(world: World) -> None:
    """Fill every shop from its finished orders."""
    now = world.clock.now()
    for shop in world.shops.values():
        chance = Random(f"{world.settings.seed}/{shop.seed.shop}/aftermath")  # a repeatable world, not a secret
        done = [order for order in shop.orders.values() if order.state == "FINISHED_L"]
        shop.cases = [_case(order, chance, now) for order in done[::CASE_EVERY]]
        shop.remarks = [_remark(order, chance, now) for order in done[::REMARK_EVERY]]
        begin = now.replace(hour=1, minute=0, second=0, microsecond=0)  # nine in China
        shop.moves = [Move(shop.seed.main_waiter, state, begin + after) for state, after in _day(chance)]


def _case(order: SimOrder, chance: Random, now: datetime) -> Case:
    sku, count = order.lines[0]
    applied = min(
        now - timedelta(hours=2), (order.finished or order.created) + timedelta(hours=chance.randrange(1, 48))
    )
    over = chance.random() < SOME_OVER
    refund = chance.choice((REFUNDED, REFUSED)) if over else WAITING
    asked = sku.price * count
    return Case(
        case_id=str(chance.randrange(10**9, 10**10)),
        order_id=order.order_id,
        sku=sku,
        wish=chance.choice(WISHES),
        main=OVER if over else UNDER_WAY,
        refund=refund,
        asked=asked,
        refunded=asked if refund == REFUNDED else 0,
        applied=applied,
        changed=applied + timedelta(hours=1),
        finished=applied + timedelta(hours=1) if over else None,
        deadline=None if over else applied + timedelta(days=1),
    )


def _remark(order: SimOrder, chance: Random, now: datetime) -> Remark:
    score, text = chance.choice(REMARKS)
    at = min(now, (order.finished or order.created) + timedelta(hours=3))
    return Remark(str(chance.randrange(10**11, 10**12)), order.order_id, order.lines[0][0], score, text, at)


def _day(chance: Random) -> list[tuple[str, timedelta]]:
    pause = timedelta(minutes=chance.randrange(60, 120))
    return [("1", timedelta()), ("2", pause), ("1", pause + timedelta(minutes=15))]
