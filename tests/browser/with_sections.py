"""What is evaluated, shared, called and tried, for its pages."""

from typing import Any

from django.utils import timezone

from flows.models import Flow, FlowGrant, Run, Step
from flows.services.publishing import publish
from flows.services.sharing import copy_flow, grant_flow
from model_registry.desk.evaluating import evaluate
from model_registry.models import Evaluation, Grant
from model_registry.services.gates import set_rule
from model_registry.services.sharing import grant_model
from orchestrator_site.accounts.models import Workspace
from orchestrator_site.ledger.api import store
from tests.factories.accounts import make_workspace
from tests.factories.evaluations import make_evaluation, make_evaluation_set
from tests.factories.flows import make_flow, make_run
from tests.factories.models import make_draft, make_model_version

RIGHT = ({"text": "a"}, {"text": "a"})
WRONG = ({"text": "b"}, {"text": "a"})
SAID = "?flow=refunds&source=runs&limit=200"
SCHEMA = {
    "type": "object",
    "required": ["text"],
    "properties": {
        "text": {"type": "string", "maxLength": 4000},
        "language": {"enum": ["en", "de"]},
    },
}


def with_tried(workspace: Workspace) -> dict[str, Any]:
    make_model_version(workspace=workspace, model="shop", input_schema=SCHEMA)
    return {"name": "shop"}


def with_shared(workspace: Workspace) -> dict[str, Any]:
    """One that another workspace may copy, beside one that does the same."""
    version = make_model_version(workspace=workspace, model="shop")
    make_draft(workspace=workspace, model="twin")
    to = make_workspace(name="Fernhill Repairs")
    grant_model(version.model, to, Grant.Access.COPY, actor="system:test")
    return {"name": "shop"}


def with_received(workspace: Workspace) -> dict[str, Any]:
    """One of another workspace that this one may copy, and one that it may call."""
    owner = make_workspace(name="Fernhill Repairs")
    stated = {
        "description": "Sorts what customers write.",
        "card": "# Shop\n\nLearnt from mails.\n",
        "tags": ["mail"],
        "input_schema": SCHEMA,
        "governance": {"provider": "Fjord AI", "data_class": "internal"},
    }
    version = make_model_version(workspace=owner, model="shop", **stated)
    grant_model(version.model, workspace, Grant.Access.COPY, actor="system:test")
    lent = make_model_version(workspace=owner, model="lent")
    grant_model(lent.model, workspace, Grant.Access.CALL, actor="system:test")
    return {"name": "shop"}


def with_received_models(workspace: Workspace) -> dict[str, Any]:
    """They stand between own ones."""
    make_model_version(workspace=workspace, model="own")
    with_received(workspace)
    return {}


def with_received_flow(workspace: Workspace) -> dict[str, Any]:
    """One whose model this workspace lacks."""
    flow = make_flow("in -> model -> out", workspace=make_workspace(name="Fernhill"))
    return {"grant_id": grant_flow(flow, workspace, actor="system:test").pk}


def with_listed_flow(workspace: Workspace) -> dict[str, Any]:
    make_flow("in -> out", workspace=workspace)
    with_received_flow(workspace)
    return {}


def with_shared_flow(workspace: Workspace) -> dict[str, Any]:
    """A copy that others may copy, and have."""
    grant_id = with_received_flow(workspace)["grant_id"]
    make_model_version(workspace=workspace, model="echo")
    copy = copy_flow(
        FlowGrant.objects.get(pk=grant_id), slug="own", actor="system:test"
    )
    publish(copy, actor="system:test")
    to = make_workspace(name="Harbour Goods")
    grant = grant_flow(copy, to, actor="system:test")
    copy_flow(grant, slug="theirs", actor="system:test")
    return {"slug": "own"}


def with_called(workspace: Workspace) -> dict[str, Any]:
    make_flow("in -> model -> out", workspace=workspace)
    return {"name": "echo"}


def with_subflow(workspace: Workspace) -> dict[str, Any]:
    inner = make_flow("in -> out", workspace=workspace)
    call = {"sub": {"flow": inner.slug, "version": 1}}
    drawn = {"types": {"sub": "subflow"}, "configs": call}
    make_flow("in -> sub -> out", workspace=workspace, **drawn)
    return {"slug": inner.slug}


def with_evaluated(workspace: Workspace) -> dict[str, Any]:
    """Two sets, one result, one that is under way, and a rule that is not kept."""
    shop = {"workspace": workspace, "model": "shop", "capability": "classify"}
    version = make_model_version(**shop)
    mails = make_evaluation_set(workspace, *[RIGHT] * 9, WRONG, data_class="internal")
    evaluate(make_evaluation(version, mails))
    make_evaluation(version, make_evaluation_set(workspace, RIGHT, WRONG))
    terms = {"alias": "champion", "metric": "accuracy", "bound": 0.8}
    set_rule(version.model, evaluation_set=mails, actor="system:test", **terms)
    return {"name": "shop"}


def with_evaluation(workspace: Workspace) -> dict[str, Any]:
    named = with_evaluated(workspace)
    return {**named, "evaluation_id": Evaluation.objects.filter(done=10).get().pk}


def with_said(workspace: Workspace) -> dict[str, Any]:
    """A flow `refunds` with one run that completed, written by hand."""
    configs = {"model": {"model": "echo", "input": {"text": "input.text"}}}
    flow = make_flow("in -> model -> out", workspace=workspace, configs=configs)
    Flow.objects.filter(pk=flow.pk).update(slug="refunds", name="Refunds")
    said = {"text": "I would like my money back: the kettle arrived with a dent."}
    run = make_run(flow=flow, input=said)
    now = timezone.now()
    Step.objects.create(
        run=run,
        address="model",
        node_id="model",
        type="model",
        model="echo",
        status="completed",
        port="out",
        result=store(said).cell,
        started_at=now,
        ended_at=now,
        seq=2,
    )
    Run.objects.filter(pk=run.pk).update(status="completed", ended_at=now)
    return {"name": "echo"}
