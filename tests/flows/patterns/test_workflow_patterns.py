"""The twenty original workflow patterns; docs/workflow-patterns.md has their graphs.

Source: van der Aalst et al., "Workflow Patterns", Distributed and Parallel Databases 14
(2003).
"""

import pytest

from flows.errors import GraphInvalid
from flows.models import Run, Wait
from flows.services.signals import Event, signal_run
from flows.services.steering import request_cancel, request_cancel_step
from tests.factories.accounts import make_workspace
from tests.factories.flows import make_flow, make_run
from tests.fixtures.stack import wait_for_end, wait_until
from tests.flows.conductor.watching import (
    finished,
    output_of,
    steps_of,
    wait_for_status,
)
from tests.flows.patterns.pages import drawing_of

pytestmark = pytest.mark.both_databases

ACTOR = "user:test"
SHORTLY, LONG = {"for_s": "0.2"}, {"for_s": "3600"}


@pytest.fixture
def drawing(request):
    return drawing_of(request.node.originalname)


def by_status(run, status) -> set[str]:
    return {address for address, found in steps_of(run).items() if found == status}


def chosen(*ports: str) -> dict[str, object]:
    """A switch that goes by what the list `ports` of the input names."""
    cases = [{"port": port, "when": f"'{port}' in input.ports"} for port in ports]
    return {"mode": "all", "cases": cases}


def by_item(*ports: str) -> dict[str, object]:
    """A switch in a map whose items are ports."""
    return {"cases": [{"port": port, "when": f"item == '{port}'"} for port in ports]}


def test_sequence(live_conductor, drawing):
    run = finished(
        drawing,
        configs={
            "a": {"values": {"n": "input.n + 1"}},
            "b": {"values": {"n": "steps.a.n * 2"}},
            "out": {"values": {"n": "steps.b.n"}},
        },
        input={"n": 4},
    )
    assert list(steps_of(run)) == ["in", "a", "b", "out"]
    assert output_of(run) == {"n": 10}


def test_parallel_split(live_conductor, drawing):
    run = make_run(drawing, configs={"wait_a": LONG, "wait_b": LONG})
    wait_for_status(run, "waiting")
    waits = Wait.objects.filter(run=run)
    assert set(waits.values_list("address", flat=True)) == {"wait_a", "wait_b"}
    assert by_status(run, "completed") == {"in", "out"}


def test_synchronization(live_conductor, drawing):
    run = finished(drawing, configs={"out": {"values": {"who": "steps.join.arrived"}}})
    assert sorted(output_of(run)["who"]) == ["a", "b"]


def test_exclusive_choice(live_conductor, drawing):
    cases = [
        {"port": "low", "when": "input.n < 3"},
        {"port": "high", "when": "input.n < 9"},
    ]
    run = finished(drawing, configs={"switch": {"cases": cases}}, input={"n": 2})
    assert by_status(run, "completed") == {"in", "switch", "a", "out"}
    assert by_status(run, "skipped") == {"b", "c"}


def test_simple_merge(live_conductor, drawing):
    run = finished(drawing, configs={"cond": {"when": "false"}})
    assert by_status(run, "completed") == {"in", "cond", "b", "c", "out"}


def test_multi_choice(live_conductor, drawing):
    configs = {"switch": chosen("mail", "sms", "letter")}
    run = finished(drawing, configs=configs, input={"ports": ["mail", "letter"]})
    assert by_status(run, "completed") >= {"mail", "letter"}
    assert by_status(run, "skipped") == {"sms"}


def test_synchronizing_merge(live_conductor, drawing):
    configs = {
        "switch": chosen("mail", "sms", "letter"),
        "out": {"values": {"who": "steps.join.arrived"}},
    }
    run = finished(drawing, configs=configs, input={"ports": ["sms", "letter"]})
    assert sorted(output_of(run)["who"]) == ["letter", "sms"]


def test_multi_merge(live_conductor, drawing):
    run = finished(
        drawing, configs={"switch": by_item("a", "b")}, input={"items": ["a", "b", "a"]}
    )
    assert by_status(run, "completed") >= {f"map[{index}]/d" for index in range(3)}
    assert by_status(run, "skipped") == {"map[0]/b", "map[1]/a", "map[2]/b"}


def test_discriminator(live_conductor, drawing):
    run = finished(
        drawing,
        configs={
            "join": {"mode": "any"},
            "wait": LONG,
            "out": {"values": {"who": "steps.join.arrived"}},
        },
    )
    assert output_of(run) == {"who": ["a"]}
    assert by_status(run, "cancelled") == {"wait"}
    assert by_status(run, "completed") >= {"c", "d", "log", "b"}


