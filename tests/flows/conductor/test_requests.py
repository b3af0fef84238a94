"""HTTP requests of flows: what is sent, how often, and what is known afterwards."""

import pytest

from flows.models import Inbox, Run, Step, StepStatus
from flows.services.steering import resolve_doubt
from orchestrator_site.egress.services import allow_origin
from orchestrator_site.ledger.api import Event, load, verify
from tests.factories.accounts import make_workspace
from tests.factories.flows import make_run
from tests.fakes.http_server import http_service
from tests.fixtures.stack import wait_for_end, wait_until

pytestmark = pytest.mark.both_databases
# What may be tried again of a request that must not be sent twice.
UNSENT = {
    "retry": {
        "attempts": 2,
        "backoff_s": 0.1,
        "on": ["egress_host_not_found", "egress_unreachable"],
    }
}
DRAWING = "in -> call -> out"


def request_run(url: str, *, more=None, workspace=None, **config) -> Run:
    return make_run(
        DRAWING,
        workspace=workspace,
        types={"call": "http_request"},
        configs={
            "call": {"url": url, **config},
            "out": {"values": {"status": "steps.call.status"}},
        },
        more={"call": more or {}},
        input={"name": "a/b?c"},
    )


def finished(*args, **keys) -> Run:
    run = wait_for_end(request_run(*args, **keys))
    assert verify().flaws == []
    return run


def output_of(run):
    return load(bytes(run.result)) if run.result else None


def in_doubt(run) -> Step:
    """Wait until nobody knows, and nobody holds the run."""
    steps = Step.objects.filter(run=run, status=StepStatus.IN_DOUBT)
    wait_until(steps.exists, "a step in doubt")
    parked = Run.objects.filter(pk=run.pk, status="waiting", owner_id=None)
    wait_until(parked.exists, "a run that nobody holds")
    return steps.get()


def kinds(run):
    events = Event.objects.filter(chain_id=run.pk).order_by("seq")
    return list(events.values_list("kind", flat=True))


def test_a_request_is_sent_as_it_is_drawn(service, live_conductor):
    run = finished(
        service.url("answers?q={{ input.name }}"),
        method="POST",
        headers={"X-Name": "{{ input.name }}"},
        body={"n": "1 + 1"},
    )
    assert output_of(run) == {"status": 200}
    assert service.last["path"] == "/answers?q=a%2Fb%3Fc"
    assert service.last["body"] == '{"n":2}'
    assert service.last["headers"]["x-name"] == "a/b?c"
    answer = load(bytes(Step.objects.get(run=run, node_id="call").result))
    assert answer["body"] == {"number": 1}
    assert answer["headers"]["content-type"] == "application/json"


@pytest.mark.parametrize(
    ("behaviour", "code"),
    [
        ("status?code=404", "http_status"),
        ("large?size=2000", "egress_answer_too_large"),
        ("badly-zipped", "egress_answer_unreadable"),
        ("closes", "egress_broken_off"),
        ("redirects?to=http://127.0.0.1:1/", "egress_origin_not_allowed"),
    ],
)
def test_what_can_be_asked_again_fails_by_code(
    service, live_conductor, behaviour, code
):
    run = finished(service.url(behaviour), max_bytes=1000)
    assert run.status == "failed"
    assert output_of(run)["code"] == code


def test_a_request_ends_with_the_limit_of_its_node(service, live_conductor):
    run = finished(service.url("hangs"), timeout_s=0.2)
    assert output_of(run)["code"] == "egress_timed_out"


def test_nothing_is_sent_where_nobody_allows_it(service, live_conductor, settings):
    settings.BATON_EGRESS_ALLOW = ()
    run = finished(service.url("answers"), method="POST")
    assert output_of(run)["code"] == "egress_origin_not_allowed"
    assert service.asked == []


def test_a_workspace_cannot_allow_itself_what_is_within(
    service, live_conductor, settings
):
    """A name it may list, which leads to this machine."""
    settings.BATON_EGRESS_ALLOW = ()
    origin = f"http://2130706433:{service.port}"
    workspace = make_workspace()
    allow_origin(workspace, origin, actor="user:someone")
    run = request_run(f"{origin}/answers", workspace=workspace)
    assert output_of(wait_for_end(run))["code"] == "egress_address_not_allowed"
    assert service.asked == []


def test_rule_45_refused_connections_are_tried_again(service, live_conductor, settings):
    with http_service() as gone:
        unused = gone.origin
    settings.BATON_EGRESS_ALLOW = (unused,)
    run = finished(f"{unused}/", method="POST", more=UNSENT)
    assert output_of(run)["code"] == "egress_unreachable"
    assert kinds(run).count("step.failed") == 2


