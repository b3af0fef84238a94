"""The drawing of a run."""

from flows.graph.parse import parse
from flows.graph.regions import find_regions
from flows.views.boxes import BODY_TOP, WIDEST
from flows.views.canvas import draw
from flows.views.node_states import NodeState
from flows.views.passages import passage
from tests.factories.graphs import document, graph

DRAWING = "in -> cond, cond:true -> model -> out, cond:false -> other"


def state(status: str, *ports: str, round: int = 0, address: str = "x") -> NodeState:
    return NodeState(status, frozenset(ports), round=round, address=address)


def edges(states: dict[str, NodeState]) -> list[str]:
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
    assert all(node.box.width <= WIDEST for node in drawn.nodes)
    assert all(0 <= node.box.x - drawn.left < drawn.width for node in drawn.nodes)


def test_an_edge_that_goes_back_runs_around():
    made = document("in -> a -> out")
    made["nodes"][1]["position"] = {"x": -400, "y": 200}
    paths = [edge.line.path for edge in draw(parse(made), {}).edges]
    assert [path.count("Q") for path in paths] == [4, 0]


LOOP = "in -> draft -> cond:true -> out, cond:false ~> draft, cond:exhausted -> out2"


def passages(drawing: str, states: dict[str, NodeState], **keys) -> dict[str, str]:
    """The states of the edges, by their ends."""
    drawn, regions = graph(drawing, **keys), find_regions(graph(drawing, **keys))
    return {
        f"{edge.source} {edge.source_port} {edge.target}": passage(
            edge, states, regions
        )
        for edge in drawn.edges
    }


def test_several_ports_at_once_are_all_taken():
    found = passages(
        "in -> switch:a -> x, switch:b -> y, switch:c -> z",
        {"in": state("completed", "out"), "switch": state("completed", "a", "c")},
    )
    ways = [found[f"switch {port} {node}"] for port, node in ("ax", "by", "cz")]
    assert ways == ["taken", "dead", "taken"]


def test_what_leaves_a_loop_is_open_while_a_further_round_goes_on():
    found = passages(
        LOOP,
        {
            "in": state("completed", "out"),
            "draft": state("running", round=2),
            "cond": state("completed", "false", round=1),
        },
    )
    assert found["cond true out"] == "open"
    assert found["cond false draft"] == "moving"
    assert found["cond exhausted out2"] == "open"


def test_a_loop_that_used_up_its_rounds_left_by_exhausted():
    found = passages(
        LOOP,
        {
            "draft": state("completed", "out", round=3),
            "cond": state("completed", "false", round=3),
            "out": state("skipped"),
            "out2": state("completed"),
        },
    )
    assert found["cond true out"] == "dead"
    assert found["cond false draft"] == "taken"
    assert found["cond exhausted out2"] == "taken"


def test_an_error_that_took_its_port_is_a_way_on():
    more = {"a": {"on_error": {"action": "port"}}}
    found = passages(
        "in -> a -> out, a:error -> out2", {"a": state("failed", "error")}, more=more
    )
    assert (found["a out out"], found["a error out2"]) == ("dead", "taken")


def test_a_map_holds_its_nodes_below_its_head():
    drawn = draw(
        graph("in -> map -> out, a -> b", parents={"a": "map", "b": "map"}), {}
    )
    boxes = {node.id: node.box for node in drawn.nodes}
    for node_id in ("a", "b"):
        assert boxes["map"].x < boxes[node_id].x
        assert boxes[node_id].right < boxes["map"].right
        assert boxes[node_id].y >= boxes["map"].y + BODY_TOP
        assert boxes[node_id].bottom < boxes["map"].bottom
    assert drawn.width >= boxes["map"].width


def test_feedback_runs_above_its_loop_and_inner_loops_below_outer_ones():
    drawn = draw(
        graph(
            "in -> a -> b -> cond -> cond2 -> out, cond:false ~> b, cond2:false ~> a"
        ),
        {},
    )
    inner, outer = (edge.label_at.y for edge in drawn.edges if edge.is_feedback)
    assert outer < inner < 0
    assert drawn.top < outer


def test_feedback_says_which_round_the_run_is_in():
    drawn = draw(graph(LOOP, rounds=4), {"draft": state("running", round=2)})
    assert [edge.label for edge in drawn.edges if edge.is_feedback] == ["round 2 of 4"]
