import pytest
from django.urls import reverse

from orchestrator_site.accounts.roles import Role
from orchestrator_site.egress.models import AllowedOrigin
from orchestrator_site.egress.services import allow_origin
from tests.factories.accounts import make_membership, make_workspace

pytestmark = pytest.mark.django_db
SERVICES = "/services/"
API = "https://api.example"


@pytest.fixture
def workspace():
    return make_workspace()


@pytest.fixture
def admin(client, workspace):
    membership = make_membership(workspace=workspace, role=Role.ADMIN)
    client.force_login(membership.user)
    return membership


def test_an_admin_allows_a_service_and_stops_it(client, admin):
    assert client.post(reverse("egress:allow"), {"origin": API}).url == SERVICES
    allowed = AllowedOrigin.objects.get()
    assert allowed.allowed_by == f"user:{admin.user.pk}"
    assert API in client.get(SERVICES).content.decode()
    address = reverse("egress:withdraw", args=[allowed.pk])
    assert f"Stop calling {API}?" in client.get(address).content.decode()
    assert AllowedOrigin.objects.exists()
    assert client.post(address).url == SERVICES
    assert not AllowedOrigin.objects.exists()


@pytest.mark.parametrize(
    ("origin", "says"),
    [
        ("", "Enter an origin"),
        ("api.example", "is no origin"),
        ("http://10.0.0.1", "not on the public Internet"),
        (API, "is allowed already"),
    ],
)
def test_what_cannot_be_allowed_is_told_in_place(client, admin, origin, says):
    allow_origin(admin.workspace, API, actor="user:x")
    response = client.post(reverse("egress:allow"), {"origin": origin})
    assert response.status_code == 422
    assert says in response.content.decode()


def test_a_builder_sees_what_is_allowed_and_changes_nothing(client, workspace):
    builder = make_membership(workspace=workspace, role=Role.BUILDER)
    client.force_login(builder.user)
    allowed = allow_origin(workspace, API, actor="user:x")
    page = client.get(SERVICES).content.decode()
    assert API in page
    assert reverse("egress:allow") not in page
    assert client.post(reverse("egress:allow"), {"origin": API}).status_code == 403
    address = reverse("egress:withdraw", args=[allowed.pk])
    assert client.post(address).status_code == 403


def test_a_reviewer_does_not_see_the_page(client, workspace):
    reviewer = make_membership(workspace=workspace, role=Role.REVIEWER)
    client.force_login(reviewer.user)
    assert client.get(SERVICES).status_code == 403


def test_services_of_another_workspace_are_not_found(client, admin):
    other = allow_origin(make_workspace(), API, actor="user:x")
    address = reverse("egress:withdraw", args=[other.pk])
    assert client.post(address).status_code == 404
    assert API not in client.get(SERVICES).content.decode()


def test_what_the_operator_allows_is_shown_without_its_network(client, admin, settings):
    settings.BATON_EGRESS_ALLOW = ("http://models.internal=10.1.0.0/16",)
    page = client.get(SERVICES).content.decode()
    assert "http://models.internal" in page
    assert "10.1.0.0" not in page
