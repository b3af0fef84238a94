"""The API is described whole, and the page that shows it keeps to the policy."""

import pytest
from django.core.management import call_command

from flows.api import answers
from flows.api import approval_formats as formats
from flows.api import model_formats as models
from flows.api.egress_views import OriginDetail
from model_registry.services.uploading import add_artefact
from orchestrator_site.accounts.roles import Role
from tests.factories.accounts import make_membership
from tests.factories.approvals import make_approval
from tests.factories.flows import make_flow, make_run
from tests.factories.models import make_model_version, manifest_document
from tests.factories.onnx_files import linear
from tests.flows.api.clients import API, make_client


@pytest.fixture
def schema(api):
    return api.read("/schema/")


def operations(schema):
    return [
        (path, method, operation)
        for path, methods in schema["paths"].items()
        for method, operation in methods.items()
    ]


def test_description_is_valid_and_made_without_a_warning(tmp_path):
    target = tmp_path / "schema.yml"
    call_command("spectacular", validate=True, fail_on_warn=True, file=str(target))
    assert target.stat().st_size


def test_every_operation_says_what_it_gives_and_refuses(schema):
    found = operations(schema)
    assert len(found) == 79
    for _, _, operation in found:
        assert operation["summary"]
        assert any(status.startswith("2") for status in operation["responses"])
        assert {"401", "403"} <= set(operation["responses"])
        for status, response in operation["responses"].items():
            kinds = set(response["content"])
            is_problem = status >= "4"
            assert kinds == {
                "application/problem+json" if is_problem else "application/json"
            }


def test_every_operation_says_who_may_call_it(schema):
    for _, _, operation in operations(schema):
        assert operation["description"].startswith("Needs the permission `")
    reads = schema["paths"]["/api/v1/runs/{run_id}"]["get"]["description"]
    assert reads.endswith("the scope `read` or `run`.")
    grants = schema["paths"]["/api/v1/models/{slug}/grants"]["post"]["description"]
    assert grants == (
        "Needs the permission `model.share`: the role owner, admin, "
        "and of a token the scope `admin`."
    )


def test_both_ways_to_log_in_are_described(schema):
    assert set(schema["components"]["securitySchemes"]) == {"token", "session"}


def check_members(given):
    for described, answer in given.items():
        assert set(described().fields) == set(answer), described


def test_answers_have_the_members_that_are_described(api, workspace):
    flow = make_flow(workspace=workspace)
    run = make_run(flow=flow)
    path = f"/flows/{flow.slug}"
    event = api.read(f"/runs/{run.pk}/events")["items"][0]
    given = {
        answers.FlowSummary: api.read("/flows")["items"][0],
        answers.FlowDetail: api.read(path),
        answers.VersionSummary: api.read(f"{path}/versions")["items"][0],
        answers.VersionDetail: api.read(f"{path}/versions/1"),
        answers.RunSummary: api.read("/runs")["items"][0],
        answers.RunDetail: api.read(f"/runs/{run.pk}"),
        answers.EventDetail: event,
    }
    check_members(given)


def test_approvals_have_the_members_that_are_described(api, workspace):
    run = make_run(flow=make_flow(workspace=workspace))
    approval = make_approval(workspace=workspace, run_id=run.pk)
    path, shown_hash = f"/approvals/{approval.pk}", approval.content_hash
    reason = {"code": "wrong_tone"}
    body = {"outcome": "rejected", "content_hash": shown_hash, "reason": reason}
    waiting = api.read("/approvals")["items"][0]
    receipt = api.send("POST", f"{path}/decision", body, Idempotency_Key="k").json()
    decided = api.read(path)
    given = {
        formats.ApprovalSummary: waiting,
        formats.DecisionReceipt: receipt,
        formats.ApprovalDetail: decided,
        formats.DecisionDetail: decided["decision"],
        formats.DecisionReason: decided["decision"]["reason"],
    }
    check_members(given)


def test_origins_have_the_members_that_are_described(api):
    origin = {"origin": "https://api.example"}
    check_members({OriginDetail: api.send("POST", "/origins", origin).json()})


def test_models_have_the_members_that_are_described(api, workspace):
    make_model_version(workspace=workspace, model="shop")
    owner = make_membership(workspace=workspace, role=Role.OWNER).user
    elsewhere = make_membership(user=owner).workspace
    body = {"workspace": elsewhere.slug, "access": "call"}
    person = make_client(workspace, user=owner)
    grant = person.send("POST", "/models/shop/grants", body).json()
    twin = {"manifest": manifest_document(model="twin")}
    registered = api.send("POST", "/models", twin).json()
    version = api.read("/models/shop/versions/1")
    compared = api.read("/models/shop/versions/1/compare/1")
    add_artefact(workspace, "risk.onnx", [linear()], actor="user:x")
    artefact = api.read("/model-artefacts")["items"][0]
    check_members(
        {
            models.ModelSummary: api.read("/models")["items"][0],
            models.ModelDetail: api.read("/models/shop"),
            models.Registered: registered,
            models.SimilarModel: registered["similar"][0],
            models.ModelVersionSummary: api.read("/models/shop/versions")["items"][0],
            models.ModelVersionDetail: version,
            models.StandingMove: version["standing"][0],
            models.Comparison: compared,
            models.ComparedValue: compared["values"][0],
            models.AliasTarget: api.read("/models/shop/aliases/champion"),
            models.AliasMoved: api.read("/models/shop/aliases")["items"][0],
            models.CredentialSummary: api.send(
                "PUT", "/credentials/fjord", {"value": "sk-1"}
            ).json(),
            models.GrantDetail: grant,
            models.ArtefactDetail: artefact,
        }
    )


def test_docs_page_has_nothing_inline(client, db):
    client.force_login(make_membership().user)
    page = client.get(f"{API}/docs/").content.decode()
    assert "swagger-ui-bundle.js" in page
    assert "<style" not in page
    assert "style=" not in page
    assert page.count("<script") == page.count("<script src=")
