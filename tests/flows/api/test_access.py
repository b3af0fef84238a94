"""Who gets what answer, for every address of the API: an unlisted one is an error."""

from collections.abc import Iterator
from typing import NamedTuple

import pytest
from django.db.models import Model as Row
from django.db.transaction import atomic, set_rollback
from django.urls import URLPattern, get_resolver

from flows.models import Flow
from flows.services.sharing import grant_flow
from model_registry.models import Grant, Model
from model_registry.services.credentials import set_credential
from model_registry.services.gates import set_rule
from model_registry.services.ordering import order_trial
from model_registry.services.sharing import grant_model
from model_registry.services.uploading import add_artefact
from orchestrator_site.accounts.roles import Permission, Role, Scope
from orchestrator_site.egress.services import allow_origin
from tests.factories.accounts import PASSWORD, make_membership, make_workspace
from tests.factories.approvals import make_approval
from tests.factories.evaluations import make_evaluation, make_evaluation_set
from tests.factories.flows import make_flow, make_run
from tests.factories.graphs import document
from tests.factories.models import make_model_version
from tests.factories.onnx_files import linear
from tests.flows.api.clients import API, ApiClient, make_client

METHODS = ("get", "post", "put", "patch", "delete")
EVERY_SCOPE = (Scope.READ, Scope.RUN, Scope.WRITE, Scope.DECIDE, Scope.ADMIN)
DRAFT = document("in -> out")
CASE = {"input": {"a": "b"}, "expected": {"a": "b"}}
MANIFEST = {
    "model": "new",
    "capability": "echo",
    "input_schema": {"type": "object"},
    "output_schema": {"type": "object"},
    "version": {
        "adapter": "python_entry_point",
        "settings": {"entry_point": "echo"},
    },
}


class Door(NamedTuple):
    """What one method of one address answers an owner, a stranger and a reader.

    A stranger is an owner of another workspace, with every scope; a reader is an owner
    of this one whose token has the scope `read`.
    """

    owner: int
    stranger: int
    reader: int
    body: dict[str, object] | None = None


