"""Where edges start and end."""

from collections.abc import Iterator

from flows.errors import Problem
from flows.graph.catalog import ERROR, EXHAUSTED, JOIN, UNMET
from flows.graph.checks.context import Context, named
from flows.graph.schema import Edge, Node


def loose_edges(context: Context) -> Iterator[Problem]:
    """Edges from or to a node or port that is not there."""
    for edge in context.graph.edges:
        yield from _source(context, edge)
        yield from _target(context, edge)


def repeated_edges(context: Context) -> Iterator[Problem]:
    """Edges that join the same two ports."""
    seen: dict[tuple[str, str, str, str], str] = {}
    for edge in context.graph.edges:
        key = (edge.source, edge.source_port, edge.target, edge.target_port)
        if key in seen:
            yield Problem(
                code="edge_duplicate",
                message=f"Edges '{seen[key]}' and '{edge.id}' both go from "
                f"'{edge.source}' to '{edge.target}'. Remove one of them.",
                edge_id=edge.id,
            )
        seen.setdefault(key, edge.id)


def unconnected_ports(context: Context) -> Iterator[Problem]:
    """Ports from which a run would not go on.

    The only port of a node in a map is where an item's way may well end.
    """
    feeding = {(edge.source, edge.source_port) for edge in context.graph.feedback}
    for node in context.graph.nodes:
        ports = context.ports.get(node.id, ())
        if node.parent is not None and len(ports) == 1:
            continue
        drawn = {edge.source_port for edge in context.graph.outgoing(node.id)}
        for port in ports:
            if port not in drawn and (node.id, port) not in feeding:
                yield Problem(
                    code="port_unconnected",
                    message=f"Nothing follows port '{port}' of {named(node)}; "
                    + _without_edge(node, port),
                    node_id=node.id,
                    severity="warning",
                )


def _without_edge(node: Node, port: str) -> str:
    article, whole = ("an", "item") if node.parent is not None else ("a", "run")
    causes = {
        EXHAUSTED: "a loop that has used all its rounds",
        ERROR: "a step that fails for good" if node.on_error else "",
        UNMET: "a join that too few branches reach" if node.type == JOIN else "",
    }
    if cause := causes.get(port):
        return f"{cause} then fails the {whole}. Draw an edge if it should go on."
    return (
        f"{article} {whole} that leaves by it ends there. Draw an edge if it should "
        "go on."
    )


def _source(context: Context, edge: Edge) -> Iterator[Problem]:
    if not context.graph.has_node(edge.source):
        yield Problem(
            code="edge_source_unknown",
            message=f"Edge '{edge.id}' starts at '{edge.source}', which is no node of "
            "this flow. Remove the edge or add the node.",
            edge_id=edge.id,
        )
        return
    ports = context.ports.get(edge.source)
    if ports is not None and edge.source_port not in ports:
        node = context.graph.node(edge.source)
        use = f"Use {_one_of(ports)}." if ports else "Remove the edge."
        yield Problem(
            code="edge_source_port_unknown",
            message=f"Edge '{edge.id}' leaves {named(node)} by port "
            f"'{edge.source_port}', which it does not have. {use}",
            edge_id=edge.id,
        )


def _target(context: Context, edge: Edge) -> Iterator[Problem]:
    if not context.graph.has_node(edge.target):
        yield Problem(
            code="edge_target_unknown",
            message=f"Edge '{edge.id}' ends at '{edge.target}', which is no node of "
            "this flow. Remove the edge or add the node.",
            edge_id=edge.id,
        )
        return
    node_type = context.node_type(edge.target)
    if node_type is not None and edge.target_port not in node_type.in_ports:
        ports = node_type.in_ports
        node = context.graph.node(edge.target)
        use = f"Use {_one_of(ports)}." if ports else "Remove the edge."
        yield Problem(
            code="edge_target_port_unknown",
            message=f"Edge '{edge.id}' enters {named(node)} by port "
            f"'{edge.target_port}', which it does not have. {use}",
            edge_id=edge.id,
        )


def _one_of(ports: tuple[str, ...]) -> str:
    return " or ".join(f"'{port}'" for port in ports)
