from datetime import timedelta

import pytest
from django.utils import timezone

from model_registry.models import Credential, Grant, Model
from orchestrator_site.accounts.roles import Role, Scope
from tests.factories.accounts import make_membership, make_workspace
from tests.factories.models import (
    make_draft,
    make_model_version,
    manifest_document,
)
from tests.flows.api.clients import make_client

CANARY = "sk-canary-51aa"


def client_of(workspace, role):
    """A person's client."""
    member = make_membership(workspace=workspace, role=role)
    return make_client(workspace, user=member.user, scopes=(Scope.READ, Scope.WRITE))


def test_model_is_registered_read_and_found(api):
    manifest = manifest_document(
        model="shop", tags=["mail"], governance={"data_class": "internal"}
    )
    response = api.send("POST", "/models", {"manifest": manifest})
    assert response.status_code == 201
    assert response.json() == {
        "model": "shop",
        "version": 1,
        "created": True,
        "similar": [],
    }
    again = api.send("POST", "/models", {"manifest": manifest})
    assert (again.status_code, again.json()["created"]) == (200, False)
    found = api.read("/models/shop")
    assert (found["tags"], found["data_class"]) == (["mail"], "internal")
    assert found["aliases"] == {"champion": 1}
    assert [m["name"] for m in api.read("/models", tag="mail")["items"]] == ["shop"]
    assert api.read("/models", search="nothing")["items"] == []


def test_manifest_that_was_read_registers_the_same_elsewhere(api, workspace):
    make_draft(
        workspace=workspace,
        model="shop",
        tags=["a"],
        card="# Card",
        governance={"risk_class": "limited", "risk_reason": "Drafts."},
        prices=[{"valid_from": "2026-01-01", "usd_micros_per_call": 3}],
    )
    manifest = api.read("/models/shop/versions/1")["manifest"]
    elsewhere = make_client(make_workspace())
    assert elsewhere.send("POST", "/models", {"manifest": manifest}).status_code == 201
    assert elsewhere.read("/models/shop/versions/1")["manifest"] == manifest


def test_problems_of_a_manifest_are_all_told(api):
    manifest = manifest_document(capability="Echo!", governance={"data_class": "x"})
    response = api.send("POST", "/models", {"manifest": manifest})
    assert (response.status_code, response.json()["code"]) == (
        422,
        "model_manifest_invalid",
    )
    places = {told.split(":")[0] for told in response.json()["problems"]}
    assert places == {"capability", "governance.data_class"}
    assert not Model.objects.exists()


def test_builder_registers_publisher_approves(workspace):
    builder = client_of(workspace, Role.BUILDER)
    publisher = client_of(workspace, Role.PUBLISHER)
    builder.send("POST", "/models", {"manifest": manifest_document(model="shop")})
    body = {"status": "approved", "reason": "Measured."}
    path = "/models/shop/versions/1/standing"
    assert builder.send("POST", path, body).status_code == 403
    response = publisher.send("POST", path, body)
    assert (response.status_code, response.json()["status"]) == (200, "approved")
    assert [each["new"] for each in response.json()["standing"]] == [
        "approved",
        "draft",
    ]


def test_owner_does_not_approve_what_they_registered(workspace):
    owner = client_of(workspace, Role.OWNER)
    owner.send("POST", "/models", {"manifest": manifest_document(model="shop")})
    body = {"status": "approved", "reason": "Mine."}
    response = owner.send("POST", "/models/shop/versions/1/standing", body)
    assert (response.status_code, response.json()["code"]) == (
        403,
        "model_second_person_needed",
    )


def test_builder_does_not_loosen_the_governance_record(workspace):
    make_draft(workspace=workspace, model="shop", governance={"data_class": "public"})
    builder = client_of(workspace, Role.BUILDER)
    manifest = manifest_document(model="shop", governance={"data_class": "special"})
    response = builder.send("POST", "/models", {"manifest": manifest})
    assert (response.status_code, response.json()["code"]) == (
        409,
        "model_governance_differs",
    )
    body = {"governance": {"data_class": "special"}}
    assert builder.send("POST", "/models/shop/governance", body).status_code == 403
    publisher = client_of(workspace, Role.PUBLISHER)
    changed = publisher.send("POST", "/models/shop/governance", body).json()
    assert changed["data_class"] == "special"


