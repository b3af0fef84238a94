"""Joins: when they start, what they cancel then, and when they cannot start any more."""

import pytest

from tests.flows.engine.playing import Play, cancels, skips, starts

ANY = {"join": {"mode": "any"}}
TWO = {"join": {"mode": "n_of_m", "count": 2}}
THREE_WAYS = "in -> a -> join -> out, in -> b -> join, in -> c -> join"
CHOSEN = (
    "in -> switch:x -> a -> join -> out, switch:y -> b -> join, switch:z -> c -> join"
)


def play(drawing, configs, *ended):
    played = Play(drawing, configs=configs)
    played.end(*ended)
    return played


def test_rule_1_any_starts_with_the_first_and_cancels_the_rest():
    said = play(THREE_WAYS, ANY, "in").end("b")
    assert said == [*cancels("a", "c"), *starts("join")]


def test_any_takes_no_notice_of_what_is_dead():
    assert play(CHOSEN, ANY, "in", "switch=x").end("a") == starts("join")


def test_rule_1_any_dies_when_all_its_ways_are_dead():
    said = play(CHOSEN, ANY, "in").end("switch=otherwise")
    assert said == [*skips("a", "b", "c", "join", "out"), "complete None"]


def test_rule_1_n_of_m_starts_with_the_nth():
    played = play(THREE_WAYS, TWO, "in")
    assert played.end("a") == []
    assert played.end("c") == [*cancels("b"), *starts("join")]


def test_n_of_m_is_met_by_the_chosen_ones():
    played = play(CHOSEN, TWO, "in", "switch=x,z")
    assert played.end("a") == []
    assert played.end("c") == starts("join")


def test_rule_4_a_join_too_few_reach_starts_to_say_so():
    """By `unmet`, or failing: what its branches did does not silently vanish."""
    assert play(CHOSEN, TWO, "in", "switch=x").end("a") == starts("join")


@pytest.mark.parametrize("order", [["a", "b", "c"], ["c", "a", "b"], ["a", "c", "b"]])
def test_rule_4_whether_a_join_is_unmet_does_not_depend_on_the_order(order):
    drawing = "in -> a:x -> join -> out, in -> b:x -> join, in -> c:x -> join"
    played = play(drawing, TWO, "in")
    ports = {"a": "loose", "b": "loose", "c": "x"}
    said = [played.end(f"{each}={ports[each]}") for each in order]
    assert "start join" in sum(said, [])
    assert "join" in played.active


def test_an_unmet_join_cancels_nothing():
    drawing = f"{THREE_WAYS}, in -> d -> join"
    played = play(drawing, {"join": {"mode": "n_of_m", "count": 4}}, "in", "a")
    played.cancel("b")
    assert played.active == {"join", "c", "d"}


def test_rule_2_what_has_a_way_out_elsewhere_is_not_cancelled():
    """b also writes a log, which would never be written."""
    drawing = "in -> a -> join -> out, in -> b -> join, b -> log"
    played = play(drawing, ANY, "in")
    assert played.end("a") == starts("join")
    assert played.end("b") == starts("log")


def test_rule_2_what_leads_to_the_join_by_detours_is_cancelled():
    drawing = "in -> a -> join -> out, in -> b -> c -> d -> join, c -> e -> d"
    said = play(drawing, ANY, "in").end("a")
    assert said == [*cancels("b"), *skips("c", "d", "e"), *starts("join")]


def test_what_leads_nowhere_is_there_for_its_own_sake():
    drawing = "in -> a -> join -> out, in -> b -> join, in -> log"
    played = play(drawing, ANY, "in")
    assert played.end("a") == [*cancels("b"), *starts("join")]
    assert played.active == {"log", "join"}


def test_rule_3_what_a_join_cancels_may_end_late_without_effect():
    played = play(THREE_WAYS, ANY, "in", "a")
    assert played.end("b") == []
    assert played.active == {"join"}


def test_a_map_that_is_no_longer_needed_goes_with_its_items():
    drawing = "in -> a -> join -> out, in -> map -> join, x"
    played = Play(drawing, configs=ANY | {"map": {}}, parents={"x": "map"})
    played.end("in")
    played.items("map", 2)
    assert played.end("a") == [
        *cancels("map", "map[0]/x", "map[1]/x"),
        *starts("join"),
    ]


def test_a_loop_that_is_no_longer_needed_goes_with_its_round():
    drawing = "in -> a -> join -> out, in -> b -> cond:true -> join, cond:false ~> b"
    played = play(drawing, ANY, "in", "b:1/b", "b:1/cond=false")
    assert played.end("a") == [
        *cancels("b:2/b"),
        *skips("b:2/cond"),
        *starts("join"),
    ]


def test_nothing_begins_only_to_be_cancelled():
    """One event both reaches the join and could start what the join does not need."""
    drawing = "in -> a -> b -> join -> out, a -> join"
    assert play(drawing, ANY, "in").end("a") == [*skips("b"), *starts("join")]


@pytest.mark.parametrize("first", ["a -> b, a -> join", "a -> join, a -> b"])
def test_the_order_of_the_edges_does_not_matter(first):
    played = play(f"in -> a, {first}, b -> join -> out", ANY, "in", "a")
    assert played.active == {"join"}


def test_joins_met_by_one_event_decide_on_what_was_before():
    """`early` gives up c, `late` gives up early; a leads to all three, and goes too."""
    drawing = (
        "in -> x -> early -> late -> out, x -> late,"
        "in -> a -> c -> early, a -> early, a -> late"
    )
    played = Play(
        drawing,
        types={"early": "join", "late": "join"},
        configs={"early": {"mode": "any"}, "late": {"mode": "any"}},
    )
    played.end("in")
    said = {*skips("early", "c"), *cancels("a"), *starts("late")}
    assert set(played.end("x")) == said
