"""From a draft to an immutable version that runs."""

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
from flows.services.model_problems import model_problems
from flows.services.subflow_problems import subflow_problems
from orchestrator_site.egress.api import Allowance, workspace_allowance
from orchestrator_site.ledger.api import Subject, record


def problems_of(
    workspace_id: UUID,
    document: Any,  # noqa: ANN401
    *,
    is_draft: bool = False,
) -> list[Problem]:
    """List everything that keeps a document from running well, in node order.

    It is looked at as what is published, unless it is to be tried out as a draft.
    """
    try:
        graph = parse(document)
    except GraphInvalid as error:
        return error.problems
    return [
        *validate(graph, NODE_TYPES),
        *model_problems(workspace_id, graph, is_draft=is_draft),
        *subflow_problems(workspace_id, graph),
        *_service_problems(workspace_id, graph),
    ]


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
            problems.append(
                Problem(
                    code="origin_not_allowed",
                    message=refusal,
                    node_id=node_id,
                    pointer="/url",
                    severity="warning",
                )
            )
    return problems


def _refusal(allowance: Allowance, url: str) -> str | None:
    """Why the host that is written out may not be called."""
    try:
        check_url(url)
    except ValueError:
        return None  # a problem of the config
    return allowance.refusal(url.partition("{{")[0])


@transaction.atomic
def publish(flow: Flow, *, actor: str) -> FlowVersion:
    """Make the draft the version that runs from now on.

    A graph that has been published before keeps its number.
    Raises: GraphInvalid with every problem that is an error.
    """
    version = _numbered(_snapshot(flow, is_draft=False))
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
    return _snapshot(flow, is_draft=True)


def _snapshot(flow: Flow, *, is_draft: bool) -> FlowVersion:
    document = flow.draft_document
    errors = [
        problem
        for problem in problems_of(flow.workspace_id, document, is_draft=is_draft)
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
