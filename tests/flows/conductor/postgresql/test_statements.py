"""Statements below psycopg's cursors: their answers, their errors, and what is kept."""

from functools import partial

import psycopg
import pytest
from django.db import connection

from flows.conductor.postgresql.arrays import pack_each
from flows.conductor.postgresql.statements import MOST_KEPT, Statements
from flows.conductor.rows import idle

ECHO = "SELECT %b::int"


@pytest.fixture
def plain(db):
    params = connection.get_connection_params() | {"cursor_factory": psycopg.Cursor}
    with psycopg.connect(**params, autocommit=True) as opened:
        opened.execute("CREATE TEMPORARY TABLE parent (id int PRIMARY KEY)")
        opened.execute(
            "CREATE TEMPORARY TABLE child (parent_id int REFERENCES parent"
            " DEFERRABLE INITIALLY DEFERRED)"
        )
        yield opened


def sent(statements: Statements, sql: str, number: int) -> list:
    return statements.run(sql, pack_each(["int"], [(number,)]), idle)


def test_a_statement_answers_while_something_else_is_done(plain):
    done = []
    values = pack_each(["int"], [(7,)])
    rows = Statements(plain).run(ECHO, values, lambda: done.append(True))
    assert rows == [values]
    assert done == [True]


def test_the_answer_is_taken_in_although_something_else_went_wrong(plain):
    statements = Statements(plain)
    with pytest.raises(ZeroDivisionError):
        statements.run(ECHO, pack_each(["int"], [(1,)]), partial(divmod, 1, 0))
    assert sent(statements, ECHO, 2) == [pack_each(["int"], [(2,)])]


def test_a_value_larger_than_any_buffer_arrives_whole(plain):
    large = bytes(range(256)) * 40_000
    rows = Statements(plain).run("SELECT %b::bytea", [large], idle)
    assert rows == [[large]]


# The same key again; a key that is not there, which only the commit finds.
@pytest.mark.parametrize(("table", "number"), [("parent", 1), ("child", 2)])
def test_what_a_statement_or_its_commit_refuses_is_an_error_of_psycopg(
    plain, table, number
):
    statements = Statements(plain)
    sent(statements, "INSERT INTO parent VALUES (%b::int)", 1)
    with pytest.raises(psycopg.IntegrityError):
        sent(statements, f"INSERT INTO {table} VALUES (%b::int)", number)
    assert sent(statements, ECHO, 3)


def test_a_connection_that_is_gone_is_an_error_of_psycopg(plain):
    statements = Statements(plain)
    sent(statements, ECHO, 1)
    pid = plain.info.backend_pid
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 10000)", [pid])
    with pytest.raises(psycopg.Error):
        sent(statements, ECHO, 2)


def test_only_so_many_statements_stay_prepared(plain):
    statements = Statements(plain)
    for number in range(MOST_KEPT + 5):
        sql = f"SELECT %b::int + {number}"
        assert sent(statements, sql, 0) == [pack_each(["int"], [(number,)])]
    kept = plain.execute(
        "SELECT count(*) FROM pg_prepared_statements WHERE name LIKE 'baton%'"
    ).fetchone()
    assert kept == (MOST_KEPT,)
    assert sent(statements, "SELECT %b::int + 0", 4)
