"""Inquiry conversion, held to the table of docs/formulas/conversion.md, and to adding up."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huiyin.insight.conversion import WHOLE_SHOP, Consult, Credit, Line, Placed, amount_of, conversions, credited
from huiyin.insight.measures import UNKNOWN_PART, Value
from huiyin.kernel.clock import to_ms
from huiyin.kernel.errors import InvalidError
from huiyin.kernel.units import Fen

from .stories import SHANGHAI
from .test_worked_tables import ids, table

START = to_ms(datetime(2026, 1, 5, 9, tzinfo=SHANGHAI))
DAY = timedelta(days=1)
ZONES = {"s": SHANGHAI}


def hour(text: str) -> int:
    return START + round(float(text) * 3_600_000)


def consult_of(cell: str) -> Consult:
    agent, _, rest = cell.partition("@")
    span, _, sku = rest.partition("/")
    began, _, at = span.rpartition("-")
    goods = frozenset({sku} if sku else ())
    return Consult("s", "u", agent, hour(at), goods, presale=True, began=hour(began) if began else None)


def line_of(cell: str) -> Line:
    sku, _, rest = cell.partition(":")
    price, _, rest = rest.partition("*")
    quantity, _, discount = rest.partition("-")
    return Line(sku, Fen(int(price)), int(quantity), None if discount == "?" else Fen(int(discount)))


def said(credit: Credit) -> str:
    return f"{credit.sku}:{credit.consult.agent}:{'?' if credit.amount is None else credit.amount}"


@pytest.mark.parametrize("case", list(table("conversion.md")), ids=ids)
def test_for_whom_an_order_counts(case: dict[str, str]) -> None:
    cancelled = hour(case["cancelled"]) if case["cancelled"] else None
    lines = tuple(map(line_of, case["lines"].split()))
    order = Placed("o", "s", "u", hour(case["placed"]), lines, cancelled)
    found = credited([order], list(map(consult_of, case["consults"].split())), DAY, hour(case["known at"]))
    assert (" ".join(map(said, found)) or "–") == case["goes to"]


@pytest.mark.parametrize(
    ("shop", "customer"),
    [pytest.param("other", "u", id="of another shop"), pytest.param("s", "v", id="of somebody else")],
)
def test_an_order_is_nobody_elses(shop: str, customer: str) -> None:
    order = Placed("o", shop, customer, hour("1"), (Line("a", Fen(1), 1, Fen(0)),))
    assert credited([order], [consult_of("lin@0")], DAY, hour("2")) == []


@pytest.mark.parametrize("line", ["a:100*1-101", "a:100*0-0", "a:100*1--1"])
def test_a_line_worth_less_than_nothing_is_refused(line: str) -> None:
    with pytest.raises(InvalidError) as caught:
        amount_of(line_of(line))
    assert caught.value.remedy


def test_shares_by_agent_and_of_the_shop() -> None:
    consults = [
        consult_of("lin@0"), consult_of("lin@1"), consult_of("mei@2"),
        consult_of("lin@3")._replace(customer="v"), consult_of("mei@24"),
    ]  # fmt: skip
    orders = [
        Placed("one", "s", "u", hour("2.5"), (Line("a", Fen(500), 2, Fen(100)),)),
        Placed("two", "s", "u", hour("25"), (Line("a", Fen(500), 1, None),)),
    ]
    found = conversions(consults, credited(orders, consults, DAY, hour("99")), ZONES)
    assert found["s", "lin"] == (Value(0, 0, 2), 0, 0), "u and v on the first day"
    assert found["s", "mei"] == (Value(1, 2, 2), 2, None), "u on both days; one discount is not told"
    assert found["s", WHOLE_SHOP].share == Value(2 / 3, 2, 3), "u, whom two served on the first day, is one"


def test_where_nobody_can_tell_who_asked_before_buying_the_share_is_not_known() -> None:
    consults = [consult_of("lin@0"), consult_of("lin@1")._replace(customer="v", presale=None)]
    found = conversions(consults, [], ZONES)["s", "lin"]
    assert found == (Value(None, why=UNKNOWN_PART), 0, 0)


def test_after_sales_consults_alone_make_no_inquirer() -> None:
    consults = [consult_of("lin@0")._replace(presale=False)]
    order = Placed("o", "s", "u", hour("1"), (Line("a", Fen(1), 1, Fen(0)),))
    found = conversions(consults, credited([order], consults, DAY, hour("2")), ZONES)["s", "lin"]
    assert found == (Value(None, 0, 0), 1, 1)


consults_drawn = st.lists(
    st.builds(
        Consult, st.just("s"), st.sampled_from("uvw"), st.sampled_from(("lin", "mei")),
        st.integers(START, START + 6 * 86_400_000), st.frozensets(st.sampled_from("ab")), st.booleans(),
    )
)  # fmt: skip
orders_drawn = st.lists(
    st.tuples(st.sampled_from("uvw"), st.integers(START, START + 6 * 86_400_000), st.sampled_from("ab")), max_size=8
)


@given(consults_drawn, orders_drawn, st.randoms())
def test_days_add_up_and_the_order_of_records_does_not_matter(
    consults: list[Consult], drawn: list[tuple[str, int, str]], random: st.DataObject
) -> None:
    orders = [
        Placed(str(n), "s", customer, at, (Line(sku, Fen(100), 1, Fen(0)),))
        for n, (customer, at, sku) in enumerate(drawn)
    ]
    found = credited(orders, consults, DAY, START + 9 * 86_400_000)
    whole = conversions(consults, found, ZONES)
    days = {_day(each) for each in consults}
    for group, together in whole.items():
        parts = [
            conversions(
                [each for each in consults if _day(each) == day],
                [each for each in found if _day(each.consult) == day],
                ZONES,
            ).get(group)
            for day in days
        ]
        known = [each for each in parts if each is not None]
        assert together.share.part == sum(each.share.part or 0 for each in known)
        assert together.share.whole == sum(each.share.whole or 0 for each in known)
        assert together.amount == sum(each.amount or 0 for each in known)
    shuffled = list(consults)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    again = credited(orders, shuffled, DAY, START + 9 * 86_400_000)
    assert conversions(shuffled, again, ZONES) == whole


def _day(consult: Consult) -> object:
    return datetime.fromtimestamp(consult.at / 1000, SHANGHAI).date()