def test_rule_45_what_was_answered_is_not_sent_twice(service, live_conductor):
    run = finished(service.url("status?code=500"), method="POST", more=UNSENT)
    assert output_of(run)["code"] == "http_status"
    assert len(service.asked) == 1


@pytest.mark.parametrize("behaviour", ["closes", "cuts", "junk"])
def test_a_payment_whose_answer_is_lost_is_in_doubt(service, live_conductor, behaviour):
    run = request_run(service.url(behaviour), method="POST", more=UNSENT)
    step = in_doubt(run)
    assert load(bytes(step.result))["code"] == "egress_broken_off"
    assert len(service.asked) == 1
    assert verify().flaws == []


def test_a_payment_that_took_too_long_is_in_doubt(service, live_conductor):
    run = request_run(service.url("hangs"), method="POST", timeout_s=2)
    assert load(bytes(in_doubt(run).result))["code"] == "egress_timed_out"


def test_a_person_who_finds_it_done_lets_the_run_go_on(service, live_conductor):
    run = request_run(service.url("closes"), method="POST")
    in_doubt(run)
    output = {"status": 201, "headers": {}, "body": None}
    resolve_doubt(run, "call", "done", output, actor="user:someone")
    assert output_of(wait_for_end(run)) == {"status": 201}
    assert len(service.asked) == 1
    assert verify().flaws == []


def test_a_person_who_finds_it_not_done_has_it_sent_again(service, live_conductor):
    run = request_run(service.url("breaks-once"), method="POST")
    in_doubt(run)
    resolve_doubt(run, "call", "not_done", None, actor="user:someone")
    assert output_of(wait_for_end(run)) == {"status": 200}
    assert len(service.asked) == 2
    assert verify().flaws == []


def test_what_is_said_of_one_attempt_counts_for_no_other(service, workers):
    """Said twice, as with two clicks, it must not pass for the next attempt's answer."""
    run = request_run(service.url("closes"), method="POST")
    first = workers.start()
    in_doubt(run)
    workers.kill(first)
    for _ in range(2):
        resolve_doubt(run, "call", "not_done", None, actor="user:someone")
    workers.start()
    doubts = Step.objects.filter(run=run, status=StepStatus.IN_DOUBT)
    wait_until(doubts.filter(attempt=2).exists, "a second doubt")
    wait_until(lambda: not Inbox.objects.exists(), "an inbox that has been read")
    assert doubts.get(attempt=2)
    assert not Step.objects.filter(run=run, attempt=3).exists()
    assert len(service.asked) == 2
    output = {"status": 200, "headers": {}, "body": None}
    resolve_doubt(run, "call", "done", output, attempt=2, actor="user:someone")
    assert wait_for_end(run).status == "completed"


def test_with_a_key_a_lost_answer_is_asked_for_again(service, live_conductor):
    run = finished(
        service.url("breaks-once"),
        method="POST",
        idempotency="header",
        more={"retry": {"attempts": 2, "backoff_s": 0.1}},
    )
    assert output_of(run) == {"status": 200}
    sent = [each["headers"]["idempotency-key"] for each in service.asked]
    assert sent == [f"{run.pk}/call"] * 2


def test_a_worker_killed_between_intent_and_answer_leaves_a_doubt(service, workers):
    run = request_run(service.url("hangs"), method="POST")
    first = workers.start()
    wait_until(lambda: service.asked, "the request")
    assert Step.objects.get(run=run, node_id="call").status == "running"
    workers.kill(first)
    workers.start()
    assert load(bytes(in_doubt(run).result))["code"] == "step_in_doubt"
    assert len(service.asked) == 1
    output = {"status": 200, "headers": {}, "body": None}
    resolve_doubt(run, "call", "done", output, actor="user:someone")
    assert wait_for_end(run).status == "completed"
    assert len(service.asked) == 1
    assert not Inbox.objects.exists()


def test_a_worker_killed_while_it_asks_with_a_key_leaves_none(service, workers):
    run = request_run(service.url("answers-later"), method="POST", idempotency="header")
    first = workers.start()
    wait_until(lambda: service.asked, "the request")
    workers.kill(first)
    workers.start()
    wait_until(lambda: len(service.asked) == 2, "the second request")
    service.released.set()
    assert wait_for_end(run).status == "completed"
    sent = {each["headers"]["idempotency-key"] for each in service.asked}
    assert sent == {f"{run.pk}/call"}
