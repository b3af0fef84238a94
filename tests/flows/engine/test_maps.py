"""Maps: a scope for each item, some of them at once, and what becomes of failures."""

import pytest

from flows.engine.plan import initial_state
from flows.engine.state import find_address
from tests.flows.engine.playing import Play, cancels, shape_of, skips, starts

MAP = "in -> map -> out, a -> b"
BODY = {"a": "map", "b": "map"}


def play(at_once=10, *, stops=True, drawing=MAP, parents=None, **configs):
    configs["map"] = {"at_once": at_once, "stops": stops}
    played = Play(drawing, parents=parents or BODY, configs=configs)
    played.end("in")
    return played


def test_a_map_begins_its_body_for_each_item():
    assert play().items("map", 2) == starts("map[0]/a", "map[1]/a")


def test_an_item_goes_through_the_body_on_its_own():
    played = play()
    played.items("map", 2)
    assert played.end("map[1]/a") == starts("map[1]/b")
    assert played.end("map[1]/b") == []
    assert played.active == {"map", "map[0]/a"}


def test_a_map_is_finished_when_every_item_is():
    played = play()
    played.items("map", 2)
    played.end("map[1]/a", "map[1]/b", "map[0]/a")
    assert played.end("map[0]/b") == ["finish map"]
    assert played.end("map") == starts("out")


def test_rule_14_a_map_over_nothing_is_finished():
    played = play()
    assert played.items("map", 0) == ["finish map"]
    assert played.end("map") == starts("out")


def test_items_are_begun_in_a_window():
    played = play(2)
    assert played.items("map", 4) == starts("map[0]/a", "map[1]/a")
    played.end("map[1]/a")
    assert played.end("map[1]/b") == starts("map[2]/a")
    played.end("map[2]/a")
    assert played.end("map[2]/b") == starts("map[3]/a")
    assert played.active == {"map", "map[0]/a", "map[3]/a"}


def test_a_map_learns_of_its_items_once():
    played = play()
    played.items("map", 2)
    assert played.items("map", 3) == []


def test_a_failed_item_stops_the_map():
    played = play()
    played.items("map", 3)
    played.end("map[0]/a")
    assert played.fail("map[1]/a") == [
        *skips("map[1]/b"),
        *cancels("map[0]/b", "map[2]/a"),
        *skips("map[2]/b"),
        "fail map[1]: map[1]/a",
    ]
    assert played.end("map[0]/b") == []
    assert played.fail("map") == ["fail run: map"]


def test_a_map_that_stopped_can_go_on_by_its_error_port():
    played = play(drawing="in -> map -> out, map:error -> out2, a -> b")
    played.items("map", 1)
    played.fail("map[0]/a")
    assert played.fail("map", "error") == [*skips("out"), *starts("out2")]


def test_a_failed_item_can_be_one_of_many():
    """For `skip` and `keep` alike: they differ in the output, not in what happens."""
    played = play(1, stops=False)
    played.items("map", 2)
    assert played.fail("map[0]/a") == [*skips("map[0]/b"), *starts("map[1]/a")]
    played.end("map[1]/a")
    assert played.end("map[1]/b") == ["finish map"]
    assert list(played.state.root.items["map"].failed) == [0]


def test_an_item_may_fail_by_a_loop_in_it():
    drawing = "in -> map -> out, draft -> cond -> end, cond:again ~> draft"
    parents = {"draft": "map", "cond": "map", "end": "map"}
    played = Play(drawing, parents=parents, configs={"map": {}}, rounds=1)
    played.end("in")
    played.items("map", 1)
    assert played.end("map[0]/draft:1/draft", "map[0]/draft:1/cond=again") == [
        *skips("map[0]/end"),
        "fail map[0]: map[0]/draft:1/cond loop_exhausted",
    ]


def test_an_item_goes_on_by_the_error_port_of_its_step():
    played = play(drawing="in -> map -> out, a -> b, a:error -> b")
    played.items("map", 1)
    assert played.fail("map[0]/a", "error") == starts("map[0]/b")


def test_an_item_in_which_nothing_is_left_to_do_has_ended():
    played = play(1, drawing="in -> map -> out, a:yes -> b")
    played.items("map", 2)
    assert played.end("map[0]/a=no") == [*skips("map[0]/b"), *starts("map[1]/a")]


def test_a_body_may_begin_at_several_nodes():
    played = play(1, drawing="in -> map -> out, a, b")
    played.items("map", 2)
    assert played.end("map[0]/b") == []
    assert played.end("map[0]/a") == starts("map[1]/a", "map[1]/b")


def test_a_body_of_notes_gives_an_item_nothing_to_do():
    played = Play(
        "in -> map -> out, remark",
        types={"remark": "note"},
        parents={"remark": "map"},
        configs={"map": {"at_once": 1}},
    )
    played.end("in")
    assert played.items("map", 3) == ["finish map"]


