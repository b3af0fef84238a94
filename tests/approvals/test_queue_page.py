from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from approvals.services.claiming import claim
from approvals.services.deciding import Reason, decide
from orchestrator_site.accounts.roles import Role
from tests.factories.accounts import make_workspace
from tests.factories.approvals import make_approval, make_reviewer, make_verdict

pytestmark = pytest.mark.django_db
PART = {"HX-Request": "true"}


@pytest.fixture
def workspace():
    return make_workspace()


@pytest.fixture
def mara(workspace, client):
    reviewer = make_reviewer(workspace, name="Mara Ibsen")
    client.force_login(reviewer.user)
    return reviewer


@pytest.fixture
def theo(workspace):
    return make_reviewer(workspace)


def look(client, *, part=False, **query):
    headers = PART if part else {}
    response = client.get(reverse("approvals:queue"), query, headers=headers)
    assert response.status_code == 200
    return response.text


def order_of(text, *approvals):
    places = [text.index(f'id="approval-{approval.pk}"') for approval in approvals]
    return sorted(places) == places


def test_riskiest_comes_first_then_what_is_due(client, mara, workspace):
    soon = timezone.now() + timedelta(minutes=20)
    low = make_approval(workspace=workspace, risk="low")
    first, second = (make_approval(workspace=workspace) for _ in range(2))
    due = make_approval(workspace=workspace, due_at=soon)
    high = make_approval(workspace=workspace, risk="high")
    text = look(client)
    assert order_of(text, high, due, first, second, low)
    assert "5 approvals need you." in " ".join(text.split())
    assert "1 is due within the hour." in " ".join(text.split())


def test_filters_keep_what_fits(client, mara, workspace):
    wanted = make_approval(workspace=workspace, flow="stock", risk="high")
    make_approval(workspace=workspace, flow="stock", risk="low")
    make_approval(workspace=workspace, flow="support", risk="high")
    text = look(client, flow="stock", risk="high")
    assert text.count("data-approval=") == 1
    assert f'id="approval-{wanted.pk}"' in text
    assert "Clear filters" in look(client, flow="nothing-like-it")


def test_unreadable_query_is_ignored(client, mara, workspace):
    make_approval(workspace=workspace)
    text = look(client, risk="enormous", page="-1", known="a,b")
    assert text.count("data-approval=") == 1


def test_row_says_who_has_claimed_it(client, mara, theo, workspace):
    claim(make_approval(workspace=workspace).pk, principal=theo)
    assert "Claimed by Theo Okafor" in look(client)


def test_decided_tab_says_what_and_by_whom(client, mara, theo, workspace):
    approval = make_approval(workspace=workspace)
    verdict = make_verdict(approval, outcome="rejected", reason=Reason("wrong_tone"))
    decide(approval.pk, verdict, principal=theo)
    assert "data-approval=" not in look(client)
    text = look(client, tab="decided")
    assert "Rejected" in text
    assert "by Theo Okafor" in text
    assert "Wrong tone" in text


def test_open_page_is_told_of_new_rows_without_their_moving_in(client, mara, workspace):
    shown = make_approval(workspace=workspace)
    make_approval(workspace=workspace, risk="high")
    text = look(client, part=True, known=str(shown.pk))
    assert "1 new approval of high risk. Show it" in " ".join(text.split())
    assert "<html" not in text


def test_row_that_was_decided_elsewhere_stays_struck(client, mara, theo, workspace):
    approval = make_approval(workspace=workspace)
    decide(approval.pk, make_verdict(approval), principal=theo)
    text = look(client, part=True, known=str(approval.pk))
    assert "data-gone" in text
    assert "by Theo Okafor" in text
    assert "Show it" not in text


def test_other_workspaces_stay_out_even_by_id(client, mara):
    foreign = make_approval()
    assert str(foreign.pk) not in look(client, part=True, known=str(foreign.pk))


def test_queue_goes_on_after_fifty(client, mara, workspace):
    for _ in range(51):
        make_approval(workspace=workspace)
    assert look(client).count("data-approval=") == 50
    assert look(client, page="2").count("data-approval=") == 1


@pytest.mark.parametrize("tab", ["waiting", "decided"])
def test_queue_needs_few_queries(
    client, mara, theo, workspace, tab, django_assert_max_num_queries
):
    for _ in range(6):
        claim(make_approval(workspace=workspace).pk, principal=theo)
        decided = make_approval(workspace=workspace)
        decide(decided.pk, make_verdict(decided), principal=theo)
    with django_assert_max_num_queries(15):
        look(client, tab=tab)


def test_role_without_approvals_is_turned_away(client, workspace):
    service = make_reviewer(workspace, role=Role.SERVICE)
    client.force_login(service.user)
    assert client.get(reverse("approvals:queue")).status_code == 403


def test_nobody_is_sent_to_log_in(client):
    response = client.get(reverse("approvals:queue"))
    assert (response.status_code, response.url[:16]) == (302, "/accounts/login/")
