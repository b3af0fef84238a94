"""Edges that are taken or dead, and what starts because of them."""

import pytest

from flows.engine.events import RunStarted
from tests.flows.engine.playing import Play, skips, starts

DIAMOND = "in -> a -> b -> join -> out, a -> c -> join"
CHOICE = "in -> cond:true -> a -> out, cond:false -> b -> out"


def test_a_run_starts_at_its_input():
    assert Play(DIAMOND).said == starts("in")


def test_a_run_starts_once():
    assert Play(DIAMOND).send(RunStarted()) == []


@pytest.mark.parametrize(
    ("ended", "expected"),
    [
        (["in"], ["a"]),
        (["in", "a"], ["b", "c"]),  # a split takes every way by that port
        (["in", "a", "b"], []),  # the join waits for both
        (["in", "a", "b", "c"], ["join"]),
    ],
)
def test_rule_1_all_waits_for_every_branch(ended, expected):
    assert Play(DIAMOND).end(*ended) == starts(*expected)


def test_the_way_not_taken_is_skipped():
    assert Play(CHOICE).end("in", "cond=true") == [*skips("b"), *starts("a")]


def test_a_join_starts_when_its_other_way_is_dead():
    assert Play(CHOICE).end("in", "cond=true", "a") == starts("out")


def test_deadness_travels_to_the_end_of_a_branch():
    play = Play("in -> cond:true -> out, cond:false -> a -> b -> c")
    assert play.end("in", "cond=true") == [*skips("a", "b", "c"), *starts("out")]


def test_a_node_whose_ways_are_all_dead_is_skipped():
    play = Play("in -> cond:true -> out, cond:false -> a -> j, cond:false -> b -> j")
    assert "skip j" in play.end("in", "cond=true")


def test_rule_1_all_starts_when_its_last_way_dies():
    play = Play("in -> a -> join -> out, in -> cond:true -> join, cond:false -> out2")
    assert play.end("in", "a") == []
    assert play.end("cond=false") == starts("join", "out2")


def test_several_ports_are_taken_at_once():
    play = Play("in -> switch:x -> a, switch:y -> b, switch:z -> c")
    assert play.end("in", "switch=x,z") == [*skips("b"), *starts("a", "c")]


def test_a_multi_choice_is_joined_by_what_was_chosen():
    drawing = "in -> switch:x -> a -> j, switch:y -> b -> j, switch:z -> c -> j -> out"
    play = Play(drawing)
    play.end("in", "switch=x,z")
    assert play.end("a") == []
    assert play.end("c") == starts("j")


def test_a_port_that_is_not_drawn_leads_nowhere():
    play = Play("in -> cond:true -> a -> out")
    assert play.end("in", "cond=false") == [*skips("a", "out"), "complete None"]


def test_a_run_is_complete_when_nothing_is_under_way():
    assert Play("in -> out").end("in", "out") == ["complete out"]


def test_a_run_is_not_complete_while_a_branch_goes_on():
    play = Play("in -> out, in -> a")
    assert play.end("in", "out") == []
    assert play.end("a") == ["complete out"]


def test_a_run_that_reaches_no_output_completes_without_one():
    play = Play("in -> cond:true -> a, cond:false -> out")
    assert play.end("in", "cond=true", "a") == ["complete None"]


def test_a_step_that_ends_twice_counts_once():
    play = Play(DIAMOND)
    play.end("in", "a", "b")
    assert play.end("b") == []
    assert play.active == {"c"}


def test_a_note_is_no_part_of_a_run():
    play = Play("in -> out, remark", types={"remark": "note"})
    assert play.end("in", "out") == ["complete out"]
