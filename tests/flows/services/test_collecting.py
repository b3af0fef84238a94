"""Evaluation cases out of runs that really ran, and were really decided."""

import pytest
from django.core.management import CommandError, call_command

from approvals.api import Reason
from flows.services import collecting
from flows.services.collecting import collect, found_cases
from model_registry.api import EvaluationSet, SetTerms, get_model
from model_registry.errors import SetRefused
from model_registry.evaluations.selectors import get_set
from model_registry.services.ordering import order_evaluation
from tests.factories.flows import make_flow, make_run
from tests.fixtures.stack import wait_for_end, wait_until
from tests.flows.api.clients import make_client
from tests.flows.services.asking import CONFIGS, answer, asking_flow, parked

pytestmark = pytest.mark.both_databases
ACTOR = "user:1"
SEEN = SetTerms(name="seen", source=EvaluationSet.Source.RUNS)


def cases(found):
    return list(found.cases.order_by("number").values_list("input", "expected"))


def test_runs_give_what_was_asked_and_what_was_said(live_conductor):
    configs = {key: CONFIGS[key] for key in ("model", "out")}
    flow = make_flow(configs=configs)
    runs = [make_run(flow=flow, input={"text": text}) for text in ("a", "b" * 9000)]
    ids = [wait_for_end(run).pk for run in runs]
    model = get_model(flow.workspace, "echo")
    source = EvaluationSet.Source.RUNS
    terms = SetTerms(name="seen", source=source, data_class="internal")
    made = collect(model, ids, terms, actor=ACTOR)
    asked = [{"text": text, "kind": "reply"} for text in ("a", "b" * 9000)]
    assert cases(made) == [(each, each) for each in asked]
    assert (made.source, made.data_class) == ("runs", "internal")


def test_decisions_give_the_text_as_it_was_approved(live_conductor):
    flow = asking_flow()
    edited, kept, refused = (parked(flow, text) for text in ("one", "two", "three"))
    answer(edited, fields={"answer": "ONE"})
    answer(kept)
    answer(refused, outcome="rejected", reason=Reason("other", "No."))
    model = get_model(flow.workspace, "echo")
    terms = SetTerms(name="decided", source=EvaluationSet.Source.DECISIONS)
    ids = [run.pk for run in (edited, kept, refused)]
    made = collect(model, ids, terms, actor=ACTOR)
    assert cases(made) == [
        ({"text": "one", "kind": "reply"}, {"text": "ONE"}),
        ({"text": "two", "kind": "reply"}, {"text": "two"}),
    ]


def test_runs_of_other_workspaces_give_nothing(live_conductor):
    run = wait_for_end(
        make_run(
            configs={key: CONFIGS[key] for key in ("model", "out")}, input={"text": "a"}
        )
    )
    other = make_flow()
    model = get_model(other.workspace, "echo")
    with pytest.raises(SetRefused, match="no case"):
        collect(model, [run.pk], SEEN, actor=ACTOR)


@pytest.mark.parametrize("source", EvaluationSet.Source.values[1:])
def test_many_runs_are_read_in_as_many_queries_as_few(
    live_conductor, source, monkeypatch, django_assert_num_queries
):
    monkeypatch.setattr(collecting, "PORTION", 3)
    flow = asking_flow()
    runs = [parked(flow, text) for text in ("a" * 9000, "b" * 9000, "c" * 9000)]
    for run in runs:
        answer(run)
    model = get_model(flow.workspace, "echo")
    ids = [run.pk for run in runs]
    found_cases(model, ids, source)  # compiles the version, once
    decided = source == EvaluationSet.Source.DECISIONS
    for count in (1, 3):
        # the runs, their steps, what of these is large; what was approved, likewise
        with django_assert_num_queries(5 if decided else 3):
            found = found_cases(model, ids[:count], source)
        assert [case.tags for case in found] == [(flow.slug,)] * count
        assert len(found[0].expected["text"]) == 9000
    monkeypatch.setattr(collecting, "PORTION", 2)
    assert len(found_cases(model, ids, source)) == 3


def test_worker_evaluates_as_ordered(live_conductor):
    """The process that drives runs also takes the registry's orders."""
    flow = make_flow(configs={key: CONFIGS[key] for key in ("model", "out")})
    run = wait_for_end(make_run(flow=flow, input={"text": "a"}))
    model = get_model(flow.workspace, "echo")
    made = collect(model, [run.pk], SEEN, actor=ACTOR)
    version = model.versions.get()
    order_evaluation(version, made, actor=ACTOR)
    wait_until(version.evaluations.filter(status="completed").exists, "its end")


def test_command_collects_the_last_runs_of_a_flow(live_conductor, capsys):
    flow = make_flow(configs={key: CONFIGS[key] for key in ("model", "out")})
    for text in "abc":
        wait_for_end(make_run(flow=flow, input={"text": text}))
    where = {"flow": flow.slug, "workspace": flow.workspace.slug}
    call_command("collect_cases", "echo", "seen", last=2, **where)
    assert capsys.readouterr().out == "seen: 2 cases out of 2 runs.\n"
    found = get_set(flow.workspace, "seen")
    assert [asked["text"] for asked, _ in cases(found)] == ["b", "c"]
    with pytest.raises(CommandError, match="no case"):
        call_command("collect_cases", "echo", "decided", decisions=True, **where)


def test_api_collects_what_was_said_and_what_was_decided(live_conductor):
    flow = asking_flow()
    for text in ("one", "two"):
        answer(parked(flow, text), fields={"answer": text.upper()})
    client = make_client(flow.workspace)
    body = {"name": "seen", "flow": flow.slug, "source": "runs", "limit": 1}
    path = "/models/echo/evaluation-sets/collect"
    seen = client.send("POST", path, body)
    assert (seen.status_code, seen.json()["cases"]) == (201, 1)
    assert client.send("POST", path, body).status_code == 200
    body |= {"name": "decided", "source": "decisions", "limit": 1000}
    assert client.send("POST", path, body).json()["source"] == "decisions"
    found = get_set(flow.workspace, "decided")
    assert [right for _, right in cases(found)] == [{"text": "ONE"}, {"text": "TWO"}]
    nothing = client.send("POST", path, {**body, "flow": "nothing"})
    assert (nothing.status_code, nothing.json()["code"]) == (404, "flow_not_found")
