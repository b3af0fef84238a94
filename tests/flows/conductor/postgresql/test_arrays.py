"""Packed arrays and values reach PostgreSQL as what they were."""

from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID

import psycopg
import pytest
from django.db import connection

from flows.conductor.postgresql.arrays import KINDS, pack, pack_each
from flows.conductor.postgresql.statements import Statements
from flows.conductor.rows import idle

LATER = datetime(2026, 2, 3, 4, 5, 6, 789, tzinfo=UTC)
COLUMNS = {
    "uuid": [UUID(int=1), None, UUID(int=2**128 - 1)],
    "text": ["", None, "naïve 'NULL' {x}\\"],
    "bytea": [b"", None, b"\x00\xff"],
    "int": [-(2**31), None, 2**31 - 1],
    "bigint": [-(2**63), None, 2**63 - 1],
    "boolean": [True, None, False],
    "timestamptz": [LATER, None, datetime(1999, 12, 31, 23, 59, 59, 1, tzinfo=UTC)],
}


def keep(rows_sql: str, values: list, kinds: list[str]) -> list[tuple]:
    """Send packed values straight to a table; psycopg reads what came of them."""
    params = connection.get_connection_params() | {"cursor_factory": psycopg.Cursor}
    with psycopg.connect(**params, autocommit=True) as plain:
        columns = ", ".join(f"c{at} {kind}" for at, kind in enumerate(kinds))
        plain.execute(f"CREATE TEMPORARY TABLE kept (at serial, {columns})")
        names = ", ".join(f"c{at}" for at, _ in enumerate(kinds))
        Statements(plain).run(f"INSERT INTO kept ({names}) {rows_sql}", values, idle)
        return plain.execute(f"SELECT {names} FROM kept ORDER BY at").fetchall()


def sent_as_arrays(kinds: list[str], rows: list[tuple]) -> list[tuple]:
    arrays = ", ".join(f"%b::{kind}[]" for kind in kinds)
    return keep(f"SELECT * FROM unnest({arrays})", pack(kinds, rows), kinds)


@pytest.mark.django_db
@pytest.mark.parametrize("kind", KINDS)
def test_every_type_comes_back_as_it_went(kind):
    rows = [(value,) for value in COLUMNS[kind]]
    assert sent_as_arrays([kind], rows) == rows


@pytest.mark.django_db
@pytest.mark.parametrize("kind", KINDS)
def test_every_value_comes_back_as_it_went(kind):
    rows = [(value,) for value in COLUMNS[kind]]
    values = ", ".join([f"(%b::{kind})"] * len(rows))
    assert keep(f"VALUES {values}", pack_each([kind], rows), [kind]) == rows


@pytest.mark.django_db
def test_columns_stay_side_by_side():
    rows = [("a", 1), ("b", 2)]
    assert sent_as_arrays(["text", "int"], rows) == rows


@pytest.mark.django_db
def test_a_time_of_another_zone_is_the_same_moment():
    there = LATER.astimezone(timezone(timedelta(hours=5)))
    assert sent_as_arrays(["timestamptz"], [(there,)]) == [(LATER,)]


@pytest.mark.django_db
def test_the_database_refuses_text_with_a_null_character():
    with pytest.raises(psycopg.DataError):
        sent_as_arrays(["text"], [("a\x00b",)])


def test_a_number_that_does_not_fit_is_refused():
    with pytest.raises(OverflowError, match="too large"):
        pack(["int"], [(2**31,)])
    with pytest.raises(OverflowError, match="too large"):
        pack_each(["int"], [(2**31,)])


def test_no_rows_are_no_arrays():
    assert pack(["int", "text"], []) == []