def test_arbitrary_cycles_are_refused(db, drawing):
    with pytest.raises(GraphInvalid) as refused:
        make_flow(drawing)
    codes = {problem.code for problem in refused.value.problems}
    assert codes == {"feedback_not_dominated"}


def test_implicit_termination(live_conductor, drawing):
    run = finished(drawing, configs={"wait": SHORTLY})
    assert list(steps_of(run))[-1] == "b"
    assert run.status == "completed"


def test_instances_without_synchronization(live_conductor, drawing):
    run = finished(drawing, configs={"wait": SHORTLY}, input={"items": [1, 2, 3]})
    order = list(steps_of(run))
    for index in range(3):
        assert order.index("out") < order.index(f"map[{index}]/notify")
    assert run.status == "completed"


def doubled(items: str) -> dict[str, dict[str, object]]:
    return {
        "map": {"items": items, "result": "steps.a.n"},
        "a": {"values": {"n": "item * 2"}},
        "out": {"values": {"all": "steps.map.items"}},
    }


def test_instances_known_when_drawn(live_conductor, drawing):
    run = finished(drawing, configs=doubled("[1, 2, 3]"))
    assert output_of(run) == {"all": [2, 4, 6]}


def test_instances_known_when_run(live_conductor, drawing):
    configs = doubled("steps.count.items")
    configs["count"] = {"values": {"items": "input.items.filter(n, n > 1)"}}
    run = finished(drawing, configs=configs, input={"items": [1, 2, 3, 4]})
    assert output_of(run) == {"all": [4, 6, 8]}


def test_instances_known_by_nobody(live_conductor, drawing):
    flow = make_flow(
        drawing,
        workspace=make_workspace(),
        types={"sub": "subflow"},
        configs={
            "cond": {"when": "input.left > 0"},
            "sub": {"flow": "again", "version": 1, "input": {"left": "input.left - 1"}},
            "out": {"values": {"n": "has(steps.sub) ? steps.sub.n + 1 : 1"}},
        },
    )
    flow.slug = "again"
    flow.save()
    run = wait_for_end(make_run(flow=flow, input={"left": 2}))
    assert output_of(run) == {"n": 3}
    assert Run.objects.filter(flow=flow, status="completed").count() == 3


def awaited(*names: str, **more: str) -> dict[str, object]:
    events = [{"name": name, "key": "''", "port": name} for name in names]
    return {"events": events, **more}


def test_deferred_choice(live_conductor, drawing):
    run = make_run(drawing, configs={"wait": awaited("paid", "withdrawn", **LONG)})
    wait_for_status(run, "waiting")
    signal_run(run, Event(name="withdrawn"), actor=ACTOR)
    wait_for_end(run)
    assert by_status(run, "completed") == {"in", "wait", "b", "out"}
    assert by_status(run, "skipped") == {"a", "c"}


def test_interleaved_parallel_routing(live_conductor, drawing):
    configs = {"map": {"items": "input.items", "concurrency": 1}}
    configs["switch"] = by_item("a", "b", "c")
    run = finished(drawing, configs=configs, input={"items": ["c", "a", "b"]})
    done = [each for each in steps_of(run) if each in by_status(run, "completed")]
    activities = [each for each in done if each[-2:] in ("/a", "/b", "/c")]
    assert activities == ["map[0]/c", "map[1]/a", "map[2]/b"]


def test_milestone(live_conductor, drawing):
    run = make_run(drawing, configs={"wait": awaited("asked", "closed")})
    for round_ in (1, 2):
        waits = Wait.objects.filter(run=run, address=f"wait:{round_}/wait")
        wait_until(waits.exists, f"the milestone, round {round_}")
        signal_run(run, Event(name="asked"), actor=ACTOR)
    wait_until(Wait.objects.filter(run=run, address="wait:3/wait").exists)
    signal_run(run, Event(name="closed"), actor=ACTOR)
    wait_for_end(run)
    assert by_status(run, "skipped") == {"wait:3/b"}
    assert by_status(run, "completed") >= {"wait:1/b", "wait:2/b", "c", "out"}


def test_cancel_activity(live_conductor, drawing):
    run = make_run(drawing, configs={"wait": LONG})
    wait_for_status(run, "waiting")
    request_cancel_step(run, "wait", actor=ACTOR)
    wait_for_end(run)
    assert steps_of(run) == {
        "in": "completed",
        "b": "completed",
        "wait": "cancelled",
        "a": "skipped",
        "join": "completed",
        "out": "completed",
    }


def test_cancel_case(live_conductor, drawing):
    run = make_run(drawing, configs={"wait_a": LONG, "wait_b": LONG})
    wait_for_status(run, "waiting")
    request_cancel(run, actor=ACTOR)
    run = wait_for_end(run)
    assert run.status == "cancelled"
    assert by_status(run, "cancelled") == {"wait_a", "wait_b"}
