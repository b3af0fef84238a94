"""Events: kept until somebody waits for them, and delivered once."""

import orjson
import pytest
from django.utils import timezone

from flows.errors import (
    EventWordUnfit,
    MessageIdReused,
    RunEnded,
    SignalTooLarge,
)
from flows.models import Inbox, Run, Signal, Wait
from flows.services.signals import Event, send_signal, signal_run
from orchestrator_site.ledger.api import Event as LedgerEvent
from orchestrator_site.ledger.api import load, verify
from tests.factories.flows import ACTOR, make_run

pytestmark = [
    pytest.mark.both_databases,
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture
def run():
    return make_run()


def await_event(run, name="paid", key="", address="wait"):
    Wait.objects.create(
        run=run,
        workspace_id=run.workspace_id,
        address=address,
        kind="event",
        name=name,
        key=key,
        port="paid",
    )


def send(run, **event):
    return send_signal(run.workspace, Event(**{"name": "paid", **event}), actor=ACTOR)


def test_an_event_reaches_every_run_that_waits_for_its_name_and_key(run):
    other, stranger = make_run(flow=run.flow), make_run()
    for each in (run, other, stranger):
        await_event(each, key="42")
    await_event(make_run(flow=run.flow), key="43")
    sent = send(run, key="42", data={"amount": 7})
    assert sent.is_new
    rows = Inbox.objects.order_by("run_id")
    assert [row.run_id for row in rows] == sorted([run.pk, other.pk])
    body = orjson.loads(bytes(rows[0].body))
    assert body["port"] == "paid"
    assert load(bytes.fromhex(body["data_cell"])) == {"amount": 7}
    assert rows[0].actor == ACTOR


def test_the_same_message_again_is_the_same_event(run):
    first = send(run, message_id="m-1")
    await_event(run)
    again = send(run, message_id="m-1")
    assert (again.signal, again.is_new) == (first.signal, False)
    assert Signal.objects.count() == 1
    with pytest.raises(MessageIdReused):
        send(run, message_id="m-1", name="refunded")


def test_an_event_for_one_run_reaches_it_whatever_the_key(run):
    other = make_run(flow=run.flow)
    await_event(run, key="42")
    await_event(other, key="42")
    signal_run(run, Event(name="paid", data="x" * 5000), actor=ACTOR)
    row = Inbox.objects.get()
    assert row.run_id == run.pk
    cell = bytes.fromhex(orjson.loads(bytes(row.body))["data_cell"])
    assert load(cell) == "x" * 5000


def test_an_event_is_in_the_ledger_without_its_content(run):
    send(run, key="secret-key", data={"card": "secret-data"})
    body = bytes(LedgerEvent.objects.get(kind="signal.sent").body)
    assert b'"name":"paid"' in body
    assert b"secret" not in body
    assert verify().flaws == []


def test_an_event_that_cannot_be_kept_is_refused(run):
    with pytest.raises(SignalTooLarge):
        send(run, data="x" * 1_000_001)
    Run.objects.update(ended_at=timezone.now(), status="completed")
    run.refresh_from_db()
    with pytest.raises(RunEnded):
        signal_run(run, Event(name="paid"), actor=ACTOR)
    assert not Signal.objects.exists()


def test_a_time_to_live_ends(run):
    sent = send(run, ttl_s=60)
    lived = (sent.signal.expires_at - sent.signal.created_at).total_seconds()
    assert lived == 60


@pytest.mark.parametrize(
    "word",
    [
        {"name": "n" * 201},
        {"name": ""},
        {"key": "k" * 201},
        {"key": "a\0b"},
        {"message_id": "m" * 201},
        {"message_id": ""},
    ],
)
def test_a_word_that_one_database_would_refuse_is_refused_by_both(run, word):
    with pytest.raises(EventWordUnfit) as refused:
        send(run, **word)
    assert refused.value.detail["pointer"] == f"/{next(iter(word))}"
    with pytest.raises(EventWordUnfit):
        signal_run(run, Event(**{"name": "paid", **word}), actor=ACTOR)
    assert not Signal.objects.exists()


def test_words_may_be_as_long_as_their_columns(run):
    words = {"name": "n" * 200, "key": "k" * 200, "message_id": "m" * 200}
    assert send(run, **words).is_new
