from datetime import timedelta

import pytest
from django.utils import timezone

from model_registry.guarding.selectors import (
    calls_by_hour,
    figures_by_hour,
    figures_by_model,
    figures_by_tag,
    figures_by_version,
)
from model_registry.guarding.tally import Called, Tally, flush
from model_registry.models import ModelVersion
from tests.factories.accounts import make_workspace
from tests.factories.models import make_model_version

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
DAY = timedelta(days=1)


@pytest.fixture
def count(clock):
    """Counts calls of a version some hours ago."""
    tally = Tally(clock)
    now = timezone.now().replace(minute=30)

    def add(version: ModelVersion, calls: int = 1, hours_ago: int = 0, **more):
        clock.now = (now - timedelta(hours=hours_ago)).timestamp()
        more.setdefault("latency_s", 0.04)
        for _ in range(calls):
            tally.add(Called(version.pk, more.get("tag", ""), **untagged(more)))
        flush(tally)

    return add


def untagged(more):
    return {name: value for name, value in more.items() if name != "tag"}


def test_figures_of_a_model_cover_its_versions_and_the_time_asked_for(count):
    workspace = make_workspace()
    first = make_model_version(workspace=workspace, model="a")
    second = make_model_version(workspace=workspace, model="a", runs="wait")
    count(first, 17, cost_usd_micros=10)
    count(first, 2, hours_ago=3, latency_s=2.0)
    count(second, 1, is_error=True, is_retry=True, latency_s=2.0)
    count(first, 100, hours_ago=30)
    figures = figures_by_model([first.model_id], DAY)[first.model_id]
    assert (figures.calls, figures.errors, figures.retries) == (20, 1, 1)
    assert figures.cost_usd_micros == 170
    assert figures.error_share == 0.05
    assert figures.p50_ms == pytest.approx(40, rel=0.1)
    assert figures.p95_ms == pytest.approx(2000, rel=0.1)
    by_version = figures_by_version(first.model_id, DAY)
    assert {key: each.calls for key, each in by_version.items()} == {
        first.pk: 19,
        second.pk: 1,
    }


def test_figures_by_tag_and_by_hour(count):
    version = make_model_version()
    count(version, 2, tag="refund")
    count(version, 3, hours_ago=2)
    tags = figures_by_tag(version.model_id, DAY)
    assert {tag: each.calls for tag, each in tags.items()} == {"refund": 2, "": 3}
    hours = figures_by_hour(version.model_id, DAY)
    assert [each.calls for each in hours.values()] == [3, 2]


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
        assert len(figures_by_model(ids, DAY)) == 12
    with django_assert_num_queries(1):
        assert len(calls_by_hour(ids, DAY)) == 12