DOORS = {
    ("flows", "get"): Door(200, 200, 200),
    ("flows", "post"): Door(201, 201, 403, {"slug": "new", "document": DRAFT}),
    ("document-validation", "post"): Door(200, 200, 200, {"document": DRAFT}),
    ("flow", "get"): Door(200, 404, 200),
    ("flow", "put"): Door(200, 404, 403, {"document": DRAFT, "revision": 1}),
    ("draft-validation", "post"): Door(200, 404, 200),
    ("publication", "post"): Door(200, 404, 403),
    ("versions", "get"): Door(200, 404, 200),
    ("version", "get"): Door(200, 404, 200),
    ("flow-schema", "get"): Door(200, 200, 200),
    ("runs", "get"): Door(200, 200, 200),
    ("runs", "post"): Door(201, 404, 403, {"flow": "SLUG", "input": {}}),
    ("run", "get"): Door(200, 404, 200),
    ("steps", "get"): Door(200, 404, 200),
    ("events", "get"): Door(200, 404, 200),
    ("cancellation", "post"): Door(202, 404, 403),
    ("pause", "post"): Door(202, 404, 403),
    ("resume", "post"): Door(409, 404, 403),
    ("release", "post"): Door(409, 404, 403),
    ("step-cancellation", "post"): Door(404, 404, 403, {"address": "a"}),
    ("step-resolution", "post"): Door(
        404, 404, 403, {"address": "a", "outcome": "done"}
    ),
    ("run-signals", "post"): Door(202, 404, 403, {"name": "paid"}),
    ("workspace-events", "post"): Door(202, 202, 403, {"name": "paid"}),
    ("approvals", "get"): Door(200, 200, 200),
    ("approval", "get"): Door(200, 404, 200),
    ("decision", "post"): Door(
        200, 404, 403, {"outcome": "approved", "content_hash": "HASH"}
    ),
    ("origins", "get"): Door(200, 200, 200),
    ("origins", "post"): Door(201, 201, 403, {"origin": "https://new.example"}),
    ("origin-withdrawal", "post"): Door(200, 404, 403),
    ("models", "get"): Door(200, 200, 200),
    ("models", "post"): Door(201, 201, 403, {"manifest": MANIFEST}),
    ("model", "get"): Door(200, 404, 200),
    ("model-governance", "post"): Door(200, 404, 403, {"governance": {}}),
    ("model-aliases", "get"): Door(200, 404, 200),
    ("model-aliases", "post"): Door(200, 404, 403, {"alias": "new", "version": 1}),
    ("model-alias", "get"): Door(200, 404, 200),
    ("model-versions", "get"): Door(200, 404, 200),
    ("model-version", "get"): Door(200, 404, 200),
    ("model-comparison", "get"): Door(200, 404, 200),
    ("model-standing", "post"): Door(
        200, 404, 403, {"status": "suspended", "reason": "Looked at."}
    ),
    ("model-prices", "post"): Door(
        200, 404, 403, {"price": {"valid_from": "2026-01-01"}}
    ),
    ("model-figures", "get"): Door(200, 404, 200),
    ("model-health", "get"): Door(200, 404, 200),
    ("model-grants", "get"): Door(200, 404, 200),
    # A service is a member of no other workspace.
    ("model-grants", "post"): Door(
        422, 404, 403, {"workspace": "elsewhere", "access": "call"}
    ),
    ("model-grant-withdrawal", "post"): Door(200, 404, 403),
    ("flow-grants", "get"): Door(200, 404, 200),
    ("flow-grants", "post"): Door(422, 404, 403, {"workspace": "elsewhere"}),
    ("flow-grant-withdrawal", "post"): Door(200, 404, 403),
    ("shared-flows", "get"): Door(200, 200, 200),
    ("shared-flow", "get"): Door(200, 404, 200),
    ("shared-flow-copy", "post"): Door(201, 404, 403, {"slug": "own"}),
    ("shared-model", "get"): Door(200, 404, 200),
    ("shared-model-copy", "post"): Door(201, 404, 403, {"name": "own"}),
    # No server is named, so that nobody is asked.
    ("model-offers", "post"): Door(422, 422, 403, {"base_url": "ftp://x"}),
    ("model-imports", "post"): Door(
        422, 422, 403, {"base_url": "ftp://x", "models": [{"id": "fjord-4"}]}
    ),
    ("model-sets", "post"): Door(
        201, 404, 403, {"name": "new", "target": "a", "cases": [CASE]}
    ),
    # What is sent is neither CSV nor JSON Lines.
    ("model-set-upload", "post"): Door(415, 404, 403, {}),
    # No run has asked the model anything.
    ("model-set-collection", "post"): Door(
        422, 404, 403, {"name": "new", "flow": "SLUG", "source": "runs"}
    ),
    ("model-evaluations", "get"): Door(200, 404, 200),
    ("model-evaluations", "post"): Door(
        201, 404, 403, {"version": 1, "set": "asked-anew"}
    ),
    ("model-evaluation", "get"): Door(200, 404, 200),
    ("model-evaluation-results", "get"): Door(200, 404, 200),
    ("model-evaluation-cancellation", "post"): Door(200, 404, 403),
    ("model-rules", "get"): Door(200, 404, 200),
    ("model-rules", "post"): Door(
        200,
        404,
        403,
        {"alias": "new", "set": "asked", "metric": "answered", "bound": 1},
    ),
    ("model-rule-removal", "post"): Door(200, 404, 403),
    ("model-trials", "post"): Door(202, 404, 403, {"version": 1, "input": {}}),
    # A trial is for who asked.
    ("model-trial", "get"): Door(404, 404, 403),
    ("evaluation-sets", "get"): Door(200, 200, 200),
    ("evaluation-set", "get"): Door(200, 404, 200),
    ("evaluation-cases", "get"): Door(200, 404, 200),
    ("model-artefacts", "get"): Door(200, 200, 200),
    # What is sent is no form with a file.
    ("model-artefacts", "post"): Door(415, 415, 403, {}),
    ("model-artefact", "get"): Door(200, 404, 200),
    ("model-artefact", "delete"): Door(200, 404, 403),
    ("credentials", "get"): Door(200, 200, 200),
    ("credential", "put"): Door(200, 200, 403, {"value": "sk-2"}),
    ("credential-deletion", "post"): Door(200, 404, 403),
    ("schema", "get"): Door(200, 200, 200),
}
NAMED = {
    "/models": "echo",
    "/credentials": "fjord",
    "/evaluation-sets": "asked",
    "/shared-models": "lent",
}
PAGES = {("docs", "get")}
every_door = pytest.mark.parametrize("door", DOORS, ids="-".join)


