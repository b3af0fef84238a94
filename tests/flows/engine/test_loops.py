"""Loops: rounds, what leaves them, what they leave behind."""

import pytest

from flows.engine.state import find_address
from tests.flows.engine.playing import Play, cancels, skips, starts

DRAFT = "in -> draft -> cond:true -> out, cond:false ~> draft"
TWO_TAILS = (
    "in -> head -> cond -> join -> out, head -> cond2 -> join,"
    "cond:again ~> head, cond2:again ~> head"
)
NESTED = "in -> a -> b -> cond:ok -> cond2:ok -> out, cond:again ~> b, cond2:again ~> a"


def test_a_feedback_edge_that_is_taken_begins_another_round():
    assert Play(DRAFT).end("in", "draft:1/draft", "draft:1/cond=false") == starts(
        "draft:2/draft"
    )


def test_a_round_that_asks_for_no_other_ends_the_loop():
    play = Play(DRAFT)
    play.end("in", "draft:1/draft", "draft:1/cond=false", "draft:2/draft")
    assert play.end("draft:2/cond=true") == starts("out")


def test_a_node_can_feed_back_to_itself():
    play = Play("in -> cond:true -> out, cond:false ~> cond")
    assert play.end("in", "cond:1/cond=false") == starts("cond:2/cond")
    assert play.end("cond:2/cond=true") == starts("out")


def test_rule_6_ways_out_of_a_loop_are_taken_once_when_it_settles():
    play = Play(f"{DRAFT}, draft -> log")
    assert play.end("in", "draft:1/draft") == starts("draft:1/cond")
    assert play.end("draft:1/cond=false") == starts("draft:2/draft")
    play.end("draft:2/draft")
    assert set(play.end("draft:2/cond=true")) == {*starts("log", "out")}


def test_rule_6_the_last_round_decides_which_ways_out_are_taken():
    play = Play(f"{DRAFT}, draft:bad -> log")
    play.end("in", "draft:1/draft=bad,out", "draft:1/cond=false", "draft:2/draft")
    assert play.end("draft:2/cond=true") == [*skips("log"), *starts("out")]


def test_a_loop_that_is_never_reached_is_skipped_with_its_body():
    play = Play(f"in -> cond3:true -> out2, cond3:false -> first, first -> {DRAFT[6:]}")
    said = play.end("in", "cond3=true")
    assert "skip draft:1/draft" in said
    assert "skip draft:1/cond" in said
    assert "skip out" in said


def test_rule_7_a_loop_with_several_tails_waits_for_all_of_them():
    play = Play(TWO_TAILS)
    assert play.end("in", "head:1/head", "head:1/cond=again") == []
    assert play.active == {"head:1/cond2"}
    assert play.end("head:1/cond2=out") == starts("head:2/head")


def test_rule_7_several_tails_that_ask_begin_one_round():
    play = Play(TWO_TAILS)
    play.end("in", "head:1/head", "head:1/cond=again")
    assert play.end("head:1/cond2=again") == starts("head:2/head")
    assert sorted(play.state.root.rounds["head"][0].fed.values()) == [
        "head:1/cond",
        "head:1/cond2",
    ]


def test_rule_7_a_loop_with_several_tails_counts_its_rounds_once():
    play = Play(TWO_TAILS, rounds=2)
    for number in (1, 2):
        play.end(f"head:{number}/head") if number > 1 else play.end("in", "head:1/head")
        play.end(f"head:{number}/cond=again", f"head:{number}/cond2=out")
    assert play.said == ["fail run: head:2/cond loop_exhausted"]


def test_joins_start_afresh_in_every_round():
    drawing = "in -> head -> a -> join -> cond:true -> out, head -> b -> join, cond:no ~> head"
    play = Play(drawing)
    play.end("in", "head:1/head", "head:1/a", "head:1/b", "head:1/join")
    play.end("head:1/cond=no", "head:2/head")
    assert play.end("head:2/a") == []
    assert play.end("head:2/b") == starts("head:2/join")


def test_rule_12_feedback_takes_no_part_in_the_join_at_the_head():
    drawing = "in -> a -> head, in -> b -> head -> cond:true -> out, cond:false ~> head"
    play = Play(drawing)
    assert play.end("in", "a") == []
    assert play.end("b") == starts("head:1/head")
    assert play.end("head:1/head", "head:1/cond=false") == starts("head:2/head")


def test_a_head_that_waits_for_any_starts_with_the_first():
    drawing = "in -> a -> join, in -> b -> join -> cond:true -> out, cond:no ~> join"
    play = Play(drawing, configs={"join": {"mode": "any"}})
    assert play.end("in", "a") == [*cancels("b"), *starts("join:1/join")]
    play.end("join:1/join")
    assert play.end("join:1/cond=no") == starts("join:2/join")


def test_rule_12_exhausted_rounds_go_on_by_their_port():
    play = Play(f"{DRAFT}, cond:exhausted -> out2", rounds=2)
    play.end("in", "draft:1/draft", "draft:1/cond=false", "draft:2/draft")
    assert play.end("draft:2/cond=false") == [*skips("out"), *starts("out2")]


