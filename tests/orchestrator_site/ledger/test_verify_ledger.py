"""`manage.py verify_ledger` names the first bad record."""

import random
import sqlite3
from contextlib import closing
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from flows.models import Run
from tests.factories.flows import make_flow, make_run
from tests.fixtures.stack import wait_for_end
from tests.fixtures.tables import without_triggers

pytestmark = pytest.mark.both_databases


@pytest.fixture
def finished_run(live_conductor):
    flow = make_flow(configs={"out": {"values": {"text": "input.text"}}})
    run = wait_for_end(make_run(flow=flow, input={"text": "kettle"}))
    live_conductor.stop()
    return run


def verdict() -> str:
    """The sentence of a failing verification."""
    with pytest.raises(CommandError) as caught:
        call_command("verify_ledger", stdout=StringIO())
    return str(caught.value)


def tamper(sql, *values):
    with connection.cursor() as cursor, without_triggers(cursor):
        cursor.execute(sql, values)


def test_an_untouched_ledger_holds(finished_run):
    out = StringIO()
    call_command("verify_ledger", stdout=out)
    assert out.getvalue().startswith("The ledger holds")


def test_a_changed_event_is_named(finished_run):
    tamper(
        "UPDATE ledger_event SET body = %s WHERE chain_id = %s AND seq = 2",
        b"{}",
        _stored(finished_run.pk),
    )
    assert f"run {finished_run.pk}, event 2: its content" in verdict()


@pytest.mark.parametrize("column", ["kind", "at", "workspace_id"])
def test_a_changed_column_is_named(finished_run, column):
    values = {
        "kind": "step.started",
        "at": "2020-01-01 00:00:00.000001",
        "workspace_id": _stored(finished_run.pk),
    }
    tamper(
        f"UPDATE ledger_event SET {column} = %s WHERE chain_id = %s AND seq = 2",
        values[column],
        _stored(finished_run.pk),
    )
    assert f"run {finished_run.pk}, event 2: its column" in verdict()


def test_a_missing_event_is_named(finished_run):
    tamper(
        "DELETE FROM ledger_event WHERE chain_id = %s AND seq = 2",
        _stored(finished_run.pk),
    )
    assert f"run {finished_run.pk}, event 2: missing" in verdict()


def test_a_cut_off_end_is_named(finished_run):
    last = finished_run.seq
    tamper(
        "DELETE FROM ledger_event WHERE chain_id = %s AND seq = %s",
        _stored(finished_run.pk),
        last,
    )
    assert f"run {finished_run.pk}, event {last}" in verdict()


def test_a_chain_without_a_head_is_named(finished_run):
    with transaction.atomic():
        Run.objects.filter(pk=finished_run.pk).delete()
    assert "no row carries this chain's head" in verdict()


@pytest.mark.parametrize(
    ("table", "column", "key", "name"),
    [
        ("flows_run", "input", "id", "input"),
        ("flows_run", "result", "id", "result"),
        ("flows_step", "result", "run_id", "result"),
    ],
)
def test_a_changed_payload_is_named(finished_run, table, column, key, name):
    tamper(
        f"UPDATE {table} SET {column} = %s WHERE {key} = %s",
        bytes(17) + b"{}",
        _stored(finished_run.pk),
    )
    assert f"run {finished_run.pk}, event" in verdict()
    assert f"the {name} it commits to has been changed" in verdict()


def test_a_changed_version_is_named(finished_run):
    tamper("UPDATE flows_flowversion SET document = %s", b"{}")
    assert "its document was changed" in verdict()


def test_any_flipped_byte_of_an_event_is_found(finished_run, tmp_path, monkeypatch):
    """Flip bytes in a closed file where the event's content stands.

    In a copy: whoever closes a file that SQLite has open in the same process takes its
    locks away, and another process then deletes the log under it.
    """
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL keeps its files to itself")
    with connection.cursor() as cursor:
        cursor.execute("SELECT body FROM ledger_event ORDER BY length(body) DESC")
        body = bytes(cursor.fetchone()[0])
    path = tmp_path / "copy.sqlite3"
    with closing(sqlite3.connect(path)) as copy:
        connection.connection.backup(copy)
    connection.close()
    original = path.read_bytes()
    start = original.index(body)
    chooser = random.Random(1)  # noqa: S311  places to damage, not secrets
    with monkeypatch.context() as patched:
        patched.setitem(connection.settings_dict, "NAME", str(path))
        for place in chooser.sample(range(len(body)), 20):
            damaged = bytearray(original)
            damaged[start + place] ^= 1 << chooser.randrange(8)
            path.write_bytes(damaged)
            assert "event" in verdict()
            connection.close()


def _stored(value):
    return value.hex if connection.vendor == "sqlite" else value
