"""Maps and the nodes in their bodies."""

from collections import Counter
from collections.abc import Iterator

from flows.errors import Problem
from flows.graph.catalog import INPUT, MAP, OUTPUT
from flows.graph.checks.context import Context, named
from flows.graph.schema import Node

MAX_NESTING = 6
MAX_STEPS = 100_000


def bad_parents(context: Context) -> Iterator[Problem]:
    """Parents that are no map, and edges across the border of one."""
    for node in context.graph.nodes:
        if node.parent is not None:
            yield from _parent(context, node, node.parent)
    for edge in context.graph.forward:
        if not (
            context.graph.has_node(edge.source) and context.graph.has_node(edge.target)
        ):
            continue
        source, target = (context.graph.node(end) for end in (edge.source, edge.target))
        if source.parent != target.parent:
            yield Problem(
                code="edge_crosses_map",
                message=f"Edge '{edge.id}' goes from {named(source)} to "
                f"{named(target)} across the border of a map. Edges stay in the body; "
                "what comes in is item, what goes out the map's result.",
                edge_id=edge.id,
            )


def bad_bodies(context: Context) -> Iterator[Problem]:
    """Maps without a body."""
    filled = Counter(
        node.parent for node in context.graph.nodes if not context.stands_alone(node.id)
    )
    for node in context.graph.nodes:
        if node.type == MAP and not filled[node.id]:
            yield Problem(
                code="map_body_empty",
                message=f"{named(node)} has no nodes in it. Put those into it that run "
                "for each item.",
                node_id=node.id,
            )


def too_deep(context: Context) -> Iterator[Problem]:
    """Regions that nest further than addresses reach, or could run for ever."""
    regions = context.regions
    steps = 0
    for node in context.graph.nodes:
        rounds = 1
        for key in regions.path[node.id]:
            rounds *= regions.loops[key].max_rounds if key in regions.loops else 1
        steps += rounds
        depth = regions.depth[node.id]
        if depth > MAX_NESTING:
            yield Problem(
                code="nested_too_deep",
                message=f"{named(node)} stands in {depth} loops and maps; "
                f"{MAX_NESTING} are allowed. Move the inner ones into a subflow.",
                node_id=node.id,
            )
    if steps > MAX_STEPS:
        yield Problem(
            code="too_many_steps",
            message=f"The loops allow {steps:,} steps in one run; {MAX_STEPS:,} are "
            "possible. Allow fewer rounds.",
        )


def _parent(context: Context, node: Node, parent: str) -> Iterator[Problem]:
    if not context.graph.has_node(parent):
        yield Problem(
            code="parent_unknown",
            message=f"{named(node)} stands in '{parent}', which is no node of this "
            "flow. Name a map, or leave it out.",
            node_id=node.id,
        )
    elif context.graph.node(parent).type != MAP:
        yield Problem(
            code="parent_not_map",
            message=f"{named(node)} stands in {named(context.graph.node(parent))}, "
            "which is no map. Only maps have nodes in them.",
            node_id=node.id,
        )
    elif node.type in (INPUT, OUTPUT):
        yield Problem(
            code="node_not_in_map",
            message=f"{named(node)} stands in the map '{parent}'. A run begins and "
            "ends outside of maps; inside, read item, and set the map's result.",
            node_id=node.id,
        )
