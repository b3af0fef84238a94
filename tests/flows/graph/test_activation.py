"""What is certain, against trying every choice."""

from itertools import product

import pytest
from hypothesis import given, settings

from flows.graph.activation import Activations
from flows.graph.schema import Graph
from flows.graph.ways import Ways
from tests.factories.graphs import graph
from tests.flows.graph.random_graphs import Ports, every_run, random_graphs


def asked(drawing: str, *, partial: tuple[str, ...] = ()) -> Activations:
    drawn = graph(drawing)
    ports = {
        node.id: ("true", "false") if node.type == "condition" else ("out",)
        for node in drawn.nodes
    }
    return Activations(drawn, Ways(drawn, ports), {"input"}, partial=partial)


DIAMOND = "input -> cond, cond:true -> a -> j, cond:false -> b -> j"
PARALLEL = "input -> a -> j, input -> b -> j"
NESTED = (
    "input -> cond, cond:true -> cond2, cond2:true -> a -> j, cond2:false -> b -> j,"
    "cond:false -> c -> j"
)
LOOP = "input -> draft -> cond, cond:true -> out, cond:false ~> draft"


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
        (LOOP, "draft", "out", True),
        # After the last round that failed, what `false` leads to has run as well.
        (
            LOOP + ", cond:false -> log -> end, cond:exhausted -> end",
            "log",
            "end",
            True,
        ),
        (
            LOOP + ", cond:true -> log -> end, cond:exhausted -> end",
            "log",
            "end",
            False,
        ),
    ],
)
def test_reference_is_certain_only_where_every_run_completes_it(
    drawing: str, step: str, at: str, *, certain: bool
) -> None:
    assert asked(drawing).certain(step, at) is certain


def test_a_step_that_a_join_does_not_wait_for_is_not_certain() -> None:
    assert asked(PARALLEL + ", j -> z").certain("a", "z")
    assert not asked(PARALLEL + ", j -> z", partial=("j",)).certain("a", "z")
    waits = PARALLEL + ", j -> z, a -> z"
    assert asked(waits, partial=("j",)).certain("a", "z")


def test_what_follows_is_certain_from_before() -> None:
    assert asked(DIAMOND).follows("j", "cond")
    assert asked(DIAMOND).follows("j", "a")
    assert not asked(DIAMOND).follows("a", "cond")


def test_every_pair_of_a_long_row_of_diamonds_is_decided() -> None:
    rows = ["input -> cond0"]
    for n in range(60):
        rows.append(f"cond{n}:true -> a{n} -> join{n} -> cond{n + 1}")
        rows.append(f"cond{n}:false -> b{n} -> join{n}")
    activations = asked(", ".join(rows))
    assert activations.certain("join0", "join59")
    assert not activations.certain("a0", "join59")


def test_branches_that_cross_in_many_ways_are_decided() -> None:
    # 20 x 20 pairs of cases lead to `join`.
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
    activations = Activations(drawn, Ways(drawn, choices), {"input"})
    assert activations.certain("switch_a", "after")
    assert not activations.certain("switch_p0", "after")


@settings(max_examples=150, deadline=None)
@given(random_graphs())
def test_answers_agree_with_trying_every_choice(made: tuple[Graph, Ports]) -> None:
    drawn, ports = made
    activations = Activations(drawn, Ways(drawn, ports), {"input"})
    runs = every_run(drawn, ports)
    for step, at in product(drawn.order, repeat=2):
        assert activations.certain(step, at) is all(
            step in run for run in runs if at in run
        )


@settings(max_examples=80, deadline=None)
@given(random_graphs())
def test_what_follows_agrees_with_starting_there(made: tuple[Graph, Ports]) -> None:
    drawn, ports = made
    activations = Activations(drawn, Ways(drawn, ports), {"input"})
    for at in drawn.order:
        runs = every_run(drawn, ports, start=at)
        for step in drawn.order:
            assert activations.follows(step, at) is all(step in run for run in runs)
