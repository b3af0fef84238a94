"""From a draft to an immutable version that runs."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from flows.errors import GraphInvalid, Problem
from flows.graph.document import canonical, graph_hash
from flows.graph.parse import parse
from flows.graph.schema import Graph
from flows.graph.validate import validate
from flows.models import Flow, FlowVersion
from flows.nodes.registry import NODE_TYPES
from flows.nodes.urls import check_url
from model_registry import api as registry
from orchestrator_site.egress.api import Allowance, workspace_allowance
from orchestrator_site.ledger.api import Subject, record


def problems_of(workspace_id: UUID, document: Any) -> list[Problem]:  # noqa: ANN401
    """List everything that keeps a document from running well, in node order."""
    try:
        graph = parse(document)
    except GraphInvalid as error:
        return error.problems
    return [
        *validate(graph, NODE_TYPES),
        *_model_problems(workspace_id, graph),
        *_service_problems(workspace_id, graph),
    ]


def _model_problems(workspace_id: UUID, graph: Graph) -> list[Problem]:
    known = registry.model_names(workspace_id)
    problems = []
    for node in graph.nodes:
        if node.type != "model" or not isinstance(node.config.get("model"), str):
            continue
        model, alias = node.config["model"], node.config.get("alias", "champion")
        if model not in known:
            message = f"There is no model '{model}'. Register it, or name another one."
            problems.append(_problem("model_not_found", message, node.id, "/model"))
        elif alias not in known[model]:
            message = f"Model '{model}' has no alias '{alias}'. Move it to a version."
            problems.append(
                _problem("model_alias_not_found", message, node.id, "/alias")
            )
    return problems


def _service_problems(workspace_id: UUID, graph: Graph) -> list[Problem]:
    """Services that the workspace may not call now; somebody may still allow them."""
    called = [
        (node.id, node.config["url"])
        for node in graph.nodes
        if node.type == "http_request" and isinstance(node.config.get("url"), str)
    ]
    if not called:
        return []
    allowance = workspace_allowance(workspace_id)
    problems = []
    for node_id, url in called:
        refusal = _refusal(allowance, url)
        if refusal is not None:
            problem = _problem("origin_not_allowed", refusal, node_id, "/url")
            problems.append(replace(problem, severity="warning"))
    return problems


def _refusal(allowance: Allowance, url: str) -> str | None:
    """Why the host that is written out may not be called."""
    try:
        check_url(url)
    except ValueError:
        return None  # a problem of the config
    return allowance.refusal(url.partition("{{")[0])


def _problem(code: str, message: str, node_id: str, pointer: str) -> Problem:
    return Problem(code=code, message=message, node_id=node_id, pointer=pointer)


@transaction.atomic
def publish(flow: Flow, *, actor: str) -> FlowVersion:
    """Make the draft the version that runs from now on.

    A graph that has been published before keeps its number.
    Raises: GraphInvalid with every problem that is an error.
    """
    version = _numbered(snapshot_draft(flow))
    if flow.published_id == version.id:
        return version
    flow.published = version
    flow.save(update_fields=["published", "updated_at"])
    record(
        workspace_id=flow.workspace_id,
        subject=Subject("flow", flow.id),
        kind="flow.published",
        actor=actor,
        data={
            "flow": str(flow.id),
            "version": str(version.id),
            "number": version.number,
            "hash": version.hash,
        },
    )
    return version


def snapshot_draft(flow: Flow) -> FlowVersion:
    """Store the draft as a version for a run that names it; nothing else picks it.

    Raises: GraphInvalid with every problem that is an error.
    """
    document = flow.draft_document
    errors = [
        problem
        for problem in problems_of(flow.workspace_id, document)
        if problem.severity == "error"
    ]
    if errors:
        raise GraphInvalid(errors)
    content = canonical(document)
    version, _ = FlowVersion.objects.get_or_create(
        flow=flow,
        hash=graph_hash(content),
        defaults={"workspace_id": flow.workspace_id, "document": content},
    )
    return version


def _numbered(version: FlowVersion) -> FlowVersion:
    if version.number is None:
        versions = FlowVersion.objects.filter(flow_id=version.flow_id)
        last = versions.aggregate(last=Max("number"))["last"] or 0
        version.number, version.published_at = last + 1, timezone.now()
        version.save(update_fields=["number", "published_at"])
    return version
