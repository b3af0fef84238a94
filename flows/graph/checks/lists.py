"""Nodes that go through a list, and what they are given."""

from collections.abc import Iterator

from flows.errors import Problem
from flows.graph.checks.context import Context, named
from flows.graph.shapes import NAMES
from flows.graph.uses import ExpressionUse

ITEMS = "/items"
CEL_KINDS = {"STRING": "text", "BOOL": "true or false", "MAP": "an object"}
CEL_KINDS |= dict.fromkeys(("INT", "UINT", "DOUBLE"), "a number")


def not_lists(context: Context) -> Iterator[Problem]:
    """Items that are known to be no list, by a schema or by the expression itself."""
    for node_id, uses in context.expressions.uses.items():
        for use in uses:
            if use.pointer != ITEMS or use.error is not None:
                continue
            if (kind := _kind(context, node_id, use)) is not None:
                node = context.graph.node(node_id)
                yield Problem(
                    code="items_not_list",
                    message=f"{named(node)} goes through a list, but its items are "
                    f"{kind}. Name the list to go through.",
                    node_id=node_id,
                    pointer=ITEMS,
                )


def _kind(context: Context, node_id: str, use: ExpressionUse) -> str | None:
    """What the items are, if that is known and no list."""
    if use.kind not in ("DYN", "LIST"):
        return CEL_KINDS.get(use.kind, f"a {use.kind.lower()}")
    kinds = context.known.kinds(node_id, use.path)
    if kinds is None or "array" in kinds:
        return None
    return " or ".join(dict.fromkeys(NAMES.get(kind, kind) for kind in sorted(kinds)))
