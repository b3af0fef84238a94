"""Secrets are planted, used well and badly, and then looked for everywhere."""

import json
import tarfile
from contextlib import ExitStack, closing

import pytest
from django.db import connection
from django.urls import reverse

from flows.models import Run
from flows.services.drafts import create_flow
from flows.services.publishing import publish
from model_registry.api import Trial, read_secret
from model_registry.evaluations.selectors import list_evaluations
from model_registry.models import Evaluation, Model
from model_registry.services.ordering import order_evaluation
from orchestrator_site.accounts.roles import Role, Scope
from orchestrator_site.backup import back_up
from tests.browser.site import running_site
from tests.factories.accounts import make_membership, make_token
from tests.factories.evaluations import make_evaluation_set
from tests.factories.graphs import document
from tests.factories.models import make_model_version
from tests.fakes.http_server import http_service
from tests.fakes.oip_server import oip_server
from tests.fakes.openai_server import openai_server
from tests.fixtures.stack import wait_until
from tests.secrets.places import broker_watched, rows
from tests.secrets.site import Site

MARK = "sk-canary-7f3a9c5e"
NAMES = ("chat", "embeddings", "service", "tensors", "wrong", "form")
CANARIES = {name: f"{MARK}-{name}" for name in NAMES}
PATIENCE_S = 120
TRIED = ("chat", "chat-refused", "service", "service-refused")
INPUT = {"text": "hello", "a": 1.5, "b": 2.5}
SCHEMA = {
    "type": "object",
    "properties": {
        "text": {"type": "string"},
        "a": {"type": "number"},
        "b": {"type": "number"},
    },
}


def found_in(places: dict[str, bytes]) -> list[str]:
    return [name for name, content in places.items() if MARK.encode() in content]


@pytest.fixture
def servers():
    """What models are called at; each tells the secrets that it was sent."""
    with ExitStack() as stack:
        chat = stack.enter_context(openai_server())
        service = stack.enter_context(http_service())
        tensors = stack.enter_context(oip_server())
        told = CANARIES["chat"]
        chat.reply = json.dumps({"answer": f"You sent {told}.", told: [told]})
        service.reply = json.dumps({"you": CANARIES["service"]}).encode()
        tensors.misbehave = (500, {"error": f"who is {CANARIES['tensors']}"})
        yield chat, service, tensors


@pytest.fixture
def loud(monkeypatch, settings, servers):
    """Processes to come say everything, and may call the servers."""
    origins = tuple(server.origin for server in servers)
    settings.BATON_EGRESS_ALLOW = origins
    monkeypatch.setenv("BATON_EGRESS_ALLOW", ",".join(origins))
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "tests.fixtures.loud_settings")
    monkeypatch.setenv("CANARY_KEY", f"{MARK}-variable")


def of_openai(chat):
    """Adapter and settings of each model that a chat server answers for, by name."""
    usual = {"model": "small"}
    asks = {**usual, "prompt": "{{ input.text }}"}
    answers, refuses = chat.url("answers"), chat.url("refuses")
    embeds = {**usual, "text": "{{ input.text }}", "credential": "embeddings"}
    settings = {
        "chat": {**asks, "base_url": answers, "credential": "chat"},
        "chat-refused": {**asks, "base_url": refuses, "credential": "wrong"},
        "chat-variable": {**asks, "base_url": refuses, "api_key_env": "CANARY_KEY"},
        "nobody": {**asks, "base_url": answers, "credential": "nobody"},
    }
    found = {name: ("openai_chat", each) for name, each in settings.items()}
    return found | {
        "embeddings": ("openai_embeddings", {**embeds, "base_url": refuses})
    }


def of_others(service, tensors):
    """The same of those that a service and a server of tensors answer for."""
    usual = {"url": service.url("replies"), "credential": "service"}
    refused = {"url": service.url("refuses"), "credential": "wrong"}
    broken = {**usual, "key_header": "Content-Length"}
    inputs = {"x": {"datatype": "FP32", "fields": ["a", "b"]}}
    infers = {"base_url": tensors.origin, "model": "sum", "inputs": inputs}
    return {
        "service": ("http_json", usual),
        "service-refused": ("http_json", refused),
        "service-broken": ("http_json", broken),
        "tensors": ("oip_v2", {**infers, "credential": "tensors"}),
    }


@pytest.fixture
def member(transactional_db):
    return make_membership(role=Role.OWNER)


@pytest.fixture
def workspace(member, loud, servers):
    workspace = member.workspace
    chat, *others = servers
    for name, (adapter, settings) in (of_openai(chat) | of_others(*others)).items():
        make_model_version(
            workspace=workspace,
            model=name,
            capability="draft",
            adapter=adapter,
            runs="wait",
            settings=settings,
            input_schema=SCHEMA,
            governance={"data_class": "internal"},
        )
        given = {name: f"input.{name}" for name in INPUT}
        made = document(
            "in -> model -> out",
            configs={"model": {"model": name, "input": given}},
            settings={"data_class": "internal"},
        )
        flow = create_flow(workspace, slug=name, document=made, actor="system:test")
        publish(flow, actor="system:test")
    return workspace


