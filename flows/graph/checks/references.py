"""Which steps expressions may read."""

from collections.abc import Iterator

from flows.errors import Problem
from flows.expressions.variables import IN_LOOP, IN_MAP, absence
from flows.graph.catalog import MAP
from flows.graph.checks.context import Context, named
from flows.graph.schema import Node
from flows.graph.uses import ExpressionUse
from flows.graph.words import NearNames

Finding = tuple[str, str] | None


def bad_references(context: Context) -> Iterator[Problem]:
    """References to steps that are not there, or not in every run."""
    names = NearNames(node.id for node in context.graph.nodes)
    for node_id, uses in context.expressions.uses.items():
        node = context.graph.node(node_id)
        for use in uses:
            for step, is_guarded in sorted(use.references):
                found = _unknown(context, step, names) or find_fault(
                    context, node, step, use
                )
                if found is None and not is_guarded:
                    found = find_gap(context, node, step, use)
                if found is not None:
                    code, message = found
                    yield Problem(
                        code=code,
                        message=f"{named(node)} reads steps.{step}, {message}",
                        node_id=node.id,
                        pointer=use.pointer,
                    )


def _unknown(context: Context, step: str, names: NearNames) -> Finding:
    if context.graph.has_node(step):
        return None
    near = names.find(step)
    hint = f"Did you mean steps.{near}?" if near else "Use a node's id."
    return "reference_unknown_node", f"but no node has that id. {hint}"


def find_fault(context: Context, node: Node, step: str, use: ExpressionUse) -> Finding:
    """Why a step cannot be seen at all; nothing is said about circles."""
    if not {node.id, step} <= context.ways.place.keys():
        return None
    return _across_maps(context, node, step, use) or _later(context, node, step, use)


def _across_maps(
    context: Context, node: Node, step: str, use: ExpressionUse
) -> Finding:
    """What stands in a map's body is only seen in there, the map only from outside."""
    around = context.regions.path[node.id]
    if step in around and context.graph.node(step).type == MAP:
        return (
            "reference_to_own_map",
            "the map around it, which has no output yet. Read item or index.",
        )
    maps = [key for key in context.regions.path[step] if _is_map(context, key)]
    if maps and maps[-1] not in around and not _is_of_item(node, use, maps[-1]):
        return (
            "reference_into_map",
            f"which stands in the map '{maps[-1]}' and runs once for each item. Read "
            f"steps.{maps[-1]}.items.",
        )
    return None


def _later(context: Context, node: Node, step: str, use: ExpressionUse) -> Finding:
    path = context.regions.path
    if context.ancestors.comes_before(step, node.id):
        return None
    if _is_map(context, node.id) and use.provides and node.id in path[step]:
        return None
    shared = set(path[step]) & set(path[node.id]) & context.regions.loops.keys()
    if shared:
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


def find_gap(context: Context, node: Node, step: str, use: ExpressionUse) -> Finding:
    """Why a step may be absent although it comes before."""
    if not {node.id, step} <= context.ways.place.keys():
        return None
    if use.provides and node.id in context.regions.path[step]:
        is_there = context.activations.follows(step, node.id)
    else:
        is_there = context.activations.certain(step, node.id)
    if is_there:
        return None
    return (
        "reference_not_always_upstream",
        f"which some runs skip. Ask first: has(steps.{step}) ? … : …",
    )


def _is_of_item(node: Node, use: ExpressionUse, innermost: str) -> bool:
    """Whether it is the result of the map in whose body the step stands."""
    return bool(use.provides) and node.id == innermost


def _is_map(context: Context, key: str) -> bool:
    return context.graph.has_node(key) and context.graph.node(key).type == MAP


def bad_names(context: Context) -> Iterator[Problem]:
    """Variables that do not exist where an expression stands."""
    for node_id, uses in context.expressions.uses.items():
        node = context.graph.node(node_id)
        there = variables_at(context, node)
        for use in uses:
            for name in sorted(set(use.names) - there - set(use.provides)):
                yield Problem(
                    code="variable_not_here",
                    message=f"{named(node)} reads {name}: {absence(name)}. "
                    "Read input, context or steps instead.",
                    node_id=node.id,
                    pointer=use.pointer,
                )


def variables_at(context: Context, node: Node) -> set[str]:
    """The variables that exist where a node stands, other than `steps`."""
    around = context.regions.path[node.id]
    there = {"input", "context"}
    if any(_is_map(context, key) for key in around):
        there |= set(IN_MAP)
    if any(key in context.regions.loops for key in around):
        there |= set(IN_LOOP)
    return there
