import pytest

from model_registry.models import Grant
from model_registry.services.sharing import grant_model
from tests.factories.accounts import make_workspace
from tests.factories.models import make_draft, make_model_version
from tests.flows.api.clients import make_client

CALL, COPY = Grant.Access.CALL, Grant.Access.COPY
CHAT = {
    "base_url": "https://fjord.example/v1",
    "model": "fjord-4",
    "credential": "fjord",
    "prompt": "{text}",
}


@pytest.fixture(autouse=True)
def _fjord_may_be_called(settings):
    settings.BATON_EGRESS_ALLOW = ("https://fjord.example",)


@pytest.fixture
def version(db, _fjord_may_be_called):
    version = make_model_version(
        model="shop", adapter="openai_chat", runs="wait", settings=CHAT
    )
    owner = version.model.workspace
    make_draft(
        workspace=owner, model="shop", adapter="openai_chat", settings=CHAT, runs="wait"
    )
    return version


def share(version, workspace, access):
    return grant_model(version.model, workspace, access, actor="user:1")


def test_shared_models_are_listed_beside_own_ones(api, workspace, version):
    share(version, workspace, CALL)
    make_draft(workspace=workspace, model="own")
    found = {m["name"]: m for m in api.read("/models")["items"]}
    owner = version.model.workspace.slug
    assert found["shop"]["shared_by"] == {"workspace": owner, "access": "call"}
    assert found["own"]["shared_by"] is None
    assert found["shop"]["owner"] is None
    assert {m["name"] for m in api.read("/models", limit=1)["items"]} == {"own"}


@pytest.mark.parametrize(("access", "is_read"), [(CALL, False), (COPY, True)])
def test_manifest_is_for_who_may_copy(api, workspace, version, access, is_read):
    share(version, workspace, access)
    found = api.read("/shared-models/shop")
    [called] = found["callable"]
    assert called["aliases"] == ["champion"]
    assert (called["manifest"] is not None) is is_read
    text = api.get("/api/v1/shared-models/shop").content.decode()
    assert ("fjord.example" in text) is is_read
    assert api.get("/api/v1/models/shop").status_code == 404


def test_copy_is_made_and_says_where_it_came_from(api, workspace, version):
    share(version, workspace, COPY)
    made = api.send("POST", "/shared-models/shop/copy", {"name": "mine"})
    assert made.status_code == 201
    copied = made.json()
    assert (copied["model"], copied["version"]) == ("mine", 1)
    assert copied["missing_credential"] == "fjord"
    assert copied["origin"] | {"at": ""} == {
        "workspace": version.model.workspace.slug,
        "model": "shop",
        "version": version.number,
        "digest": version.digest,
        "at": "",
    }
    read = api.read("/models/mine/versions/1")
    assert (read["status"], read["origin"]) == ("draft", copied["origin"])
    again = api.send("POST", "/shared-models/shop/copy", {"name": "mine"})
    assert (again.status_code, again.json()["code"]) == (409, "model_copy_refused")


def test_who_may_only_call_copies_nothing(api, workspace, version):
    share(version, workspace, CALL)
    refused = api.send("POST", "/shared-models/shop/copy", {"name": "mine"})
    assert (refused.status_code, refused.json()["code"]) == (409, "model_copy_refused")


def test_nobody_else_reads_or_copies(version):
    share(version, make_workspace(), COPY)
    stranger = make_client(make_workspace())
    assert stranger.send("GET", "/shared-models/shop").status_code == 404
    answer = stranger.send("POST", "/shared-models/shop/copy", {"name": "mine"})
    assert answer.status_code == 404
