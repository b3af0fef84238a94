"""Items of a map that fail by a loop in them: no step of theirs has failed."""

import pytest

from flows.models import Run
from orchestrator_site.ledger.api import load
from tests.factories.flows import make_run
from tests.fixtures.stack import wait_for_end

pytestmark = pytest.mark.both_databases


def finished(mode: str) -> Run:
    run = make_run(
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
    return wait_for_end(run)


def test_the_item_at_fault_is_told_with_the_reason(live_conductor):
    output = load(bytes(finished("keep").result))
    assert output["all"] == [1, None, 3]
    assert [each["index"] for each in output["bad"]] == [1]
    assert output["bad"][0]["code"] == "loop_exhausted"


def test_a_map_that_stops_has_the_reason_of_its_item(live_conductor):
    run = finished("stop")
    error = load(bytes(run.result))
    assert (run.status, error["code"]) == ("failed", "loop_exhausted")
    assert "map[1]/draft:2/cond" in error["message"]
