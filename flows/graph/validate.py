"""Everything that is wrong with a graph, at once."""

from flows.errors import Problem
from flows.graph.checks import (
    edges,
    input_schema,
    lists,
    loops,
    maps,
    nodes,
    policies,
    queues,
    references,
    settings,
    shape,
)
from flows.graph.checks.context import Catalog
from flows.graph.schema import Graph

MAX_PROBLEMS = 1000
CHECKS = (
    input_schema.bad_input_schema,
    settings.bad_concurrency_key,
    settings.bad_express,
    settings.held_slots,
    shape.starts,
    shape.ends,
    shape.cycles,
    nodes.bad_expressions,
    loops.bad_feedback,
    loops.bad_exits,
    maps.bad_parents,
    maps.bad_bodies,
    maps.too_deep,
    policies.bad_retries,
    queues.bad_queues,
    policies.bad_error_handling,
    policies.bad_joins,
    policies.bad_ports,
    lists.not_lists,
    references.bad_references,
    references.bad_names,
    shape.unreachable,
    shape.several_outputs,
    edges.loose_edges,
    edges.repeated_edges,
    edges.unconnected_ports,
)


def validate(graph: Graph, catalog: Catalog) -> list[Problem]:
    """List all problems, so that the builder can mark every place at once.

    Those of the flow as a whole come first, then those of nodes and of edges, each in
    stored order; a node's errors stand before its warnings. Of more than a thousand the
    first errors are kept.
    """
    context, problems = nodes.read_context(graph, catalog)
    problems += [problem for check in CHECKS for problem in check(context)]
    places = {node.id: index for index, node in enumerate(graph.nodes, 1)}
    rows = {edge.id: index for index, edge in enumerate(graph.edges, 1)}

    def place(problem: Problem) -> tuple[int, int, bool]:
        return (
            rows.get(problem.edge_id or "", 0),
            places.get(problem.node_id or "", 0),
            problem.severity == "warning",
        )

    worst_first = sorted(problems, key=lambda problem: problem.severity == "warning")
    return sorted(worst_first[:MAX_PROBLEMS], key=place)
