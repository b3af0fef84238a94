"""Expressions that cannot be compiled, and documents with too many of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flows.graph.catalog import NodeTypeLike
from flows.graph.schema import Graph, Node
from flows.graph.uses import ExpressionUse, read_use

# Words and signs of all expressions together, and what each counts beside its own:
# compiling one takes time whatever it says.
MAX_WORDS = 400_000
EACH = 10
MAX_ERRORS = 500


@dataclass(slots=True)
class Expressions:
    """Those of a document, compiled once; beyond a limit they are left alone.

    `uses` are the expressions of each config that fits its type, `conditions` those of
    retries. `left_at` is the first node whose expressions were too many.
    """

    uses: dict[str, list[ExpressionUse]] = field(default_factory=dict)
    conditions: dict[str, ExpressionUse] = field(default_factory=dict)
    left_at: Node | None = None


def read_expressions(
    graph: Graph, catalog: Mapping[str, NodeTypeLike], configs: Mapping[str, Any]
) -> Expressions:
    """Compile the expressions of all nodes, in stored order."""
    found = Expressions()
    words = errors = 0
    for node in graph.nodes:
        if words > MAX_WORDS:
            found.left_at = node
            break
        uses: list[ExpressionUse] = []
        if node.id in configs:
            uses = catalog[node.type].uses(configs[node.id])
            found.uses[node.id] = uses
        if node.retry is not None and node.retry.when:
            found.conditions[node.id] = read_use("", node.retry.when, "cel")
            uses = [*uses, found.conditions[node.id]]
        words += sum(use.words + EACH for use in uses)
        errors += sum(use.error is not None for use in uses)
        if errors >= MAX_ERRORS:
            break
    return found
