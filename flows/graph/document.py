"""From a graph back to its document, and the bytes that identify it."""

import hashlib
from dataclasses import asdict
from typing import Any

import orjson

from flows.graph.schema import Edge, Graph, Node

FORMAT = "baton.flow/1"


def dump(graph: Graph) -> dict[str, Any]:
    """Write the graph as a document with every default spelled out."""
    return {
        "format": FORMAT,
        "name": graph.name,
        "input_schema": dict(graph.input_schema),
        "nodes": [_node(node) for node in graph.nodes],
        "edges": [_edge(edge) for edge in graph.edges],
        "settings": asdict(graph.settings),
        "ui": dict(graph.ui),
    }


def _node(node: Node) -> dict[str, Any]:
    written = asdict(node)
    if node.retry is not None:
        written["retry"]["on"] = list(node.retry.on)
    return written


def _edge(edge: Edge) -> dict[str, Any]:
    written = asdict(edge)
    written["kind"] = "feedback" if written.pop("is_feedback") else "normal"
    return written


def canonical(document: object) -> bytes:
    """Dump as compact JSON with sorted keys, so that equal documents are equal bytes."""
    return orjson.dumps(document, option=orjson.OPT_SORT_KEYS)


def graph_hash(document: bytes) -> str:
    """Name the canonical bytes of a document."""
    return "sha256:" + hashlib.sha256(document).hexdigest()
