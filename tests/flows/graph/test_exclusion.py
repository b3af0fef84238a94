"""Which outputs one run can reach, against trying every choice."""

import pytest
from hypothesis import given, settings

from flows.graph import exclusion
from flows.graph.exclusion import Undecided, reached_together
from flows.graph.schema import Graph
from flows.graph.ways import Ways
from tests.factories.graphs import graph
from tests.flows.graph.random_graphs import Ports, every_run, random_graphs


def together(drawing: str, **several: tuple[str, ...]) -> list[tuple[str, str]]:
    drawn = graph(drawing)
    ports = {
        node.id: {
            "condition": ("true", "false"),
            "switch": ("p", "q", "otherwise"),
        }.get(node.type, ("out",))
        for node in drawn.nodes
    }
    ends = {node.id for node in drawn.nodes if node.type == "output"}
    ways = Ways(drawn, ports, several=several)
    return sorted(reached_together(ways, {"input"}, ends))


TWO = "input -> cond, cond:true -> out1, cond:false -> out2"
SWITCH = "input -> switch, switch:p -> out1, switch:q -> out2, switch:otherwise -> out3"


@pytest.mark.parametrize(
    ("drawing", "pairs"),
    [
        (TWO, []),
        ("input -> out1, input -> a -> out2", [("out1", "out2")]),
        # Parallel branches that meet before the choice.
        (
            "input -> a -> cond, input -> b -> cond, cond:true -> out1,"
            "cond:false -> out2",
            [],
        ),
        # Parallel branches with a choice each.
        (
            "input -> cond1, input -> cond2, cond1:true -> out1, cond2:false -> out2",
            [("out1", "out2")],
        ),
        # The same choice twice cannot be made: both ways wait for one node.
        (
            "input -> cond, cond:true -> a, cond:true -> b, a -> out1, b -> out1,"
            "cond:false -> out2",
            [],
        ),
        (SWITCH, []),
        # A loop that is exhausted left by the port that feeds back.
        (
            "input -> a -> cond, cond:true -> out1, cond:false ~> a,"
            "cond:exhausted -> out2",
            [],
        ),
        (
            "input -> a -> cond, cond:false -> out1, cond:false ~> a,"
            "cond:exhausted -> out2",
            [("out1", "out2")],
        ),
    ],
)
def test_outputs_are_exclusive_where_no_run_reaches_both(
    drawing: str, pairs: list[tuple[str, str]]
) -> None:
    assert together(drawing) == pairs


def test_cases_that_may_hold_at_once_are_not_exclusive() -> None:
    assert together(SWITCH, switch=("p", "q")) == [("out1", "out2")]


def test_effort_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exclusion, "MAX_PAIRS", 0)
    with pytest.raises(Undecided):
        together("input -> out1, input -> out2")
    assert together(TWO) == []


@settings(max_examples=200, deadline=None)
@given(random_graphs())
def test_pairs_agree_with_trying_every_choice(made: tuple[Graph, Ports]) -> None:
    drawn, ports = made
    ends = {node_id for node_id in drawn.order if not drawn.outgoing(node_id)}
    found = list(reached_together(Ways(drawn, ports), {"input"}, ends))
    runs = every_run(drawn, ports)
    for one, other in found:
        assert any({one, other} <= run for run in runs)
    later = [each for each in drawn.order if each in ends]
    for place, other in enumerate(later):
        meets = any({one, other} <= run for run in runs for one in later[:place])
        assert meets is (other in {second for _, second in found})
