"""How many SQL statements each endpoint costs: a number that grows with the data is a loop with a query in it."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import sqlalchemy as sa

from huiyin.simulator.visits import Line

from .founding import key
from .stage import Stage

SIGNED_IN = 3
"""Session, person, shops: what every signed-in request costs before it begins."""


class Counter:
    """Counts the statements of every engine of the house."""

    def __init__(self) -> None:
        self.statements: list[str] = []
        self.transactions = 0

    def note(self, _connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        self.transactions += statement.startswith("BEGIN")
        if not statement.startswith(("BEGIN", "SAVEPOINT", "RELEASE", "PRAGMA")):
            self.statements.append(statement)

    @contextmanager
    def counting(self, expected: int) -> Iterator[None]:
        """Expect so many statements inside."""
        self.statements.clear()
        yield
        told = "\n".join(each.partition("\n")[0][:110] for each in self.statements)
        assert len(self.statements) == expected, f"{len(self.statements)} statements, not {expected}:\n{told}"

    @contextmanager
    def counting_batches(self, expected: int) -> Iterator[None]:
        """Expect so many statements a transaction: a busy machine may cut a delivery in two or three."""
        self.statements.clear()
        self.transactions = 0
        yield
        told = "\n".join(each.partition("\n")[0][:110] for each in self.statements)
        assert 1 <= self.transactions <= 3, told
        assert len(self.statements) == expected * self.transactions, f"not {expected} each time:\n{told}"


@pytest.fixture
def counter(stage: Stage) -> Iterator[Counter]:
    made = Counter()
    engines = (stage.house.reading, stage.house.writer._engine)
    for engine in engines:
        sa.event.listen(engine, "before_cursor_execute", made.note)
    yield made
    for engine in engines:
        sa.event.remove(engine, "before_cursor_execute", made.note)


async def busy(stage: Stage, customers: int, messages: int) -> str:
    """Fill the shop with conversations of some messages each; return one of them."""
    for place in range(customers):
        customer = stage.customer("direct", place)
        for number in range(messages):
            await customer.says(f"第{number}句：加我微信 songguo{number}号")
    await stage.settle()
    return stage.customer("direct", 0).conversation


@pytest.mark.parametrize(("customers", "messages"), [(1, 1), (6, 4)])
async def test_reading_costs_the_same_however_much_there_is(
    stage: Stage, counter: Counter, customers: int, messages: int
) -> None:
    lin = await stage.agent()
    conversation = await busy(stage, customers, messages)
    path = f"/api/desk/conversations/{conversation}"
    with counter.counting(SIGNED_IN + 6):
        await lin.get("/api/desk/conversations", tab="mine")
    with counter.counting(SIGNED_IN + 8):
        await lin.get(path)
    with counter.counting(SIGNED_IN + 2):
        await lin.get("/api/desk/unsettled")
    with counter.counting(SIGNED_IN + 7):
        await lin.get("/api/wall")
    with counter.counting(SIGNED_IN + 3):
        await lin.get("/api/wall/rows", figure="sessions")
    day = {"since": "2026-06-01", "until": "2026-06-01"}
    with counter.counting(SIGNED_IN + 10):
        await lin.get("/api/reports", shop=stage.shops["direct"], **day)
    owner = await stage.person("owner")
    with counter.counting(SIGNED_IN + 3):
        await owner.get("/api/reports/baselines", shop=stage.shops["direct"])
    with counter.counting(SIGNED_IN + 2):
        await owner.get("/api/webhooks")
    await stage.worker.index()
    asked = {"words": "加我微信", "shop": stage.shops["direct"]}
    await lin.http.post("/api/sessions/search", json=asked)  # the first one opens the index
    with counter.counting(SIGNED_IN + 6):
        answer = await lin.http.post("/api/sessions/search", json=asked)
        assert len(answer.json()["sessions"]) == customers


@pytest.mark.parametrize(("customers", "messages"), [(1, 1), (6, 4)])
async def test_sending_costs_the_same_however_much_there_is(
    stage: Stage, counter: Counter, customers: int, messages: int
) -> None:
    lin = await stage.agent()
    conversation = await busy(stage, customers, messages)
    await lin.does(conversation, "send", text="您好。", key=key())  # the shop's first reply makes a key
    with counter.counting(SIGNED_IN + 13):
        await lin.does(conversation, "send", text="马上为您查。", key=key())


async def test_a_delivery_of_fifty_messages_costs_as_many_statements_as_one_of_one(
    stage: Stage, counter: Counter
) -> None:
    world = stage.simulator.world.shops[stage.shops["digital"]]
    stage.simulator.courier.push = lambda *_: None
    address = f"/hooks/jd/{stage.shops['digital']}"
    customer = stage.customer()

    def delivery(number: int) -> bytes:
        said = [customer.writes(f"第{each}句") for each in range(number)]
        return stage.simulator.courier.body(world, said)

    http = stage.client()
    await http.post(address, content=delivery(1))
    for number in (1, 50):
        with counter.counting_batches(9):
            answer = await http.post(address, content=delivery(number))
            assert answer.json()["received"] == number


async def test_a_delivery_of_fifty_new_customers_costs_as_many_statements_as_one_of_one(
    stage: Stage, counter: Counter
) -> None:
    world = stage.simulator.world.shops[stage.shops["digital"]]
    stage.simulator.courier.push = lambda *_: None
    address = f"/hooks/jd/{stage.shops['digital']}"
    http = stage.client()
    await http.post(address, content=stage.simulator.courier.body(world, [stage.customer().writes("在吗")]))
    for number, name in ((1, "a"), (50, "b")):
        said = [
            stage.simulator.crowd.say(world, f"jd_new_{name}{place}", Line("text", "在吗")) for place in range(number)
        ]
        body = stage.simulator.courier.body(world, said)
        with counter.counting_batches(11):
            answer = await http.post(address, content=body)
            assert answer.json()["received"] == number
