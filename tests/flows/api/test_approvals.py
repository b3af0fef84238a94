"""Approvals over HTTP: the same decision as on the page, by a program."""

from datetime import timedelta

import pytest
from django.utils import timezone

from approvals.api import Approval, Decision
from flows.models import Inbox, Run
from orchestrator_site.accounts.roles import Role, Scope
from tests.factories.accounts import make_workspace
from tests.factories.approvals import ANSWER, MESSAGE, SCHEMA, make_approval
from tests.factories.flows import make_flow, make_run
from tests.fixtures.stack import wait_until
from tests.flows.api.clients import make_client

DRAWING = "in -> ask:approved -> out1, ask:rejected -> out2"
TYPES = {"ask": "approval"}
NOWHERE = "01890000-0000-7000-8000-000000000000"


@pytest.fixture
def run(workspace):
    return make_run(flow=make_flow(workspace=workspace))


@pytest.fixture
def approval(workspace, run):
    return make_approval(workspace=workspace, run_id=run.pk)


@pytest.fixture
def reviewer(workspace):
    """A program that decides, and does nothing else."""
    return make_client(workspace, role=Role.REVIEWER, scopes=[Scope.DECIDE])


def decide(client, approval, *, key="key-1", **body):
    headers = {"Idempotency_Key": key} if key is not None else {}
    body = {"outcome": "approved", "content_hash": approval.content_hash, **body}
    return client.send("POST", f"/approvals/{approval.pk}/decision", body, **headers)


def refused(response, status, code):
    found = response.json()
    assert (response.status_code, found["code"]) == (status, code), found
    assert response["Content-Type"] == "application/problem+json"
    return found


def test_what_is_read_is_what_is_decided_on(reviewer, approval, run):
    found = reviewer.read(f"/approvals/{approval.pk}")
    assert (found["state"], found["run_id"]) == ("waiting", str(run.pk))
    assert (found["claimed_by"], found["decision"]) == (None, None)
    assert (found["shown"], found["fields"]) == (
        {"message": MESSAGE},
        {"answer": ANSWER},
    )
    assert found["schema"] == SCHEMA
    assert found["content_hash"] == approval.content_hash


@pytest.mark.both_databases
def test_approval_gives_a_receipt_and_reaches_the_run(reviewer, approval, run):
    response = decide(reviewer, approval)
    receipt = response.json()
    assert (response.status_code, receipt["outcome"]) == (200, "approved")
    assert receipt["decided_by"].startswith("token:")
    assert Inbox.objects.get(run=run).actor == receipt["decided_by"]
    found = reviewer.read(f"/approvals/{approval.pk}")
    assert (found["state"], found["outcome"]) == ("decided", "approved")
    assert found["decision"] == {
        **receipt,
        "fields": {"answer": ANSWER},
        "reason": None,
    }


def test_edited_fields_are_those_of_the_decision(reviewer, approval):
    edited = {"answer": "We send a new shade."}
    assert decide(reviewer, approval, fields=edited).json()["outcome"] == "edited"
    found = reviewer.read(f"/approvals/{approval.pk}")
    assert found["decision"]["fields"] == edited
    assert found["fields"] == {"answer": ANSWER}


def test_rejection_keeps_its_reason(reviewer, approval):
    reason = {"code": "other", "text": "The customer called."}
    assert decide(reviewer, approval, outcome="rejected", reason=reason).json()
    decision = reviewer.read(f"/approvals/{approval.pk}")["decision"]
    assert (decision["outcome"], decision["fields"]) == ("rejected", None)
    assert decision["reason"] == reason


@pytest.mark.both_databases
def test_run_goes_on_with_what_a_program_decided(live_conductor, api, workspace):
    configs = {
        "ask": {"title": "Reply", "edit": {"answer": "input.draft"}},
        "out1": {"values": {"answer": "steps.ask.fields.answer"}},
    }
    flow = make_flow(DRAWING, workspace=workspace, configs=configs, types=TYPES)
    body = {"flow": flow.slug, "input": {"draft": "On its way."}}
    run = api.send("POST", "/runs", body).json()
    (row,) = wait_until(lambda: api.read("/approvals")["items"], "an approval")
    body = {"outcome": "approved", "content_hash": row["content_hash"]}
    path = f"/approvals/{row['id']}/decision"
    assert api.send("POST", path, body, Idempotency_Key="key-1").status_code == 200
    wait_until(lambda: api.read(f"/runs/{run['id']}")["ended_at"], "the run's end")
    assert api.read(f"/runs/{run['id']}")["output"] == {"answer": "On its way."}


@pytest.mark.both_databases
def test_same_key_gives_the_same_receipt(reviewer, approval):
    first, again = decide(reviewer, approval), decide(reviewer, approval)
    assert (again.status_code, again.json()) == (200, first.json())
    assert Decision.objects.count() == 1
    reason = {"code": "wrong_tone"}
    other = decide(reviewer, approval, outcome="rejected", reason=reason)
    refused(other, 409, "idempotency_key_reused")


@pytest.mark.parametrize(
    ("key", "code"),
    [(None, "idempotency_key_missing"), ("a b", "idempotency_key_invalid")],
)
def test_decision_needs_a_key(key, code, reviewer, approval):
    refused(decide(reviewer, approval, key=key), 400, code)
    assert not Decision.objects.exists()


