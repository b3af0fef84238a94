"""Feedback edges and the loops that they make."""

from collections.abc import Iterator

from flows.errors import Problem
from flows.graph.catalog import EXHAUSTED, MAP
from flows.graph.checks.context import Context, named
from flows.graph.regions import Loop
from flows.graph.schema import Edge


def bad_feedback(context: Context) -> Iterator[Problem]:
    """Feedback edges that make no loop, and rounds where there is none."""
    for edge in context.graph.edges:
        if not edge.is_feedback:
            if edge.max_rounds is not None:
                yield _problem(
                    edge,
                    "rounds_without_feedback",
                    "has max_rounds, which only a feedback edge has. Remove it, or "
                    'write "kind": "feedback".',
                )
        elif context.graph.has_node(edge.source) and context.graph.has_node(
            edge.target
        ):
            yield from _feedback(context, edge)
    yield from _two_heads(context)


def bad_exits(context: Context) -> Iterator[Problem]:
    """Ways out of a loop that do not do what they seem to."""
    for loop in context.regions.loops.values():
        tails = {edge.source for edge in loop.feedback}
        for node_id in sorted(loop.body):
            is_tail = node_id in tails
            for edge in context.graph.outgoing(node_id):
                yield from _exit(edge, loop, is_tail=is_tail)


def _exit(edge: Edge, loop: Loop, *, is_tail: bool) -> Iterator[Problem]:
    is_inside = edge.target in loop.body
    if is_inside and is_tail and edge.source_port == EXHAUSTED:
        yield _problem(
            edge,
            "exhausted_inside_loop",
            "is taken when the loop has used all its rounds, but leads back into it. "
            "Lead it to a node behind the loop.",
        )
    elif not is_inside and not is_tail:
        yield Problem(
            code="leaves_loop_early",
            message=f"Edge '{edge.id}' leaves the loop of '{loop.head}' in its middle: "
            f"'{edge.target}' runs once, after the loop, with the values of the last "
            "round. Draw it from the end of the loop if that is clearer.",
            edge_id=edge.id,
            severity="warning",
        )


def _feedback(context: Context, edge: Edge) -> Iterator[Problem]:
    graph = context.graph
    source, target = graph.node(edge.source), graph.node(edge.target)
    if edge.max_rounds is None:
        yield _problem(
            edge,
            "feedback_rounds_missing",
            "feeds back without a limit. Give max_rounds, 1 to 1000.",
        )
    if target.type == MAP:
        yield _problem(
            edge,
            "feedback_to_map",
            "feeds back to a map. Put a transform before the map and feed back to that.",
        )
    if source.parent != target.parent:
        yield _problem(
            edge,
            "edge_crosses_map",
            "crosses the border of a map. A loop stands within the body of a map, or "
            "around the whole map.",
        )
    elif edge.source in context.ways.place and not context.dominators.dominates(
        target.id, source.id
    ):
        yield _problem(
            edge,
            "feedback_not_dominated",
            f"feeds back to {named(target)}, but some way reaches {named(source)} "
            "without passing it. Feed back to a node that every way passes.",
        )


def _two_heads(context: Context) -> Iterator[Problem]:
    heads: dict[str, Edge] = {}
    for edge in context.graph.feedback:
        first = heads.setdefault(edge.source, edge)
        if first.target != edge.target:
            yield _problem(
                edge,
                "feedback_heads_differ",
                f"feeds back to '{edge.target}', and edge '{first.id}' of the same "
                f"node to '{first.target}'. Let one node feed back to one other; put "
                "a second condition behind it for the other loop.",
            )


def _problem(edge: Edge, code: str, message: str) -> Problem:
    return Problem(code=code, message=f"Edge '{edge.id}' {message}", edge_id=edge.id)
