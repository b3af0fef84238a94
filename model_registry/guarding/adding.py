"""Adding counts to rows that may be there already, in one statement for all of them."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.db import connection, models

from orchestrator_site.accounts.api import new_id

# SQLite takes so many parameters, and few processes count more in five seconds.
ROWS_AT_ONCE = 2000


def add_rows(
    table: type[models.Model],
    keys: Sequence[str],
    added: Sequence[str],
    rows: Mapping[tuple[Any, ...], Sequence[int]],
) -> None:
    """Add the numbers `added` to the rows that `keys` names; `keys` is unique.

    In one order, so that two workers never wait for each other's rows.
    Raises: DatabaseError
    """
    known = {field.name: field for field in table._meta.concrete_fields}
    by_column = {field.column: field for field in known.values()}
    columns = [known.get(name) or by_column[name] for name in ("id", *keys, *added)]
    names = [str(column.column) for column in columns]
    for portion in batched(sorted(rows), ROWS_AT_ONCE):
        values: list[Any] = []
        for key in portion:
            row = (new_id(), *key, *rows[key])
            values += [
                column.get_db_prep_save(value, connection)
                for column, value in zip(columns, row, strict=True)
            ]
        statement = _statement(table._meta.db_table, names, keys, added, len(portion))
        with connection.cursor() as cursor:
            cursor.execute(statement, values)


def batched(
    keys: Sequence[tuple[Any, ...]], size: int
) -> Iterator[Sequence[tuple[Any, ...]]]:
    """Portions of at most `size`."""
    for first in range(0, len(keys), size):
        yield keys[first : first + size]


def _statement(
    table: str, names: Sequence[str], keys: Sequence[str], added: Sequence[str], n: int
) -> str:
    """All names are of the models of this app."""
    row = f"({', '.join(['%s'] * len(names))})"
    sums = ", ".join(f"{name} = {table}.{name} + excluded.{name}" for name in added)
    return (
        f"INSERT INTO {table} ({', '.join(names)}) VALUES {', '.join([row] * n)} "  # noqa: S608  constants
        f"ON CONFLICT ({', '.join(keys)}) DO UPDATE SET {sums}"
    )
