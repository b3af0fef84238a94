import pytest

from flows.graph.order import find_cycle, topological_order
from tests.factories.graphs import graph


@pytest.mark.parametrize(
    ("drawing", "order"),
    [
        ("input -> a -> b -> out", "input a b out"),
        ("a -> out, input -> b -> out, input -> a", "input a b out"),
        ("input -> c, input -> b -> a -> out, c -> out", "input c b a out"),
        ("input -> a -> b -> a, b -> out", "input"),
    ],
)
def test_order_points_forward_and_keeps_stored_order(drawing: str, order: str) -> None:
    assert graph(drawing).order == tuple(order.split())


def test_edges_keep_their_stored_order() -> None:
    drawn = graph("input -> b, input -> a, a -> out, b -> out")
    assert [edge.target for edge in drawn.outgoing("input")] == ["b", "a"]
    assert [edge.source for edge in drawn.incoming("out")] == ["a", "b"]
    assert drawn.incoming("input") == ()
    with pytest.raises(KeyError):
        drawn.node("z")


@pytest.mark.parametrize(
    ("links", "cycle"),
    [
        ("ab bc ca", "abc"),
        ("ca ab bc", "abc"),
        ("ab bb", "b"),
        ("ab dc cb bd", "bdc"),
        ("ab bc cd", ""),
        ("az za", ""),
    ],
)
def test_cycle_is_found_in_the_order_of_its_links(links: str, cycle: str) -> None:
    pairs = [(link[0], link[1]) for link in links.split()]
    assert "".join(find_cycle("abcd", pairs)) == cycle


def test_unknown_ids_are_left_out_of_the_order() -> None:
    assert topological_order("ab", [("a", "z"), ("z", "b")]) == ("a", "b")
