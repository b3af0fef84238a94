"""Items of a map that fail by a loop in them: no step of theirs has failed."""

import pytest

from flows.models import Run
from tests.flows.conductor.watching import finished, output_of

pytestmark = pytest.mark.both_databases


def mapped(mode: str) -> Run:
    return finished(
        "in -> map -> out, draft -> cond, cond:false ~> draft",
        rounds=2,
        parents={"draft": "map", "cond": "map"},
        configs={
            "map": {"items": "input.items", "on_item_error": mode, "result": "item"},
            "cond": {"when": "item != 2"},
            "out": {"values": {"all": "steps.map.items", "bad": "steps.map.failed"}},
        },
        input={"items": [1, 2, 3]},
    )


def test_the_item_at_fault_is_told_with_the_reason(live_conductor):
    output = output_of(mapped("keep"))
    assert output["all"] == [1, None, 3]
    assert [each["index"] for each in output["bad"]] == [1]
    assert output["bad"][0]["code"] == "loop_exhausted"


def test_a_map_that_stops_has_the_reason_of_its_item(live_conductor):
    run = mapped("stop")
    error = output_of(run)
    assert (run.status, error["code"]) == ("failed", "loop_exhausted")
    assert "map[1]/draft:2/cond" in error["message"]
