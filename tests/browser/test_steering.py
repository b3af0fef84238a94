"""Steering runs from their page and from the operator's, as each screen shows it live."""

import re

import pytest
from playwright.sync_api import Page, expect

from flows.models import Run
from orchestrator_site.accounts.roles import Role
from tests.factories.accounts import make_membership
from tests.factories.flows import make_flow, make_run
from tests.fixtures.stack import live_conductor, wait_for_end, wait_until
from tests.flows.conductor.conftest import service
from tests.flows.conductor.test_requests import in_doubt, request_run

__all__ = ["live_conductor", "service"]


@pytest.fixture
def member(transactional_db):
    return make_membership(role=Role.OWNER)


@pytest.fixture
def open_page(new_page, member):
    """A page of the workspace's owner that hears of changes."""

    def open_(address: str) -> Page:
        page = new_page(user=member.user)
        page.goto(address)
        expect(page.locator("html")).to_have_attribute("data-live-state", "live")
        return page

    return open_


@pytest.fixture
def start(live_conductor, member):
    """Start a run in the owner's workspace and wait until it waits."""

    def start_run(drawing: str, *, input=None, **keys) -> Run:
        flow = make_flow(drawing, workspace=member.workspace, **keys)
        run = make_run(flow=flow, input=input)
        parked = Run.objects.filter(pk=run.pk, status="waiting", owner_id=None)
        wait_until(parked.exists, "a run that waits")
        return run

    return start_run


@pytest.fixture
def payment(service, live_conductor, member) -> Run:
    """A run that has sent a payment and lost the answer."""
    url = service.url("breaks-once")
    run = request_run(url, method="POST", workspace=member.workspace)
    in_doubt(run)
    return run


def state(page: Page):
    return page.locator("#run-state")


def test_a_run_is_paused_and_resumed_and_each_screen_sees_it(start, open_page):
    run = start("in -> wait -> out", configs={"wait": {"for_s": "3600"}})
    page, other = open_page(f"/runs/{run.pk}/"), open_page(f"/runs/{run.pk}/")
    page.get_by_role("button", name="Pause").click()
    expect(state(page)).to_have_text("Paused")
    expect(state(other)).to_have_text("Paused")
    other.get_by_role("button", name="Resume").click()
    expect(state(other)).to_have_text("Waiting")
    expect(page.get_by_role("button", name="Pause")).to_be_visible()
    page.get_by_role("link", name=re.compile("Audit log")).click()
    expect(page.locator(".story")).to_contain_text("paused the run")
    expect(page.locator(".story")).to_contain_text("let the run go on")


def test_an_event_lets_a_waiting_run_go_on(start, open_page, console):
    event = {"name": "order.paid", "key": "'o-1'", "port": "paid"}
    run = start(
        "in -> wait:paid -> out",
        configs={
            "wait": {"events": [event]},
            "out": {"values": {"sum": "steps.wait.sum"}},
        },
    )
    page = open_page(f"/runs/{run.pk}/")
    expect(page.locator("#run-drawer")).to_contain_text("order.paid")
    page.get_by_role("button", name="More").click()
    page.get_by_role("link", name="Send an event").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_label("Event")).to_have_value("order.paid")
    console.expected.append("422")
    dialog.get_by_label("What it carries").fill("{ not json")
    dialog.get_by_role("button", name="Send event").click()
    expect(dialog).to_contain_text("This is not JSON")
    dialog.get_by_label("What it carries").fill('{"sum": 12}')
    dialog.get_by_role("button", name="Send event").click()
    expect(state(page)).to_have_text("Succeeded")
    expect(page.locator("#run-drawer")).to_contain_text('"sum": 12')


def test_a_step_is_given_up_and_the_rest_goes_on(start, open_page):
    run = start(
        "in -> wait -> a -> join -> out, in -> b -> join",
        configs={"wait": {"for_s": "3600"}},
    )
    page = open_page(f"/runs/{run.pk}/?step=wait")
    page.get_by_role("link", name="Give up step").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("button", name="Keep it")).to_be_focused()
    dialog.get_by_role("button", name="Give up").click()
    expect(state(page)).to_have_text("Succeeded")
    expect(page.locator("#run-drawer")).to_contain_text("The step was given up")


def test_what_happened_is_told_for_a_step_in_doubt(payment, open_page, service):
    page = open_page(f"/runs/{payment.pk}/?step=call")
    expect(state(page)).to_have_text("In doubt")
    page.get_by_role("link", name="Say what happened").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("It happened").check()
    dialog.get_by_label("What it gave").fill('{"status": 201}')
    dialog.get_by_role("button", name="Go on").click()
    expect(state(page)).to_have_text("Succeeded")
    expect(page.locator("#run-drawer")).to_contain_text('"status": 201')
    assert len(service.asked) == 1
    page.get_by_role("link", name=re.compile("Audit log")).click()
    expect(page.locator(".story")).to_contain_text("had happened")


def test_an_operator_finds_the_doubt_and_has_it_tried_again(
    payment, open_page, service, assert_accessible
):
    page = open_page("/operations/")
    need = page.locator(".need")
    expect(need).to_contain_text("In doubt")
    assert_accessible(page)
    need.get_by_role("link", name="Say what happened").click()
    dialog = page.get_by_role("dialog")
    assert_accessible(page)
    dialog.get_by_label("It did not happen").check()
    expect(dialog.get_by_label("What it gave")).to_be_hidden()
    dialog.get_by_role("button", name="Go on").click()
    expect(page.get_by_text("Nothing is stuck.")).to_be_visible()
    assert wait_for_end(payment).status == "completed"
    assert len(service.asked) == 2


def test_the_operators_page_sees_a_run_stop_and_go_on(start, open_page):
    run = start("in -> wait -> out", configs={"wait": {"for_s": "3600"}})
    page, other = open_page("/operations/"), open_page(f"/runs/{run.pk}/")
    other.get_by_role("button", name="Pause").click()
    need = page.locator(".need")
    expect(need).to_contain_text("Paused")
    need.get_by_role("button", name="Resume").click()
    wait_until(
        lambda: Run.objects.get(pk=run.pk).status == "waiting", "a run that goes on"
    )
    expect(page.get_by_text("Nothing is stuck.")).to_be_visible()
    expect(need).to_have_count(0)


def test_rounds_fold_by_keyboard(start, open_page):
    run = start(
        "in -> draft -> cond:true -> wait -> out, cond:false ~> draft",
        configs={
            "draft": {"values": {"n": "round"}},
            "cond": {"when": "steps.draft.n >= 5"},
            "wait": {"for_s": "3600"},
        },
        rounds=9,
    )
    page = open_page(f"/runs/{run.pk}/")
    steps = page.get_by_role("list", name="Steps")
    expect(steps.get_by_role("link", name="Unfold Round 2")).to_have_attribute(
        "aria-expanded", "false"
    )
    steps.get_by_role("link", name="Unfold Round 2").press("Enter")
    opened = steps.get_by_role("link", name="Unfold Round 2")
    expect(opened).to_have_attribute("aria-expanded", "true")
    expect(opened).to_be_focused()
    expect(page).to_have_url(re.compile("open=draft:2/"))
