"""What is recorded once stays, whoever records it again; and rules 3, 9, 10 and 19."""

import threading

import pytest
from django.db import connection

from flows.conductor.children import child_run_id
from flows.conductor.ending import finish_step
from flows.conductor.held import failed
from flows.conductor.rows import StepRow
from flows.models import Run, Step, Wait
from flows.services import runs
from orchestrator_site.ledger.api import Event, verify
from tests.factories.flows import make_flow, make_run
from tests.fixtures.stack import wait_until
from tests.flows.conductor.holding import part_of
from tests.flows.conductor.test_retrying import Life

pytestmark = pytest.mark.both_databases


def test_rule_3_effect_that_may_have_happened_is_detached_and_still_recorded(
    service, live_conductor
):
    run = make_run(
        "in -> once -> join -> wait2 -> out, in -> wait1 -> join",
        types={"once": "http_request"},
        configs={
            "once": {"method": "POST", "url": service.url("answers-later")},
            "wait1": {"for_s": "0.1"},
            "wait2": {"for_s": "3600"},
            "join": {"mode": "any"},
        },
    )
    once = Step.objects.filter(run=run, address="once", status="detached")
    wait_until(once.exists, "a detached step")
    assert Event.objects.filter(chain_id=run.pk, kind="step.detached").count() == 1
    service.released.set()
    wait_until(once.filter(result__isnull=False).exists, "what it gave in the end")
    assert Event.objects.filter(chain_id=run.pk, kind="step.late").count() == 1
    assert len(service.asked) == 1
    assert verify().flaws == []


def test_rule_9_every_attempt_at_a_step_has_the_same_key(store):
    retry = {"attempts": 3, "backoff_s": 0, "on": ["model_timed_out"]}
    run = make_run(runs="wait", more={"model": {"retry": retry}})
    life = Life(store)
    life.commit()
    before = life.run.key("model")
    finish_step(life.run, "model", failed("model_timed_out", "Too slow."))
    life.commit()
    assert life.run.attempt("model") == 2
    assert life.run.key("model") == before == f"{run.pk}/model"


def test_rule_10_wait_of_a_round_goes_with_the_round(live_conductor):
    run = make_run(
        "in -> head -> short -> join -> cond:true -> out, head -> wait -> join,"
        "wait -> log, cond:false ~> head",
        types={"short": "wait"},
        configs={
            "short": {"for_s": "0.1"},  # so that the first round's wait is stored
            "join": {"mode": "any"},
            "cond": {"when": "round >= 2"},
            "wait": {"for_s": "3600"},
        },
    )
    ended = Step.objects.filter(run=run, address="head:2/cond", status="completed")
    wait_until(ended.exists, "the end of the second round")
    assert list(Wait.objects.values_list("address", flat=True)) == ["head:2/wait"]
    assert Step.objects.get(run=run, address="head:1/wait").status == "cancelled"
    assert verify().flaws == []


def test_rule_19_step_starts_the_same_child_whoever_holds_the_run(store):
    make_run("in -> model -> out", runs="wait")
    first = Life(store)
    child = child_run_id(first.run, "model")
    first.die()
    assert child_run_id(Life(store).run, "model") == child


def test_a_step_is_one_row_and_stays_as_it_ended(store):
    run = make_run()
    life = Life(store)
    life.commit()
    before = list(Step.objects.filter(run=run).order_by("address").values())
    changed = part_of(run)
    for row in before:
        changed.put(_row(row)._replace(status="failed", seq=99))
    assert [landed.run_id for landed in store.commit(life.id, [changed])] == [run.pk]
    assert list(Step.objects.filter(run=run).order_by("address").values()) == before


def _row(values):
    return StepRow(**{name: values[name] for name in StepRow._fields})


def test_one_key_starts_one_run_even_at_the_same_moment(monkeypatch, transactional_db):
    flow, both = make_flow(), threading.Barrier(2)
    check = runs.check_input

    def check_together(schema, value):
        both.wait(30)  # each has looked for an earlier run, and found none
        check(schema, value)

    monkeypatch.setattr(runs, "check_input", check_together)
    started = []

    def start():
        started.append(make_run(flow=flow, key="k").pk)
        connection.close()

    threads = [threading.Thread(target=start) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(started) == 2
    assert set(started) == set(Run.objects.values_list("pk", flat=True))
    assert Run.objects.count() == 1
