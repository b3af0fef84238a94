"""What pages show of a model's calls and health."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from model_registry import reviews
from model_registry.models import Evaluation
from model_registry.reviews import Reviewed
from orchestrator_site.accounts.roles import Role
from tests.factories.accounts import make_membership
from tests.factories.evaluations import grade_by_tag, make_evaluation_set
from tests.factories.figures import (
    count_calls,
    make_drift,
    make_health,
    make_health_change,
)
from tests.factories.models import make_draft, make_model_version, make_person

pytestmark = pytest.mark.django_db
METRIC = {"name": "accuracy", "value": 0.871, "low": 0.84, "high": 0.9, "of": 1200}


@pytest.fixture
def workspace(client):
    member = make_membership(role=Role.OWNER)
    client.force_login(member.user)
    return member.workspace


@pytest.fixture
def version(workspace):
    return make_model_version(workspace=workspace, model="shop", capability="classify")


@pytest.fixture
def look(client):
    def open_(page, *args, **query):
        response = client.get(reverse(f"models:{page}", args=args), query)
        assert response.status_code == 200
        return " ".join(response.text.split())

    return open_


def row_of(text, name):
    """The row of a table that begins with this name."""
    return text.partition(f'<td class="table-name">{name}')[2].partition("</tr>")[0]


def test_page_shows_figures_by_version_and_tag(look, version):
    count_calls(version, 39, tag="billing", latency_s=0.9, cost_usd_micros=1000)
    count_calls(version, 1, tag="refunds", latency_s=4, is_error=True)
    count_calls(version, 70, hours_ago=24 * 8, tag="billing")
    text = look("model", "shop")
    version_row = text.partition('<tr id="version-1"')[2].partition("</tr>")[0]
    for words in ("$0.98", "> 40<", "2.5 %", 'class="spark '):
        assert words in version_row
    assert "> 39<" in row_of(text, "billing")
    assert "100 %" in row_of(text, "refunds")
    assert "1 of 40 calls failed" in text
    month = row_of(look("model", "shop", period="30d"), "billing")
    assert "> 109<" in month


def test_page_shows_quality_from_evaluations_and_reviewers(
    look, workspace, version, monkeypatch
):
    Evaluation.objects.create(
        version=version,
        evaluation_set=make_evaluation_set(workspace),
        status="completed",
        metrics=[METRIC],
    )
    count_calls(version, tag="billing")
    monkeypatch.setattr(reviews, "_NAMES", [f"{__name__}.reviewed"])
    text = look("model", "shop")
    assert "0.871" in text
    assert "1200 cases; 95 % interval 0.840 to 0.900" in text
    assert "41 of 44 decided answers were approved as they were" in text
    row = row_of(text, "billing")
    assert "93 %" in row
    assert row.count('class="spark-line"') == 2  # of calls, and of approvals
    assert "0.840 to 0.900" in look("version", "shop", 1)


def test_page_shows_quality_by_tag_with_its_trend(look, workspace, version):
    cases = make_evaluation_set(workspace)
    for value in (0.75, 0.8, 0.871):
        grade_by_tag(version, cases, billing=value)
    count_calls(version, tag="refunds")
    text = look("model", "shop")
    row = row_of(text, "billing")
    assert "0.871" in row
    assert f"accuracy on {cases.name}, 1200 cases; before: 0.750, 0.800" in row
    assert row.count('class="spark-line"') == 1
    assert "0.871" not in row_of(text, "refunds")
    assert "0.871" in row_of(look("version", "shop", 1), "billing")


def reviewed(_model, _since):
    """Verdicts as flows would count them."""
    now = timezone.now()
    return [
        Reviewed(version=1, tag="billing", at=now - timedelta(days=2), right=30, of=31),
        Reviewed(version=1, tag="billing", at=now, right=11, of=13),
    ]


def test_page_says_how_the_live_version_is_since_when_and_why(look, version):
    make_health(version, is_well=False)
    make_health_change(version, is_well=True, hours_ago=100)
    make_health_change(version, is_well=False, hours_ago=18, reason="Nobody listens.")
    text = look("model", "shop")
    box = text.partition('id="model-health"')[2].partition("</section>")[0]
    assert "Not answering" in box
    assert "Nobody listens." in box
    assert "75 %, 1 outage" in box
    assert box.count('class="models-hour-down"') == 18 + 1


def test_open_breaker_is_told_with_the_error_that_opened_it(look, version):
    later = timezone.now() + timedelta(hours=1)
    make_health(version, breaker_until=later)
    make_health_change(
        version, is_well=False, source="breaker", reason="model_timed_out"
    )
    text = look("model", "shop")
    assert "Left alone" in text
    assert "the last one with model_timed_out" in text


def test_drift_is_told_on_the_pages_of_model_version_and_list(look, version):
    count_calls(version, tag="refunds")
    count_calls(version, tag="billing")
    make_drift(version, tag="refunds")
    text = look("model", "shop")
    assert "v1 drifts: output.intent of refunds is not as it was." in text
    assert "Drift since" in row_of(text, "refunds")
    assert "Drift since" not in row_of(text, "billing")
    assert "v1 drifts" in look("version", "shop", 1)
    assert '<span class="chip chip-failed">' in look("list")


def test_version_shows_its_own_tags_only(look, workspace, version):
    other = make_draft(
        workspace=workspace,
        model="shop",
        capability="classify",
        runs="wait",
        alias=None,
    )
    count_calls(version, tag="billing")
    count_calls(other, 2, tag="refunds")
    text = look("version", "shop", 2)
    assert row_of(text, "refunds")
    assert not row_of(text, "billing")


@pytest.mark.parametrize("period", ["", "1y", "24h", "30d"])
def test_model_that_nobody_called_says_so(look, version, period):
    text = look("model", "shop", period=period)
    assert "No flow called it in this time." in text
    assert "Not looked at" in text


def test_person_has_no_figures(look, workspace):
    make_person(workspace=workspace, model="theo")
    text = look("model", "theo")
    assert "model-health" not in text
    assert "Quality" not in text


@pytest.mark.parametrize("count", [1, 5])
def test_pages_take_the_same_queries_for_any_number_of_tags_and_models(
    client, look, workspace, version, count, django_assert_num_queries
):
    for number in range(count):
        count_calls(version, tag=f"tag-{number}")
        make_drift(version, tag=f"tag-{number}")
        other = make_model_version(workspace=workspace, model=f"other-{number}")
        make_health(other)
        count_calls(other)
    with django_assert_num_queries(24):
        look("model", "shop")
    with django_assert_num_queries(18):
        look("list")
