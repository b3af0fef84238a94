from datetime import timedelta

import pytest
from django.utils import timezone

from model_registry.guarding.selectors import (
    add_up,
    calls_by_hour,
    count_by_version_and_tag,
)
from model_registry.guarding.series import PERIODS, series_by_tag, series_by_version
from model_registry.guarding.tally import Called, Tally, flush
from model_registry.models import ModelVersion
from tests.factories.accounts import make_workspace
from tests.factories.models import make_model_version

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def now(monkeypatch):
    """No hour ends in the middle of a test."""
    now = timezone.now().replace(minute=30)
    monkeypatch.setattr(timezone, "now", lambda: now)
    return now


@pytest.fixture
def count(clock, now):
    """Counts calls of a version some hours ago."""
    tally = Tally(clock)

    def add(version: ModelVersion, calls: int = 1, hours_ago: int = 0, **more):
        clock.now = (now - timedelta(hours=hours_ago)).timestamp()
        more.setdefault("latency_s", 0.04)
        for _ in range(calls):
            tally.add(Called(version.pk, more.get("tag", ""), **untagged(more)))
        flush(tally)

    return add


def untagged(more):
    return {name: value for name, value in more.items() if name != "tag"}


def counted(version):
    """The figures of a model's versions by id and tag, over a day."""
    rows = count_by_version_and_tag(version.model_id, timezone.now() - DAY)
    return {key: add_up(each) for key, each in rows.items()}


def test_figures_cover_the_time_asked_for_by_version_and_tag(count):
    workspace = make_workspace()
    first = make_model_version(workspace=workspace, model="a")
    second = make_model_version(workspace=workspace, model="a", runs="wait")
    count(first, 17, cost_usd_micros=10)
    count(first, 2, hours_ago=3, latency_s=2.0)
    count(first, 3, tag="refund")
    count(second, 1, is_error=True, is_retry=True, latency_s=2.0)
    count(first, 100, hours_ago=30)
    found = counted(first)
    calls = {key: figures.calls for key, figures in found.items()}
    assert calls == {(first.pk, ""): 19, (first.pk, "refund"): 3, (second.pk, ""): 1}
    figures = found[first.pk, ""]
    assert figures.cost_usd_micros == 170
    assert figures.p50_ms == pytest.approx(40, rel=0.1)
    assert figures.p95_ms == pytest.approx(2000, rel=0.1)
    failed = found[second.pk, ""]
    assert (failed.errors, failed.retries, failed.error_share) == (1, 1, 1.0)


def test_series_have_every_step_of_a_period(count):
    version = make_model_version()
    count(version, 2, tag="refund", latency_s=2.0, is_error=True)
    count(version, 3, hours_ago=2)
    points = series_by_version(version.model_id, PERIODS["24h"])
    assert points[version.pk] == points[version.model_id]
    shown = [(point.calls, point.errors) for point in points[version.pk]]
    assert shown == [(0, 0)] * 21 + [(3, 0), (0, 0), (2, 2)]
    assert points[version.pk][-1].p95_ms == pytest.approx(2000, rel=0.1)
    assert points[version.pk][-2].p95_ms is None
    tags = series_by_tag(version.pk, PERIODS["24h"])
    assert tags["refund"][-1].calls == 2
    assert tags[""][-3].calls == 3


def test_charts_have_every_hour(count):
    version = make_model_version()
    count(version, 2, is_error=True)
    count(version, 3, hours_ago=2)
    calls = calls_by_hour([version.model_id], timedelta(hours=4))
    assert calls[version.model_id] == [(0, 0), (3, 0), (0, 0), (2, 2)]


def test_any_number_of_models_takes_one_query(count, django_assert_num_queries):
    versions = [make_model_version() for _ in range(12)]
    for version in versions:
        count(version)
    ids = [version.model_id for version in versions]
    with django_assert_num_queries(1):
        assert len(calls_by_hour(ids, DAY)) == 12
