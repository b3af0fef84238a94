"""Appending to chains and protecting what was appended, on both databases."""

import threading
from uuid import UUID

import pytest
from django.db import DatabaseError, connection, transaction

from orchestrator_site.ledger.api import Event, Subject, record, verify
from orchestrator_site.ledger.models import Chain

pytestmark = pytest.mark.both_databases
SUBJECT = Subject("model", UUID(int=7))
WORKSPACE = UUID(int=8)


def append(note: object = "a"):
    with transaction.atomic():
        record(
            workspace_id=WORKSPACE,
            subject=SUBJECT,
            kind="model.registered",
            actor="system:test",
            data={"note": note},
        )


@pytest.mark.django_db(transaction=True)
def test_recording_needs_a_transaction():
    with pytest.raises(RuntimeError):
        record(
            workspace_id=WORKSPACE,
            subject=SUBJECT,
            kind="model.registered",
            actor="system:test",
            data={},
        )


@pytest.mark.django_db
@pytest.mark.parametrize("note", [0.5, [{"share": 1.0}]])
def test_an_event_holds_no_floats(note):
    with pytest.raises(ValueError, match="float"):
        append(note)


@pytest.mark.django_db
def test_events_of_a_subject_form_one_chain():
    append("a")
    append("b")
    assert list(Event.objects.values_list("seq", flat=True).order_by("seq")) == [1, 2]
    assert Chain.objects.get().seq == 2
    assert verify().flaws == []


@pytest.mark.django_db(transaction=True)
def test_an_event_vanishes_with_its_transaction():
    with transaction.atomic():
        append()
        transaction.set_rollback(True)
    assert not Event.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_many_writers_make_one_chain_without_gap():
    def write():
        for _ in range(5):
            append()
        connection.close()

    threads = [threading.Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Chain.objects.get().seq == 20
    assert verify().flaws == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "sql", ["UPDATE ledger_event SET kind = 'x'", "DELETE FROM ledger_event"]
)
def test_the_database_refuses_changes(sql):
    append()
    with (
        pytest.raises(DatabaseError, match="append-only"),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql)
    assert Event.objects.count() == 1
