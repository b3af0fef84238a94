"""Which steps expressions may read."""

from collections.abc import Iterator
from difflib import get_close_matches

from flows.errors import Problem
from flows.graph.checks.context import Context, named
from flows.graph.schema import Node


def bad_references(context: Context) -> Iterator[Problem]:
    """References to steps that are not there, or not in every run."""
    for node in context.graph.nodes:
        if node.id not in context.configs:
            continue
        for use in context.catalog[node.type].uses(context.configs[node.id]):
            for step, guarded in sorted(use.references):
                problem = _problem(context, node, step, guarded=guarded)
                if problem is not None:
                    code, message = problem
                    yield Problem(
                        code=code,
                        message=f"{named(node)} reads steps.{step}, {message}",
                        node_id=node.id,
                        pointer=use.pointer,
                    )


def _problem(
    context: Context, node: Node, step: str, *, guarded: bool
) -> tuple[str, str] | None:
    if not context.graph.has_node(step):
        near = get_close_matches(step, [each.id for each in context.graph.nodes], n=1)
        hint = f"Did you mean steps.{near[0]}?" if near else "Use a node's id."
        return "reference_unknown_node", f"but no node has that id. {hint}"
    if node.id not in context.graph.order:
        return None
    if step not in context.ancestors[node.id]:
        return (
            "reference_not_upstream",
            "which does not come before it. Read an earlier step, or draw an edge "
            "that puts it before.",
        )
    if guarded or context.activations.certain(step, node.id):
        return None
    return (
        "reference_not_always_upstream",
        f"which some runs skip. Ask first: has(steps.{step}) ? … : …",
    )
