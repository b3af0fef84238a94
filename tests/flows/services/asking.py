"""A flow that asks a person about what a model said."""

import uuid

from approvals.api import Approval, Verdict, decide
from orchestrator_site.accounts.api import Principal, Role
from tests.factories.accounts import make_membership
from tests.factories.flows import make_flow, make_run
from tests.fixtures.stack import wait_for_end, wait_until

CONFIGS = {
    "model": {"model": "echo", "input": {"text": "input.text", "kind": "'reply'"}},
    "ask": {"title": "Reply", "edit": {"answer": "steps.model.text"}},
    "out": {"values": {"heard": "steps.model.text"}},
    "out1": {"values": {"answer": "steps.ask.fields.answer"}},
    "out2": {"values": {"why": "steps.ask.reason.text"}},
}
ASKING = "in -> model -> ask:approved -> out1, ask:rejected -> out2"


def asking_flow(drawing=ASKING, **others):
    """A flow that asks about the answer of its model; `others` are further configs."""
    configs = {key: CONFIGS[key] for key in ("model", "ask", "out1", "out2")}
    configs |= others
    return make_flow(drawing, configs=configs, types={"ask": "approval"})


def parked(flow, text):
    run = make_run(flow=flow, input={"text": text})
    wait_until(lambda: Approval.objects.filter(run_id=run.pk).exists(), "an approval")
    return run


def answer(run, *, outcome="approved", **verdict):
    approval = Approval.objects.get(run_id=run.pk)
    member = make_membership(workspace=run.workspace, role=Role.REVIEWER)
    given = Verdict(
        outcome=outcome,
        content_hash=approval.content_hash,
        idempotency_key=str(uuid.uuid4()),
        **verdict,
    )
    decide(approval.pk, given, principal=Principal.of_member(member))
    wait_for_end(run)
