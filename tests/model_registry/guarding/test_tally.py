from datetime import UTC, datetime

import pytest
from django.db import DatabaseError, connection

from model_registry.guarding.latency import bucket_of
from model_registry.guarding.tally import Called, Tally, flush
from model_registry.models import ModelFigures
from orchestrator_site.accounts.api import new_id

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
HOUR = datetime(2026, 11, 28, 13, tzinfo=UTC)


@pytest.fixture
def tally(clock):
    clock.now = HOUR.timestamp() + 120
    return Tally(clock)


def called(version_id, **more):
    return Called(version_id, more.pop("tag", ""), more.pop("latency_s", 0.04), **more)


def test_calls_of_an_hour_are_added_to_one_row(tally):
    version_id = new_id()
    usage = {"input_tokens": 100, "output_tokens": 7}
    tally.add(called(version_id, cost_usd_micros=30, usage=usage))
    tally.add(called(version_id, is_error=True, is_retry=True))
    assert flush(tally) == 1
    tally.add(called(version_id, cost_usd_micros=12))
    flush(tally)
    row = ModelFigures.objects.get()
    assert (row.version_id, row.hour, row.bucket) == (version_id, HOUR, bucket_of(40))
    assert (row.calls, row.errors, row.retries) == (3, 1, 1)
    assert (row.cost_usd_micros, row.input_tokens, row.output_tokens) == (42, 100, 7)


def test_versions_tags_hours_and_latencies_are_kept_apart(tally, clock):
    version_id = new_id()
    tally.add(called(version_id))
    tally.add(called(new_id()))
    tally.add(called(version_id, tag="refund"))
    tally.add(called(version_id, latency_s=2))
    clock.now += 3600
    tally.add(called(version_id))
    assert flush(tally) == 5
    assert ModelFigures.objects.count() == 5


def test_several_workers_add_to_the_same_rows(tally, clock):
    version_id, other = new_id(), Tally(clock)
    for each in (tally, other):
        each.add(called(version_id))
        flush(each)
    assert ModelFigures.objects.get().calls == 2


def test_all_that_was_counted_takes_one_statement(tally, django_assert_num_queries):
    for _ in range(50):
        tally.add(called(new_id()))
    with django_assert_num_queries(1):
        flush(tally)
    with django_assert_num_queries(0):
        flush(tally)


def test_more_than_a_statement_holds_takes_several(tally):
    for _ in range(2100):
        tally.add(called(new_id()))
    flush(tally)
    assert ModelFigures.objects.count() == 2100


def test_what_could_not_be_stored_is_kept(tally, transactional_db):
    version_id = new_id()
    tally.add(called(version_id))
    with connection.execute_wrapper(_refuse), pytest.raises(DatabaseError):
        flush(tally)
    tally.add(called(version_id))
    flush(tally)
    assert ModelFigures.objects.get().calls == 2


def _refuse(*_statement):
    raise DatabaseError("away")
