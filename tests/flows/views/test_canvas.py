"""The drawing of a run."""

from flows.graph.parse import parse
from flows.views.canvas import WIDEST, StepState, draw
from tests.factories.graphs import document, graph

DRAWING = "in -> cond, cond:true -> model -> out, cond:false -> other"


def state(status: str, port: str | None = None) -> StepState:
    return StepState(status, port, "", "")


def edges(states: dict[str, StepState]) -> list[str]:
    """The states of the edges, by the order of the document."""
    drawn = graph(DRAWING)
    found = draw(drawn, states)
    assert len(found.edges) == len(drawn.edges)
    return sorted(edge.state for edge in found.edges)


def test_nothing_is_decided_before_a_run():
    assert edges({}) == ["open"] * 4


def test_a_way_is_taken_dead_or_on_its_way():
    states = {
        "in": state("completed", "out"),
        "cond": state("completed", "true"),
        "model": state("running"),
        "other": state("skipped"),
    }
    assert edges(states) == ["dead", "moving", "open", "taken"]


def test_what_failed_decides_nothing_behind_it():
    states = {"in": state("completed", "out"), "cond": state("failed")}
    assert edges(states) == ["open", "open", "open", "taken"]


def test_nodes_stand_in_the_order_in_which_they_run():
    drawn = draw(graph(DRAWING), {})
    assert [node.id for node in drawn.nodes][:2] == ["in", "cond"]
    assert all(node.width <= WIDEST for node in drawn.nodes)
    assert all(0 <= node.at.x < drawn.width for node in drawn.nodes)


def test_an_edge_that_goes_back_runs_around():
    made = document("in -> a -> out")
    made["nodes"][1]["position"] = {"x": -400, "y": 200}
    paths = [edge.path for edge in draw(parse(made), {}).edges]
    assert [path.count("Q") for path in paths] == [4, 0]
