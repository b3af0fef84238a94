"""Everything that is wrong with a graph, at once."""

from flows.errors import Problem
from flows.graph.checks import (
    edges,
    input_schema,
    loops,
    maps,
    nodes,
    policies,
    queues,
    references,
    shape,
)
from flows.graph.checks.context import Catalog, Context
from flows.graph.schema import Graph

CHECKS = (
    input_schema.bad_input_schema,
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
    stored order; a node's errors stand before its warnings.
    """
    configs, problems = nodes.read_configs(graph, catalog)
    context = Context(graph=graph, catalog=catalog, configs=configs)
    problems += [problem for check in CHECKS for problem in check(context)]
    places = {node.id: index for index, node in enumerate(graph.nodes, 1)}
    rows = {edge.id: index for index, edge in enumerate(graph.edges, 1)}

    def place(problem: Problem) -> tuple[int, int, bool]:
        return (
            rows.get(problem.edge_id or "", 0),
            places.get(problem.node_id or "", 0),
            problem.severity == "warning",
        )

    return sorted(problems, key=place)
