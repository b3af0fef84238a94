import re

import pytest
from django.urls import reverse

from orchestrator_site.accounts.errors import TokenRevoked
from orchestrator_site.accounts.models import ApiToken
from orchestrator_site.accounts.roles import Permission, Role, Scope
from orchestrator_site.accounts.services.tokens import authenticate_token
from orchestrator_site.ledger.api import Event
from tests.factories.accounts import make_membership, make_token, make_workspace

pytestmark = pytest.mark.django_db
SETTINGS = "/settings/"
PROFILE = {"name": "Mara Ibsen", "time_zone": "Europe/Oslo", "theme": "dark"}


@pytest.fixture
def mara(client):
    membership = make_membership(role=Role.REVIEWER)
    client.force_login(membership.user)
    return membership


def test_settings_hold_from_the_next_page_on(client, mara):
    assert client.post(SETTINGS, PROFILE).url == SETTINGS
    page = client.get(SETTINGS).content.decode()
    assert 'data-theme="dark"' in page
    assert '<option value="Europe/Oslo" selected>' in page
    assert Event.objects.filter(kind="profile.changed").count() == 1


def test_nothing_is_recorded_where_nothing_changes(client, mara):
    client.post(SETTINGS, PROFILE)
    client.post(SETTINGS, PROFILE)
    assert Event.objects.filter(kind="profile.changed").count() == 1


@pytest.mark.parametrize(
    "wrong", [{"time_zone": "Moon/Base"}, {"theme": "pink"}, {"name": " "}]
)
def test_value_that_does_not_exist_is_refused_and_what_was_typed_stays(
    client, mara, wrong
):
    response = client.post(SETTINGS, {**PROFILE, "name": "Mara I.", **wrong})
    assert response.status_code == 422
    assert wrong.get("name") or "Mara I." in response.content.decode()


def test_token_is_shown_once_and_may_no_more_than_its_owner(client, mara):
    answer = {"name": "Night import", "scopes": ["read", "decide"], "days": 30}
    response = client.post(reverse("accounts:create_token"), answer)
    (text,) = set(re.findall(r"baton_\w{12}_\w{64}", response.content.decode()))
    assert "no-store" in response["Cache-Control"]
    principal = authenticate_token(text)
    assert principal.workspace == mara.workspace
    assert principal.can(Permission.APPROVAL_DECIDE)
    assert not principal.can(Permission.RUN_START)
    page = client.get(SETTINGS).content.decode()
    assert "Night import" in page
    assert text not in page


def test_scope_beyond_the_role_is_not_offered(client, mara):
    answer = {"name": "Night import", "scopes": ["admin"], "days": 30}
    assert client.post(reverse("accounts:create_token"), answer).status_code == 422
    assert not ApiToken.objects.exists()


def test_own_token_is_revoked_and_others_are_not_found(client, mara):
    own, text = make_token(
        workspace=mara.workspace, user=mara.user, scopes=[Scope.READ]
    )
    other = make_membership(workspace=mara.workspace)
    theirs, _ = make_token(workspace=mara.workspace, user=other.user)
    response = client.post(reverse("accounts:revoke_token", args=[theirs.pk]))
    assert response.status_code == 404
    client.post(reverse("accounts:revoke_token", args=[own.pk]))
    with pytest.raises(TokenRevoked):
        authenticate_token(text)


def test_workspace_is_switched_by_post_to_ones_own_only(client, mara):
    second = make_membership(user=mara.user, workspace=make_workspace(name="Harbour"))
    switch = reverse("accounts:switch_workspace")
    assert client.get(switch).status_code == 405
    client.post(switch, {"workspace": second.workspace.slug})
    assert "Harbour" in client.get(SETTINGS).content.decode()
    foreign = make_workspace()
    assert client.post(switch, {"workspace": foreign.slug}).status_code == 404
