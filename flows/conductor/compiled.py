"""A stored version, made ready to run and kept."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

import orjson

from flows.engine.topology import UNDRAWN, Region, Rule, Topology, Window, topology
from flows.graph.parse import parse
from flows.graph.regions import find_regions
from flows.graph.schema import Graph, Node
from flows.models import FlowVersion
from flows.nodes.base import CallModel, Effect, NodeConfig, NodeType
from flows.nodes.join import Config as JoinConfig
from flows.nodes.map import Config as MapConfig
from flows.nodes.registry import NODE_TYPES
from model_registry.api import Use

# A run is read anew whenever something comes for it: with more items than these, each that
# can wait is a run of its own.
ITEMS_TOGETHER = 100
WAITING = frozenset({"wait", "approval", "subflow"})
MOST_KEPT = 256


@dataclass(frozen=True, slots=True)
class CompiledNode:
    """A node with its type and its checked configuration.

    `names` are the variables that its expressions read, other than `steps`, and `reads`
    the steps.
    """

    node: Node
    type: NodeType[Any]
    config: NodeConfig
    names: frozenset[str]
    reads: frozenset[str]
    effect: Effect


class Needs(NamedTuple):
    """What the body of a map reads: variables, and steps that stand outside of it."""

    names: frozenset[str]
    steps: frozenset[str]


@dataclass(frozen=True, slots=True)
class CompiledFlow:
    """All that running a version takes.

    `paths` lists the regions around each node; `may_ask` says whether people are asked,
    `frees_slot` whether a run that only waits makes room for others. `apart` are the maps
    whose body can wait: each item of a long list is a run of its own. `use` is what the
    flow calls its models for, and `slug` the flow's name.
    """

    nodes: dict[str, CompiledNode]
    shape: Topology
    paths: Mapping[str, tuple[str, ...]]
    may_ask: bool
    frees_slot: bool = False
    apart: Mapping[str, Needs] = field(default_factory=dict)
    use: Use = Use()
    slug: str = ""

    def tag_of(self, call: CallModel) -> str:
        """The tag by which figures are kept of a call."""
        return call.tag or self.slug


NOTHING = CompiledFlow(
    {},
    Topology({"": Region("", "flow", None, ())}, {}, {}, {}, {}, {}, frozenset()),
    {},
    may_ask=True,
)
_KEPT: dict[UUID, CompiledFlow] = {}


@lru_cache(maxsize=256)
def read_document(document: bytes) -> Graph:
    """Read a stored document; reading it takes longer than many a run.

    Raises: FlowError if it needs what this code does not have.
    """
    return parse(orjson.loads(document))


def compile_version(version_id: UUID) -> CompiledFlow:
    """Read and compile a version; one with a number never changes, so once is enough.

    Raises: FlowError or KeyError if this version needs what this code does not have.
    """
    if (kept := _KEPT.get(version_id)) is not None:
        return kept
    versions = FlowVersion.objects.values_list("document", "number", "flow__slug")
    document, number, slug = versions.get(pk=version_id)
    graph = read_document(bytes(document))
    flow = compile_graph(graph, is_draft=number is None, slug=slug)
    if number is not None:
        if len(_KEPT) >= MOST_KEPT:
            _KEPT.clear()
        _KEPT[version_id] = flow
    return flow  # a draft may be published any time, and then takes no drafts of models


def compile_graph(
    graph: Graph, *, is_draft: bool = False, slug: str = ""
) -> CompiledFlow:
    """Compile a graph whose problems have been solved."""
    nodes = {
        node.id: _compile_node(node) for node in graph.nodes if node.type not in UNDRAWN
    }
    outputs = [node.id for node in graph.nodes if node.type == "output"]
    may_ask = any(node.type == "approval" for node in graph.nodes)
    configs = {node_id: compiled.config for node_id, compiled in nodes.items()}
    paths = find_regions(graph).path
    apart = _apart(nodes, paths)
    shape = topology(
        graph,
        outputs=outputs,
        rules={
            node_id: Rule(config.mode, config.count or 0)
            for node_id, config in configs.items()
            if isinstance(config, JoinConfig)
        },
        maps={
            node_id: Window(
                config.concurrency,
                stops=config.on_item_error == "stop",
                apart_above=ITEMS_TOGETHER if node_id in apart else None,
            )
            for node_id, config in configs.items()
            if isinstance(config, MapConfig)
        },
    )
    limit = graph.settings.concurrency
    return CompiledFlow(
        nodes,
        shape,
        paths,
        may_ask,
        frees_slot=limit is not None and not limit.hold_while_waiting,
        apart=apart,
        use=Use(graph.settings.data_class, takes_drafts=is_draft),
        slug=slug,
    )


def _compile_node(node: Node) -> CompiledNode:
    node_type = NODE_TYPES[node.type]
    config = node_type.config.model_validate(node.config)
    uses = node_type.uses(config)
    names = frozenset(name for use in uses for name in use.names)
    reads = frozenset(step for use in uses for step, _ in use.references)
    effect = node_type.effect_of(config)
    return CompiledNode(node, node_type, config, names, reads, effect)


def _apart(
    nodes: Mapping[str, CompiledNode], paths: Mapping[str, tuple[str, ...]]
) -> dict[str, Needs]:
    """The maps whose body can wait, with what their bodies read."""
    found: dict[str, Needs] = {}
    for map_id, compiled in nodes.items():
        body = [nodes[each] for each in nodes if map_id in paths[each]]
        if not any(each.node.type in WAITING for each in body):
            continue
        # The map reads for its items what their results are computed from.
        read = frozenset(step for each in (*body, compiled) for step in each.reads)
        outside = frozenset(step for step in read if map_id not in paths[step])
        names = frozenset(name for each in (*body, compiled) for name in each.names)
        found[map_id] = Needs(names, outside)
    return found
