"""Which steps expressions may read."""

from collections.abc import Iterator
from difflib import get_close_matches

from flows.errors import Problem
from flows.expressions.variables import IN_LOOP, IN_MAP, absence
from flows.graph.checks.context import MAP, Context, named
from flows.graph.schema import Node


def bad_references(context: Context) -> Iterator[Problem]:
    """References to steps that are not there, or not in every run."""
    for node in context.graph.nodes:
        if node.id not in context.configs:
            continue
        for use in context.catalog[node.type].uses(context.configs[node.id]):
            in_body = node.type == MAP and bool(use.provides)
            for step, guarded in sorted(use.references):
                found = _problem(context, node, step, guarded=guarded, in_body=in_body)
                if found is not None:
                    code, message = found
                    yield Problem(
                        code=code,
                        message=f"{named(node)} reads steps.{step}, {message}",
                        node_id=node.id,
                        pointer=use.pointer,
                    )


def _problem(
    context: Context, node: Node, step: str, *, guarded: bool, in_body: bool
) -> tuple[str, str] | None:
    if not context.graph.has_node(step):
        near = get_close_matches(step, [each.id for each in context.graph.nodes], n=1)
        hint = f"Did you mean steps.{near[0]}?" if near else "Use a node's id."
        return "reference_unknown_node", f"but no node has that id. {hint}"
    if node.id not in context.graph.order:
        return None
    return _across_maps(context, node, step, in_body=in_body) or _upstream(
        context, node, step, guarded=guarded or in_body, in_body=in_body
    )


def _across_maps(
    context: Context, node: Node, step: str, *, in_body: bool
) -> tuple[str, str] | None:
    """What stands in a map's body is only seen in there, the map only from outside."""
    around = context.regions.path[node.id]
    if step in around and context.graph.node(step).type == MAP:
        return (
            "reference_to_own_map",
            "the map around it, which has no output yet. Read item or index.",
        )
    maps = [key for key in context.regions.path[step] if _is_map(context, key)]
    seen = (*around, node.id) if in_body else around
    if maps and maps[-1] not in seen:
        return (
            "reference_into_map",
            f"which stands in the map '{maps[-1]}' and runs once for each item. Read "
            f"steps.{maps[-1]}.items.",
        )
    return None


def _is_map(context: Context, key: str) -> bool:
    return context.graph.has_node(key) and context.graph.node(key).type == MAP


def _upstream(
    context: Context, node: Node, step: str, *, guarded: bool, in_body: bool
) -> tuple[str, str] | None:
    inside = in_body and node.id in context.regions.path[step]
    if not inside and not context.ancestors.comes_before(step, node.id):
        looped = set(context.regions.path[step]) & set(context.regions.path[node.id])
        if looped - {""}:
            return (
                "reference_not_upstream",
                "which comes later in the round. Earlier rounds are in rounds, what fed "
                "back in feedback.",
            )
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


def bad_names(context: Context) -> Iterator[Problem]:
    """Variables that do not exist where an expression stands."""
    for node in context.graph.nodes:
        if node.id not in context.configs:
            continue
        there = _variables(context, node)
        for use in context.catalog[node.type].uses(context.configs[node.id]):
            for name in sorted(set(use.names) - there - set(use.provides)):
                yield Problem(
                    code="variable_not_here",
                    message=f"{named(node)} reads {name}: {absence(name)}.",
                    node_id=node.id,
                    pointer=use.pointer,
                )


def _variables(context: Context, node: Node) -> set[str]:
    around = context.regions.path[node.id]
    there = {"input", "context"}
    if any(_is_map(context, key) for key in around):
        there |= set(IN_MAP)
    if any(key in context.regions.loops for key in around):
        there |= set(IN_LOOP)
    return there
