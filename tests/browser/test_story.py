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


def test_a_doubtful_message_finds_its_person_and_the_log_tells_it(
    new_page, live_conductor
):
    owner = make_membership(role=Role.OWNER)
    workspace = owner.workspace
    reviewer = make_membership(role=Role.REVIEWER, workspace=workspace)
    register_builtin(workspace, ACTOR)
    document = read_demo_flows()["support"]
    flow = create_flow(workspace, slug="support", document=document, actor=ACTOR)
    publish(flow, actor=ACTOR)

    # Somebody drags a node into the flow, connects it, publishes and runs it.
    first = new_page(user=owner.user)
    first.goto("/flows/support/")
    expect(node(first, "message")).to_be_visible()
    drag_in(first, "transform", x=120, y=560)
    wire(first, "message", "transform")
    wait_until(lambda: len(draft_of(flow)["edges"]) == 18, "the save")
    first.get_by_role("button", name="Publish").click()
    expect(first.locator("#flow-state")).to_have_text("Version 2")

    second = new_page(user=reviewer.user)
    second.goto("/approvals/")
    expect(second.locator("html")).to_have_attribute("data-live-state", "live")
    expect(second.get_by_role("heading", name="Nothing waits")).to_be_visible()

    first.get_by_role("button", name="Run draft").click()
    dialog = first.locator("#run-dialog")
    dialog.get_by_label("Message").fill("Wo ist mein Paket?")
    dialog.get_by_role("button", name="Run").click()

    # It appears live on the second screen; the reviewer there edits and approves.
    row = second.get_by_role("link", name="Reply to a customer")
    expect(row).to_be_visible(timeout=MODELS_MS)
    row.click()
    answer = second.get_by_role("textbox", name="Answer")
    answer.fill("Ihr Paket kommt morgen.")
    second.get_by_role("button", name=re.compile("^Approve with")).click()
    expect(second.get_by_text("Approved with changes")).to_be_visible()

    # The run finishes on the first screen.
    expect(first.locator("#run-strip")).to_contain_text("Succeeded")
    run = Run.objects.get()
    first.get_by_role("link", name="Open run").click()
    expect(first.get_by_role("heading", level=1)).to_contain_text("Customer support")
    expect(first.locator("main")).to_contain_text("Ihr Paket kommt morgen.")

    # Its audit log tells the story and verifies.
    first.get_by_role("link", name=re.compile("Audit log")).click()
    log = first.locator("main")
    expect(log).to_contain_text("waits for a person")
    first.get_by_role("button", name="Verify").click()
    expect(first.locator("main")).to_contain_text("events hold")
    assert run.status == "completed"