def addresses(patterns: list, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    for entry in patterns:
        path = prefix + str(entry.pattern)
        if isinstance(entry, URLPattern):
            yield path, entry
        else:
            yield from addresses(entry.url_patterns, path)


def found_doors() -> dict[tuple[str, str], str]:
    return {
        (entry.name, method): path
        for path, entry in addresses(get_resolver().url_patterns)
        if path.startswith("api/v1/")
        for method in METHODS
        if hasattr(entry.callback.view_class, method)
    }


def fill(value: object, words: dict[str, str]) -> object:
    return words.get(value, value) if isinstance(value, str) else value


@pytest.fixture(scope="module")
def filled(django_db_setup, django_db_blocker):
    """A workspace with something of everything, made once.

    Each test gives back what it changed in it, as far as its own transaction reaches.
    """
    with django_db_blocker.unblock(), atomic():
        yield make_filled()
        set_rollback(True)


@pytest.fixture
def flow(filled, db):
    return filled.flow


@pytest.fixture
def workspace(flow):
    return flow.workspace


class Filled(NamedTuple):
    """Rows by the names that addresses have for them, and what stands in the bodies."""

    flow: Flow
    rows: dict[str, Row]
    sha256: str
    words: dict[str, str]


def make_evaluated(flow, model):
    """Something of each kind that has to do with evaluating a model."""
    asked, *_ = (
        make_evaluation_set(flow.workspace, capability=model.capability, name=name)
        for name in ("asked", "asked-anew")
    )
    evaluation = make_evaluation(model.versions.get(), asked)
    return {
        "evaluation_id": evaluation,
        "rule_id": set_rule(model, "champion", asked, "answered", 1, actor="user:x"),
        "trial_id": order_trial(evaluation.version, {}, "", actor="user:x"),
    }


def make_shared(flow, model):
    """A model and a flow that are granted, and such that were granted to us."""
    call, copy = Grant.Access.CALL, Grant.Access.COPY
    lent = make_model_version(model="lent").model
    grant_model(lent, flow.workspace, copy, actor="user:x")
    theirs = make_flow("in -> out")
    return {
        "grant_id": grant_model(model, make_workspace(), call, actor="user:x"),
        "flow_grant_id": grant_flow(flow, make_workspace(), actor="user:x"),
        "shared_id": grant_flow(theirs, flow.workspace, actor="user:x"),
    }


def make_filled():
    flow = make_flow()
    run, model = make_run(flow=flow), Model.objects.get(name="echo")
    approval = make_approval(workspace=flow.workspace, run_id=run.pk, flow=flow.slug)
    set_credential(flow.workspace, "fjord", "sk-1", actor="user:x")
    artefact, _ = add_artefact(flow.workspace, "a.onnx", [linear()], actor="user:x")
    rows = {
        "run_id": run,
        "approval_id": approval,
        "origin_id": allow_origin(
            flow.workspace, "https://api.example", actor="user:x"
        ),
        **make_evaluated(flow, model),
        **make_shared(flow, model),
    }
    words = {"SLUG": flow.slug, "HASH": approval.content_hash}
    return Filled(flow, rows, artefact.sha256, words)


@pytest.fixture
def knock(filled, db):
    """Sends what an owner would send, as somebody else."""
    paths = found_doors()

    def send(door, client):
        path = paths[door].removeprefix("api/v1")
        named = NAMED.get(path[: path.find("/", 1)], filled.flow.slug)
        path = path.replace("<slug:slug>", named).replace("<slug:alias>", "champion")
        path = path.replace("<slug:name>", named)
        path = path.replace("<slug:sha256>", filled.sha256)
        path = path.replace("<int:number>", "1").replace("<int:other>", "1")
        for name, row in filled.rows.items():
            path = path.replace(f"<uuid:{name}>", str(row.pk))
        body = DOORS[door].body
        if body is not None:
            body = {name: fill(value, filled.words) for name, value in body.items()}
        return client.send(door[1].upper(), path, body, Idempotency_Key="key-1")

    return send


def test_every_address_is_listed_here():
    assert set(found_doors()) == set(DOORS) | PAGES


@every_door
def test_owner_gets_in(door, knock, api):
    assert knock(door, api).status_code == DOORS[door].owner


@every_door
def test_nobody_is_answered_401(door, knock):
    response = knock(door, ApiClient())
    assert (response.status_code, response.json()["code"]) == (401, "not_authenticated")
    assert response["WWW-Authenticate"] == 'Bearer realm="Baton"'


@every_door
def test_other_workspace_does_not_exist(door, knock, flow):
    stranger = make_client(make_workspace(), scopes=EVERY_SCOPE)
    response = knock(door, stranger)
    assert response.status_code == DOORS[door].stranger
    if response.status_code == 200:
        assert flow.slug not in response.content.decode()


@every_door
def test_reader_changes_nothing(door, knock, workspace):
    response = knock(door, make_client(workspace, scopes=[Scope.READ]))
    assert response.status_code == DOORS[door].reader
    if response.status_code == 403:
        assert response.json()["code"] == "permission_missing"


def test_missing_permission_is_named(workspace):
    viewer = make_client(workspace, role=Role.VIEWER, scopes=[Scope.READ])
    found = viewer.send("POST", "/flows", {"slug": "a", "document": DRAFT}).json()
    assert found["permission"] == Permission.FLOW_EDIT
    assert "the role viewer with the scopes read does not give" in found["detail"]


def test_run_token_starts_and_follows_runs_and_sees_no_flow(workspace, flow):
    runner = make_client(workspace, scopes=[Scope.RUN])
    started = runner.send("POST", "/runs", {"flow": flow.slug, "input": {}})
    assert started.status_code == 201
    assert runner.get(started["Location"]).status_code == 200
    assert runner.send("GET", f"/flows/{flow.slug}").status_code == 403


def test_revoked_text_of_a_token_is_answered_with_its_code():
    client = ApiClient(headers={"authorization": "Bearer baton_wrong"})
    response = client.send("GET", "/runs")
    assert (response.status_code, response.json()["code"]) == (401, "token_unknown")


def test_session_reads_and_needs_the_csrf_token_to_write(flow):
    member = make_membership(workspace=flow.workspace)
    browser = ApiClient(enforce_csrf_checks=True)
    browser.login(email=member.user.email, password=PASSWORD)
    assert browser.read(f"/flows/{flow.slug}")["slug"] == flow.slug
    refused = browser.send("POST", f"/flows/{flow.slug}/validate")
    assert (refused.status_code, refused.json()["code"]) == (403, "permission_denied")


def test_docs_page_leads_to_the_login(client, db):
    response = client.get(f"{API}/docs/")
    assert response.status_code == 302
    assert response["Location"].startswith("/accounts/login/?next=")
