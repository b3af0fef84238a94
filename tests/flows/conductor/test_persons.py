"""Model nodes whose model is a person or a team: they are asked, and the run waits."""

import uuid

import pytest
from django.test import Client
from django.urls import reverse

from approvals.api import Approval, ApprovalError, Reason, Verdict, decide
from flows.models import Run
from flows.selectors import run_document
from flows.services.steering import request_cancel
from flows.views.node_states import shown_status
from model_registry.api import Status, set_standing
from orchestrator_site.accounts.api import Principal, Role
from orchestrator_site.ledger.api import verify
from tests.factories.accounts import make_membership, make_user, make_workspace
from tests.factories.flows import make_flow, make_run
from tests.factories.models import make_person
from tests.fixtures.stack import wait_for_end, wait_until

pytestmark = pytest.mark.both_databases

SCHEMA = {
    "type": "object",
    "properties": {
        "label": {"enum": ["parcel", "refund"]},
        "score": {"type": "number", "maximum": 1},
        "note": {"type": "string"},
    },
    "required": ["label", "score"],
}
DRAWING = "in -> model -> out"
CONFIGS = {
    "model": {"model": "desk", "input": {"text": "input.text"}},
    "out": {"values": {"label": "steps.model.label", "score": "steps.model.score"}},
}
ANSWER = {"label": "refund", "score": 0.5}


@pytest.fixture
def workspace(transactional_db):
    return make_workspace()


def asked(workspace, **person):
    """A run that waits for a person, and what they see."""
    rate = {"rate_usd_micros_per_minute": 600_000}
    facts = {"output_schema": SCHEMA, **rate, **person}
    version = make_person(workspace=workspace, model="desk", **facts)
    set_standing(version, Status.APPROVED, actor="system:test", reason="They know.")
    flow = make_flow(DRAWING, workspace=workspace, configs=CONFIGS)
    run = make_run(flow=flow, input={"text": "My money back!"})
    waits = Run.objects.filter(pk=run.pk, status="waiting")
    wait_until(waits.exists, "a parked run")
    return run, Approval.objects.get(run_id=run.pk)


def reviewer(workspace, email="mara@fernhill.example"):
    user = make_user(email=email)
    member = make_membership(workspace=workspace, user=user, role=Role.REVIEWER)
    return Principal.of_member(member)


def answer(approval, principal, *, outcome="approved", **verdict):
    given = Verdict(
        outcome=outcome,
        content_hash=approval.content_hash,
        idempotency_key=str(uuid.uuid4()),
        dwell_ms=90_000,
        **verdict,
    )
    return decide(approval.pk, given, principal=principal)


def step_of(run):
    steps = run_document(run)["steps"]
    return next(step for step in steps if step["node_id"] == "model")


def test_answer_of_a_person_is_the_output_of_the_step(live_conductor, workspace):
    run, approval = asked(workspace)
    assert shown_status(step_of(run)["status"], "model") == "asking"
    assert (approval.title, approval.excerpt) == ("Model: desk", "My money back!")
    answer(approval, reviewer(workspace), fields=ANSWER)
    document = run_document(wait_for_end(run))
    assert (document["status"], document["output"]) == ("completed", ANSWER)
    step = step_of(run)
    assert (step["port"], step["model"], step["model_version"]) == ("out", "desk", 1)
    assert (step["cost_usd_micros"], step["duration_ms"]) == (900_000, 90_000)
    assert verify().flaws == []


def test_answer_has_to_be_what_the_entry_promises(live_conductor, workspace):
    _, approval = asked(workspace)
    mara = reviewer(workspace)
    for fields in (
        None,
        {"label": "other", "score": 0},
        {"label": "refund", "score": 2},
    ):
        with pytest.raises(ApprovalError) as met:
            answer(approval, mara, fields=fields)
        assert met.value.code == "fields_invalid"


def test_person_who_declines_fails_the_step_for_good(live_conductor, workspace):
    run, approval = asked(workspace)
    reason = Reason("other", "Not for me.")
    answer(approval, reviewer(workspace), outcome="rejected", reason=reason)
    error = run_document(wait_for_end(run))["error"]
    assert error["code"] == "person_declined"
    assert "Not for me." in error["message"]
    assert step_of(run)["cost_usd_micros"] == 900_000


def test_one_person_is_asked_and_nobody_else(live_conductor, workspace):
    mara = reviewer(workspace)
    run, approval = asked(workspace, who="user:mara@fernhill.example")
    theo = reviewer(workspace, "theo@fernhill.example")
    with pytest.raises(ApprovalError) as met:
        answer(approval, theo, fields=ANSWER)
    assert met.value.code == "may_not_decide"
    browser = Client()
    browser.force_login(mara.user)
    page = browser.get(reverse("approvals:review", args=[approval.pk]))
    assert f"<dd>{mara.user.get_full_name()}</dd>" in page.content.decode()
    answer(approval, mara, fields=ANSWER)
    assert wait_for_end(run).status == "completed"


def test_cancelled_run_withdraws_what_it_asked(live_conductor, workspace):
    run, approval = asked(workspace)
    request_cancel(run, actor="user:someone")
    assert wait_for_end(run).status == "cancelled"
    gone = Approval.objects.filter(pk=approval.pk, state="obsolete")
    wait_until(gone.exists, "a withdrawn approval")
