"""What the product is for, in two browsers: draw, run, approve, explain."""

import re

from playwright.sync_api import expect

from flows.demo import read_demo_flows
from flows.models import Run
from flows.services.drafts import create_flow
from flows.services.publishing import publish
from model_registry.api import register_builtin
from orchestrator_site.accounts.roles import Role
from tests.browser.test_builder import draft_of, drag_in, node, wire
from tests.factories.accounts import make_membership
from tests.factories.flows import ACTOR
from tests.fixtures.stack import live_conductor, wait_until

__all__ = ["live_conductor"]

MODELS_MS = 60_000  # the first message waits for the models to load


def make_support(workspace):
    register_builtin(workspace, ACTOR)
    document = read_demo_flows()["support"]
    flow = create_flow(workspace, slug="support", document=document, actor=ACTOR)
    publish(flow, actor=ACTOR)
    return flow


def draw_and_publish(page, flow):
    page.goto("/flows/support/")
    expect(node(page, "message")).to_be_visible()
    count = len(draft_of(flow)["edges"])
    drag_in(page, "transform", x=120, y=560)
    wire(page, "message", "transform")
    wait_until(lambda: len(draft_of(flow)["edges"]) == count + 1, "the save")
    page.get_by_role("button", name="Publish").click()
    expect(page.locator("#flow-state")).to_have_text("Version 2")


def run_from_the_canvas(page, message):
    page.get_by_role("button", name="Run draft").click()
    dialog = page.locator("#run-dialog")
    dialog.get_by_label("Message").fill(message)
    dialog.get_by_role("button", name="Run").click()


def edit_and_approve(page, text):
    row = page.get_by_role("link", name="Reply to a customer")
    expect(row).to_be_visible(timeout=MODELS_MS)
    row.click()
    drawing = page.get_by_role("group", name="Drawing of the run")
    expect(drawing.get_by_role("link", name="Support desk")).to_be_visible()
    page.get_by_role("textbox", name="Answer").fill(text)
    page.get_by_role("button", name=re.compile("^Approve with")).click()
    expect(page.get_by_text("Approved with changes")).to_be_visible()


def test_a_doubtful_message_finds_its_person_and_the_log_tells_it(
    new_page, live_conductor
):
    owner = make_membership(role=Role.OWNER)
    reviewer = make_membership(role=Role.REVIEWER, workspace=owner.workspace)
    flow = make_support(owner.workspace)
    first, second = new_page(user=owner.user), new_page(user=reviewer.user)
    draw_and_publish(first, flow)

    second.goto("/approvals/")
    expect(second.locator("html")).to_have_attribute("data-live-state", "live")
    expect(second.get_by_role("heading", name="Nothing waits")).to_be_visible()
    run_from_the_canvas(first, "Wo ist mein Paket?")
    edit_and_approve(second, "Ihr Paket kommt morgen.")

    expect(first.locator("#run-strip")).to_contain_text("Succeeded")
    first.get_by_role("link", name="Open run").click()
    expect(first.locator("main")).to_contain_text("Ihr Paket kommt morgen.")
    first.get_by_role("link", name=re.compile("Audit log")).click()
    expect(first.locator("main")).to_contain_text("waits for a person")
    first.get_by_role("button", name="Verify").click()
    expect(first.locator("main")).to_contain_text("events hold")
    assert Run.objects.get().status == "completed"
