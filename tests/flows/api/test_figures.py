"""Figures and health over the API."""

import pytest

from flows.api import figures_formats as formats
from model_registry.models import Evaluation
from tests.factories.evaluations import grade_by_tag, make_evaluation_set
from tests.factories.figures import (
    count_calls,
    make_drift,
    make_health,
    make_health_change,
)
from tests.factories.models import make_draft, make_model_version

METRIC = {"name": "accuracy", "value": 0.9, "low": 0.8, "high": 0.95, "of": 40}


@pytest.fixture
def version(workspace):
    return make_model_version(workspace=workspace, model="shop")


def test_figures_by_version_and_tag(api, workspace, version):
    other = make_draft(
        workspace=workspace, model="shop", runs="wait", alias="challenger"
    )
    count_calls(version, 18, cost_usd_micros=10, usage={"input_tokens": 5})
    count_calls(version, 1, tag="refunds", is_error=True, latency_s=2.0)
    count_calls(other, 1, hours_ago=30, is_retry=True)
    count_calls(version, 50, hours_ago=24 * 8)
    found = api.read("/models/shop/figures")
    assert (found["period"], len(found["points"])) == ("7d", 28)
    assert sum(point["calls"] for point in found["points"]) == 20
    total = found["total"]
    assert (total["calls"], total["errors"], total["retries"]) == (20, 1, 1)
    assert (total["cost_usd_micros"], total["input_tokens"]) == (180, 90)
    assert total["p50_ms"] == pytest.approx(40, rel=0.1)
    calls = [(row["version"], row["calls"]) for row in found["by_version"]]
    assert calls == [(2, 1), (1, 19)]
    tags = [(row["version"], row["tag"], row["calls"]) for row in found["by_tag"]]
    assert tags == [(2, "shop", 1), (1, "refunds", 1), (1, "shop", 18)]
    today = api.read("/models/shop/figures", period="24h")
    assert (today["total"]["calls"], len(today["points"])) == (19, 24)
    month = api.read("/models/shop/figures", period="30d")
    assert (month["total"]["calls"], len(month["points"])) == (70, 30)


def test_quality_is_that_of_the_last_evaluation(api, workspace, version):
    cases = make_evaluation_set(workspace)
    Evaluation.objects.create(
        version=version, evaluation_set=cases, status="completed", metrics=[METRIC]
    )
    (row,) = api.read("/models/shop/figures")["by_version"]
    assert row["calls"] == 0
    assert row["evaluated"]["set"] == cases.name
    assert (row["evaluated"]["value"], row["evaluated"]["low"]) == (0.9, 0.8)
    assert row["reviewed"] is None


def test_quality_by_tag_has_its_trend(api, workspace, version):
    other = make_draft(workspace=workspace, model="shop", runs="wait", alias=None)
    cases = make_evaluation_set(workspace)
    grade_by_tag(version, cases, refunds=0.75)
    grade_by_tag(other, cases, refunds=0.875)
    count_calls(other, tag="shop")
    rows = {
        (row["version"], row["tag"]): row
        for row in api.read("/models/shop/figures")["by_tag"]
    }
    assert rows[2, "shop"]["evaluated"] is None
    graded = rows[2, "refunds"]
    assert (graded["calls"], graded["evaluated"]["value"]) == (0, 0.875)
    trend = [(each["version"], each["value"]) for each in graded["evaluated"]["trend"]]
    assert trend == [(1, 0.75), (2, 0.875)]
    assert len(rows[1, "refunds"]["evaluated"]["trend"]) == 1
    assert set(graded) == set(formats.TagFigures().fields)


def test_health_says_what_changed_and_why(api, version):
    make_health(version, is_well=False, message="Nobody listens.")
    make_health_change(version, is_well=True, hours_ago=9)
    make_health_change(version, is_well=False, reason="Nobody listens.")
    make_drift(version)
    found = api.read("/models/shop/health")
    (row,) = found["versions"]
    assert (row["version"], row["aliases"]) == (1, ["champion"])
    assert (row["state"], row["message"]) == ("not_answering", "Nobody listens.")
    changes = [(each["is_well"], each["reason"]) for each in row["changes"]]
    assert changes == [(False, "Nobody listens."), (True, "")]
    assert [each["feature"] for each in found["drift"]] == ["output.intent"]


def test_version_that_nobody_looked_at_says_so(api, version):
    (row,) = api.read("/models/shop/health")["versions"]
    assert (row["state"], row["checked_at"], row["changes"]) == (
        "not_looked_at",
        None,
        [],
    )


@pytest.mark.parametrize("what", ["figures", "health"])
def test_model_of_another_workspace_is_not_there(api, what):
    make_model_version(model="elsewhere")
    assert api.send("GET", f"/models/elsewhere/{what}").status_code == 404


def test_unknown_period_is_refused(api, version):
    response = api.send("GET", "/models/shop/figures?period=1y")
    assert response.status_code == 400


def test_what_is_described_is_what_is_given(api, version):
    count_calls(version)
    make_health(version)
    make_health_change(version, is_well=True)
    make_drift(version)
    figures, health = api.read("/models/shop/figures"), api.read("/models/shop/health")
    given = {
        formats.ModelFiguresDetail: figures,
        formats.FiguresDetail: figures["total"],
        formats.VersionFigures: figures["by_version"][0],
        formats.TagFigures: figures["by_tag"][0],
        formats.PointDetail: figures["points"][0],
        formats.DriftDetail: figures["drift"][0],
        formats.ModelHealthDetail: health,
        formats.VersionHealth: health["versions"][0],
        formats.HealthChangeDetail: health["versions"][0]["changes"][0],
    }
    for described, answer in given.items():
        assert set(described().fields) == set(answer), described
