"""Runs that wait for people."""

import json
import uuid

import pytest

from approvals.api import Approval, Reason, Verdict, decide
from flows.models import Inbox, Run
from flows.selectors import run_document
from flows.services.steering import request_cancel
from orchestrator_site.accounts.api import Principal, Role
from orchestrator_site.ledger.api import Event, verify
from tests.factories.accounts import make_membership
from tests.factories.flows import make_flow, make_run
from tests.fixtures.stack import wait_for_end, wait_until

pytestmark = pytest.mark.both_databases

DRAWING = "in -> ask:approved -> out1, ask:rejected -> out2"
CONFIGS = {
    "ask": {
        "title": "Reply to {{ input.name }}",
        "show": {"message": "input.message"},
        "edit": {"answer": "input.draft"},
    },
    "out1": {"values": {"answer": "steps.ask.fields.answer"}},
    "out2": {"values": {"why": "steps.ask.reason.text"}},
}
INPUT = {"name": "Ada", "message": "Where is it?", "draft": "On its way."}


def parked_run():
    flow = make_flow(DRAWING, configs=CONFIGS, types={"ask": "approval"})
    run = make_run(flow=flow, input=INPUT)
    wait_until(
        lambda: Run.objects.filter(pk=run.pk, status="waiting").exists(), "a parked run"
    )
    run.refresh_from_db()
    return run


def reviewer_of(run):
    member = make_membership(workspace=run.workspace, role=Role.REVIEWER)
    return Principal.of_member(member)


def answer(run, *, outcome="approved", **verdict):
    approval = Approval.objects.get(run_id=run.pk)
    given = Verdict(
        outcome=outcome,
        content_hash=approval.content_hash,
        idempotency_key=str(uuid.uuid4()),
        **verdict,
    )
    return decide(approval.pk, given, principal=reviewer_of(run))


def state_of(run):
    return Approval.objects.values_list("state", flat=True).get(run_id=run.pk)


def test_a_parked_run_is_held_by_nobody(live_conductor):
    run = parked_run()
    assert run.owner_id is None
    assert [s["status"] for s in run_document(run)["steps"]] == ["completed", "waiting"]


def test_approving_lets_the_run_go_on(live_conductor):
    run = parked_run()
    answer(run)
    document = run_document(wait_for_end(run))
    assert document["output"] == {"answer": "On its way."}
    wait_until(lambda: state_of(run) == "applied", "an applied decision")
    assert verify().flaws == []


def test_the_run_gets_the_text_as_edited(live_conductor):
    run = parked_run()
    answer(run, fields={"answer": "It comes tomorrow."})
    assert run_document(wait_for_end(run))["output"] == {"answer": "It comes tomorrow."}


def test_the_chain_names_who_decided(live_conductor):
    run = parked_run()
    receipt = answer(run)
    wait_for_end(run)
    events = [json.loads(bytes(e.body)) for e in Event.objects.filter(chain_id=run.pk)]
    decided = next(e for e in events if "decision" in e["data"])
    assert decided["actor"] == receipt.decided_by
    assert decided["data"]["decision"] == receipt.decision_hash


def test_rejecting_takes_the_other_way(live_conductor):
    run = parked_run()
    answer(run, outcome="rejected", reason=Reason("other", "Not our parcel."))
    assert run_document(wait_for_end(run))["output"] == {"why": "Not our parcel."}


def test_cancelling_withdraws_the_approval(live_conductor):
    run = parked_run()
    request_cancel(run, actor="user:someone")
    assert wait_for_end(run).status == "cancelled"
    wait_until(lambda: state_of(run) == "obsolete", "a withdrawn approval")


def test_a_run_that_parks_again_drops_mail_it_cannot_use(live_conductor):
    run = parked_run()
    Inbox.objects.create(run=run, kind="decision", actor="user:x", address="gone")
    wait_until(lambda: not Inbox.objects.exists(), "an empty inbox")
    wait_until(
        lambda: Run.objects.filter(pk=run.pk, status="waiting", owner_id=None).exists(),
        "a run parked again",
    )
    answer(run)
    assert wait_for_end(run).status == "completed"


def test_a_decision_made_while_no_worker_runs_is_not_lost(live_conductor):
    run = parked_run()
    live_conductor.stop()
    answer(run)
    live_conductor.start()
    assert wait_for_end(run).status == "completed"
