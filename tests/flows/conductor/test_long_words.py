"""Words of people and of flows that come close to what a column holds, or go beyond."""

import pytest

from flows.models import Signal
from orchestrator_site.ledger.api import verify
from tests.flows.conductor.watching import finished, output_of, steps_of

pytestmark = pytest.mark.both_databases

EMIT = {"name": "paid", "key": "input.key", "data": {}}


@pytest.mark.parametrize(
    ("types", "config"),
    [
        ({"told": "emit_event"}, EMIT),
        ({"told": "wait"}, {"events": [{"name": "paid", "key": "input.key"}]}),
    ],
)
def test_a_key_that_is_too_long_fails_its_step(live_conductor, types, config):
    run = finished(
        "in -> told -> out",
        types=types,
        configs={"told": config},
        input={"key": "k" * 201},
    )
    assert (run.status, output_of(run)["code"]) == ("failed", "event_key_too_long")
    assert steps_of(run)["told"] == "failed"


def test_an_event_sent_from_deep_inside_has_an_id_that_fits(live_conductor):
    maps = [f"map_{letter * 36}" for letter in "abcd"]
    run = finished(
        f"in -> {maps[0]} -> out, {maps[1]}, {maps[2]}, {maps[3]}, told",
        types={"told": "emit_event"},
        parents=dict(zip([*maps[1:], "told"], maps, strict=True)),
        configs={**{each: {"items": "[1, 2]"} for each in maps}, "told": EMIT},
        input={"key": "k" * 200},
    )
    assert run.status == "completed", output_of(run)
    ids = set(Signal.objects.values_list("message_id", flat=True))
    assert len(ids) == 16
    assert all(each.startswith(str(run.pk)) for each in ids)


def test_a_switch_may_leave_by_all_its_ports(live_conductor):
    ports = [f"way_{number:02}_{'x' * 33}" for number in range(50)]
    cases = [{"port": port, "when": "true"} for port in ports]
    run = finished(
        f"in -> switch:{ports[0]} -> out",
        configs={"switch": {"mode": "all", "cases": cases}},
    )
    assert run.status == "completed", output_of(run)
    assert run.steps.get(address="switch").port == ",".join(ports)
    assert verify().flaws == []
