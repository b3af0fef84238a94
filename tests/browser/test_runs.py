"""Runs and the ledger, as somebody at a keyboard meets them."""

import re

import pytest
from playwright.sync_api import expect

from flows.models import Run
from orchestrator_site.accounts.roles import Role
from tests.factories.accounts import make_membership
from tests.factories.flows import make_flow, make_run
from tests.fixtures.stack import wait_for_end

DRAWING = "in -> cond, cond:true -> model -> out, cond:false -> other"


@pytest.fixture
def member(transactional_db):
    return make_membership(role=Role.OWNER)


@pytest.fixture
def flow(member):
    configs = {"cond": {"when": "true"}}
    return make_flow(
        DRAWING, types={"other": "output"}, configs=configs, workspace=member.workspace
    )


@pytest.fixture
def finished(live_conductor, flow) -> Run:
    run = wait_for_end(make_run(flow=flow))
    live_conductor.stop()
    return run


def test_a_step_opens_and_closes_by_keyboard(new_page, member, finished):
    page = new_page(user=member.user)
    page.goto(f"/runs/{finished.pk}/")
    page.locator("#link-in").focus()
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    drawer = page.locator("#run-drawer")
    expect(drawer.get_by_role("heading", level=2)).to_have_text("Condition")
    expect(page).to_have_url(re.compile(r"\?step=cond$"))
    expect(page.locator("#link-cond")).to_be_focused()
    page.keyboard.press("Escape")
    expect(drawer.get_by_role("heading", level=2)).to_have_text("Outcome")
    expect(page.locator("#link-cond")).to_be_focused()


def test_a_refresh_keeps_place_focus_and_verdict(new_page, member, finished):
    page = new_page(user=member.user)
    page.goto(f"/runs/{finished.pk}/?view=events")
    page.get_by_role("button", name="Verify").click()
    verdict = page.locator("#run-verified")
    expect(verdict).to_contain_text(f"{finished.seq} events hold")
    page.locator("#tab-steps").focus()
    with page.expect_response(lambda response: "view=events" in response.url):
        page.evaluate(
            "document.getElementById('run-watch').dispatchEvent(new Event('live'))"
        )
    expect(verdict).to_contain_text(f"{finished.seq} events hold")
    expect(page.locator("#tab-steps")).to_be_focused()


def test_new_runs_wait_until_they_are_asked_for(new_page, member, flow):
    make_run(flow=flow)
    page = new_page(user=member.user)
    page.goto("/runs/")
    expect(page.locator("html")).to_have_attribute("data-live-state", "live")
    make_run(flow=flow)
    expect(page.locator("#runs-new")).to_contain_text("1 new run.")
    expect(page.locator("#run-rows tr")).to_have_count(1)
    page.keyboard.press(".")
    expect(page.locator("#run-rows tr")).to_have_count(2)


def test_cancelling_asks_in_a_dialog_whose_safe_way_has_the_focus(
    new_page, member, flow
):
    run = make_run(flow=flow)
    page = new_page(user=member.user)
    page.goto("/runs/")
    page.get_by_role("link", name="Cancel run").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("button", name="Keep running")).to_be_focused()
    dialog.get_by_role("button", name="Cancel run").click()
    expect(page.locator(f"#run-{run.pk}")).to_contain_text("Being cancelled")


def test_an_event_opens_with_its_proof_and_closes(new_page, member, finished):
    page = new_page(user=member.user)
    page.goto("/ledger/")
    page.locator("[data-row]").first.click()
    expect(page.locator("#ledger-drawer")).to_contain_text("Proof")
    page.keyboard.press("Escape")
    expect(page.locator("#ledger-drawer")).to_have_count(0)
