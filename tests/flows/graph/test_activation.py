"""What is certain and what is exclusive, against trying every choice."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.graph import activation
from flows.graph.activation import Activations
from flows.graph.schema import Edge, Graph, Node
from tests.factories.graphs import graph

Ports = dict[str, tuple[str, ...]]


def asked(drawing: str) -> Activations:
    drawn = graph(drawing)
    return Activations(drawn, {"input"}, ports_of(drawn))


def ports_of(drawn: Graph) -> Ports:
    return {
        node.id: ("true", "false") if node.type == "condition" else ("out",)
        for node in drawn.nodes
    }


DIAMOND = "input -> cond, cond:true -> a -> j, cond:false -> b -> j"
PARALLEL = "input -> a -> j, input -> b -> j"
NESTED = (
    "input -> cond, cond:true -> cond2, cond2:true -> a -> j, cond2:false -> b -> j,"
    "cond:false -> c -> j"
)


@pytest.mark.parametrize(
    ("drawing", "step", "at", "certain"),
    [
        (PARALLEL, "a", "j", True),
        (PARALLEL, "b", "j", True),
        (DIAMOND, "a", "j", False),
        (DIAMOND, "cond", "j", True),
        (DIAMOND + ", cond:true -> c, c -> j2, a -> j2", "c", "j2", True),
        (NESTED, "cond2", "j", False),
        (NESTED, "cond2", "b", True),
        (DIAMOND + ", j -> z, input -> w -> z", "j", "z", True),
    ],
)
def test_reference_is_certain_only_where_every_way_completes_it(
    drawing: str, step: str, at: str, *, certain: bool
) -> None:
    assert asked(drawing).certain(step, at) is certain


@pytest.mark.parametrize(
    ("drawing", "one", "other", "exclusive"),
    [
        (DIAMOND, "a", "b", True),
        (PARALLEL, "a", "b", False),
        (NESTED, "a", "c", True),
        (NESTED, "b", "j", False),
    ],
)
def test_nodes_are_exclusive_where_no_way_starts_both(
    drawing: str, one: str, other: str, *, exclusive: bool
) -> None:
    assert asked(drawing).exclusive(one, other) is exclusive


def test_long_row_of_diamonds_is_answered() -> None:
    rows = ["input -> cond0"]
    for n in range(60):
        rows.append(f"cond{n}:true -> a{n} -> join{n} -> cond{n + 1}")
        rows.append(f"cond{n}:false -> b{n} -> join{n}")
    activations = asked(", ".join(rows))
    assert activations.certain("join0", "join59")
    assert not activations.certain("a0", "join59")


def test_condition_above_the_bound_counts_as_not_certain() -> None:
    # 20 x 20 pairs of cases lead to `join`: more ways than are kept.
    ports = [f"p{n}" for n in range(20)]
    rows = ["input -> switch_a"]
    for port in ports:
        rows.append(f"switch_a:{port} -> switch_{port}")
        rows += [f"switch_{port}:{each} -> join" for each in ports]
    rows.append("join -> after")
    drawn = graph(", ".join(rows))
    choices = {
        node.id: (*ports, "otherwise") if node.type == "switch" else ("out",)
        for node in drawn.nodes
    }
    activations = Activations(drawn, {"input"}, choices)
    assert not activations.certain("switch_a", "join")
    assert not activations.certain("join", "after")
    assert not activations.exclusive("switch_p0", "after")


def test_effort_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(activation, "MAX_VISITS", 0)
    activations = asked(NESTED)
    assert activations.certain("cond", "b")
    assert not activations.certain("cond2", "b")


@st.composite
def random_graphs(draw: st.DrawFn) -> tuple[Graph, Ports]:
    """Small graphs whose edges point forward, from nodes of one to three ports."""
    size = draw(st.integers(2, 8))
    ids = ["input", *(f"n{n}" for n in range(1, size))]
    ports: Ports = {
        node_id: tuple("pqr"[: draw(st.sampled_from([1, 1, 2, 2, 3]))])
        for node_id in ids
    }
    edges = []
    for target in range(1, size):
        for _ in range(draw(st.integers(1, 3))):
            source = ids[draw(st.integers(0, target - 1))]
            port = draw(st.sampled_from(ports[source]))
            edges.append((source, port, ids[target]))
    made = Graph(
        name="random",
        input_schema={},
        nodes=tuple(Node(id=node_id, type="any") for node_id in ids),
        edges=tuple(
            Edge(id=f"e{n}", source=source, source_port=port, target=target)
            for n, (source, port, target) in enumerate(dict.fromkeys(edges))
        ),
    )
    return made, ports


def every_way(drawn: Graph, ports: Ports) -> list[set[str]]:
    """The nodes that start, for every combination of choices."""
    ways = []
    for chosen in product(*(ports[node_id] for node_id in drawn.order)):
        choice = dict(zip(drawn.order, chosen, strict=True))
        started = {"input"}
        for node_id in drawn.order:
            if any(
                edge.source in started and choice[edge.source] == edge.source_port
                for edge in drawn.incoming(node_id)
            ):
                started.add(node_id)
        ways.append(started)
    return ways


@settings(max_examples=150, deadline=None)
@given(random_graphs())
def test_answers_agree_with_trying_every_choice(made: tuple[Graph, Ports]) -> None:
    drawn, ports = made
    activations = Activations(drawn, {"input"}, ports)
    ways = every_way(drawn, ports)
    for one, other in product(drawn.order, repeat=2):
        assert activations.certain(one, other) is all(
            one in way for way in ways if other in way
        )
        assert activations.exclusive(one, other) is not any(
            {one, other} <= way for way in ways
        )
