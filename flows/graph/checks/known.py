"""What is known of values where a node reads them."""

from collections.abc import Mapping
from typing import Any

from flows.graph import shapes
from flows.graph.catalog import MAP, NodeTypeLike
from flows.graph.regions import Regions
from flows.graph.schema import Graph
from flows.graph.shapes import MAX_HOPS, Schema
from flows.graph.uses import ExpressionUse

WHOLE: Schema = {"type": "integer"}


class Known:
    """The schemas of inputs, outputs and items, as far as the document tells them."""

    def __init__(
        self,
        graph: Graph,
        catalog: Mapping[str, NodeTypeLike],
        configs: Mapping[str, Any],
        uses: Mapping[str, list[ExpressionUse]],
        regions: Regions,
        outputs: Mapping[str, Schema],
    ) -> None:
        self._graph = graph
        self._catalog = catalog
        self._configs = configs
        self._regions = regions
        self._outputs = outputs
        self._items = {
            node_id: use.path
            for node_id, found in uses.items()
            for use in found
            if use.pointer == "/items"
        }

    def kinds(self, node_id: str, path: tuple[str, ...]) -> frozenset[str] | None:
        """The JSON types of what `path` may be where the node stands; None if any."""
        return shapes.kinds(self.schema(node_id, path), self._graph.input_schema)

    def schema(
        self, node_id: str, path: tuple[str, ...], hops: int = MAX_HOPS
    ) -> Schema | None:
        """The schema of what `path` is where the node stands; None if unknown."""
        found, rest = self._root(node_id, path, hops)
        for name in rest:
            found = shapes.field(found, name, self._graph.input_schema)
        return found

    def output(self, node_id: str) -> Schema | None:
        """The schema of a node's output; None if unknown, or if errors change it."""
        node = self._graph.node(node_id)
        fails = node.on_error is None or node.on_error.action == "fail"
        if node_id not in self._configs or not fails:
            return None
        if node_id in self._outputs:
            return self._outputs[node_id]
        return self._catalog[node.type].output_schema(
            self._configs[node_id], self._graph.input_schema
        )

    def item(self, node_id: str, hops: int = MAX_HOPS) -> Schema | None:
        """The schema of `item` in the innermost map around the node."""
        around = reversed(self._regions.path[node_id])
        inner = next((key for key in around if self._is_map(key)), None)
        return self.entry(inner, hops - 1) if inner is not None and hops else None

    def entry(self, node_id: str, hops: int = MAX_HOPS) -> Schema | None:
        """The schema of the entries of the list that a node goes through."""
        read = self.schema(node_id, self._items.get(node_id, ()), hops)
        return shapes.items(read, self._graph.input_schema)

    def _root(
        self, node_id: str, path: tuple[str, ...], hops: int
    ) -> tuple[Schema | None, tuple[str, ...]]:
        match path:
            case ("input", *rest):
                return self._graph.input_schema, tuple(rest)
            case ("steps", step, *rest) if self._graph.has_node(step):
                return self.output(step), tuple(rest)
            case ("item", *rest):
                return self.item(node_id, hops), tuple(rest)
            case ("index" | "round",):
                return WHOLE, ()
        return None, ()

    def _is_map(self, key: str) -> bool:
        return self._graph.has_node(key) and self._graph.node(key).type == MAP
