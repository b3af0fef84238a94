"""The graph as a whole: start, ends, cycles, reach."""

from collections.abc import Iterator

from flows.errors import Problem
from flows.graph.activation import Activations
from flows.graph.catalog import OUTPUT
from flows.graph.checks.context import Context, named
from flows.graph.order import find_cycle, reachable_from
from flows.graph.schema import Node


def starts(context: Context) -> Iterator[Problem]:
    """Exactly one input node."""
    if not context.inputs:
        yield Problem(
            code="graph_has_no_input",
            message="The flow has no input node, so a run has no start. Add one.",
        )
    for node in context.inputs[1:]:
        yield Problem(
            code="graph_has_many_inputs",
            message=f"The flow has {len(context.inputs)} input nodes. "
            f"Keep {named(context.inputs[0])} and remove {named(node)}.",
            node_id=node.id,
        )


def ends(context: Context) -> Iterator[Problem]:
    """At least one output node."""
    if not any(node.type == OUTPUT for node in context.graph.nodes):
        yield Problem(
            code="graph_has_no_output",
            message="The flow has no output node, so a run has no result. Add one.",
        )


def cycles(context: Context) -> Iterator[Problem]:
    """A way that leads back."""
    if context.is_acyclic:
        return
    links = [(edge.source, edge.target) for edge in context.graph.edges]
    cycle = find_cycle([node.id for node in context.graph.nodes], links)
    way = " → ".join([*cycle, cycle[0]])
    yield Problem(
        code="graph_has_cycle",
        message=f"The flow goes in a circle: {way}. Remove one of these edges.",
        node_id=cycle[0],
    )


def unreachable(context: Context) -> Iterator[Problem]:
    """Nodes that no run could start."""
    if not context.inputs:
        return
    reached: set[str] = set()
    for node in context.inputs:
        reached |= reachable_from(node.id, context.targets)
    for node in context.graph.nodes:
        if node.id not in reached and not _stands_alone(context, node):
            yield Problem(
                code="node_unreachable",
                message=f"{named(node)} cannot be reached from the input. "
                "Draw an edge to it or remove it.",
                node_id=node.id,
            )


def _stands_alone(context: Context, node: Node) -> bool:
    """Whether nothing can be drawn to or from it, as with a note."""
    node_type = context.node_type(node.id)
    if node_type is None or node_type.in_ports:
        return False
    return context.ports.get(node.id) == ()


def several_outputs(context: Context) -> Iterator[Problem]:
    """Outputs of which one run could reach two."""
    in_order = [context.graph.node(node_id) for node_id in context.graph.order]
    outputs = [node for node in in_order if node.type == OUTPUT]
    for index, node in enumerate(outputs):
        other = _reached_with(context.activations, node, outputs[:index])
        if other is not None:
            yield Problem(
                code="outputs_not_exclusive",
                message=f"One run could reach both outputs {named(other)} and "
                f"{named(node)}. Put them behind different ports of one node, or join "
                "the branches before one output.",
                node_id=node.id,
            )


def _reached_with(
    activations: Activations, node: Node, others: list[Node]
) -> Node | None:
    for other in others:
        if not activations.exclusive(other.id, node.id):
            return other
    return None
