"""A stored version, made ready to run and kept."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from uuid import UUID

import orjson

from flows.engine.topology import Topology, topology
from flows.graph.parse import parse
from flows.graph.schema import Node
from flows.models import FlowVersion
from flows.nodes.base import NodeConfig, NodeType
from flows.nodes.registry import NODE_TYPES


@dataclass(frozen=True, slots=True)
class CompiledNode:
    """A node with its type and its checked configuration."""

    node: Node
    type: NodeType[Any]
    config: NodeConfig


@dataclass(frozen=True, slots=True)
class CompiledFlow:
    """All that running a version takes; `may_ask` says whether people are asked."""

    nodes: dict[str, CompiledNode]
    shape: Topology
    may_ask: bool


@lru_cache(maxsize=256)
def compile_version(version_id: UUID) -> CompiledFlow:
    """Read and compile a version; versions never change, so once is enough.

    Raises: FlowError or KeyError if this version needs what this code does not have.
    """
    document = FlowVersion.objects.values_list("document", flat=True).get(pk=version_id)
    graph = parse(orjson.loads(bytes(document)))
    nodes = {}
    for node in graph.nodes:
        node_type = NODE_TYPES[node.type]
        config = node_type.config.model_validate(node.config)
        nodes[node.id] = CompiledNode(node, node_type, config)
    outputs = [node.id for node in graph.nodes if node.type == "output"]
    may_ask = any(node.type == "approval" for node in graph.nodes)
    return CompiledFlow(nodes, topology(graph, outputs=outputs), may_ask)
