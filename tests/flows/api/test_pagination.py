"""Lists hold still while others write."""

from datetime import timedelta

import pytest
from django.utils import timezone

from flows.models import Run
from tests.factories.flows import make_flow, make_run

pytestmark = pytest.mark.both_databases


@pytest.fixture
def flow(workspace):
    return make_flow(workspace=workspace)


def ids(answer):
    return [item["id"] for item in answer["items"]]


def test_pages_join_without_gap_while_runs_are_started(api, flow):
    runs = [str(make_run(flow=flow).pk) for _ in range(5)]
    seen, cursor = [], {}
    while cursor is not None:
        answer = api.read("/runs", limit=2, **cursor)
        seen += ids(answer)
        make_run(flow=flow)
        following = answer["next_cursor"]
        cursor = {"cursor": following} if following else None
    assert seen == runs[::-1]


def test_last_page_that_is_just_full_says_so(api, flow):
    make_run(flow=flow), make_run(flow=flow)
    assert api.read("/runs", limit=2)["next_cursor"] is None


def test_filters_by_flow_and_status(api, flow, workspace):
    mine, failed = make_run(flow=flow), make_run(flow=flow)
    other = make_run(flow=make_flow(workspace=workspace, models={"other": "echo"}))
    Run.objects.filter(pk=failed.pk).update(status="failed")
    assert ids(api.read("/runs", flow=other.flow.slug)) == [str(other.pk)]
    assert ids(api.read("/runs", flow=flow.slug, status="queued")) == [str(mine.pk)]
    assert ids(api.read("/runs", status="failed")) == [str(failed.pk)]


def test_filters_by_the_time_of_acceptance(api, flow):
    run = make_run(flow=flow)
    now = timezone.now()
    before, after = now - timedelta(minutes=1), now + timedelta(minutes=1)

    def found(**query):
        query = {name: moment.isoformat() for name, moment in query.items()}
        return ids(api.read("/runs", **query))

    assert found(since=before, until=after) == [str(run.pk)]
    assert found(since=after) == []
    assert found(until=before) == []


def test_versions_and_flows_have_pages_too(api, workspace):
    older, newer = make_flow(workspace=workspace), None
    newer = make_flow(workspace=workspace, models={"other": "echo"})
    first = api.read("/flows", limit=1)
    assert [flow["slug"] for flow in first["items"]] == [newer.slug]
    second = api.read("/flows", limit=1, cursor=first["next_cursor"])
    assert [flow["slug"] for flow in second["items"]] == [older.slug]
    versions = api.read(f"/flows/{older.slug}/versions", limit=1)
    assert [version["number"] for version in versions["items"]] == [1]


def test_long_list_of_runs_costs_no_more_queries(api, flow, django_assert_num_queries):
    make_run(flow=flow)
    api.read("/runs")
    for _ in range(4):
        make_run(flow=flow)
    with django_assert_num_queries(2):
        assert len(api.read("/runs")["items"]) == 5
