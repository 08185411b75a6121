"""Prepared statements give what SQLAlchemy would give, in the same transaction, and tell who watches."""

from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

import huiyin.wiring  # noqa: F401  # it knows every room, and with it every table
from huiyin.eventlog.prepared import Prepared, insert
from huiyin.eventlog.schema import metadata as huiyin_metadata

metadata = sa.MetaData()
thing = sa.Table(
    "thing",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("number", sa.BigInteger, nullable=False),
    sa.Column("good", sa.Boolean),
    sa.Column("body", sa.LargeBinary),
)
ROWS = [{"id": f"k{n}", "number": n % 5, "good": (True, False, None)[n % 3], "body": b"%d" % n} for n in range(40)]
columns = thing.c
LOOKED_FOR = (
    sa.select(columns.id, columns.good, columns.body)
    .where(
        sa.or_(columns.id.in_(sa.bindparam("ids", expanding=True)), columns.number == sa.bindparam("number")),
        columns.number.in_((1, 2, 3)),
        columns.id.not_in(sa.bindparam("not_ids", expanding=True)),
    )
    .order_by(columns.id)
    .limit(30)
)
PREPARED = Prepared(LOOKED_FOR)
TWICE = sa.select(columns.id).where(
    columns.id.in_(sa.bindparam("ids", expanding=True))
    | sa.func.upper(columns.id).in_(sa.bindparam("ids", expanding=True))
)
PREPARED_TWICE = Prepared(TWICE)


def opened() -> sa.Engine:
    engine = sa.create_engine("sqlite://", poolclass=sa.StaticPool)
    metadata.create_all(engine)
    with engine.begin() as connection:
        insert(connection, thing, ROWS)
    return engine


ENGINE = opened()
"""Read only by the property below."""


@pytest.fixture
def connection() -> Iterator[sa.Connection]:
    with opened().connect() as open_connection:
        yield open_connection


keys = st.lists(st.sampled_from([row["id"] for row in ROWS]), max_size=33)


@given(ids=keys, not_ids=keys, number=st.integers(0, 5))
def test_it_finds_what_sqlalchemy_finds(ids: list[str], not_ids: list[str], number: int) -> None:
    with ENGINE.connect() as open_connection:
        values: dict[str, Any] = {"ids": ids, "not_ids": not_ids, "number": number}
        expected = [tuple(row) for row in open_connection.execute(LOOKED_FOR, values)]
        assert [tuple(row) for row in PREPARED.rows(open_connection, **values)] == expected
        twice = [tuple(row) for row in open_connection.execute(TWICE, {"ids": ids})]
        assert [tuple(row) for row in PREPARED_TWICE.rows(open_connection, ids=ids)] == twice


def test_a_row_has_names_and_a_boolean_is_one(connection: sa.Connection) -> None:
    row = PREPARED.one(connection, ids=["k1"], not_ids=[], number=9)
    assert (row.id, row.good, row.body) == ("k1", False, b"1")
    assert row.good is False
    assert PREPARED.one(connection, ids=[], not_ids=[], number=9) is None


def test_a_change_is_undone_with_its_transaction(connection: sa.Connection) -> None:
    change = Prepared(
        thing.update().where(columns.id == sa.bindparam("key")).values(number=sa.bindparam("to"), good=True)
    )
    rows = Prepared(sa.select(columns.number, columns.good).where(columns.id == sa.bindparam("key")))
    with connection.begin() as transaction:
        assert change.run_many(connection, [{"key": "k1", "to": 70}, {"key": "nobody", "to": 1}]) == 1
        assert change.run(connection, key="k2", to=71) == 1
        assert tuple(rows.one(connection, key="k1")) == (70, True)
        transaction.rollback()
    assert tuple(rows.one(connection, key="k1")) == (1, False)


def test_who_watches_statements_is_told(connection: sa.Connection) -> None:
    told: list[str] = []
    sa.event.listen(connection, "before_cursor_execute", lambda *said: told.append(said[2]))
    PREPARED.rows(connection, ids=["k1"], not_ids=[], number=1)
    insert(connection, thing, [{**ROWS[0], "id": "new"}])
    assert [each.split()[0] for each in told] == ["SELECT", "INSERT"]


def test_a_row_without_a_value_is_refused(connection: sa.Connection) -> None:
    with pytest.raises(KeyError, match="body"):
        insert(connection, thing, [{"id": "new", "number": 1, "good": None}])
    with pytest.raises(KeyError, match="number"):
        PREPARED.rows(connection, ids=["k1"], not_ids=[])
    with pytest.raises(TypeError, match="no rows"):
        Prepared(thing.delete()).rows(connection)


@pytest.mark.parametrize("table", huiyin_metadata.sorted_tables, ids=lambda table: table.name)
def test_every_table_of_the_house_can_be_prepared(table: sa.Table, connection: sa.Connection) -> None:
    table.create(connection)
    plain: dict[type, object] = {str: "x", int: 1, float: 0.5, bytes: b"x", bool: True}
    row = {column.name: plain[column.type.python_type] for column in table.columns}
    insert(connection, table, [row])
    assert [each._asdict() for each in Prepared(sa.select(table)).rows(connection)] == [row]


def test_a_type_the_driver_does_not_know_is_refused(connection: sa.Connection) -> None:
    moment = sa.Table("moment", sa.MetaData(), sa.Column("at", sa.DateTime))
    with pytest.raises(TypeError, match="cannot carry"):
        Prepared(sa.select(moment)).rows(connection)


def test_a_union_gives_what_the_library_gives(connection: sa.Connection) -> None:
    first = sa.select(columns.id, sa.literal(7).label("seven"), sa.null().label("none")).where(columns.good.is_(None))
    union = first.union_all(sa.select(columns.id, columns.number, columns.body).where(columns.id == sa.bindparam("id")))
    found = Prepared(union).rows(connection, id="k3")
    assert [tuple(each) for each in found] == [tuple(each) for each in connection.execute(union, {"id": "k3"})]
    assert {each.seven for each in found} == {7, 3}
    assert found[0]._fields == ("id", "seven", "none")
