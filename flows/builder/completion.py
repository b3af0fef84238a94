"""What an expression may name where somebody types it, for the page to complete."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any
from uuid import UUID

from flows.errors import GraphInvalid
from flows.expressions.functions import FUNCTIONS, Function
from flows.graph.completion import Name, Place, names_at, names_in_key
from flows.graph.parse import parse
from flows.graph.schema import Graph
from flows.nodes.registry import NODE_TYPES
from flows.services.model_problems import model_outputs

# By what a field's attribute data-reads says; a key belongs to the flow, not to a node.
KEY = "key"
PLACES: Mapping[str, Place] = {
    "cel": "config",
    "text": "config",
    "each": "each",
    "retry": "retry",
}


def completion_of(
    workspace_id: UUID, document: Mapping[str, Any], node_id: str, reads: str
) -> dict[str, Any] | None:
    """The `names` that exist at a place of a draft, and all `functions`.

    None where the draft has no such node, or there is no such place. A draft that
    cannot be read yet has no names.
    """
    if reads != KEY and reads not in PLACES:
        return None
    try:
        graph = parse(document)
    except GraphInvalid:
        names: list[Name] | None = []
    else:
        names = _names(workspace_id, graph, node_id, reads)
    if names is None:
        return None
    return {
        "names": [asdict(name) for name in names],
        "functions": [_written(function) for function in FUNCTIONS],
    }


def _names(
    workspace_id: UUID, graph: Graph, node_id: str, reads: str
) -> list[Name] | None:
    if reads == KEY:
        return names_in_key(graph, NODE_TYPES)
    if not graph.has_node(node_id):
        return None
    outputs = model_outputs(workspace_id, graph)
    return names_at(graph, NODE_TYPES, node_id, PLACES[reads], outputs=outputs)


def _written(function: Function) -> dict[str, str]:
    return {
        "kind": function.kind,
        "name": function.name,
        "signature": function.signature,
        "help": function.help,
    }