@pytest.mark.parametrize("scope", set(Scope) - {Scope.DECIDE})
def test_no_other_scope_decides(scope, workspace, approval):
    client = make_client(workspace, scopes=[scope])
    found = refused(decide(client, approval), 403, "permission_missing")
    assert found["permission"] == "approval.decide"


def test_role_that_is_not_asked_does_not_decide(workspace, run, reviewer):
    approval = make_approval(workspace=workspace, run_id=run.pk, roles=("owner",))
    found = refused(decide(reviewer, approval), 403, "may_not_decide")
    assert found["rule"] == "role_not_asked"


def test_approval_of_another_workspace_does_not_exist(approval, reviewer):
    stranger = make_client(make_workspace(), scopes=[Scope.DECIDE])
    path = f"/approvals/{approval.pk}"
    refused(stranger.send("GET", path), 404, "approval_not_found")
    refused(decide(stranger, approval), 404, "approval_not_found")
    assert stranger.read("/approvals")["items"] == []
    refused(reviewer.send("GET", f"/approvals/{NOWHERE}"), 404, "approval_not_found")


def test_second_decision_is_refused_and_told_of_the_first(reviewer, approval, api):
    first = decide(reviewer, approval).json()
    found = refused(decide(api, approval, key="key-2"), 409, "already_decided")
    assert found["decided_by"] == first["decided_by"]
    assert found["outcome"] == "approved"


def test_claim_of_somebody_else_is_respected_until_it_ends(reviewer, approval):
    until = timezone.now() + timedelta(minutes=5)
    actor = f"user:{NOWHERE}"
    claim = {"state": "claimed", "claimed_by": actor}
    Approval.objects.update(**claim, claimed_until=until)
    found = reviewer.read(f"/approvals/{approval.pk}")
    assert (found["state"], found["claimed_by"]) == ("waiting", actor)
    refused(decide(reviewer, approval), 409, "claimed_by_other")
    Approval.objects.update(claimed_until=timezone.now())
    assert reviewer.read(f"/approvals/{approval.pk}")["claimed_by"] is None
    assert decide(reviewer, approval).status_code == 200


def test_decision_about_something_else_than_was_read(reviewer, approval):
    response = decide(reviewer, approval, content_hash="sha256:0")
    found = refused(response, 412, "approval_changed")
    assert found["content_hash"] == approval.content_hash


@pytest.mark.parametrize(
    ("fields", "pointer"),
    [
        ({"answer": 7}, "/answer"),
        ({}, "/answer"),
        ({"answer": "Yes.", "a/b": 1.5}, "/a~1b"),
    ],
    ids=str,
)
def test_fields_that_break_the_schema_name_the_place(
    fields, pointer, reviewer, approval
):
    found = refused(decide(reviewer, approval, fields=fields), 422, "fields_invalid")
    assert found["pointer"] == pointer


def test_rejection_without_a_reason(reviewer, approval):
    found = refused(
        decide(reviewer, approval, outcome="rejected"), 422, "reason_missing"
    )
    assert "wrong_tone" in found["codes"]


def test_run_that_ended_takes_no_decision(reviewer, approval):
    Run.objects.update(status="cancelled", ended_at=timezone.now())
    refused(decide(reviewer, approval), 409, "run_over")
    assert not Decision.objects.exists()


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"outcome": "edited"}, "/outcome"),
        ({"fields": ["answer"]}, "/fields"),
        ({"reason": {"code": "other", "text": "Lost?"}}, "/reason"),
        ({"outcome": "rejected", "fields": {"answer": "Lost?"}}, "/fields"),
        ({"outcome": "rejected", "reason": {"code": "mood"}}, "/reason/code"),
        ({"reason": {"code": "other", "txet": ""}}, "/reason/txet"),
        ({"dwell_ms": 1}, "/dwell_ms"),
    ],
    ids=str,
)
def test_decision_that_is_not_understood(body, pointer, reviewer, approval):
    found = refused(decide(reviewer, approval, **body), 400, "request_invalid")
    assert found["problems"][0]["pointer"] == pointer
    assert not Decision.objects.exists()


@pytest.mark.both_databases
def test_list_tells_what_waits_from_what_was_decided(reviewer, workspace, run):
    asked = [
        make_approval(workspace=workspace, run_id=run.pk, address=address)
        for address in "abcd"
    ]
    decide(reviewer, asked[1])
    Approval.objects.filter(pk=asked[3].pk).update(
        state="obsolete", ended_at=timezone.now()
    )
    first = reviewer.read("/approvals", limit=1)
    rest = reviewer.read("/approvals", limit=1, cursor=first["next_cursor"])
    seen = [page["items"][0]["id"] for page in (first, rest)]
    assert seen == [str(asked[2].pk), str(asked[0].pk)]
    assert rest["next_cursor"] is None
    decided = reviewer.read("/approvals", state="decided")["items"]
    assert [(row["id"], row["outcome"]) for row in decided] == [
        (str(asked[1].pk), "approved")
    ]
    assert reviewer.read(f"/approvals/{asked[3].pk}")["state"] == "withdrawn"


def test_long_list_costs_no_more_queries(
    reviewer, workspace, run, django_assert_max_num_queries
):
    for address in "abcde":
        approval = make_approval(workspace=workspace, run_id=run.pk, address=address)
        decide(reviewer, approval)
    with django_assert_max_num_queries(3):
        assert len(reviewer.read("/approvals", state="decided")["items"]) == 5
