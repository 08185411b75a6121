"""Statements written once: SQLAlchemy writes the SQL, the driver runs it on the same connection.

Building, hashing and unpacking a statement costs several times what SQLite does for it. On the path of a message
that was two thirds of the writer's time (docs/decisions/0016), so what runs there is prepared once, at import.
Everything else stays with `connection.execute`.
"""

from collections import namedtuple
from collections.abc import Callable, Iterable, Mapping, Sequence
from operator import itemgetter
from typing import Any, NamedTuple, cast

import sqlalchemy as sa

Row = Any
"""A named tuple of a statement's columns."""

_PLAIN = (
    sa.types.String, sa.types.Integer, sa.types.Float, sa.types.LargeBinary, sa.types.NullType, sa.types.Boolean,
)  # fmt: skip
"""Types the drivers take and give as they are; a boolean comes back as a number and is turned into one again."""


class _Form(NamedTuple):
    """A statement for lists of certain lengths: its SQL, and what to put where."""

    sql: str
    parts: tuple[tuple[str, bool], ...]
    """The parameters in the order of their places, and whether each is a list that fills several."""


class _Shape(NamedTuple):
    """What a statement is made of in one database's dialect."""

    compiled: Any
    constants: dict[str, Any]
    lists: tuple[str, ...]
    row: Callable[[Iterable[Any]], Row] | None
    booleans: tuple[int, ...]


class Prepared:
    """A statement that is compiled when first needed, once for each power of two of its lists' lengths."""

    def __init__(self, statement: sa.sql.expression.Executable) -> None:
        """Keep the statement. Parameters are `sa.bindparam(name)`, for lists with `expanding=True`."""
        self._statement = statement
        self._shapes: dict[str, _Shape] = {}
        self._forms: dict[tuple[str, tuple[int, ...]], _Form] = {}

    def rows(self, connection: sa.Connection, **values: Any) -> list[Row]:  # noqa: ANN401  # whatever a column takes
        """Run a query and return its rows."""
        shape = self._shape(connection)
        form, parameters = self._filled(connection, shape, values)
        found = _driver(connection, form.sql, parameters).execute(form.sql, parameters).fetchall()
        if shape.row is None:
            message = "this statement returns no rows; use `run`"
            raise TypeError(message)
        if shape.booleans:
            found = [_with_booleans(row, shape.booleans) for row in found]
        return list(map(shape.row, found))

    def one(self, connection: sa.Connection, **values: Any) -> Row | None:  # noqa: ANN401  # as in `rows`
        """Run a query and return its first row, or None."""
        found = self.rows(connection, **values)
        return found[0] if found else None

    def column(self, connection: sa.Connection, **values: Any) -> list[Any]:  # noqa: ANN401  # as in `rows`
        """Run a query and return its first column."""
        return [row[0] for row in self.rows(connection, **values)]

    def run(self, connection: sa.Connection, **values: Any) -> int:  # noqa: ANN401  # as in `rows`
        """Run a change and return how many rows it touched."""
        form, parameters = self._filled(connection, self._shape(connection), values)
        return int(_driver(connection, form.sql, parameters).execute(form.sql, parameters).rowcount)

    def run_many(self, connection: sa.Connection, rows: Sequence[Mapping[str, Any]]) -> int:
        """Run a change once for each row of values, in one call of the driver; return how many rows it touched.

        Raises:
            KeyError: for a row that lacks a value.

        """
        if not rows:
            return 0
        shape = self._shape(connection)
        form = self._form(connection, shape, {})
        if shape.constants:
            rows = [{**shape.constants, **row} for row in rows]
        names = [name for name, _ in form.parts]
        take: Callable[[Mapping[str, Any]], Any] = itemgetter(*names)
        many = [(take(row),) for row in rows] if len(names) == 1 else list(map(take, rows))
        return int(_driver(connection, form.sql, many).executemany(form.sql, many).rowcount)

    def _shape(self, connection: sa.Connection) -> _Shape:
        name = connection.dialect.name
        shape = self._shapes.get(name)
        if shape is None:
            shape = self._shapes[name] = _shaped(self._statement, connection.dialect)
        return shape

    def _filled(
        self, connection: sa.Connection, shape: _Shape, given: dict[str, Any]
    ) -> tuple[_Form, tuple[object, ...]]:
        values = {**shape.constants, **given} if shape.constants else given
        for name in shape.lists:
            values[name] = _padded(values[name])
        form = self._form(connection, shape, values)
        parameters: list[object] = []
        for name, several in form.parts:
            if several:
                parameters += values[name]
            else:
                parameters.append(values[name])
        return form, tuple(parameters)

    def _form(self, connection: sa.Connection, shape: _Shape, values: Mapping[str, Any]) -> _Form:
        key = (connection.dialect.name, tuple([len(values[name]) for name in shape.lists]))
        form = self._forms.get(key)
        if form is None:
            form = self._forms[key] = _formed(shape, values)
        return form


