"""The page of one run."""

import pytest
from django.urls import reverse

from flows.models import Inbox, Run
from orchestrator_site.accounts.roles import Role
from tests.factories.flows import make_flow, make_run
from tests.fixtures.stack import wait_for_end
from tests.flows.views.people import HTMX, browser_of

ACTIONS = ("run_cancellation", "run_repetition", "run_verification")


def address(run: Run, name: str = "run") -> str:
    return reverse(f"flows:{name}", args=[run.pk])


@pytest.fixture
def finished(live_conductor, workspace, flow):
    run = wait_for_end(make_run(flow=flow, input={"n": 1}))
    live_conductor.stop()
    return run


def test_a_finished_run_tells_everything(finished, browser):
    response = browser.get(address(finished))
    page = response.context["page"]
    states = {row.key: row.status for row in page.timeline.rows}
    assert states == {
        "in": "completed",
        "cond": "completed",
        "model": "completed",
        "out": "completed",
        "other": "skipped",
    }
    edges = {edge.label: edge.state for edge in page.drawing.edges if edge.label}
    assert edges == {"true": "taken", "false": "dead"}
    story = browser.get(address(finished), {"view": "events"}).context["page"].story
    assert "started" in story[0].sentence


def test_a_step_is_selected_by_the_address(finished, browser):
    content = browser.get(address(finished), {"step": "cond"}).content.decode()
    assert 'id="node-cond"' in content
    assert "Went on by" in content
    assert "input.n &gt; 0" in content


def test_a_step_that_does_not_exist_selects_nothing(finished, browser):
    page = browser.get(address(finished), {"step": "nowhere"}).context["page"]
    assert page.detail is None


@pytest.mark.parametrize("view", ["steps", "values", "events", "nonsense"])
def test_every_view_is_a_page_and_a_fragment(finished, browser, view):
    page = browser.get(address(finished), {"view": view})
    part = browser.get(address(finished), {"view": view}, headers=HTMX)
    assert page.status_code == part.status_code == 200
    assert part.content.count(b"<hx-partial") == 5


def test_the_drawing_stands_alone_on_other_pages(finished, browser):
    answer = browser.get(address(finished, "run_drawing"), {"step": "cond"})
    content = answer.content.decode()
    assert f'href="{address(finished)}?step=model"' in content
    assert content.count("aria-current") == 1
    assert "<html" not in content
    # The page that shows it has no place for what a link of the run's page brings.
    assert "hx-get" not in content


def test_a_failed_run_says_what_to_do(live_conductor, workspace, browser):
    flow = make_flow("in -> fail, in -> out", workspace=workspace)
    run = wait_for_end(make_run(flow=flow))
    live_conductor.stop()
    content = browser.get(address(run)).content.decode()
    assert "Refused." in content
    assert "Open step" in content


def test_a_waiting_run_shows_what_it_has(workspace, flow, browser):
    content = browser.get(address(make_run(flow=flow))).content.decode()
    assert "starts as soon as a worker is free" in content


def test_the_chain_is_verified_on_demand(finished, browser):
    response = browser.post(address(finished, "run_verification"), headers=HTMX)
    assert f"{finished.seq} events hold" in response.content.decode()
    whole = browser.post(address(finished, "run_verification"))
    assert b"<!DOCTYPE html>" in whole.content


def test_a_run_is_repeated_once_per_press(finished, browser):
    again = {"key": "again-1"}
    first = browser.post(address(finished, "run_repetition"), again)
    second = browser.post(address(finished, "run_repetition"), again)
    assert first.url == second.url
    repeated = Run.objects.exclude(pk=finished.pk).get()
    assert repeated.version_id == finished.version_id
    assert repeated.started_by.startswith("user:")


def test_cancelling_asks_first_and_changes_nothing(workspace, flow, browser):
    run = make_run(flow=flow)
    assert b"Cancel run" in browser.get(address(run, "run_cancellation")).content
    assert not Inbox.objects.exists()


def test_cancelling_reaches_the_worker(workspace, flow, browser):
    run = make_run(flow=flow)
    response = browser.post(address(run, "run_cancellation"), {"next": "/runs/"})
    assert response.url == "/runs/"
    assert Inbox.objects.get().kind == "cancel"
    assert b"Being cancelled" in browser.get(address(run)).content


@pytest.mark.parametrize("way", ["https://other.example/", "//other.example", "x:y"])
def test_the_way_back_is_a_page_of_ours(workspace, flow, browser, way):
    run = make_run(flow=flow)
    response = browser.post(address(run, "run_cancellation"), {"next": way})
    assert response.url == address(run)


def test_a_run_that_ended_before_is_not_cancelled(finished, browser):
    response = browser.post(address(finished, "run_cancellation"))
    assert response.status_code == 409
    assert not Inbox.objects.exists()


@pytest.mark.parametrize("name", ["run", "run_drawing", *ACTIONS])
def test_another_workspace_finds_nothing(browser, name):
    run = make_run()
    method = browser.post if name in ACTIONS else browser.get
    assert method(address(run, name)).status_code == 404


@pytest.mark.parametrize("name", ACTIONS)
def test_a_viewer_changes_nothing(workspace, flow, name):
    run = make_run(flow=flow)
    viewer = browser_of(workspace, Role.VIEWER)
    assert viewer.post(address(run, name)).status_code == 403
    assert viewer.get(address(run)).status_code == 200


@pytest.mark.parametrize("name", ["run_repetition", "run_verification"])
def test_reading_an_action_is_refused(workspace, flow, browser, name):
    assert browser.get(address(make_run(flow=flow), name)).status_code == 405


def test_a_damaged_payload_is_shown_as_damaged(finished, browser):
    Run.objects.filter(pk=finished.pk).update(input=b"?", result=b"")
    content = browser.get(address(finished)).content.decode()
    assert "erased or damaged" in content
    assert browser.post(address(finished, "run_repetition")).status_code == 404
    verdict = browser.post(address(finished, "run_verification"), headers=HTMX)
    assert "does not hold" in verdict.content.decode()


@pytest.mark.parametrize("view", ["steps", "values", "events"])
def test_a_run_needs_few_queries(
    finished, browser, view, django_assert_max_num_queries
):
    with django_assert_max_num_queries(15):
        browser.get(address(finished), {"view": view, "step": "model"})
