"""Work that one worker does for all, and what it deletes."""

from datetime import timedelta

import pytest
from django.utils import timezone

from model_registry.guarding import upkeep
from model_registry.guarding.upkeep import ANSWERS_KEPT, FIGURES_KEPT, keep_up, take
from model_registry.models import (
    Chore,
    HealthChange,
    ModelAnswers,
    ModelDrift,
    ModelFigures,
)
from tests.factories.models import make_model_version

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
HOUR = timedelta(hours=1)
ZEROS = dict.fromkeys(
    ("errors", "retries", "cost_usd_micros", "input_tokens", "output_tokens"), 0
)


def make_rows(version, age):
    """One row of each kind, of that age."""
    at = timezone.now() - age
    ModelFigures.objects.create(version=version, hour=at, bucket=1, calls=1, **ZEROS)
    ModelAnswers.objects.create(version=version, slot=at, feature="a", calls=1)
    HealthChange.objects.create(version=version, source="probe", is_well=True, at=at)
    ModelDrift.objects.create(
        version=version,
        feature=str(age),
        index=1,
        bound=0.25,
        recent_calls=1,
        reference_calls=1,
        since=at,
        ended_at=at,
    )


def counts():
    tables = (ModelFigures, ModelAnswers, HealthChange, ModelDrift)
    return [table.objects.count() for table in tables]


def test_what_is_too_old_is_deleted_in_portions(monkeypatch):
    monkeypatch.setattr(upkeep, "PORTION", 1)
    version = make_model_version()
    for age in (
        HOUR,
        ANSWERS_KEPT + HOUR,
        FIGURES_KEPT + HOUR,
        FIGURES_KEPT + 2 * HOUR,
    ):
        make_rows(version, age)
    keep_up()
    assert counts() == [2, 1, 2, 2]


def test_alarm_that_holds_is_kept(db):
    version = make_model_version()
    make_rows(version, FIGURES_KEPT + HOUR)
    ModelDrift.objects.update(ended_at=None)
    upkeep.forget_old()
    assert ModelDrift.objects.count() == 1


def test_one_worker_does_a_chore_when_it_is_due():
    assert take("sweep", HOUR)
    assert not take("sweep", HOUR)
    Chore.objects.update(due_at=timezone.now() - HOUR)
    assert take("sweep", HOUR)


def test_chore_that_another_worker_has_just_taken_is_left_to_it(monkeypatch):
    due = timezone.now() - HOUR
    chore = Chore(name="sweep", due_at=due)
    Chore.objects.create(name="sweep", due_at=timezone.now() + HOUR)
    stale = lambda **_: (chore, False)  # noqa: E731  as it was read a moment ago
    monkeypatch.setattr(Chore.objects, "get_or_create", stale)
    assert not take("sweep", HOUR)