def test_a_loop_that_ends_well_leaves_exhausted_untaken():
    play = Play(f"{DRAFT}, cond:exhausted -> out2", rounds=2)
    play.end("in", "draft:1/draft")
    assert play.end("draft:1/cond=true") == [*skips("out2"), *starts("out")]


def test_rule_12_exhausted_rounds_without_a_way_on_fail_the_run():
    play = Play(DRAFT, rounds=1)
    said = play.end("in", "draft:1/draft", "draft:1/cond=false")
    assert said == ["fail run: draft:1/cond loop_exhausted"]


@pytest.mark.parametrize("asked", ["again", "ok"])
def test_rule_8_nested_loops_have_counters_of_their_own(asked):
    play = Play(NESTED)
    play.end("in", "a:1/a", "a:1/b:1/b", "a:1/b:1/cond=again", "a:1/b:2/b")
    assert play.end("a:1/b:2/cond=ok") == starts("a:1/cond2")
    assert play.end("a:1/cond2=again") == starts("a:2/a")
    assert play.end("a:2/a") == starts("a:2/b:1/b")
    play.end("a:2/b:1/b", f"a:2/b:1/cond={asked}")
    assert play.said == starts("a:2/b:2/b" if asked == "again" else "a:2/cond2")


def test_an_inner_node_can_ask_for_a_round_of_the_outer_loop():
    drawing = "in -> a -> b -> c -> cond:ok -> out, c:again ~> b, cond:again ~> b, b:redo ~> a"
    play = Play(drawing)
    play.end("in", "a:1/a", "a:1/b:1/b=redo,out", "a:1/b:1/c")
    assert play.end("a:1/b:1/cond=ok") == starts("a:2/a")


def test_a_way_out_of_two_loops_waits_for_the_outer_one():
    play = Play(f"{NESTED}, b -> log")
    play.end("in", "a:1/a", "a:1/b:1/b")
    assert play.end("a:1/b:1/cond=ok") == starts("a:1/cond2")
    assert set(play.end("a:1/cond2=ok")) == {*starts("log", "out")}


def test_an_inner_loop_that_never_runs_does_not_decide_for_the_outer_one():
    """b feeds both back and on when the outer loop is exhausted; c never gets that far."""
    drawing = (
        "in -> a -> b -> c -> out, c:more ~> b, b:again ~> a, a:again ~> a,"
        "b:exhausted -> late, a:exhausted -> late"
    )
    play = Play(drawing, rounds=1)
    said = play.end("in", "a:1/a=again")
    assert said == [*skips("a:1/b:1/b", "a:1/b:1/c", "out"), *starts("late")]


def test_rule_10_a_round_that_ends_withdraws_what_is_still_under_way():
    """The slow branch writes a log too, so the join does not cancel it."""
    drawing = (
        "in -> head -> a -> join -> cond:true -> out, cond:false ~> head,"
        "head -> slow -> late -> join, late -> log"
    )
    play = Play(drawing, configs={"join": {"mode": "any"}})
    play.end("in", "head:1/head", "head:1/a", "head:1/join")
    assert play.end("head:1/cond=false") == [
        *cancels("head:1/slow"),
        *skips("head:1/late"),
        *starts("head:2/head"),
    ]
    assert play.end("head:1/slow") == []


def test_a_loop_that_settles_waits_for_what_is_still_under_way():
    drawing = (
        "in -> head -> a -> join -> cond:true -> out, cond:false ~> head,"
        "head -> slow -> join, slow -> log"
    )
    play = Play(drawing, configs={"join": {"mode": "any"}})
    play.end("in", "head:1/head", "head:1/a", "head:1/join")
    assert play.end("head:1/cond=true") == []
    assert set(play.end("head:1/slow")) == {*starts("log", "out")}


def test_what_a_round_would_begin_as_it_ends_is_skipped():
    drawing = (
        "in -> head -> t:again ~> head, t:again -> e -> join -> t2 -> out,"
        "head -> x -> join, t2:again ~> head, e -> log"
    )
    play = Play(drawing, configs={"join": {"mode": "any"}})
    play.end("in", "head:1/head", "head:1/x", "head:1/join", "head:1/t2")
    assert play.end("head:1/t=again") == [
        *skips("head:1/e"),
        *starts("head:2/head"),
    ]


def test_rule_11_a_loop_shows_this_round_inside_and_the_last_outside():
    play = Play(DRAFT)
    play.end("in", "draft:1/draft", "draft:1/cond=false", "draft:2/draft")
    scope, _ = play.state.active["draft:2/cond"]
    assert find_address(scope, ("", "draft"), "draft") == "draft:2/draft"
    play.end("draft:2/cond=true")
    scope, _ = play.state.active["out"]
    assert find_address(scope, ("", "draft"), "draft") == "draft:2/draft"
    assert find_address(scope, ("",), "in") == "in"


def test_earlier_rounds_are_kept():
    play = Play(DRAFT)
    play.end("in", "draft:1/draft", "draft:1/cond=false", "draft:2/draft")
    rounds = play.state.root.rounds["draft"]
    assert [each.path for each in rounds] == ["draft:1/", "draft:2/"]
    assert list(rounds[0].fed.values()) == ["draft:1/cond"]
