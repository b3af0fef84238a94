"""Statements that every request makes, or every run, written once.

The ORM writes a query anew each time it is asked, which takes longer than the database
takes to answer it. What stands on the way of every call of the API, or of every run, is kept
as SQL here; the ORM still says what is asked, and still makes the rows. Source: ADR 0023.
"""

from collections.abc import Callable, Iterator, Sequence
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


class Rows(NamedTuple):
    """Rows of one table that are to be inserted; `end` is the end of the statement."""

    model: type[Model]
    fields: Sequence[Any]
    values: Sequence[Sequence[Any]]
    end: str = ""

    @classmethod
    def of(
        cls, model: type[Model], rows: Sequence[Any], *, ignore_conflicts: bool = False
    ) -> "Rows":
        """Named tuples whose members are columns of the model, all of one kind.

        No model is made of each first, as `bulk_create` would.
        """
        names = rows[0]._fields if rows else ()
        fields = [model._meta.get_field(name) for name in names]
        return cls(model, fields, rows, " ON CONFLICT DO NOTHING" * ignore_conflicts)


def insert_new(row: Model, *beside: Rows) -> None:
    """Insert a row whose key is not taken yet, and what goes with it; all or nothing.

    As `save(force_insert=True)` does; no signal is sent, and the row has to carry all its
    values.
    """
    fields = row._meta.concrete_fields
    values = tuple(getattr(row, field.attname) for field in fields)
    insert(Rows(type(row), fields, [values]), *beside)
    row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS


def insert(*tables: Rows) -> None:
    """Insert rows into tables in this order; all or nothing.

    PostgreSQL is asked once: statements that come together are one transaction.
    """
    connection = _connection()
    asked = [each for rows in tables for each in _statements(rows, connection)]
    if connection.vendor == "postgresql" and asked:
        sql = "; ".join(sql for sql, _ in asked)
        asked = [(sql, [value for _, values in asked for value in values])]
    if len(asked) == 1:
        _execute(connection, asked)
    elif asked:
        with transaction.atomic(savepoint=False):
            _execute(connection, asked)


def _execute(
    connection: BaseDatabaseWrapper, asked: Sequence[tuple[str, list[Any]]]
) -> None:
    with connection.cursor() as cursor:
        for sql, values in asked:
            cursor.execute(sql, values)


def _statements(
    rows: Rows, connection: BaseDatabaseWrapper
) -> Iterator[tuple[str, list[Any]]]:
    """Statements with their values, each of as many rows as the database takes."""
    if not rows.values:
        return
    quote = connection.ops.quote_name
    columns = ", ".join(quote(field.column) for field in rows.fields)
    table, row = quote(rows.model._meta.db_table), ", ".join(["%s"] * len(rows.fields))
    size = max(1, connection.ops.bulk_batch_size(rows.fields, rows.values))
    for start in range(0, len(rows.values), size):
        portion = rows.values[start : start + size]
        marks = ", ".join([f"({row})"] * len(portion))
        sql = f"INSERT INTO {table} ({columns}) VALUES {marks}{rows.end}"  # noqa: S608
        yield (
            sql,
            [
                field.get_db_prep_save(value, connection)
                for values in portion
                for field, value in zip(rows.fields, values, strict=True)
            ],
        )