def test_alias_moves_and_the_past_has_an_answer(api, workspace):
    for runs in ("loop", "cpu"):
        make_model_version(workspace=workspace, model="shop", runs=runs)
    body = {"alias": "champion", "version": 1, "reason": "Slower."}
    moved = api.send("POST", "/models/shop/aliases", body).json()
    assert (moved["alias"], moved["version"]) == ("champion", 1)
    moves = api.read("/models/shop/aliases", alias="champion")["items"]
    assert [(m["old"], m["new"], m["reason"]) for m in moves] == [
        (2, 1, "Slower."),
        (1, 2, ""),
        (None, 1, ""),
    ]
    path = "/models/shop/aliases/champion"
    assert api.read(path)["version"] == 1
    assert api.read(path, at=moves[1]["at"])["version"] == 2
    yesterday = (timezone.now() - timedelta(days=1)).isoformat()
    assert api.read(path, at=yesterday)["version"] is None


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"alias": "champion", "version": 7}, 404, "model_version_not_found"),
        ({"alias": "The best", "version": 1}, 422, "model_alias_name_invalid"),
        ({"alias": "champion"}, 400, "request_invalid"),
    ],
)
def test_alias_that_cannot_move_is_a_problem(api, workspace, body, status, code):
    make_draft(workspace=workspace, model="shop")
    response = api.send("POST", "/models/shop/aliases", body)
    assert (response.status_code, response.json()["code"]) == (status, code)


def test_price_is_set_once(api, workspace):
    make_draft(workspace=workspace, model="shop")
    path, at = "/models/shop/versions/1/prices", "2026-01-01T00:00:00Z"
    first = api.send("POST", path, {"price": {"valid_from": at}})
    assert first.json()["manifest"]["prices"][0]["usd_micros_per_call"] == 0
    other = {"price": {"valid_from": at, "usd_micros_per_call": 1}}
    response = api.send("POST", path, other)
    assert (response.status_code, response.json()["code"]) == (409, "model_price_taken")


def test_credential_is_never_answered(api):
    answers = [
        api.send("PUT", "/credentials/fjord", {"value": CANARY}),
        api.send("GET", "/credentials"),
        api.send("PUT", "/credentials/Fjord", {"value": CANARY}),
        api.send("PUT", "/credentials/fjord", {"value": f"{CANARY}\n{CANARY}"}),
        api.send("PUT", "/credentials/fjord", {"value": CANARY, "more": CANARY}),
        api.send("POST", "/credentials/fjord/delete"),
    ]
    assert [answer.status_code for answer in answers] == [200, 200, 422, 422, 400, 200]
    assert CANARY not in "".join(answer.content.decode() for answer in answers)
    assert not Credential.objects.exists()


def test_person_grants_only_to_where_they_are_a_member(workspace):
    make_draft(workspace=workspace, model="shop")
    owner = make_membership(workspace=workspace, role=Role.OWNER).user
    reached = make_membership(user=owner, role=Role.VIEWER).workspace
    client = make_client(workspace, user=owner)
    for slug in (make_workspace().slug, "nowhere"):
        body = {"workspace": slug, "access": "copy"}
        response = client.send("POST", "/models/shop/grants", body)
        assert (response.status_code, response.json()["code"]) == (
            422,
            "workspace_out_of_reach",
        )
    body = {"workspace": reached.slug, "access": "copy"}
    granted = client.send("POST", "/models/shop/grants", body)
    assert granted.status_code == 201
    assert client.read("/models/shop/grants")["items"] == [granted.json()]
    path = f"/models/shop/grants/{granted.json()['id']}/withdraw"
    assert client.send("POST", path).status_code == 200
    assert not Grant.objects.exists()


def test_builder_moves_no_alias_by_a_manifest(workspace):
    make_model_version(workspace=workspace, model="shop")
    other = manifest_document(model="shop", settings={"entry_point": "support-intent"})
    answer = client_of(workspace, Role.BUILDER).send(
        "POST", "/models", {"manifest": other}
    )
    assert answer.status_code == 422
    assert "your role does not include moving it" in answer.content.decode()
    model = Model.objects.get(name="shop")
    assert (model.versions.count(), model.aliases.get().version.number) == (1, 1)
