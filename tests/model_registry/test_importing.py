"""Taking models over from a server that lists them, against one that misbehaves."""

import json
import socket

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from model_registry import served
from model_registry.errors import ImportRefused
from model_registry.models import Model, ModelVersion
from model_registry.served import read_source
from model_registry.services.credentials import set_credential
from model_registry.services.importing import (
    ImportKind,
    import_models,
    list_offers,
)
from orchestrator_site.accounts.roles import Role, Scope
from orchestrator_site.egress import network
from tests.factories.accounts import make_membership, make_workspace
from tests.factories.models import make_draft
from tests.flows.api.clients import make_client

pytestmark = pytest.mark.django_db
KEY = "sk-canary-8812"


@pytest.fixture(autouse=True)
def allowed(settings, server):
    settings.BATON_EGRESS_ALLOW = (server.origin,)


@pytest.fixture
def workspace():
    return make_workspace()


@pytest.fixture
def source(server):
    return read_source(server.url("answers"))


def names(workspace):
    found = Model.objects.in_workspace(workspace).order_by("name")
    return list(found.values_list("name", flat=True))


def test_names_of_a_server_become_names_here(workspace, server, source):
    make_draft(workspace=workspace, model="small")
    server.models = [
        "small",
        "Meta/Llama-3.1:8B",
        "meta-llama-3-1-8b",
        "70b",
        "…",
        "x" * 90,
        "x" * 91,
        "nomic-embed-text",
        "intfloat/e5-small",
        "acme/bge",
    ]
    offers = {offer.id: offer for offer in list_offers(workspace, source)}
    assert {each: offers[each].name for each in server.models} == {
        "small": "small-2",
        "Meta/Llama-3.1:8B": "meta-llama-3-1-8b",
        "meta-llama-3-1-8b": "meta-llama-3-1-8b-2",
        "70b": "model-70b",
        "…": "model",
        "x" * 90: "x" * 64,
        "x" * 91: "x" * 62 + "-2",
        "nomic-embed-text": "nomic-embed-text",
        "intfloat/e5-small": "intfloat-e5-small",
        "acme/bge": "acme-bge",
    }
    embeds = [each for each in offers if offers[each].kind is ImportKind.EMBEDDINGS]
    assert embeds == ["acme/bge", "intfloat/e5-small", "nomic-embed-text"]


def test_chosen_ones_become_drafts_without_a_data_class_and_only_once(
    workspace, source
):
    chosen = {"small": None, "large": ImportKind.EMBEDDINGS}
    came = import_models(workspace, source, chosen, actor="system:test")
    assert [(each.model, each.is_new) for each in came] == [
        ("small", True),
        ("large", True),
    ]
    for version in ModelVersion.objects.filter(model__workspace=workspace):
        assert version.standing.status == "draft"
        assert version.model.data_class == ""
        assert not version.model.aliases.exists()
    known = {each.id: each.registered for each in list_offers(workspace, source)}
    assert known == {"small": {"chat": "small"}, "large": {"embeddings": "large"}}
    again = {"small": None, "large": ImportKind.CHAT}
    came = import_models(workspace, source, again, actor="system:test")
    assert [(each.model, each.is_new) for each in came] == [
        ("small", False),
        ("large-2", True),
    ]


def test_what_was_imported_elsewhere_is_not_there_already(workspace, source):
    import_models(make_workspace(), source, {"small": None}, actor="system:test")
    assert all(not each.registered for each in list_offers(workspace, source))


def test_nothing_is_registered_where_one_of_them_is_not_offered(workspace, source):
    chosen = {"small": None, "gone": None}
    with pytest.raises(ImportRefused, match="lists no 'gone'"):
        import_models(workspace, source, chosen, actor="system:test")
    assert names(workspace) == []


@pytest.mark.parametrize(
    ("behaviour", "place", "said"),
    [
        ("refuses", "credential", "answered 401.*Choose a credential"),
        ("missing", "base_url", "answered 404.*usually ends in /v1"),
        ("html", "base_url", "no list of models.*usually ends in /v1"),
        ("junk", "base_url", "no list of models"),
        ("empty", "base_url", "no list of models"),
        ("breaks", "base_url", "answered 500"),
        ("redirects", "base_url", "answered 302.*Redirects are not followed"),
        ("cuts", "base_url", "cannot be reached, or it broke off"),
        ("zipped", "base_url", "not read"),
        ("hangs", "base_url", "No answer within"),
        ("drips", "base_url", "No answer within"),
    ],
)
def test_server_that_gives_no_list_is_told_at_its_place(
    workspace, server, monkeypatch, behaviour, place, said
):
    if behaviour in {"hangs", "drips"}:
        monkeypatch.setattr(served, "TIMEOUT_S", 0.3)
    with pytest.raises(ImportRefused, match=f"(?s){said}") as caught:
        list_offers(workspace, read_source(server.url(behaviour)))
    assert caught.value.place == place


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ('{"data": [{"id": ["small"]}]}', "no list of models"),
        ('{"data": [{"id": 7}]}', "by the name '7'"),
        ('{"data": [{"id": ""}]}', "by the name ''"),
        ('{"data": [{"id": "a\\u0000b"}]}', "which no model can have"),
        (json.dumps({"data": [{"id": str(n)} for n in range(801)]}), "lists 801"),
        (json.dumps({"data": [{"id": "x" * 4_000_000}]}), "not read"),
    ],
)
def test_list_that_cannot_be_used_is_refused(workspace, server, content, said):
    server.reply = content
    with pytest.raises(ImportRefused, match=said):
        list_offers(workspace, read_source(server.url("repeats")))


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("ftp://x", "must be an address"),
        ("https://me:pw@x/v1", "must hold no user"),
        ("https://elsewhere.example/v1", "BATON_EGRESS_ALLOW"),
        ("http://169.254.169.254/v1", "BATON_EGRESS_ALLOW"),
        ("http://127.0.0.1:1/v1", "BATON_EGRESS_ALLOW"),
    ],
)
def test_address_that_nobody_allows_is_not_asked(workspace, url, said):
    with pytest.raises(ImportRefused, match=said):
        list_offers(workspace, read_source(url))


