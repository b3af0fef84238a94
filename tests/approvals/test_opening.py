from uuid import uuid4

import pytest

from approvals.api import count_waiting, mark_applied, open_request, withdraw_run
from approvals.content import read
from approvals.models import Approval, ApprovalState, Risk
from approvals.services.deciding import decide
from orchestrator_site.accounts.roles import Role
from orchestrator_site.ledger.models import Blob, Event
from orchestrator_site.live import announcing
from orchestrator_site.schemas.api import SchemaInvalid
from tests.factories.accounts import make_token, make_workspace
from tests.factories.approvals import (
    make_approval,
    make_request,
    make_reviewer,
    make_verdict,
)

pytestmark = pytest.mark.django_db


def test_request_is_stored_as_it_was_asked():
    shown = {"second": [1, 2], "first": "text"}
    approval = make_approval(shown=shown, risk="high")
    assert list(read(approval.pk, approval.shown).items()) == list(shown.items())
    assert (approval.state, approval.risk) == (ApprovalState.READY, Risk.HIGH)


def test_same_step_of_a_run_asks_once():
    request = make_request(run_id=uuid4())
    assert open_request(request) == open_request(request)
    assert Approval.objects.count() == Event.objects.count() == 1


def test_large_content_goes_into_a_blob():
    shown = {"text": "An unpressed line. " * 900}
    approval = make_approval(shown=shown)
    assert Blob.objects.get().owner_id == approval.pk
    assert read(approval.pk, approval.shown) == shown


def test_a_schema_that_takes_too_much_of_whoever_checks_an_edit_is_refused():
    costly = {"type": "string", "pattern": "(a{1,999}){1,99}"}
    with pytest.raises(SchemaInvalid):
        open_request(make_request(schema={"properties": {"text": costly}}))
    assert not Approval.objects.exists()


def test_a_title_with_nul_can_be_kept():
    assert make_approval(title="A\0line").title == "A line"


def test_long_title_is_shortened_to_one_line():
    title = make_approval(title="A line\nand " + "more " * 90).title
    assert title.startswith("A line and more")
    assert (len(title), title[-1]) == (200, "…")


def test_equal_proposals_have_different_content_hashes():
    """What somebody saw cannot be guessed from its hash."""
    assert make_approval().content_hash != make_approval().content_hash


def test_person_behind_a_token_counts_as_the_starter():
    workspace = make_workspace()
    theo = make_reviewer(workspace)
    token, _text = make_token(workspace=workspace, user=theo.user, role=Role.REVIEWER)
    approval = make_approval(workspace=workspace, started_by=f"token:{token.pk}")
    assert approval.starter_id == theo.user.pk


def test_withdrawing_reaches_the_open_approvals_of_one_run():
    workspace, run_id = make_workspace(), uuid4()
    theo = make_reviewer(workspace)
    decided, waiting = (
        make_approval(workspace=workspace, run_id=run_id, address=address)
        for address in "ab"
    )
    other = make_approval(workspace=workspace)
    decide(decided.pk, make_verdict(decided), principal=theo)
    assert withdraw_run(run_id, reason="run_cancelled") == 1
    states = dict(Approval.objects.values_list("pk", "state"))
    assert states == {
        decided.pk: "decided",
        waiting.pk: "obsolete",
        other.pk: "ready",
    }


def test_applied_follows_decided_and_nothing_else():
    workspace = make_workspace()
    approval = make_approval(workspace=workspace)
    mark_applied(approval.pk)
    assert Approval.objects.get().state == ApprovalState.READY
    decide(approval.pk, make_verdict(approval), principal=make_reviewer(workspace))
    mark_applied(approval.pk)
    mark_applied(approval.pk)
    assert Approval.objects.get().state == ApprovalState.APPLIED


def test_waiting_counts_what_a_person_may_decide():
    workspace = make_workspace()
    theo = make_reviewer(workspace)
    make_approval()
    make_approval(workspace=workspace)
    make_approval(workspace=workspace, roles=("admin",))
    make_approval(workspace=workspace, started_by=theo.actor, exclude_starter=True)
    make_approval(workspace=workspace, started_by=theo.actor)
    assert count_waiting(workspace.pk) == 4
    assert count_waiting(workspace.pk, principal=theo) == 2
    builder = make_reviewer(workspace, role=Role.BUILDER)
    assert count_waiting(workspace.pk, principal=builder) == 0


def test_pages_are_told_after_the_commit(
    monkeypatch, django_capture_on_commit_callbacks
):
    told = []
    monkeypatch.setattr(announcing, "announce_now", told.extend)
    with django_capture_on_commit_callbacks(execute=True):
        approval = make_approval()
        assert told == []
    assert [(item.topic, item.id) for item in told] == [
        ("approvals", None),
        (f"approval:{approval.pk}", 1),
    ]
