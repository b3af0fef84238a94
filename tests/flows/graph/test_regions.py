"""Dominators, loops and nesting, against their definitions."""

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from flows.graph.ancestry import Dominators
from flows.graph.regions import DEEPEST, find_regions
from flows.graph.schema import Graph
from tests.factories.graphs import graph
from tests.flows.graph.random_graphs import made_of, random_graphs


def reached_without(drawn: Graph, head: str) -> set[str]:
    """Nodes to which some way leads that does not pass `head`."""
    found: set[str] = set()
    for node_id in drawn.order:
        edges = drawn.incoming(node_id)
        if node_id != head and (
            not edges or any(edge.source in found for edge in edges)
        ):
            found.add(node_id)
    return found


def natural_loop(drawn: Graph, head: str) -> set[str]:
    body, stack = {head}, [e.source for e in drawn.feedback if e.target == head]
    while stack:
        node_id = stack.pop()
        if node_id not in body:
            body.add(node_id)
            stack += [edge.source for edge in drawn.edges if edge.target == node_id]
    return body


@st.composite
def loops(draw: st.DrawFn) -> Graph:
    """Random graphs with feedback edges, each to a node that dominates its source."""
    drawn, _ = draw(random_graphs())
    found = Dominators(drawn)
    able = [
        (tail, head)
        for tail in drawn.order
        for head in drawn.order
        if found.dominates(head, tail)
    ]
    chosen = draw(st.lists(st.sampled_from(able), max_size=4, unique=True))
    edges = [(e.source, e.source_port, e.target) for e in drawn.forward]
    return made_of(list(drawn.order), edges, chosen)


@settings(max_examples=150, deadline=None)
@given(random_graphs())
def test_a_head_dominates_what_no_way_reaches_without_it(
    made: tuple[Graph, object],
) -> None:
    drawn, _ = made
    found = Dominators(drawn)
    for head in drawn.order:
        spared = reached_without(drawn, head)
        for node_id in drawn.order:
            assert found.dominates(head, node_id) is (node_id not in spared)


@settings(max_examples=200, deadline=None)
@given(loops())
def test_loops_are_the_natural_loops_of_their_heads(drawn: Graph) -> None:
    assume(drawn.feedback)
    regions = find_regions(drawn)
    bodies = {edge.target: natural_loop(drawn, edge.target) for edge in drawn.feedback}
    assert {head: set(loop.body) for head, loop in regions.loops.items()} == bodies
    for node_id, path in regions.path.items():
        around = [head for head, body in bodies.items() if node_id in body]
        around.sort(key=lambda head: -len(bodies[head]))
        assert path == ("", *around)
        assert regions.depth[node_id] == len(around)


def test_maps_and_loops_nest_in_each_other() -> None:
    drawn = graph(
        "input -> a -> map1 -> b -> out, b ~> a, c -> map2 -> d, d ~> c, e",
        parents={"c": "map1", "map2": "map1", "d": "map1", "e": "map2"},
    )
    path = find_regions(drawn).path
    assert path["out"] == ("",)
    assert path["map1"] == ("", "a")
    assert path["d"] == ("", "a", "map1", "c")
    assert path["e"] == ("", "a", "map1", "c", "map2")
    loops = find_regions(drawn).loops
    assert loops["a"].body == {"a", "map1", "b"}
    assert (loops["c"].scope, loops["c"].body) == ("map1", {"c", "map2", "d"})


def test_the_smallest_number_of_rounds_counts() -> None:
    drawn = graph("input -> a -> b -> c -> out, b ~> a, c ~> a")
    assert find_regions(drawn).loops["a"].max_rounds == 3
    assert len(find_regions(drawn).loops["a"].feedback) == 2


def test_maps_in_a_circle_are_placed_somewhere() -> None:
    drawn = graph("input -> out, map1, map2", parents={"map1": "map2", "map2": "map1"})
    assert set(find_regions(drawn).path) == {"input", "out", "map1", "map2"}


def test_a_deep_nest_is_counted_and_cut_off() -> None:
    ids = [f"map{n}" for n in range(3_000)]
    drawn = graph(
        "input -> map0 -> out, " + ", ".join(ids),
        parents=dict(zip(ids[1:], ids, strict=False)),
    )
    regions = find_regions(drawn)
    assert regions.depth[ids[-1]] == 2_999
    assert len(regions.path[ids[-1]]) == DEEPEST + 1
