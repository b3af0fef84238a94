"""Statements that every request makes, written once.

The ORM writes a query anew each time it is asked, which takes longer than the database
takes to answer it. What stands on the way of every call of the API is kept as SQL here;
the ORM still says what is asked, and still makes the rows. Source: ADR 0023.
"""

from collections.abc import Callable, Sequence
from copy import copy
from typing import Any, Generic, NamedTuple, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Expression, Field, Model, QuerySet
from django.db.models.query import ModelIterable
from django.db.models.sql.compiler import SQLCompiler

RowT = TypeVar("RowT", bound=Model)


class Given(Expression):
    """Stands in a query for a value that each call brings under this name."""

    def __init__(self, name: str, field: "Field[Any, Any]") -> None:
        super().__init__(output_field=field)
        self.name = name

    def as_sql(
        self, _compiler: SQLCompiler, _connection: BaseDatabaseWrapper
    ) -> tuple[str, tuple[Any, ...]]:
        """Leave the place of the value open."""
        return "%s", (self,)


class Written(NamedTuple):
    """A query as one kind of database reads it; what is open in `params` is a Given."""

    compiler: SQLCompiler
    sql: str
    params: Sequence[Any]


class Prepared(Generic[RowT]):
    """A query whose SQL is written once; each call only brings its values.

    It gives what the queryset would give, related rows and annotations included.
    """

    def __init__(self, ask: Callable[[], QuerySet[RowT]]) -> None:
        self._ask = ask
        self._written: dict[str, Written] = {}

    def rows(self, **values: object) -> list[RowT]:
        """Ask with these values."""
        connection = _connection()
        written = self._written.get(connection.vendor) or self._write(connection)
        params = tuple(
            each.field.get_db_prep_value(values[each.name], connection)
            if isinstance(each, Given)
            else each
            for each in written.params
        )
        compiler: Any = copy(written.compiler)
        compiler.connection = connection
        compiler.as_sql = lambda: (written.sql, params)
        query: Any = written.compiler.query.clone()
        query.get_compiler = lambda **_: compiler
        asked: QuerySet[RowT] = QuerySet(model=query.model, query=query)
        return list(ModelIterable(asked))

    def first(self, **values: object) -> RowT | None:
        """The first row there is."""
        return next(iter(self.rows(**values)), None)

    def _write(self, connection: BaseDatabaseWrapper) -> Written:
        compiler: Any = self._ask().query.get_compiler(connection=connection)
        sql, params = compiler.as_sql()
        compiler.connection = None  # that of this thread, which may end
        written = Written(compiler, sql, params)
        self._written[connection.vendor] = written
        return written


def _connection() -> BaseDatabaseWrapper:
    """This thread's connection itself: the proxy looks it up for every attribute."""
    return connections[DEFAULT_DB_ALIAS]


def insert_new(row: Model) -> None:
    """Insert a row whose key is not taken yet, as `save(force_insert=True)` does.

    No signal is sent; the row has to carry all its values.
    """
    fields = row._meta.concrete_fields
    values = tuple(getattr(row, field.attname) for field in fields)
    _insert(type(row), fields, [values])
    row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS


def insert_rows(
    model: type[Model], rows: Sequence[Any], *, ignore_conflicts: bool = False
) -> None:
    """Insert named tuples whose members are columns of the model, all of one kind.

    As `bulk_create` does, without making a model of each row first.
    """
    if not rows:
        return
    fields = [model._meta.get_field(name) for name in rows[0]._fields]
    size = max(1, _connection().ops.bulk_batch_size(fields, rows))
    end = " ON CONFLICT DO NOTHING" if ignore_conflicts else ""
    if len(rows) <= size:
        _insert(model, fields, rows, end)
        return
    with transaction.atomic(savepoint=False):
        for start in range(0, len(rows), size):
            _insert(model, fields, rows[start : start + size], end)


def _insert(
    model: type[Model], fields: Sequence[Any], rows: Sequence[Any], end: str = ""
) -> None:
    connection = _connection()
    quote = connection.ops.quote_name
    columns = ", ".join(quote(field.column) for field in fields)
    row = f"({', '.join(['%s'] * len(fields))})"
    sql = (
        f"INSERT INTO {quote(model._meta.db_table)} ({columns})"  # noqa: S608
        f" VALUES {', '.join([row] * len(rows))}{end}"
    )
    params = [
        field.get_db_prep_save(value, connection)
        for values in rows
        for field, value in zip(fields, values, strict=True)
    ]
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
