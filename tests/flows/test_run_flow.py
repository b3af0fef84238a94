import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from flows.models import Run, Worker
from orchestrator_site.accounts.api import new_id
from orchestrator_site.ledger.api import Event
from tests.factories.accounts import make_workspace
from tests.factories.flows import make_flow

FAILING = {"code": "refused", "message": "No {{ input.what }} today."}


def run_flow(*words, **options):
    """Returns what was printed and the exit code."""
    out = StringIO()
    with pytest.raises(SystemExit) as stopped:
        call_command("run_flow", *words, stdout=out, **options)
    return out.getvalue(), stopped.value.code


def refused(*words, **options):
    with pytest.raises(CommandError) as caught:
        call_command("run_flow", *words, **options)
    assert caught.value.returncode == 1
    return str(caught.value)


@pytest.fixture
def worker(db):
    """A worker that beats and never does anything."""
    now = timezone.now()
    return Worker.objects.create(id=new_id(), name="idle", started_at=now, beat_at=now)


@pytest.mark.both_databases
def test_completed_run_is_printed_and_exits_0(live_conductor):
    values = {"out": {"values": {"reply": "input.message"}}}
    flow = make_flow("in -> out", configs=values)
    text, code = run_flow(flow.slug, "--input", '{"message": "Hello"}', "--json")
    run = json.loads(text)
    assert (code, run["status"]) == (0, "completed")
    assert run["output"] == {"reply": "Hello"}
    first = Event.objects.get(chain_id=run["id"], seq=1)
    assert b'"actor":"system:cli"' in bytes(first.body)


def test_failed_run_exits_1_and_says_why(live_conductor):
    drawing = "in -> cond, cond:true -> fail, cond:false -> out"
    flow = make_flow(drawing, configs={"fail": FAILING})
    text, code = run_flow(flow.slug, "--input", '{"what": "tea"}')
    assert code == 1
    assert f"{flow.slug} version 1: failed" in text
    assert "refused: No tea today." in text


def test_output_for_people_shows_the_steps(live_conductor):
    flow = make_flow("in -> cond, cond:true -> out, cond:false -> out2")
    text, code = run_flow(flow.slug, "--input", "{}")
    assert code == 0
    lines = [line.split()[:4] for line in text.splitlines()]
    assert ["cond", "completed", "->", "true"] in lines


def test_run_that_goes_on_after_the_wait_is_printed_and_exits_1(
    worker, transactional_db
):
    flow = make_flow()
    text, code = run_flow(flow.slug, "--input", "{}", "--json", "--wait", "0.05")
    assert (code, json.loads(text)["status"]) == (1, "queued")


@pytest.mark.parametrize("status", ["waiting", "paused", "poisoned"])
def test_run_that_needs_somebody_exits_3(status, worker, monkeypatch):
    flow = make_flow()
    found = Run.objects.filter(flow=flow)
    monkeypatch.setattr(
        "flows.services.runs.ring_after_commit", lambda: found.update(status=status)
    )
    text, code = run_flow(flow.slug, "--input", "{}", "--json")
    assert (code, json.loads(text)["status"]) == (3, status)


def test_no_run_is_left_where_no_worker_lives(db):
    flow = make_flow()
    assert refused(flow.slug, "--input", "{}") == (
        "No worker is running. Start one with: python3 manage.py up"
    )
    assert not Run.objects.exists()


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("{message}", "not JSON"),
        ("NaN", "not finite"),
        ('{"a": 1, "a": 2}', "stands twice"),
        ('"\udcff"', "not JSON"),
    ],
)
def test_input_that_is_no_json_is_one_sentence(text, reason, worker):
    said = refused("support", "--input", text)
    assert said.startswith("--input cannot be read.")
    assert reason in said


def test_unknown_flow_is_one_sentence(worker):
    make_workspace()
    assert refused("none", "--input", "{}") == (
        "There is no flow 'none' in this workspace. Check the name."
    )


def test_input_that_breaks_the_schema_names_the_place(worker):
    schema = {"type": "object", "properties": {"message": {"type": "string"}}}
    flow = make_flow(input_schema=schema)
    assert "at '/message'" in refused(flow.slug, "--input", '{"message": 7}')


def test_one_of_several_workspaces_has_to_be_chosen(live_conductor):
    flow, _ = make_flow("in -> out"), make_workspace()
    assert "--workspace" in refused(flow.slug, "--input", "{}")
    chosen = ("--workspace", flow.workspace.slug)
    assert run_flow(flow.slug, "--input", "{}", *chosen)[1] == 0


@pytest.mark.parametrize("wait", ["-1", "soon"])
def test_wait_has_to_be_a_number_of_seconds(wait):
    with pytest.raises(CommandError, match="--wait"):
        call_command("run_flow", "support", "--input", "{}", f"--wait={wait}")
