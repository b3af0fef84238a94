"""Many people, one approval: on both databases, with real transactions."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from approvals.errors import AlreadyDecided, ClaimedByOther
from approvals.models import Approval, Decision
from approvals.services.claiming import claim
from approvals.services.deciding import decide
from orchestrator_site.ledger.api import verify
from orchestrator_site.ledger.models import Event
from tests.factories.accounts import make_workspace
from tests.factories.approvals import make_approval, make_reviewer, make_verdict

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]
PEOPLE = 8


@pytest.fixture
def workspace():
    return make_workspace()


def at_once(*works):
    """Run all of them from the same moment on; what each returned or raised."""
    start = Barrier(len(works))

    def run(work):
        start.wait(timeout=30)
        try:
            return work()
        except (AlreadyDecided, ClaimedByOther) as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))


def test_one_of_many_deciders_wins_and_the_others_learn_who(workspace):
    approval = make_approval(workspace=workspace)
    people = [make_reviewer(workspace, name=f"Reviewer {n}") for n in range(PEOPLE)]
    results = at_once(
        *(
            lambda who=who: decide(approval.pk, make_verdict(approval), principal=who)
            for who in people
        )
    )
    errors = [result for result in results if isinstance(result, AlreadyDecided)]
    (winner,) = [result for result in results if result not in errors]
    assert len(errors) == PEOPLE - 1
    assert {error.detail["decided_by"] for error in errors} == {winner.decided_by}
    assert Event.objects.filter(kind="approval.decided").count() == 1
    assert verify().flaws == []


def test_one_key_sent_many_times_at_once_is_one_decision(workspace):
    approval = make_approval(workspace=workspace)
    theo, verdict = make_reviewer(workspace), make_verdict(approval)
    receipts = at_once(
        *[lambda: decide(approval.pk, verdict, principal=theo)] * 10,
    )
    assert len(set(receipts)) == 1
    assert receipts[0].id == Decision.objects.get().pk


def test_one_of_many_claims_holds(workspace):
    approval = make_approval(workspace=workspace)
    people = [make_reviewer(workspace, name=f"Reviewer {n}") for n in range(PEOPLE)]
    results = at_once(
        *(lambda who=who: claim(approval.pk, principal=who) for who in people)
    )
    errors = [result for result in results if isinstance(result, ClaimedByOther)]
    (winner,) = [result for result in results if result not in errors]
    assert {error.detail["claimed_by"] for error in errors} == {winner.actor}
    assert Approval.objects.get().claimed_by == winner.actor