INSERTS: dict[str, Prepared] = {}


def insert(connection: sa.Connection, table: sa.Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows that name every column of a table."""
    statement = INSERTS.get(table.name)
    if statement is None:
        statement = INSERTS[table.name] = Prepared(table.insert())
    statement.run_many(connection, rows)


def update_by(key: sa.Column[Any], *names: str) -> Prepared:
    """Return an update of some columns of the row whose `key` column equals the parameter `key`."""
    changed: dict[str, sa.BindParameter[Any]] = {name: sa.bindparam(name) for name in names}
    return Prepared(sa.update(key.table).where(key == sa.bindparam("key")).values(changed))


def say(connection: sa.Connection, sql: str) -> None:
    """Run a statement without parameters or rows, such as a savepoint."""
    _driver(connection, sql, ()).execute(sql)


def _driver(connection: sa.Connection, sql: str, parameters: object) -> Any:  # noqa: ANN401  # DB-API cursors have no common type
    """Return a cursor of the connection's own transaction, after telling whoever watches statements."""
    if not connection.in_transaction():
        connection.begin()  # as `execute` does by itself
    cursor = cast("Any", connection.connection.dbapi_connection).cursor()
    for watcher in connection.dispatch.before_cursor_execute:
        watcher(connection, cursor, sql, parameters, None, isinstance(parameters, list))
    return cursor


def _shaped(statement: sa.sql.expression.Executable, dialect: sa.Dialect) -> _Shape:
    compiled: Any = cast("Any", statement).compile(dialect=dialect)
    if not compiled.positional:
        message = f"prepared statements need positional parameters, and {dialect.name} is set up with named ones"
        raise TypeError(message)
    binds = compiled.binds
    for bind in binds.values():
        _refuse_unless_plain(bind.type)
    columns = list(cast("Any", statement).selected_columns) if isinstance(statement, sa.SelectBase) else []
    for column in columns:
        _refuse_unless_plain(column.type)
    names = [column.key or "" for column in columns]
    made: Any = namedtuple("Row", names, rename=True)  # type: ignore[misc]  # noqa: PYI024  # its fields are known no sooner
    return _Shape(
        compiled,
        {name: bind.effective_value for name, bind in binds.items() if not bind.required},
        tuple(sorted(name for name, bind in binds.items() if bind.expanding)),
        made._make if columns else None,
        tuple(place for place, column in enumerate(columns) if isinstance(column.type, sa.types.Boolean)),
    )


def _formed(shape: _Shape, values: Mapping[str, Any]) -> _Form:
    if not shape.lists:
        return _Form(str(shape.compiled), tuple((name, False) for name in shape.compiled.positiontup or ()))
    state = shape.compiled.construct_expanded_state(dict(values))
    # A list's items stand side by side: the first one tells of them all.
    firsts = {items[0]: name for name, items in state.parameter_expansion.items() if items}
    others = {item for items in state.parameter_expansion.values() for item in items[1:]}
    parts = [(firsts.get(name, name), name in firsts) for name in state.positiontup if name not in others]
    return _Form(state.statement, tuple(parts))


def _padded(values: Iterable[Any]) -> list[Any]:
    """Repeat the last item up to a power of two, so that few forms serve lists of any length."""
    items = list(values)
    if not items:
        return items
    return items + items[-1:] * ((1 << (len(items) - 1).bit_length()) - len(items))


def _with_booleans(row: tuple[Any, ...], places: tuple[int, ...]) -> list[Any]:
    values = list(row)
    for place in places:
        values[place] = None if values[place] is None else bool(values[place])
    return values


def _refuse_unless_plain(kind: object) -> None:
    if not isinstance(kind, _PLAIN):
        message = f"a prepared statement cannot carry {kind!r}: the driver would not know how to keep it"
        raise TypeError(message)
