"""Alarms from counted calls: raised, told, kept and ended."""

from datetime import timedelta

import pytest
from django.utils import timezone

from model_registry.api import Use, call
from model_registry.drifting.checking import check_drift
from model_registry.drifting.counting import Answers, flush_answers
from model_registry.guarding import calls as calls_module
from model_registry.models import ModelAnswers, ModelDrift
from model_registry.resolving import resolve
from model_registry.tags import EVALUATION
from orchestrator_site.ledger.api import Event, verify
from tests.factories.models import make_model_version
from tests.model_registry.guarding.conftest import FakeClock

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
SCHEMA = {"properties": {"intent": {"enum": ["refund", "delivery"]}}}


@pytest.fixture
def version():
    return make_model_version(output_schema={"type": "object", **SCHEMA})


@pytest.fixture
def count(version):
    """Counts answers of the version some days ago."""
    clock = FakeClock()
    answers = Answers(clock)
    resolved = resolve(version.model.workspace_id, version.model.name, "champion")

    def add(calls, intent, *, days_ago=0, tag="shop"):
        clock.now = (timezone.now() - timedelta(days=days_ago)).timestamp()
        for _ in range(calls):
            answers.add(resolved, tag, {}, {"intent": intent})
        flush_answers(answers)

    return add


def open_alarms():
    rows = ModelDrift.objects.filter(ended_at__isnull=True)
    return list(rows.values_list("tag", "feature"))


def told():
    kinds = Event.objects.filter(kind__startswith="version.drift").order_by("seq")
    return list(kinds.values_list("kind", flat=True))


def test_alarm_is_raised_once_told_and_ended(count, version):
    count(300, "refund", days_ago=5)
    count(300, "delivery", days_ago=5)
    count(250, "refund", days_ago=0)
    check_drift()
    check_drift()
    assert open_alarms() == [("shop", "output.intent")]
    assert told() == ["version.drifted"]
    count(250, "delivery", days_ago=0)
    check_drift()
    assert open_alarms() == []
    assert told() == ["version.drifted", "version.drift_ended"]
    assert verify().flaws == []


@pytest.mark.parametrize(
    ("before", "now"),
    [(600, 150), (150, 600)],  # too few of these, too few of those
)
def test_no_alarm_without_enough_calls(count, before, now):
    count(before, "refund", days_ago=5)
    count(now, "delivery")
    check_drift()
    assert open_alarms() == []


def test_alarm_ends_when_nobody_calls_any_more(count, version):
    count(300, "refund", days_ago=5)
    count(300, "delivery")
    check_drift()
    ModelAnswers.objects.filter(sort="delivery").delete()
    check_drift()
    assert open_alarms() == []


def test_tags_are_looked_at_apart_and_evaluations_not_at_all(count):
    count(300, "refund", days_ago=5)
    count(300, "refund", tag="other")
    count(300, "delivery", tag=EVALUATION)
    check_drift()
    assert open_alarms() == []
    assert not ModelAnswers.objects.filter(tag=EVALUATION).exists()


def test_what_is_long_past_is_no_reference(count):
    count(300, "refund", days_ago=40)
    count(300, "delivery")
    check_drift()
    assert open_alarms() == []


def test_answers_of_calls_are_counted(version, monkeypatch):
    answers = Answers()
    monkeypatch.setattr(calls_module, "ANSWERS", answers)
    resolved = resolve(version.model.workspace_id, version.model.name, "champion")
    call(
        resolved,
        {"intent": "refund"},
        timeout_s=5,
        idempotency_key="r/s",
        tag="shop",
        use=Use("internal"),
    )
    flush_answers(answers)
    row = ModelAnswers.objects.get()
    assert (row.version_id, row.tag, row.sort, row.calls) == (
        version.pk,
        "shop",
        "refund",
        1,
    )
