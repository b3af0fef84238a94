import pytest

from orchestrator_site.accounts.roles import Scope
from orchestrator_site.egress.models import AllowedOrigin
from tests.flows.api.clients import make_client

API = "https://api.example"


def test_a_service_is_allowed_listed_and_withdrawn(api):
    response = api.send("POST", "/origins", {"origin": f"{API}/"})
    assert response.status_code == 201
    allowed = response.json()
    assert allowed["origin"] == API
    assert allowed["allowed_by"].startswith("token:")
    assert api.read("/origins") == {"items": [allowed], "next_cursor": None}
    path = f"/origins/{allowed['id']}/withdraw"
    assert api.send("POST", path).json() == allowed
    assert api.read("/origins")["items"] == []
    assert api.send("POST", path).status_code == 404


@pytest.mark.parametrize(
    ("origin", "status", "code"),
    [
        ("api.example", 422, "origin_invalid"),
        ("http://127.0.0.1:8080", 422, "origin_invalid"),
        (API, 409, "origin_known"),
    ],
)
def test_what_cannot_be_allowed_is_a_problem(api, origin, status, code):
    api.send("POST", "/origins", {"origin": API})
    response = api.send("POST", "/origins", {"origin": origin})
    assert (response.status_code, response.json()["code"]) == (status, code)
    assert AllowedOrigin.objects.count() == 1


def test_writing_flows_is_not_allowing_services(workspace):
    writer = make_client(workspace, scopes=(Scope.READ, Scope.WRITE))
    response = writer.send("POST", "/origins", {"origin": API})
    assert (response.status_code, response.json()["permission"]) == (
        403,
        "egress.manage",
    )
