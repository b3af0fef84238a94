"""The graph as a whole: start, ends, cycles, reach."""

from collections.abc import Iterator

from flows.errors import Problem
from flows.graph.catalog import OUTPUT
from flows.graph.checks.context import Context, named
from flows.graph.exclusion import Undecided, reached_together
from flows.graph.order import find_cycle, reachable_from

# Nodes of a circle that are named; the others are left out.
SHOWN = 8


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
    cycle = find_cycle([node.id for node in context.graph.nodes], context.graph.links)
    shown = [*cycle[:SHOWN], "…", cycle[-1]] if len(cycle) > SHOWN + 1 else cycle
    way = " → ".join([*shown, cycle[0]])
    yield Problem(
        code="graph_has_cycle",
        message=f"The flow goes in a circle: {way}. Remove one of these edges, or let "
        "the one that leads back be a feedback edge; a map leads to the nodes in it.",
        node_id=cycle[0],
    )


def unreachable(context: Context) -> Iterator[Problem]:
    """Nodes that no run could start."""
    if not context.inputs:
        return
    reached = reachable_from([node.id for node in context.inputs], context.targets)
    for node in context.graph.nodes:
        if node.id not in reached and not context.stands_alone(node.id):
            yield Problem(
                code="node_unreachable",
                message=f"{named(node)} cannot be reached from the input. "
                "Draw an edge to it or remove it.",
                node_id=node.id,
            )


def several_outputs(context: Context) -> Iterator[Problem]:
    """Outputs of which one run could reach two."""
    starts = {node.id for node in context.inputs}
    outputs = {node.id for node in context.graph.nodes if node.type == OUTPUT}
    found = False
    try:
        for one, other in reached_together(context.ways, starts, outputs):
            found = True
            first, second = (context.graph.node(each) for each in (one, other))
            yield Problem(
                code="outputs_not_exclusive",
                message=f"One run could reach both outputs {named(first)} and "
                f"{named(second)}. Put them behind different ports of one node, or "
                "join the branches before one output.",
                node_id=other,
            )
    except Undecided:
        if not found:
            yield Problem(
                code="outputs_not_exclusive",
                message="The branches cross too often to tell whether one run could "
                "reach two outputs. Join the branches before one output.",
            )