def plant(site):
    for name, secret in CANARIES.items():
        if name != "form":
            assert site.api("PUT", f"/credentials/{name}", {"value": secret}) == 200
    told = {"value": CANARIES["form"], "name": "form"}
    assert site.page(reverse("credentials:new"), told) == 200
    assert site.page(reverse("credentials:new"), {**told, "name": "No name"}) == 422
    assert site.api("PUT", "/credentials/x", {"value": f"{MARK}\n", "y": MARK}) == 400


def use(site, workspace):
    """From flows, from the playground, in evaluations."""
    cases = make_evaluation_set(
        workspace,
        (INPUT, {"answer": "x"}),
        capability="draft",
        data_class="internal",
    )
    for model in Model.objects.filter(workspace=workspace):
        asked = {"flow": model.name, "input": INPUT}
        assert site.api("POST", "/runs", asked) in {200, 201, 202}
        if model.name not in TRIED:
            continue
        form = {f"input/{name}": str(value) for name, value in INPUT.items()}
        form["data_class"] = "internal"
        assert site.page(f"/models/{model.name}/try/", form) == 200
        order_evaluation(model.versions.get(), cases, actor="system:test")


def all_over():
    under_way = (Run, Trial, Evaluation)
    return not any(m.objects.filter(ended_at=None).exists() for m in under_way)


def look_around(site, workspace):
    """Every page and answer that tells of what was done."""
    for run in Run.objects.all():
        site.api("GET", f"/runs/{run.pk}")
        site.api("GET", f"/runs/{run.pk}/events")
        site.page(f"/runs/{run.pk}/?step=model")
    for path in ("/credentials", "/models", "/runs", "/flows", "/schema/"):
        site.api("GET", path)
    for path in ("/credentials/", "/ledger/", "/operations/", "/runs/", "/models/"):
        site.page(path)
    look_at_models(site, workspace)


def look_at_models(site, workspace):
    for model in Model.objects.filter(workspace=workspace):
        site.api("GET", f"/models/{model.name}/versions/1")
        site.page(f"/models/{model.name}/versions/1/")
        for evaluation in list_evaluations(model):
            site.page(f"/models/{model.name}/evaluations/{evaluation.pk}/")
    for trial in Trial.objects.select_related("version__model"):
        site.page(f"/models/{trial.version.model.name}/try/{trial.pk}/")


def archived(tmp_path):
    """What a backup holds, its encrypted rows among it."""
    if connection.vendor != "sqlite":
        return b""
    archive, folder = tmp_path / "backup.tar.gz", tmp_path / "data"
    folder.mkdir()
    database = connection.settings_dict["NAME"]
    back_up(data_dir=folder, database=database, archive=archive)
    with tarfile.open(archive) as held:
        files = [held.extractfile(member) for member in held if member.isfile()]
        return b"".join(file.read() for file in files if file)


@pytest.mark.both_databases
def test_no_secret_is_told_by_anything_that_was_done_with_it(
    member, workspace, workers, servers, tmp_path
):
    _, token = make_token(
        workspace=workspace, user=member.user, role=Role.OWNER, scopes=tuple(Scope)
    )
    web_log, worker_log = tmp_path / "web.log", tmp_path / "worker.log"
    with (
        broker_watched() as sent,
        running_site(web_log) as url,
        closing(Site(url, token, member.user)) as site,
    ):
        plant(site)
        workers.start(log=worker_log)
        use(site, workspace)
        wait_until(all_over, "the end of all that was asked", PATIENCE_S)
        look_around(site, workspace)
    workers.stop_all()
    chat, service, _ = servers
    used = {header.get("authorization", "") for header in chat.headers}
    assert {f"Bearer {CANARIES[n]}" for n in ("chat", "wrong", "embeddings")} <= used
    assert read_secret(workspace.pk, "form") == CANARIES["form"]
    places = {
        "database": rows(),
        "backup": archived(tmp_path),
        "log of the web process": web_log.read_bytes(),
        "log of the worker": worker_log.read_bytes(),
        "broker": "\n".join(sent).encode(),
        "pages and answers": b"\n".join(site.answers),
    }
    assert [name for name in places if not places[name] and name != "backup"] == []
    assert b"DEBUG" in places["log of the worker"]
    assert b"[key]" in places["database"]
    assert found_in(places) == []


@pytest.mark.django_db
@pytest.mark.parametrize("is_debugging", [False, True])
def test_page_of_an_error_holds_nothing_that_was_sent(
    client, settings, caplog, is_debugging
):
    """The key to encrypt with is none: a secret is on its way to its store."""
    settings.ENCRYPTION_KEYS = ("no key",)
    settings.DEBUG = is_debugging
    client.raise_request_exception = False
    client.force_login(make_membership(role=Role.OWNER).user)
    with caplog.at_level("DEBUG"):
        told = {"name": "form", "value": CANARIES["form"]}
        answer = client.post(reverse("credentials:new"), told)
    assert answer.status_code == 500
    assert ("Traceback" in answer.content.decode()) is is_debugging
    assert "Internal Server Error" in caplog.text
    assert found_in({"page": answer.content, "log": caplog.text.encode()}) == []
