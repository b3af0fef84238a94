import pytest
from django.urls import reverse

from orchestrator_site.accounts.models import Membership
from orchestrator_site.accounts.roles import Role, Scope
from orchestrator_site.ledger.api import Event
from tests.factories.accounts import (
    make_membership,
    make_token,
    make_user,
    make_workspace,
)

pytestmark = pytest.mark.django_db
MEMBERS = "/members/"
MOST_QUERIES = 15


@pytest.fixture
def workspace():
    return make_workspace()


@pytest.fixture
def owner(workspace, client):
    membership = make_membership(workspace=workspace, role=Role.OWNER)
    client.force_login(membership.user)
    return membership


@pytest.fixture
def theo(workspace):
    user = make_user(name="Theo Okafor")
    return make_membership(workspace=workspace, user=user, role=Role.REVIEWER)


def act(client, member, action, **answer):
    return client.post(reverse("accounts:change", args=[member.pk, action]), answer)


def test_auditor_sees_members_and_changes_nothing(client, workspace, theo):
    auditor = make_membership(workspace=workspace, role=Role.AUDITOR)
    client.force_login(auditor.user)
    page = client.get(MEMBERS).content.decode()
    assert "Theo Okafor" in page
    assert reverse("accounts:invite") not in page
    assert act(client, theo, "remove").status_code == 403
    assert client.post(reverse("accounts:invite")).status_code == 403


def test_reviewer_does_not_see_members(client, theo):
    client.force_login(theo.user)
    assert client.get(MEMBERS).status_code == 403


def test_members_of_another_workspace_are_not_found(client, owner):
    other = make_membership()
    assert act(client, other, "remove").status_code == 404
    assert other.user.email not in client.get(MEMBERS).content.decode()


def test_action_is_asked_as_a_page_and_as_a_dialog(client, owner, theo):
    address = reverse("accounts:change", args=[theo.pk, "remove"])
    page = client.get(address).content.decode()
    dialog = client.get(address, headers={"HX-Request": "true"}).content.decode()
    assert "<html" in page
    assert dialog.lstrip().startswith("<dialog")
    for text in (page, dialog):
        assert "Remove Theo Okafor from this workspace?" in text
        assert "What the person did stays in the ledger" in text
    assert Membership.objects.filter(pk=theo.pk).exists()


def test_role_is_changed_and_recorded(client, owner, theo):
    assert act(client, theo, "role", role="builder").url == MEMBERS
    theo.refresh_from_db()
    assert theo.role == Role.BUILDER
    assert Event.objects.filter(kind="membership.role_changed").count() == 1


def test_nobody_becomes_a_service(client, owner, theo):
    assert act(client, theo, "role", role="service").status_code == 422


def test_admin_makes_no_owner_and_touches_none(client, workspace, owner, theo):
    admin = make_membership(workspace=workspace, role=Role.ADMIN)
    make_membership(workspace=workspace, role=Role.OWNER)
    client.force_login(admin.user)
    assert act(client, theo, "role", role="owner").status_code == 422
    response = act(client, owner, "remove")
    assert response.status_code == 403
    assert "Only an owner" in response.content.decode()


@pytest.mark.parametrize("action", ["deactivate", "remove", "role"])
def test_last_owner_cannot_go(client, owner, action):
    response = act(client, owner, action, role="viewer")
    assert response.status_code == 409
    assert "Make someone else owner first" in response.content.decode()
    owner.refresh_from_db()
    assert (owner.role, owner.is_active) == (Role.OWNER, True)


@pytest.mark.parametrize("action", ["deactivate", "remove"])
def test_whoever_is_shut_out_is_out_at_once(client, owner, theo, action):
    client.force_login(theo.user)
    assert client.get("/").status_code == 200
    client.force_login(owner.user)
    act(client, theo, action)
    client.force_login(theo.user)
    assert client.get("/").status_code == 403


def test_removal_revokes_the_tokens_of_this_workspace_only(client, owner, theo):
    elsewhere = make_membership(user=theo.user)
    here, _ = make_token(workspace=theo.workspace, user=theo.user, scopes=[Scope.READ])
    there, _ = make_token(workspace=elsewhere.workspace, user=theo.user)
    act(client, theo, "remove")
    here.refresh_from_db()
    there.refresh_from_db()
    assert here.revoked_at is not None
    assert there.revoked_at is None
    assert {"membership.removed", "token.revoked"} <= set(
        Event.objects.values_list("kind", flat=True)
    )


def test_deactivated_member_can_be_let_back_in(client, owner, theo):
    act(client, theo, "deactivate")
    act(client, theo, "reactivate")
    theo.refresh_from_db()
    assert theo.is_active


def test_member_without_a_password_gets_a_link(client, owner, workspace):
    user = make_user(name="Ines Carvalho", password=None)
    member = make_membership(workspace=workspace, user=user)
    page = client.post(reverse("accounts:first_link", args=[member.pk])).content
    assert b"/join/" in page
    theirs = client.post(reverse("accounts:first_link", args=[make_membership().pk]))
    assert theirs.status_code == 404


def test_members_page_needs_few_queries(
    client, owner, workspace, django_assert_max_num_queries
):
    for _ in range(5):
        make_membership(workspace=workspace)
    with django_assert_max_num_queries(MOST_QUERIES):
        client.get(MEMBERS)
