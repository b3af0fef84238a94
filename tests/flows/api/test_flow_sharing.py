import pytest
from django.utils import timezone

from flows.models import FlowCopy, FlowGrant
from flows.services.drafts import create_flow
from flows.services.sharing import grant_flow
from orchestrator_site.accounts.roles import Role
from tests.factories.accounts import make_membership, make_workspace
from tests.factories.flows import make_flow
from tests.factories.graphs import document
from tests.flows.api.clients import make_client


@pytest.fixture
def flow(db):
    return make_flow()


def test_person_shares_only_with_where_they_are_a_member(flow):
    owner = make_membership(workspace=flow.workspace, role=Role.OWNER).user
    reached = make_membership(user=owner, role=Role.VIEWER).workspace
    client = make_client(flow.workspace, user=owner)
    path = f"/flows/{flow.slug}/grants"
    refused = client.send("POST", path, {"workspace": make_workspace().slug})
    assert (refused.status_code, refused.json()["code"]) == (
        422,
        "workspace_out_of_reach",
    )
    granted = client.send("POST", path, {"workspace": reached.slug})
    assert granted.status_code == 201
    assert client.read(path)["items"] == [granted.json()]
    stop = f"{path}/{granted.json()['id']}/withdraw"
    assert client.send("POST", stop).status_code == 200
    assert not FlowGrant.objects.exists()


def test_copy_has_the_document_and_says_what_it_lacks(api, workspace, flow):
    grant = grant_flow(flow, workspace, actor="user:1")
    [listed] = api.read("/shared-flows")["items"]
    assert (listed["id"], listed["published_version"]) == (str(grant.pk), 1)
    read = api.read(f"/shared-flows/{grant.pk}")
    made = api.send("POST", f"/shared-flows/{grant.pk}/copy", {"slug": "mine"})
    assert made.status_code == 201
    assert made.json()["draft"] == read["document"]
    assert made.json()["origin"] | {"at": ""} == {
        "workspace": flow.workspace.slug,
        "flow": flow.slug,
        "version": 1,
        "hash": flow.published.hash,
        "at": "",
    }
    [problem] = api.send("POST", "/flows/mine/validate").json()["problems"]
    assert (problem["code"], problem["node_id"]) == ("model_not_found", "model")
    again = api.send("POST", f"/shared-flows/{grant.pk}/copy", {"slug": "mine"})
    assert (again.status_code, again.json()["code"]) == (409, "flow_exists")
    assert FlowCopy.objects.count() == 1


def test_drafts_are_not_shared_and_closed_workspaces_get_nothing(workspace, flow):
    owner = make_membership(workspace=workspace, role=Role.OWNER).user
    reached = make_membership(user=owner).workspace
    client = make_client(workspace, user=owner)
    create_flow(workspace, slug="draft", document=document("in -> out"), actor="user:1")
    refused = client.send("POST", "/flows/draft/grants", {"workspace": reached.slug})
    assert (refused.status_code, refused.json()["code"]) == (409, "flow_grant_refused")
    reached.closed_at = timezone.now()
    reached.save()
    refused = client.send("POST", "/flows/draft/grants", {"workspace": reached.slug})
    assert refused.status_code == 422
