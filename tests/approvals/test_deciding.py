import pytest

from approvals.errors import (
    AlreadyDecided,
    ApprovalChanged,
    ApprovalNotFound,
    ApprovalWithdrawn,
    ClaimedByOther,
    FieldsInvalid,
    KeyReused,
    MayNotDecide,
    ReasonMissing,
    RunOver,
)
from approvals.models import Approval, ApprovalState, Decision
from approvals.services.claiming import claim
from approvals.services.deciding import Reason, decide
from approvals.services.opening import withdraw_run
from approvals.signals import approval_decided
from orchestrator_site.accounts.roles import Role
from orchestrator_site.ledger.models import Event
from tests.factories.accounts import make_workspace
from tests.factories.approvals import (
    ANSWER,
    MESSAGE,
    make_approval,
    make_reviewer,
    make_verdict,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def workspace():
    return make_workspace()


@pytest.fixture
def theo(workspace):
    return make_reviewer(workspace)


@pytest.fixture
def heard():
    """What receivers of the signal were told."""
    told = []

    def listen(sender, **facts):
        told.append(facts)

    approval_decided.connect(listen)
    yield told
    approval_decided.disconnect(listen)


def test_approval_of_the_proposal_reaches_the_run(workspace, theo, heard):
    approval = make_approval(workspace=workspace)
    receipt = decide(approval.pk, make_verdict(approval), principal=theo)
    approval.refresh_from_db()
    assert (approval.state, receipt.outcome) == (ApprovalState.DECIDED, "approved")
    told = heard[0]
    assert (told["run_id"], told["address"]) == (approval.run_id, "ask")
    assert (told["outcome"], told["edited"]) == ("approved", False)
    assert (told["fields"], told["reason"]) == ({"answer": ANSWER}, None)
    assert told["decision_hash"] == receipt.decision_hash


def test_edit_is_stored_as_a_patch_and_its_result(workspace, theo, heard):
    approval = make_approval(workspace=workspace)
    edited = {"answer": "We send a new shade."}
    receipt = decide(approval.pk, make_verdict(approval, fields=edited), principal=theo)
    assert receipt.outcome == "edited"
    assert (heard[0]["edited"], heard[0]["fields"]) == (True, edited)
    last = Event.objects.filter(kind="approval.decided").get()
    assert b'"patch_operations":1' in bytes(last.body)


def test_rejection_tells_the_reason_and_no_fields(workspace, theo, heard):
    approval = make_approval(workspace=workspace)
    reason = Reason("wrong_facts", "The lamp is not sold any more.")
    verdict = make_verdict(approval, outcome="rejected", reason=reason)
    assert decide(approval.pk, verdict, principal=theo).outcome == "rejected"
    assert heard[0]["reason"] == reason._asdict()
    assert heard[0]["fields"] == {}


def test_reason_without_a_text_says_what_its_code_means(workspace, theo, heard):
    approval = make_approval(workspace=workspace)
    verdict = make_verdict(approval, outcome="rejected", reason=Reason("wrong_tone"))
    decide(approval.pk, verdict, principal=theo)
    assert heard[0]["reason"] == {"code": "wrong_tone", "text": "Wrong tone"}


@pytest.mark.parametrize(
    "reason", [None, Reason("because", "It is."), Reason("other", "  ")]
)
def test_rejection_without_a_reason_is_refused(workspace, theo, reason):
    approval = make_approval(workspace=workspace)
    verdict = make_verdict(approval, outcome="rejected", reason=reason)
    with pytest.raises(ReasonMissing):
        decide(approval.pk, verdict, principal=theo)


def test_ledger_holds_nothing_of_the_content(workspace, theo):
    approval = make_approval(workspace=workspace)
    edited = {"answer": "Something wholly new."}
    decide(approval.pk, make_verdict(approval, fields=edited), principal=theo)
    written = b"".join(bytes(event.body) for event in Event.objects.all())
    for content in (MESSAGE, ANSWER, edited["answer"], approval.title):
        assert content.encode() not in written


def test_second_decision_learns_who_was_faster(workspace, theo):
    approval = make_approval(workspace=workspace)
    decide(approval.pk, make_verdict(approval), principal=theo)
    mara = make_reviewer(workspace, name="Mara Ibsen")
    with pytest.raises(AlreadyDecided, match="Theo Okafor decided this at") as caught:
        decide(approval.pk, make_verdict(approval), principal=mara)
    assert caught.value.detail["decided_by"] == theo.actor


def test_same_key_gives_the_same_receipt(workspace, theo, heard):
    approval = make_approval(workspace=workspace)
    verdict = make_verdict(approval)
    receipts = {decide(approval.pk, verdict, principal=theo) for _ in range(10)}
    assert len(receipts) == len(heard) == Decision.objects.count() == 1


def test_same_key_for_another_decision_is_refused(workspace, theo):
    approval = make_approval(workspace=workspace)
    decide(approval.pk, make_verdict(approval, idempotency_key="k"), principal=theo)
    other = make_verdict(approval, idempotency_key="k", fields={"answer": "No."})
    with pytest.raises(KeyReused):
        decide(approval.pk, other, principal=theo)


def test_stale_content_hash_is_refused(workspace, theo):
    approval = make_approval(workspace=workspace)
    with pytest.raises(ApprovalChanged) as caught:
        decide(
            approval.pk,
            make_verdict(approval, content_hash="sha256:0"),
            principal=theo,
        )
    assert caught.value.http_status == 412
    assert not Decision.objects.exists()


@pytest.mark.parametrize(
    ("fields", "pointer"),
    [
        ({"answer": 7}, "/answer"),
        ({"answer": "x" * 2001}, "/answer"),
        ({}, "/answer"),
        ({"answer": "Yes", "a/b": 1}, "/a~1b"),
    ],
)
def test_edit_that_breaks_the_schema_names_the_place(workspace, theo, fields, pointer):
    approval = make_approval(workspace=workspace)
    with pytest.raises(FieldsInvalid) as caught:
        decide(approval.pk, make_verdict(approval, fields=fields), principal=theo)
    assert caught.value.pointer == pointer


def test_starter_does_not_decide_where_the_flow_says_so(workspace, theo):
    approval = make_approval(
        workspace=workspace, started_by=theo.actor, exclude_starter=True
    )
    with pytest.raises(MayNotDecide, match="You started this run"):
        decide(approval.pk, make_verdict(approval), principal=theo)


def test_role_outside_the_asked_ones_does_not_decide(workspace, theo):
    approval = make_approval(workspace=workspace, roles=("admin",))
    with pytest.raises(MayNotDecide, match="one of these roles: admin"):
        decide(approval.pk, make_verdict(approval), principal=theo)


def test_role_without_the_permission_does_not_decide(workspace):
    builder = make_reviewer(workspace, role=Role.BUILDER)
    approval = make_approval(workspace=workspace, roles=("builder",))
    with pytest.raises(MayNotDecide, match="does not include deciding"):
        decide(approval.pk, make_verdict(approval), principal=builder)


def test_approval_of_another_workspace_is_not_found(theo):
    approval = make_approval()
    with pytest.raises(ApprovalNotFound):
        decide(approval.pk, make_verdict(approval), principal=theo)


def test_claim_of_another_keeps_from_deciding(workspace, theo):
    approval = make_approval(workspace=workspace)
    claim(approval.pk, principal=theo)
    mara = make_reviewer(workspace, name="Mara Ibsen")
    with pytest.raises(ClaimedByOther, match="Theo Okafor"):
        decide(approval.pk, make_verdict(approval), principal=mara)
    assert decide(approval.pk, make_verdict(approval), principal=theo)


def test_withdrawn_approval_cannot_be_decided(workspace, theo):
    approval = make_approval(workspace=workspace)
    assert withdraw_run(approval.run_id, reason="run_cancelled") == 1
    with pytest.raises(ApprovalWithdrawn):
        decide(approval.pk, make_verdict(approval), principal=theo)
    assert withdraw_run(approval.run_id, reason="run_cancelled") == 0


@pytest.mark.django_db(transaction=True)
def test_receiver_refuses_a_decision_about_a_run_that_is_over(workspace, theo):
    approval = make_approval(workspace=workspace)

    def refuse(sender, **facts):
        raise RunOver

    approval_decided.connect(refuse)
    try:
        with pytest.raises(RunOver):
            decide(approval.pk, make_verdict(approval), principal=theo)
    finally:
        approval_decided.disconnect(refuse)
    assert Approval.objects.get().state == ApprovalState.READY
    assert not Decision.objects.exists()
    assert not Event.objects.filter(kind="approval.decided").exists()
