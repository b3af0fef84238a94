import pytest

from approvals.models import Approval, Decision
from approvals.services.deciding import Reason, decide
from orchestrator_site.ledger.api import store, verify
from orchestrator_site.ledger.models import Blob
from tests.factories.accounts import make_workspace
from tests.factories.approvals import make_approval, make_reviewer, make_verdict

pytestmark = pytest.mark.django_db(transaction=True)
LONG = "Every letter of this is vouched for. " * 200


@pytest.fixture
def edited():
    """An approval that was edited and approved, with content of all sizes."""
    workspace = make_workspace()
    approval = make_approval(workspace=workspace, shown={"text": LONG})
    verdict = make_verdict(approval, fields={"answer": "Changed."})
    decide(approval.pk, verdict, principal=make_reviewer(workspace))
    return approval


def reasons():
    return [flaw.reason for flaw in verify().flaws]


def test_untouched_approval_verifies(edited):
    assert reasons() == []


@pytest.mark.parametrize(
    ("model", "column"),
    [(Approval, "fields"), (Decision, "result"), (Decision, "patch")],
)
def test_changed_content_is_found(edited, model, column):
    model.objects.update(**{column: store({"answer": "Forged."}).cell})
    assert reasons() == [f"the {column} it commits to has been changed"]


def test_changed_reason_is_found():
    workspace = make_workspace()
    approval = make_approval(workspace=workspace)
    verdict = make_verdict(approval, outcome="rejected", reason=Reason("wrong_tone"))
    decide(approval.pk, verdict, principal=make_reviewer(workspace))
    Decision.objects.update(reason=store({"code": "wrong_tone", "text": ""}).cell)
    assert reasons() == ["the reason it commits to has been changed"]


def test_missing_blob_is_found(edited):
    Blob.objects.all().delete()
    assert reasons() == ["the shown it commits to is missing"]


def test_changed_outcome_is_found(edited):
    Decision.objects.update(outcome="approved")
    assert reasons() == ["the outcome it names has been changed"]
