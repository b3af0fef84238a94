"""Flows that are measured: of `model` nodes, each step committed, or of pure nodes."""

from typing import Literal

from tests.bench.figures import FAN, NODES
from tests.factories.flows import make_flow

Kind = Literal["committed", "pure"]
KINDS: tuple[Kind, ...] = ("committed", "pure")


def node(kind: Kind, before: str, name: str = "n", model: str = "echo") -> dict:
    """The config of a node that takes one value of the node before it."""
    source = f"input.{name}" if before == "in" else f"steps.{before}.{name}"
    if kind == "committed":
        return {"model": model, "input": {name: source}}
    return {"values": {name: f"{source} + 'x'" if name == "data" else source}}


def chain(kind: Kind, length: int = NODES, name: str = "n", first: str = "", **keys):
    """Nodes in a row. `n` is passed on as it is, `data` changed by each node.

    The first one calls the model `first`, if that is given.
    """
    prefix = "model" if kind == "committed" else "node"
    model = "churn" if name == "data" else "echo"
    names = [f"{prefix}_{place}" for place in range(length)]
    configs = {
        each: node(kind, before, name, model)
        for before, each in zip(["in", *names], names, strict=False)
    }
    if first:
        configs[names[0]]["model"] = first
    configs["out"] = {"values": {name: f"steps.{names[-1]}.{name}"}}
    drawing = " -> ".join(["in", *names, "out"])
    models = {"churn": "bench-churn"}
    return make_flow(drawing, configs=configs, models=models, **keys)


def fan(kind: Kind, width: int = FAN):
    """Nodes side by side, and a join that waits for all of them."""
    prefix = "model" if kind == "committed" else "node"
    names = [f"{prefix}_{place}" for place in range(width)]
    drawing = ", ".join(f"in -> {name} -> join" for name in names) + ", join -> out"
    return make_flow(drawing, configs={name: node(kind, "in") for name in names})


def each(width: int):
    """A map of one pure node over the list `items`, as wide as the list."""
    return make_flow(
        "in -> map -> out, node",
        parents={"node": "map"},
        configs={
            "map": {"items": "input.items", "concurrency": min(width, 1000)},
            "node": {"values": {"n": "item"}},
            "out": {"values": {"count": "size(steps.map.items)"}},
        },
    )


def calling(model: str, length: int = 1, *, runs: str = "wait", **keys):
    """Nodes in a row that call a model of the benchmark for `seconds` each."""
    names = [f"model_{place}" for place in range(length)]
    call = {"model": model, "input": {"seconds": "input.seconds", "n": "input.n"}}
    return make_flow(
        " -> ".join(["in", *names, "out"]),
        configs=dict.fromkeys(names, call),
        models={model: f"bench-{model}"},
        runs=runs,
        **keys,
    )
