"""Steering a run from its page: a row in its inbox, or a sentence why not."""

import orjson
import pytest
from django.urls import reverse
from django.utils import timezone

from flows.models import Inbox, Run, Signal, Step
from orchestrator_site.accounts.roles import Role
from tests.factories.flows import make_flow, make_run
from tests.flows.views.people import HTMX, browser_of

QUESTIONS = ("run_cancellation", "step_cancellation", "step_resolution", "run_signal")
AT_ONCE = ("run_pause", "run_resume", "run_release")


@pytest.fixture
def run(workspace):
    return make_run(flow=make_flow("in -> a -> out", workspace=workspace))


@pytest.fixture
def doubtful(run):
    """A run whose step `a` may or may not have happened."""
    Step.objects.create(
        run=run,
        address="a",
        node_id="a",
        type="transform",
        status="in_doubt",
        started_at=timezone.now(),
        seq=2,
    )
    Run.objects.filter(pk=run.pk).update(status="waiting")
    return run


def address(run: Run, name: str) -> str:
    return reverse(f"flows:{name}", args=[run.pk])


def asked() -> list[tuple[str, str]]:
    return [(row.kind, row.address) for row in Inbox.objects.order_by("id")]


def set_status(run: Run, status: str) -> None:
    Run.objects.filter(pk=run.pk).update(status=status)


def test_pausing_and_resuming_reach_the_worker_and_are_seen_at_once(run, browser):
    assert b"Pause" in browser.get(address(run, "run")).content
    browser.post(address(run, "run_pause"))
    assert b"Being paused" in browser.get(address(run, "run")).content
    set_status(run, "paused")
    Inbox.objects.all().delete()
    assert b"Resume" in browser.get(address(run, "run")).content
    browser.post(address(run, "run_resume"))
    assert asked() == [("resume", "")]


def test_a_run_that_was_set_aside_is_released_from_its_page(run, browser):
    set_status(run, "poisoned")
    way = address(run, "run_release")
    assert way in browser.get(address(run, "run")).content.decode()
    browser.post(way)
    assert asked() == [("release", "")]
    seen = browser.get(address(run, "run")).content.decode()
    assert "Tried again soon" in seen
    assert way not in seen


def test_resuming_what_nobody_paused_is_refused_in_words(run, browser):
    page = browser.post(address(run, "run_resume"), follow=True)
    assert b"is not paused" in page.content or b"nobody has paused" in page.content
    assert asked() == []


def test_a_step_is_given_up_after_a_question(doubtful, browser):
    url = address(doubtful, "step_cancellation")
    assert b"Give up Transform?" in browser.get(url, {"step": "a"}).content
    assert asked() == []
    browser.post(url, {"step": "a", "next": "/runs/"})
    assert asked() == [("cancel_step", "a")]


def test_a_step_that_is_not_there_cannot_be_given_up(run, browser):
    answer = browser.post(address(run, "step_cancellation"), {"step": "ghost"})
    assert answer.status_code == 404
    assert asked() == []


def test_a_doubt_is_offered_to_be_resolved(doubtful, browser):
    page = browser.get(address(doubtful, "run"), {"step": "a"})
    assert b"Nobody knows whether this happened" in page.content
    assert b"Say what happened" in page.content
    assert page.context["row"].state == "in_doubt"


def test_what_happened_is_told_with_its_output(doubtful, browser):
    url = address(doubtful, "step_resolution")
    page = browser.get(url, {"step": "a"}).content
    assert b'<input type="hidden" name="attempt" value="1"' in page
    told = {"step": "a", "outcome": "done", "output": '{"id": 7}', "attempt": "1"}
    answer = browser.post(url, told, headers=HTMX)
    assert answer.headers["HX-Redirect"] == address(doubtful, "run")
    body = orjson.loads(bytes(Inbox.objects.get(kind="resolve").body))
    assert body == {"attempt": 1, "outcome": "done", "output": {"id": 7}}


def test_what_did_not_happen_gave_nothing(doubtful, browser):
    url = address(doubtful, "step_resolution")
    browser.post(url, {"step": "a", "outcome": "not_done", "output": '{"id": 7}'})
    body = orjson.loads(bytes(Inbox.objects.get(kind="resolve").body))
    assert body == {"attempt": 1, "outcome": "not_done", "output": None}


def test_what_is_found_of_an_earlier_attempt_is_refused(doubtful, browser):
    Step.objects.filter(run=doubtful).update(attempt=2)
    told = {"step": "a", "outcome": "not_done", "output": "", "attempt": "1"}
    answer = browser.post(address(doubtful, "step_resolution"), told)
    assert answer.status_code == 409
    assert b"is at attempt 2" in answer.content
    assert asked() == []


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"outcome": "done", "output": "{"}, b"This is not JSON"),
        ({"outcome": "done", "output": "NaN"}, b"no number of JSON"),
        ({"output": "{}"}, b"Say whether it happened"),
    ],
)
def test_an_answer_that_cannot_be_read_is_kept_and_said(doubtful, browser, told, said):
    url = address(doubtful, "step_resolution")
    answer = browser.post(url, {"step": "a", **told}, headers=HTMX)
    assert answer.status_code == 422
    assert said in answer.content
    assert told["output"].encode() in answer.content
    assert asked() == []


def test_a_step_that_is_not_in_doubt_any_more_is_refused_in_words(doubtful, browser):
    Step.objects.filter(run=doubtful).update(status="completed")
    url = address(doubtful, "step_resolution")
    answer = browser.post(url, {"step": "a", "outcome": "not_done"})
    assert answer.status_code == 409
    assert b"Open the run" in answer.content


def test_an_event_is_sent_once_for_a_form(run, browser):
    url = address(run, "run_signal")
    told = {"name": "order.paid", "payload": '{"sum": 12}', "key": "form-1"}
    for _ in range(2):
        browser.post(url, told)
    signal = Signal.objects.get()
    assert (signal.name, signal.run_id, signal.message_id) == (
        "order.paid",
        run.pk,
        "form-1",
    )


def test_an_event_needs_a_name(run, browser):
    answer = browser.post(address(run, "run_signal"), {"payload": "1"}, headers=HTMX)
    assert answer.status_code == 422
    assert b"Enter the event" in answer.content
    assert not Signal.objects.exists()


@pytest.mark.parametrize("name", [*QUESTIONS, *AT_ONCE])
def test_another_workspace_finds_nothing(browser, name):
    assert browser.post(address(make_run(), name), {"step": "a"}).status_code == 404


@pytest.mark.parametrize("name", [*QUESTIONS, *AT_ONCE])
def test_a_viewer_steers_nothing(workspace, run, name):
    viewer = browser_of(workspace, Role.VIEWER)
    assert viewer.post(address(run, name), {"step": "a"}).status_code == 403
    content = viewer.get(address(run, "run")).content
    assert b"Pause" not in content
    assert b"Cancel run" not in content


@pytest.mark.parametrize("name", AT_ONCE)
def test_reading_changes_nothing(run, browser, name):
    assert browser.get(address(run, name)).status_code == 405


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_question_is_a_page_and_a_dialog(doubtful, browser, name):
    url = address(doubtful, name)
    page = browser.get(url, {"step": "a"})
    part = browser.get(url, {"step": "a"}, headers=HTMX)
    assert b"<!DOCTYPE html>" in page.content
    assert b"<dialog" not in page.content.partition(b"question-title")[0][-400:]
    assert b'<dialog class="dialog" id="run-question"' in part.content
