"""What keeps the subflows of a flow from being given its data."""

from collections.abc import Iterable, Iterator
from uuid import UUID

import orjson

from flows.errors import Problem
from flows.graph.checks.context import named
from flows.graph.schema import Graph, Node
from flows.graph.settings import Called, class_refusal
from flows.models import FlowVersion

Name = tuple[str, int]
MOST_VERSIONS = 2**31


def subflow_problems(workspace_id: UUID, graph: Graph) -> list[Problem]:
    """List the subflows that state too low a data class, in node order.

    A version that does not exist yet is asked about when its run is started.
    """
    calling = [(node, name) for node in graph.nodes if (name := _called(node))]
    if graph.settings.data_class is None or not calling:
        return []
    found = dict(_find(workspace_id, [name for _, name in calling]))
    return [
        Problem(
            code="subflow_data_class_too_low",
            message=f"{named(node)}: {reason}",
            node_id=node.id,
            pointer="/version",
        )
        for node, name in calling
        if name in found
        and (reason := class_refusal(found[name], graph.settings.data_class))
    ]


def _called(node: Node) -> Name | None:
    slug, version = node.config.get("flow"), node.config.get("version")
    if node.type != "subflow" or not isinstance(slug, str):
        return None
    is_number = isinstance(version, int) and 0 < version < MOST_VERSIONS
    return (slug, version) if is_number else None


def _find(workspace_id: UUID, names: Iterable[Name]) -> Iterator[tuple[Name, Called]]:
    slugs, numbers = zip(*names, strict=True)
    versions = FlowVersion.objects.filter(
        workspace_id=workspace_id, flow__slug__in=slugs, number__in=numbers
    )
    rows = versions.values_list("flow__slug", "number", "document")
    for slug, number, document in rows:
        settings = orjson.loads(bytes(document)).get("settings", {})
        yield (slug, number), Called(slug, number, settings.get("data_class"))