def test_name_that_leads_to_a_private_address_is_refused(
    workspace, settings, monkeypatch
):
    settings.BATON_EGRESS_ALLOW = ("https://models.example",)
    private = (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("10.0.0.7", 443))
    monkeypatch.setattr(network.socket, "getaddrinfo", lambda *_a, **_k: [private])
    with pytest.raises(ImportRefused, match="not on the public Internet") as caught:
        list_offers(workspace, read_source("https://models.example/v1"))
    assert caught.value.place == "base_url"


def test_credential_is_sent_and_never_told(workspace, server):
    set_credential(workspace, "vendor", KEY, actor="user:1")
    with pytest.raises(ImportRefused, match="bad key \\[key\\]") as caught:
        list_offers(workspace, read_source(server.url("refuses"), "vendor"))
    assert KEY not in caught.value.message
    assert "Exchange the credential" in caught.value.message
    source = read_source(server.url("answers") + "/models", "vendor")
    import_models(workspace, source, {"small": None}, actor="user:1")
    version = ModelVersion.objects.get(model__workspace=workspace)
    assert version.settings["credential"] == "vendor"
    assert version.settings["base_url"] == server.url("answers")
    with pytest.raises(ImportRefused, match="no credential 'other'") as caught:
        list_offers(workspace, read_source(server.url("answers"), "other"))
    assert caught.value.place == "credential"


def test_command_lists_and_registers(workspace, server, capsys):
    url = server.url("answers")
    call_command("import_models", url)
    assert capsys.readouterr().out.splitlines()[:2] == ["large  chat", "small  chat"]
    assert names(workspace) == []
    call_command("import_models", url, "small")
    call_command("import_models", url, all=True, kind="chat")
    assert capsys.readouterr().out.splitlines() == [
        "small is registered as small, a draft.",
        "large is registered as large, a draft.",
        "small is there already, as small.",
    ]
    with pytest.raises(CommandError, match="404"):
        call_command("import_models", server.url("missing"))


def test_page_lists_and_registers_what_was_chosen(client, server):
    member = make_membership(role=Role.BUILDER)
    client.force_login(member.user)
    page = reverse("models:import")
    assert client.get(page).status_code == 200
    data = {"base_url": server.url("answers"), "credential": ""}
    listed = client.post(page, data)
    assert listed.status_code == 200
    assert 'name="as:small"' in listed.text
    nothing = client.post(page, {**data, "register": "1", "as:small": ""})
    assert nothing.status_code == 422
    assert "Choose at least one model." in nothing.text
    chosen = {"as:small": "chat", "as:large": ""}
    assert client.post(page, {**data, "register": "1", **chosen}).status_code == 302
    assert names(member.workspace) == ["small"]
    assert Model.objects.get(name="small").owner == member.user
    assert "there already for chat:" in client.post(page, data).text


def test_page_shows_what_is_wrong_at_the_field(client, server):
    client.force_login(make_membership(role=Role.BUILDER).user)
    data = {"base_url": server.url("refuses"), "credential": ""}
    answer = client.post(reverse("models:import"), data)
    assert answer.status_code == 422
    text = answer.text[answer.text.index('id="id_credential-error"') :]
    assert "answered 401" in text


def test_viewers_import_nothing(client, workspace, server):
    client.force_login(make_membership(role=Role.VIEWER).user)
    assert client.get(reverse("models:import")).status_code == 403
    api = make_client(workspace, role=Role.VIEWER, scopes=(Scope.READ,))
    body = {"base_url": server.url("answers")}
    assert api.send("POST", "/model-imports/offers", body).status_code == 403


def test_api_lists_and_registers(workspace, server):
    api = make_client(workspace)
    source = {"base_url": server.url("answers")}
    offers = api.send("POST", "/model-imports/offers", source).json()["offers"]
    assert offers[1] == {
        "id": "small",
        "name": "small",
        "kind": "chat",
        "registered": {},
    }
    body = {**source, "models": [{"id": "small"}, {"id": "large", "kind": "chat"}]}
    answer = api.send("POST", "/model-imports", body)
    assert answer.status_code == 200, answer.content
    assert answer.json()["models"] == [
        {"id": "small", "model": "small", "is_new": True},
        {"id": "large", "model": "large", "is_new": True},
    ]
    wrong = api.send("POST", "/model-imports/offers", {"base_url": "ftp://x"})
    assert wrong.status_code == 422
    assert wrong.json()["code"] == "model_import_refused"
    assert wrong.json()["pointer"] == "/base_url"
