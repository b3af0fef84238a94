"""Long maps whose items are one step each, whatever happens in them."""

import pytest

from tests.flows.engine.playing import Play, cancels, starts

BODY = {"a": "map", "b": "map"}


def play(*, at_once=2, stops=True, count=4):
    settings = {"at_once": at_once, "stops": stops, "apart": 3}
    played = Play("in -> map -> out, a -> b", parents=BODY, configs={"map": settings})
    played.end("in")
    played.said = played.items("map", count)
    return played


def test_each_item_of_a_long_list_is_one_step():
    assert play().said == starts("map[0]", "map[1]")


def test_the_items_of_a_short_list_go_through_the_body():
    assert play(count=3).said == starts("map[0]/a", "map[1]/a")


def test_the_next_item_begins_when_one_has_ended():
    played = play()
    assert played.end("map[1]") == starts("map[2]")
    assert played.end("map[2]") == starts("map[3]")
    assert played.end("map[0]", "map[3]") == ["finish map"]


def test_a_failed_item_stops_the_map_and_gives_up_the_others():
    played = play()
    assert played.fail("map[0]") == [*cancels("map[1]"), "fail map[0]: map[0]"]


def test_a_failed_item_can_be_one_of_many():
    assert play(stops=False).fail("map[0]") == starts("map[2]")


@pytest.mark.parametrize("given_up", ["map[0]", "map"])
def test_an_item_or_the_whole_map_can_be_given_up(given_up):
    played = play()
    said = played.cancel(given_up)
    if given_up == "map":
        assert set(said) >= set(cancels("map", "map[0]", "map[1]"))
    else:
        assert said == [*cancels("map[0]"), *starts("map[2]")]


def test_resuming_goes_on_with_the_items_that_have_not_ended():
    played = play()
    played.end("map[0]")
    assert played.resumed(map=4) == starts("map[1]", "map[2]")