@pytest.mark.parametrize("how", ["end", "fail", "cancel"])
def test_a_map_that_ends_early_takes_its_items_with_it(how):
    """A time limit, for one."""
    played = play(1)
    played.items("map", 3)
    said = getattr(played, how)("map")
    assert "cancel map[0]/a" in said
    assert "start map[1]/a" not in said
    assert not played.active & {"map", "map[0]/a"}


NESTED = {
    "drawing": "in -> map -> out, map2 -> b, a",
    "parents": {"map2": "map", "b": "map", "a": "map2"},
}


def test_maps_nest():
    played = play(map2={"at_once": 1}, **NESTED)
    assert played.items("map", 2) == starts("map[0]/map2", "map[1]/map2")
    assert played.items("map[1]/map2", 2) == starts("map[1]/map2[0]/a")
    assert played.end("map[1]/map2[0]/a") == starts("map[1]/map2[1]/a")
    assert played.end("map[1]/map2[1]/a") == ["finish map[1]/map2"]
    assert played.end("map[1]/map2") == starts("map[1]/b")


def test_rule_14_an_inner_map_that_stops_fails_the_outer_item_only():
    played = play(stops=False, map2={}, **NESTED)
    played.items("map", 2)
    played.items("map[0]/map2", 1)
    assert played.fail("map[0]/map2[0]/a") == ["fail map[0]/map2[0]: map[0]/map2[0]/a"]
    assert played.fail("map[0]/map2") == skips("map[0]/b")
    assert played.active == {"map", "map[1]/map2"}


def test_rule_9_a_map_in_a_loop_has_addresses_of_its_own_in_each_round():
    drawing = "in -> head -> map -> cond:true -> out, cond:false ~> head, a"
    played = play(drawing=drawing, parents={"a": "map"})
    played.end("head:1/head")
    assert played.items("head:1/map", 1) == starts("head:1/map[0]/a")
    played.end("head:1/map[0]/a", "head:1/map", "head:1/cond=false", "head:2/head")
    assert played.items("head:2/map", 1) == starts("head:2/map[0]/a")


def test_rule_9_a_loop_in_a_map_counts_its_rounds_per_item():
    drawing = "in -> map -> out, draft -> cond, cond:false ~> draft"
    parents = {"draft": "map", "cond": "map"}
    played = play(drawing=drawing, parents=parents)
    played.items("map", 2)
    played.end("map[0]/draft:1/draft")
    assert played.end("map[0]/draft:1/cond=false") == starts("map[0]/draft:2/draft")
    assert played.end("map[1]/draft:1/draft", "map[1]/draft:1/cond=true") == []
    assert played.active == {"map", "map[0]/draft:2/draft"}


def test_a_run_for_one_item_runs_the_body():
    """Of a big map each item is a run of its own."""
    shape = shape_of(MAP, parents=BODY)
    state = initial_state(shape, "map")
    assert state.root.region.elements == ("a", "b")
    assert find_address(state.root, ("", "map"), "a") == "a"
    assert find_address(state.root, ("",), "in") is None


def test_what_an_item_reads_is_its_own():
    played = play()
    played.items("map", 2)
    played.end("map[1]/a")
    scope, _ = played.state.active["map[1]/b"]
    assert find_address(scope, ("", "map"), "a") == "map[1]/a"
    assert find_address(scope, ("",), "in") == "in"
    assert find_address(played.state.root, ("", "map"), "a") is None


APART = {"apart": 2, "at_once": 2}


def test_each_item_of_a_long_list_is_a_single_step():
    """It stands for a run of its own."""
    played = Play(MAP, parents=BODY, configs={"map": APART})
    played.end("in")
    assert played.items("map", 3) == starts("map[0]", "map[1]")
    assert played.end("map[1]") == starts("map[2]")
    played.end("map[0]")
    assert played.end("map[2]") == ["finish map"]


def test_an_item_that_is_a_single_step_can_fail():
    played = Play(MAP, parents=BODY, configs={"map": APART | {"stops": False}})
    played.end("in")
    played.items("map", 3)
    assert played.fail("map[0]") == starts("map[2]")
    assert list(played.state.root.items["map"].failed) == [0]


def test_giving_up_a_map_gives_up_items_that_are_single_steps():
    played = Play(MAP, parents=BODY, configs={"map": APART})
    played.end("in")
    played.items("map", 3)
    assert played.cancel("map[1]") == [*cancels("map[1]"), *starts("map[2]")]
    assert played.cancel("map")[:3] == cancels("map", "map[0]", "map[2]")


def test_a_short_list_runs_in_the_run_itself():
    played = Play(MAP, parents=BODY, configs={"map": APART})
    played.end("in")
    assert played.items("map", 2) == starts("map[0]/a", "map[1]/a")
