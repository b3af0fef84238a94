from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from approvals.api import Approval, Decision
from flows.models import Run
from orchestrator_site.accounts.models import User
from orchestrator_site.accounts.roles import Role
from orchestrator_site.accounts.services.invites import create_invite
from tests.factories.accounts import make_membership, make_workspace
from tests.factories.approvals import make_approval
from tests.factories.flows import make_flow, make_run

pytestmark = pytest.mark.django_db
MOST_QUERIES = 15


@pytest.fixture
def workspace():
    return make_workspace()


@pytest.fixture
def owner(workspace, client):
    membership = make_membership(workspace=workspace, role=Role.OWNER)
    client.force_login(membership.user)
    return membership.user


def look(client):
    return client.get("/").content.decode()


def end(run, *, status="completed", ago=timedelta(hours=1), cost=0):
    at = timezone.now() - ago
    Run.objects.filter(pk=run.pk).update(
        status=status, started_at=at, ended_at=at, cost_usd_micros=cost
    )
    return run


def decide_after(approval, span):
    now = timezone.now()
    Approval.objects.filter(pk=approval.pk).update(
        state="decided", created_at=now - span, ended_at=now
    )
    Decision.objects.create(
        approval=approval,
        idempotency_key=str(approval.pk),
        request_hash=b"",
        actor="user:1",
        outcome="approved",
        content_hash="",
        decision_hash="",
        dwell_ms=1,
        decided_at=now,
    )


def test_page_is_for_members_only(client):
    assert client.get("/").url.startswith("/accounts/login/")


def test_figures_without_data_say_so(client, owner):
    page = look(client)
    assert page.count("No figure yet") == 3
    assert "Nothing needs you." in page
    assert "none has ended in the last 7 days" in page


def test_figures_are_of_the_last_seven_days(client, owner, workspace):
    flow = make_flow(workspace=workspace)
    asked = end(make_run(flow=flow), cost=30_000)
    make_approval(workspace=workspace, run_id=asked.pk)
    for status in ("completed", "completed", "failed"):
        end(make_run(flow=flow), status=status, cost=10_000)
    end(make_run(flow=flow), ago=timedelta(days=8), cost=9_000_000)
    make_run(flow=flow)
    figures = client.get("/").context["figures"]
    assert (figures.handled, figures.succeeded, figures.alone) == (4, 3, 2)
    assert figures.mean_cost_usd_micros == 15_000
    assert (figures.under_way, figures.broken_day) == (1, 1)


@pytest.mark.both_databases
@pytest.mark.parametrize(("minutes", "median"), [([1, 2, 9], 2), ([1, 2, 4, 9], 3)])
def test_time_to_decision_is_the_median(client, owner, workspace, minutes, median):
    for number in minutes:
        approval = make_approval(workspace=workspace)
        decide_after(approval, timedelta(minutes=number))
    times = client.get("/").context["times"]
    assert (times.count, times.median) == (len(minutes), timedelta(minutes=median))


def test_only_what_the_reader_may_decide_needs_the_reader(client, workspace):
    make_approval(workspace=workspace, title="Refund $38.50", roles=("reviewer",))
    make_approval(workspace=workspace, title="Not yours", roles=("admin",))
    make_approval(title="Elsewhere")
    reviewer = make_membership(workspace=workspace, role=Role.REVIEWER)
    client.force_login(reviewer.user)
    page = look(client)
    assert "One approval needs you." in page
    assert "Refund $38.50" in page
    assert "Not yours" not in page
    assert "Elsewhere" not in page


def test_who_decides_nothing_sees_how_much_waits(client, workspace):
    make_approval(workspace=workspace, title="Refund $38.50")
    auditor = make_membership(workspace=workspace, role=Role.AUDITOR)
    client.force_login(auditor.user)
    page = look(client)
    assert "One approval waits for somebody else." in page
    assert "Your role does not decide approvals." in page
    assert "Refund $38.50" not in page


def test_runs_of_another_workspace_are_not_shown(client, owner):
    end(make_run(), status="failed")
    context = client.get("/").context
    assert context["figures"].handled == 0
    assert context["recent"] == context["broken"] == []


def test_live_update_is_the_board_alone(client, owner):
    part = client.get("/", headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    assert 'data-live-topic="runs approvals"' in part


def test_first_steps_tick_themselves_off(client, owner, workspace):
    User.objects.filter(pk=owner.pk).update(password_is_initial=True)
    assert [s.is_done for s in client.get("/").context["first_steps"]] == [False] * 3
    User.objects.filter(pk=owner.pk).update(password_is_initial=False)
    run = make_run(flow=make_flow(workspace=workspace))
    Run.objects.filter(pk=run.pk).update(started_by="system:seed")
    done = [step.is_done for step in client.get("/").context["first_steps"]]
    assert done == [True, False, False]
    Run.objects.filter(pk=run.pk).update(started_by=f"user:{owner.pk}")
    create_invite(
        workspace=workspace,
        email="theo@fernhill.example",
        role=Role.REVIEWER,
        actor="system:cli",
    )
    assert "First steps" not in look(client)


def test_first_steps_can_be_hidden(client, owner):
    assert "First steps" in look(client)
    client.post(reverse("hide_first_steps"))
    assert "First steps" not in look(client)


def test_page_needs_few_queries(
    client, owner, workspace, django_assert_max_num_queries
):
    flow = make_flow(workspace=workspace)
    for status in ("completed", "failed", "completed"):
        end(make_run(flow=flow), status=status)
    make_run(flow=flow)
    for _ in range(3):
        make_approval(workspace=workspace)
    decide_after(make_approval(workspace=workspace), timedelta(minutes=1))
    with django_assert_max_num_queries(MOST_QUERIES):
        client.get("/")
