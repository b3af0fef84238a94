import pytest
from django.db import OperationalError

from model_registry import loading
from model_registry.api import call
from model_registry.errors import ModelUnavailable
from model_registry.services.credentials import delete_credential, set_credential
from tests.factories.accounts import make_workspace
from tests.factories.models import make_resolved

pytestmark = pytest.mark.django_db


@pytest.fixture
def chat(settings, server):
    settings.BATON_EGRESS_ALLOW = (server.origin,)

    def resolve(workspace, **key):
        named = {"base_url": server.url("answers"), "model": "small", "prompt": "Hi"}
        return make_resolved(
            workspace=workspace,
            model="chat",
            adapter="openai_chat",
            runs="wait",
            settings={**named, **key},
        )

    return resolve


def ask(resolved):
    return call(resolved, {}, timeout_s=20.0, idempotency_key="r/s")


def test_each_workspace_calls_with_its_own_credential(chat, server):
    workspaces = [make_workspace(), make_workspace()]
    for workspace, secret in zip(workspaces, ("first", "second"), strict=True):
        set_credential(workspace, "shop", secret, actor="system:test")
    resolved = [chat(workspace, credential="shop") for workspace in workspaces]
    assert resolved[0].digest == resolved[1].digest
    for each in (*resolved, resolved[0]):
        ask(each)
    sent = [headers["authorization"] for headers in server.headers]
    assert sent == ["Bearer first", "Bearer second", "Bearer first"]


def test_credential_is_read_for_each_call(chat, server):
    workspace = make_workspace()
    set_credential(workspace, "shop", "old", actor="system:test")
    resolved = chat(workspace, credential="shop")
    ask(resolved)
    set_credential(workspace, "shop", "new", actor="system:test")
    ask(resolved)
    assert [h["authorization"] for h in server.headers] == ["Bearer old", "Bearer new"]
    delete_credential(workspace, "shop", actor="system:test")
    with pytest.raises(ModelUnavailable, match="no credential 'shop'"):
        ask(resolved)
    assert len(server.requests) == 2


def test_variable_of_the_machine_is_no_credential(chat, server, monkeypatch):
    monkeypatch.setenv("SHOP_API_KEY", "from-here")
    ask(chat(make_workspace(), api_key_env="SHOP_API_KEY"))
    assert server.headers[0]["authorization"] == "Bearer from-here"


def test_database_that_is_away_can_be_tried_again(chat, server, monkeypatch):
    def is_away(_workspace_id, _name):
        raise OperationalError("server closed the connection")

    monkeypatch.setattr(loading, "read_secret", is_away)
    with pytest.raises(ModelUnavailable, match="cannot be read now") as caught:
        ask(chat(make_workspace(), credential="shop"))
    assert caught.value.retryable
    assert server.requests == []
