import pytest
from django.urls import reverse

from model_registry.credentials import read_secret
from model_registry.models import Credential
from model_registry.services.credentials import set_credential
from orchestrator_site.accounts.roles import Role
from tests.factories.accounts import make_membership

pytestmark = pytest.mark.django_db
CANARY = "sk-canary-7f3a"


@pytest.fixture
def owner(client):
    member = make_membership(role=Role.OWNER)
    client.force_login(member.user)
    return member


def test_credential_is_set_and_never_shown(client, owner):
    response = client.post(
        reverse("credentials:new"), {"name": "fjord", "value": CANARY}, follow=True
    )
    assert "fjord" in response.text
    assert "Mara Ibsen" in response.text
    assert CANARY not in response.text
    assert read_secret(owner.workspace_id, "fjord") == CANARY


@pytest.mark.parametrize(
    ("given", "field", "said"),
    [
        ({"name": "Fjord AI"}, "name", "Use small letters"),
        ({"name": "taken"}, "name", "There is one of this name."),
        ({"value": ""}, "value", "Enter the key or token."),
        ({"value": f"{CANARY}\nä"}, "value", "printable ASCII"),
    ],
)
def test_refusal_stands_at_the_field_without_the_value(
    client, owner, given, field, said
):
    set_credential(owner.workspace, "taken", "sk-0", actor="system:test")
    asked = {"name": "fjord", "value": CANARY, **given}
    response = client.post(reverse("credentials:new"), asked)
    assert response.status_code == 422
    start = response.text.index(f'id="question-{field}-error"')
    assert said in response.text[start:]
    assert CANARY not in response.text
    assert Credential.objects.count() == 1


def test_value_is_exchanged(client, owner):
    set_credential(owner.workspace, "fjord", "sk-0", actor="system:test")
    url = reverse("credentials:exchange", args=["fjord"])
    assert client.post(url, {"value": CANARY}).status_code == 302
    assert read_secret(owner.workspace_id, "fjord") == CANARY


def test_credential_is_deleted_after_a_question(client, owner):
    set_credential(owner.workspace, "fjord", "sk-0", actor="system:test")
    url = reverse("credentials:delete", args=["fjord"])
    assert "No model refers to it." in client.get(url).text
    assert client.post(url).status_code == 302
    assert not Credential.objects.exists()


def test_one_of_another_workspace_is_not_there(client, owner):
    other = make_membership()
    set_credential(other.workspace, "theirs", "sk-0", actor="system:test")
    assert "theirs" not in client.get(reverse("credentials:list")).text
    for page in ("exchange", "delete"):
        url = reverse(f"credentials:{page}", args=["theirs"])
        assert client.post(url, {"value": "x"}).status_code == 404


@pytest.mark.parametrize(
    ("role", "sees"), [(Role.BUILDER, 200), (Role.AUDITOR, 200), (Role.VIEWER, 403)]
)
def test_only_owners_and_admins_change_credentials(client, role, sees):
    member = make_membership(role=role)
    client.force_login(member.user)
    set_credential(member.workspace, "fjord", "sk-0", actor="system:test")
    response = client.get(reverse("credentials:list"))
    assert response.status_code == sees
    assert "Exchange" not in response.text
    assert client.get(reverse("credentials:new")).status_code == 403
    for page in ("exchange", "delete"):
        url = reverse(f"credentials:{page}", args=["fjord"])
        assert client.post(url, {"value": "x"}).status_code == 403
