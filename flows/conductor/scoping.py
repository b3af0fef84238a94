"""What a node may refer to: outputs by scope, and the variables of maps and loops."""

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from flows.engine.state import Scope, find_address

if TYPE_CHECKING:
    from flows.conductor.held import HeldRun


class ScopedSteps(Mapping[str, Any]):
    """Outputs by node id, as they are seen from one scope; absent ones are dead there."""

    def __init__(self, run: "HeldRun", scope: Scope) -> None:
        self._run = run
        self._scope = scope

    def __getitem__(self, node_id: str) -> Any:  # noqa: ANN401  any JSON value
        address = self._address(node_id)
        if address is None:
            return self._run.outer[node_id]
        return self._run.values[address]

    def __contains__(self, node_id: object) -> bool:
        if not isinstance(node_id, str):
            return False
        return node_id in self._run.outer or self._address(node_id) is not None

    def __iter__(self) -> Iterator[str]:
        return (node_id for node_id in self._run.flow.nodes if node_id in self)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def _address(self, node_id: str) -> str | None:
        path = self._run.flow.paths.get(node_id)
        body = self._run.claimed.body
        if path is None or body not in path:
            return None
        if len(path) == 1 and self._scope.parent is None:
            address: str | None = node_id  # neither is in a loop or a map
        else:
            address = find_address(self._scope, path[path.index(body) :], node_id)
        return address if address in self._run.cells else None


def scope_variables(
    run: "HeldRun", scope: Scope, names: frozenset[str]
) -> dict[str, Any]:
    """The variables among `names` that exist in the scope, beside input and steps."""
    found = dict(run.around)
    for make in {MAKERS[name] for name in names if name in MAKERS}:
        found |= make(run, scope)
    return found


def _context(run: "HeldRun", scope: Scope) -> dict[str, Any]:
    """What `set_context` nodes in this scope and around it have set, in their order."""
    paths = {around.path for around in scope.outwards()}
    merged: dict[str, Any] = dict(run.around.get("context", {}))
    for address in run.context:
        if address[: address.rfind("/") + 1] in paths:
            merged |= run.values[address]
    return {"context": merged}


def _item(run: "HeldRun", scope: Scope) -> dict[str, Any]:
    """`item`, `index` and `outer` of the innermost map, each map in the next one."""
    inner: dict[str, Any] = {}
    for around in reversed(list(scope.outwards())):
        parent = around.parent
        if around.region.kind != "map" or parent is None:
            continue
        outer = inner or _only(run.around, ("item", "index", "outer")) or None
        items = run.items[parent.address(around.owner)]
        inner = {"item": items[around.number], "index": around.number, "outer": outer}
    return inner


def _only(values: dict[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    return {name: values[name] for name in names if name in values}


def _round(run: "HeldRun", scope: Scope) -> dict[str, Any]:
    """`round`, `rounds` and `feedback` of the innermost loop."""
    for around in scope.outwards():
        if around.region.kind == "loop" and around.parent is not None:
            earlier = around.parent.rounds[around.owner][: around.number - 1]
            fed = earlier[-1].fed if earlier else {}
            return {
                "round": around.number,
                "rounds": [_outputs(run, each) for each in earlier],
                "feedback": [run.values[fed[edge_id]] for edge_id in sorted(fed)],
            }
    return {}


def _outputs(run: "HeldRun", scope: Scope) -> dict[str, Any]:
    """The outputs of a round by node id, those of inner loops from their last round."""
    steps = ScopedSteps(run, scope)
    inside = [
        node_id
        for node_id, path in run.flow.paths.items()
        if scope.region.key in path and node_id in steps
    ]
    return {node_id: steps[node_id] for node_id in inside}


MAKERS: Mapping[str, Callable[["HeldRun", Scope], dict[str, Any]]] = {
    "context": _context,
    "item": _item,
    "index": _item,
    "outer": _item,
    "round": _round,
    "rounds": _round,
    "feedback": _round,
}
