"""The rules of control flow, one by one."""

import pytest

from flows.engine.events import (
    CancelRequested,
    CancelRun,
    CancelStep,
    CompleteRun,
    FailRun,
    RunStarted,
    SkipStep,
    StartStep,
    StepCompleted,
    StepFailed,
)
from flows.engine.plan import plan, resume
from flows.engine.state import RunState
from flows.engine.topology import topology
from tests.factories.graphs import graph

DIAMOND = "in -> a -> b -> join -> out, a -> c -> join"
CHOICE = "in -> cond:true -> a -> out, cond:false -> b -> out"


def shape_of(drawing):
    drawn = graph(drawing)
    outputs = [node.id for node in drawn.nodes if node.type == "output"]
    return topology(drawn, outputs=outputs)


def after(drawing, *events):
    """The commands that the last of these events gives."""
    shape, state, commands = shape_of(drawing), RunState(), []
    for event in (RunStarted(), *events):
        state, commands = plan(shape, state, event)
    return commands


def done(*addresses, port="out"):
    return [StepCompleted(address, port) for address in addresses]


def test_a_run_starts_at_its_input():
    assert after(DIAMOND) == [StartStep("in")]


@pytest.mark.parametrize(
    ("finished", "starts"),
    [
        (["in"], ["a"]),
        (["in", "a"], ["b", "c"]),  # a split takes every way by that port
        (["in", "a", "b"], []),  # the join waits for both
        (["in", "a", "b", "c"], ["join"]),
    ],
)
def test_a_join_waits_for_every_parent(finished, starts):
    assert after(DIAMOND, *done(*finished)) == [StartStep(item) for item in starts]


def test_the_way_not_taken_is_skipped():
    commands = after(CHOICE, *done("in"), StepCompleted("cond", "true"))
    assert commands == [StartStep("a"), SkipStep("b")]


def test_a_join_starts_when_its_other_way_is_dead():
    commands = after(CHOICE, *done("in"), StepCompleted("cond", "true"), *done("a"))
    assert commands == [StartStep("out")]


def test_deadness_travels_to_the_end_of_a_branch():
    drawing = "in -> cond:true -> out, cond:false -> a -> b -> c"
    commands = after(drawing, *done("in"), StepCompleted("cond", "true"))
    assert commands == [StartStep("out"), SkipStep("a"), SkipStep("b"), SkipStep("c")]


def test_a_node_whose_ways_are_all_dead_is_skipped():
    drawing = "in -> cond:true -> out, cond:false -> a -> join, cond:false -> b -> join"
    commands = after(drawing, *done("in"), StepCompleted("cond", "true"))
    assert SkipStep("join") in commands


def test_a_run_is_complete_when_nothing_is_under_way():
    commands = after("in -> out", *done("in"), StepCompleted("out", None))
    assert commands == [CompleteRun("out")]


def test_a_run_whose_branch_ends_nowhere_completes_without_output():
    drawing = "in -> cond:true -> a, cond:false -> out"
    steps = [*done("in"), StepCompleted("cond", "true"), *done("a")]
    assert after(drawing, *steps)[-1] == CompleteRun(None)


def test_a_failed_step_fails_the_run_and_gives_up_the_others():
    commands = after(DIAMOND, *done("in", "a"), StepFailed("b"))
    assert commands == [CancelStep("c"), FailRun("b")]


def test_cancelling_gives_up_what_is_under_way():
    commands = after(DIAMOND, *done("in", "a"), CancelRequested())
    assert commands == [CancelStep("b"), CancelStep("c"), CancelRun()]


@pytest.mark.parametrize("late", [*done("b"), StepFailed("b"), CancelRequested()])
def test_what_comes_after_the_end_changes_nothing(late):
    assert after(DIAMOND, *done("in", "a"), StepFailed("c"), late) == []


def test_a_step_that_ends_twice_counts_once():
    assert after(DIAMOND, *done("in", "a", "b", "b")) == []


def test_resuming_starts_what_is_not_recorded():
    _, commands = resume(shape_of(DIAMOND), done("in", "a", "b"))
    assert commands == [StartStep("c")]


def test_resuming_a_fresh_run_starts_it():
    _, commands = resume(shape_of(DIAMOND), [])
    assert commands == [StartStep("in")]
