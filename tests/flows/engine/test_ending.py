"""Failing, giving up, running out of time, and going on in another process."""

import pytest

from flows.engine import propagation
from flows.engine.events import CancelRequested, DeadlinePassed, StepCompleted
from tests.flows.engine.playing import Play, cancels, skips, starts

DIAMOND = "in -> a -> b -> join -> out, a -> c -> join"
DRAFT = "in -> draft -> cond:true -> out, cond:false ~> draft"
MAP = "in -> map -> out, a -> b"
BODY = {"a": "map", "b": "map"}


def diamond():
    play = Play(DIAMOND)
    play.end("in", "a")
    return play


def mapped(count, **config):
    play = Play(MAP, parents=BODY, configs={"map": config})
    play.end("in")
    play.items("map", count)
    return play


def test_a_failed_step_fails_the_run_and_gives_up_the_others():
    assert diamond().fail("b") == [*cancels("c"), "fail run: b"]


def test_rule_5_a_failed_step_goes_on_by_its_error_port():
    play = Play("in -> a -> out, a:error -> out2")
    play.end("in")
    assert play.fail("a", "error") == [*skips("out"), *starts("out2")]


def test_cancelling_gives_up_what_is_under_way():
    said = diamond().send(CancelRequested())
    assert said == [*cancels("b", "c"), "cancel run"]


def test_a_deadline_fails_the_run_by_name():
    said = diamond().send(DeadlinePassed())
    assert said == [*cancels("b", "c"), "fail run: run_deadline_passed"]


@pytest.mark.parametrize(
    "late", [StepCompleted("b", "out"), CancelRequested(), DeadlinePassed()]
)
def test_what_comes_after_the_end_changes_nothing(late):
    play = diamond()
    play.fail("c")
    assert play.send(late) == []


def test_rule_5_a_step_that_is_given_up_leaves_by_no_port():
    play = diamond()
    assert play.cancel("b") == cancels("b")
    assert play.end("c") == starts("join")


def test_giving_up_what_has_ended_changes_nothing():
    assert diamond().cancel("a") == []


def test_giving_up_a_round_gives_up_all_that_it_would_begin():
    drawing = "in -> h -> a -> j -> b -> cond:ok -> out, h -> c -> j, cond:no ~> h"
    play = Play(drawing)
    play.end("in", "h:1/h", "h:1/a")
    said = play.cancel("h:1")
    assert said[0] == "cancel h:1/c"
    assert {"cancel h:1/j", "skip h:1/b", "skip h:1/cond"} <= set(said)
    assert said[-1] == "complete None"


def test_giving_up_an_item_lets_the_next_one_begin():
    play = mapped(2, at_once=1)
    assert play.cancel("map[0]") == [
        *cancels("map[0]/a"),
        *skips("map[0]/b"),
        *starts("map[1]/a"),
    ]


def test_giving_up_a_map_lets_no_other_item_begin():
    play = mapped(3, at_once=1)
    assert play.cancel("map") == [
        *cancels("map", "map[0]/a"),
        *skips("map[0]/b", "out"),
        "complete None",
    ]


def test_giving_up_an_item_does_not_touch_one_whose_number_begins_alike():
    play = mapped(11, at_once=11)
    play.cancel("map[1]")
    assert "map[10]/a" in play.active
    assert "map[1]/a" not in play.active


def test_giving_up_a_loop_gives_up_the_round_it_would_begin():
    drawing = "in -> h -> cond -> out, h -> cond2 -> out2, cond:no ~> h, cond2:no ~> h"
    play = Play(drawing)
    play.end("in", "h:1/h", "h:1/cond=no")
    said = play.cancel("h")
    assert "cancel h:1/cond2" in said
    assert "cancel h:2/h" in said
    assert said[-1] == "complete None"


def test_two_loops_in_one_item_fail_it_once():
    """Each asks for a round too many while the other's last step is given up."""
    body = "h -> a:no ~> h, h -> b:no ~> h, k -> c:no ~> k, k -> d:no ~> k"
    nodes = dict.fromkeys("habkcd", "map")
    play = Play(
        f"in -> map -> out, {body}",
        parents=nodes,
        configs={"map": {"stops": False}},
        rounds=1,
    )
    play.end("in")
    play.items("map", 2)
    play.end("map[0]/h:1/h", "map[0]/k:1/k", "map[0]/h:1/a=no", "map[0]/k:1/c=no")
    said = play.cancel("map[0]")
    assert "finish map" not in said
    assert play.state.root.items["map"].ended == 1
    assert not [each for each in play.active if each.startswith("map[0]")]


def test_rule_13_a_run_of_too_many_steps_ends(monkeypatch):
    monkeypatch.setattr(propagation, "MAX_STEPS", 4)
    play = Play(DRAFT, rounds=9)
    play.end("in", "draft:1/draft", "draft:1/cond=false")
    assert play.end("draft:2/draft")[-1] == "fail run: run_too_long"
    assert play.active == set()


def test_resuming_a_fresh_run_starts_it():
    assert Play(DIAMOND).resumed() == starts("in")


def test_resuming_starts_what_is_not_recorded():
    play = diamond()
    play.end("b")
    assert play.resumed() == starts("c")


def test_resuming_goes_on_in_the_round_it_was_in():
    play = Play(DRAFT)
    play.end("in", "draft:1/draft", "draft:1/cond=false")
    assert play.resumed() == starts("draft:2/draft")
    assert play.end("draft:2/draft") == starts("draft:2/cond")


def test_resuming_goes_on_with_the_items_that_have_not_ended():
    play = mapped(3, at_once=2)
    play.end("map[0]/a", "map[0]/b")
    assert play.resumed(map=3) == starts("map[1]/a", "map[2]/a")


def test_resuming_finishes_a_map_whose_items_have_ended():
    play = mapped(1)
    play.end("map[0]/a", "map[0]/b")
    assert play.resumed(map=1) == ["finish map"]


def test_resuming_fails_a_map_that_has_stopped():
    play = mapped(2)
    play.fail("map[0]/a")
    assert play.resumed(map=2) == ["fail map[0]: map[0]/a"]


def test_resuming_asks_a_map_for_its_items_if_none_are_recorded():
    play = Play(MAP, parents=BODY)
    play.end("in")
    assert play.resumed() == starts("map")


def test_resuming_counts_the_steps_of_maps_that_have_ended():
    play = mapped(2)
    for index in (0, 1):
        play.end(f"map[{index}]/a", f"map[{index}]/b")
    play.end("map")
    before = play.state.steps
    play.resumed()
    assert play.state.steps == before
