"""A workspace, or one chain, is verified without reading the others."""

from uuid import UUID

import pytest
from django.db import connection

from flows.evidence import find_run_head
from orchestrator_site.ledger.api import verify_chain, verify_workspace
from tests.factories.flows import make_run
from tests.fixtures.tables import without_triggers

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]


def break_first_event(chain_id: UUID) -> None:
    stored = chain_id.hex if connection.vendor == "sqlite" else chain_id
    with connection.cursor() as cursor, without_triggers(cursor):
        cursor.execute(
            "UPDATE ledger_event SET body = %s WHERE chain_id = %s", [b"{}", stored]
        )


def test_a_chain_that_holds_is_counted():
    run = make_run()
    assert verify_chain(run.pk, find_run_head) == (1, 1, [])


def test_a_chain_names_its_first_bad_record():
    run = make_run()
    break_first_event(run.pk)
    assert [str(flaw) for flaw in verify_chain(run.pk, find_run_head).flaws] == [
        f"run {run.pk}, event 1: its content does not match its hash"
    ]


def test_a_chain_is_verified_without_the_others():
    run, other = make_run(), make_run()
    break_first_event(other.pk)
    assert verify_chain(run.pk, find_run_head).flaws == []


def test_a_chain_whose_events_are_gone_does_not_hold():
    run = make_run()
    stored = run.pk.hex if connection.vendor == "sqlite" else run.pk
    with connection.cursor() as cursor, without_triggers(cursor):
        cursor.execute("DELETE FROM ledger_event WHERE chain_id = %s", [stored])
    assert [flaw.reason for flaw in verify_chain(run.pk, find_run_head).flaws] == [
        "missing"
    ]


def test_a_workspace_is_verified_without_the_others():
    run, other = make_run(), make_run()
    break_first_event(other.pk)
    assert verify_workspace(run.workspace_id).flaws == []
    assert len(verify_workspace(other.workspace_id).flaws) == 1
