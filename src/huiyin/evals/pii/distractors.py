"""List what looks like personal data and is nobody's: numbers of orders, parcels, goods, companies."""

from collections.abc import Callable
from datetime import date
from random import Random

from huiyin.evals.pii import people
from huiyin.evals.pii.numbers import company_number, digits, mobile, natural


def _day(dice: Random) -> date:
    return date.fromordinal(date(2024, 1, 1).toordinal() + dice.randrange(800))


def _short_day(dice: Random) -> str:
    day = _day(dice)
    return dice.choice((f"{day.month}月{day.day}日", f"{day.month}.{day.day}", f"{day.month}月{day.day}号"))


def _time(dice: Random) -> str:
    return f"{dice.randint(7, 22)}:{dice.randint(0, 59):02}"


def _order(dice: Random) -> str:
    return dice.choice("23") + digits(dice, 11)


def _run(dice: Random) -> str:
    """Roll a long run of digits with a mobile number inside."""
    return natural(dice, dice.randint(3, 5)) + "".join(mobile(dice)) + digits(dice, dice.randint(2, 5))


def _hotline(dice: Random) -> str:
    return f"{dice.choice(('400', '400', '800'))}-{natural(dice, 3)}-{digits(dice, 4)}"


def _coupon(dice: Random) -> str:
    return "".join(dice.choices("ABCDEFGHJKLMNPQRSTUVWXYZ23456789", k=10))


def _serial(dice: Random) -> str:
    return "SN" + "".join(dice.choices("ABCDEFGHJKLMNPQRSTUVWXYZ0123456789", k=12))


Grower = Callable[[Random], str]

DISTRACTORS: dict[str, dict[str, Grower]] = {
    "order": {
        "plain": _order,
        "long": lambda dice: "3" + digits(dice, dice.randint(14, 16)),
        "spaced": lambda dice: " ".join((natural(dice, 4), digits(dice, 4), digits(dice, 4))),
    },
    "waybill": {
        "plain": lambda dice: "JD00" + digits(dice, 11),
        "jdva": lambda dice: "JDVA" + digits(dice, 11),
        "jdx": lambda dice: "JDX0" + digits(dice, 11) + "-1-1-",
        "sf": lambda dice: "SF1" + digits(dice, 12),
        "yt": lambda dice: "YT" + natural(dice, 13),
        "digits": lambda dice: "7" + digits(dice, 14),
    },
    "run": {"plain": _run},
    "service": {"plain": lambda dice: natural(dice, 10)},
    "sku": {"plain": lambda dice: "100" + digits(dice, 9)},
    "barcode": {"plain": lambda dice: "69" + digits(dice, 11)},
    "serial": {"plain": _serial},
    "coupon": {"plain": _coupon},
    "tax": {"plain": company_number},
    "hotline": {"plain": _hotline, "joined": lambda dice: _hotline(dice).replace("-", "")},
    "price": {
        "plain": lambda dice: f"{dice.randint(9, 9999)}",
        "cents": lambda dice: f"{dice.randint(1, 9999)}.{dice.randrange(100):02}",
        "comma": lambda dice: f"{dice.randint(1, 99)},{digits(dice, 3)}.{digits(dice, 2)}",
    },
    "date": {
        "plain": lambda dice: f"{_day(dice):%Y-%m-%d}",
        "joined": lambda dice: f"{_day(dice):%Y%m%d}",
        "dotted": lambda dice: f"{_day(dice):%Y.%m.%d}",
        "short": _short_day,
    },
    "time": {
        "plain": _time,
        "stamp": lambda dice: f"{_day(dice):%Y%m%d}{digits(dice, 6)}",
        "epoch": lambda dice: "17" + digits(dice, 11),
    },
    "count": {"plain": lambda dice: str(dice.randint(2, 60))},
    "points": {"plain": lambda dice: natural(dice, dice.randint(4, 6))},
    "titled": {"plain": people.titled},
}
