import pytest
from django.utils import timezone

from approvals.errors import AlreadyDecided, ApprovalNotFound, ClaimedByOther
from approvals.models import Approval, ApprovalState
from approvals.services.claiming import claim, release
from approvals.services.deciding import decide
from orchestrator_site.ledger.models import Event
from tests.factories.accounts import make_workspace
from tests.factories.approvals import make_approval, make_reviewer, make_verdict

pytestmark = pytest.mark.django_db


@pytest.fixture
def workspace():
    return make_workspace()


@pytest.fixture
def approval(workspace):
    return make_approval(workspace=workspace)


@pytest.fixture
def theo(workspace):
    return make_reviewer(workspace)


@pytest.fixture
def mara(workspace):
    return make_reviewer(workspace, name="Mara Ibsen")


def end_lease(approval):
    Approval.objects.filter(pk=approval.pk).update(claimed_until=timezone.now())


def kinds():
    return list(Event.objects.order_by("seq").values_list("kind", flat=True))


def test_claim_is_seen_and_recorded(approval, theo):
    until = claim(approval.pk, principal=theo).until
    approval.refresh_from_db()
    assert approval.state == ApprovalState.CLAIMED
    assert (approval.claimed_by, approval.claimed_until) == (theo.actor, until)
    assert kinds() == ["approval.opened", "approval.claimed"]


def test_renewing_moves_the_lease_and_tells_nobody(approval, theo):
    first = claim(approval.pk, principal=theo)
    version = Approval.objects.get().version
    assert claim(approval.pk, principal=theo).until > first.until
    assert Approval.objects.get().version == version
    assert kinds() == ["approval.opened", "approval.claimed"]


def test_claim_of_another_stands_until_its_lease_ends(approval, theo, mara):
    claim(approval.pk, principal=theo)
    with pytest.raises(ClaimedByOther, match="Theo Okafor has claimed this"):
        claim(approval.pk, principal=mara)
    end_lease(approval)
    assert claim(approval.pk, principal=mara).actor == mara.actor


def test_claim_is_taken_over_by_naming_its_holder(approval, theo, mara):
    claim(approval.pk, principal=theo)
    with pytest.raises(ClaimedByOther):
        claim(approval.pk, principal=mara, take_from="user:somebody-else")
    assert claim(approval.pk, principal=mara, take_from=theo.actor)
    last = Event.objects.order_by("seq").last()
    assert f'"taken_from":"{theo.actor}"'.encode() in bytes(last.body)


def test_decision_is_open_to_others_once_the_lease_has_ended(approval, theo, mara):
    claim(approval.pk, principal=theo)
    end_lease(approval)
    assert decide(approval.pk, make_verdict(approval), principal=mara)


def test_release_gives_back_ones_own_claim_only(approval, theo, mara):
    claim(approval.pk, principal=theo)
    release(approval.pk, principal=mara)
    assert Approval.objects.get().claimed_by == theo.actor
    release(approval.pk, principal=theo)
    freed = Approval.objects.get()
    assert (freed.state, freed.claimed_by) == (ApprovalState.READY, None)
    assert kinds()[-1] == "approval.released"


def test_decided_approval_cannot_be_claimed(approval, theo, mara):
    decide(approval.pk, make_verdict(approval), principal=theo)
    with pytest.raises(AlreadyDecided):
        claim(approval.pk, principal=mara)


def test_claim_does_not_reach_into_another_workspace(theo):
    with pytest.raises(ApprovalNotFound):
        claim(make_approval().pk, principal=theo)
