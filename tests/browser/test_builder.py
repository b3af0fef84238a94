"""Drawing a flow in a real browser: what is drawn is saved, checked and run."""

import re
from collections.abc import Callable

import pytest
from django.conf import settings
from playwright.sync_api import Locator, Page, expect

from flows.models import Flow, Run
from flows.services.drafts import create_flow, save_draft
from orchestrator_site.accounts.models import Membership
from orchestrator_site.accounts.roles import Role
from tests.factories.accounts import make_membership
from tests.factories.flows import ACTOR, make_flow
from tests.factories.graphs import document
from tests.fixtures.stack import wait_until

SAVED = re.compile(r"Saved \d")


@pytest.fixture
def member(transactional_db) -> Membership:
    return make_membership(role=Role.OWNER)


@pytest.fixture
def flow(member) -> Flow:
    """Input and output, not wired: `in` and `out` stand beside each other."""
    made = document("in\nout", name="Tea orders")
    for node, x in zip(made["nodes"], (0, 480), strict=True):
        node["position"] = {"x": x, "y": 0}
    return create_flow(member.workspace, slug="tea", document=made, actor=ACTOR)


@pytest.fixture
def open_editor(new_page, member) -> Callable[..., Page]:
    def open_(flow: Flow, *, member: Membership = member, **kwargs) -> Page:
        page = new_page(user=member.user, **kwargs)
        page.goto(f"/flows/{flow.slug}/")
        expect(nodes(page)).not_to_have_count(0)
        return page

    return open_


@pytest.fixture
def page(open_editor, flow) -> Page:
    return open_editor(flow)


def nodes(page: Page) -> Locator:
    return page.locator(".react-flow__node")


def edges(page: Page) -> Locator:
    return page.locator(".react-flow__edge")


def node(page: Page, node_id: str) -> Locator:
    return page.locator(f'.react-flow__node[data-id="{node_id}"]')


def place_of(locator: Locator) -> dict[str, float]:
    """Where it stands once it has come to rest."""
    locator.element_handle().wait_for_element_state("stable")
    box = locator.bounding_box()
    assert box is not None
    return box


def drag_in(page: Page, type_name: str, *, x: int, y: int) -> None:
    page.drag_and_drop(
        f'[data-node-type="{type_name}"]',
        "flow-editor",
        target_position={"x": x, "y": y},
    )


def wire(page: Page, source: str, target: str, *, port: str = "out") -> None:
    start = node(page, source).locator(f'.port[data-handleid="{port}"]')
    end = node(page, target).locator('.port[data-handleid="in"]')
    place_of(start)
    box = place_of(end)
    start.hover(force=True)
    page.mouse.down()
    page.mouse.move(box["x"] - 20, box["y"] + 10)
    page.mouse.move(box["x"] + 4, box["y"] + 4, steps=3)
    page.mouse.up()


def draft_of(flow: Flow) -> dict:
    flow.refresh_from_db()
    return flow.draft_document


def test_what_is_drawn_is_there_after_a_reload(page, flow):
    drag_in(page, "transform", x=430, y=560)
    wire(page, "in", "transform")
    wire(page, "transform", "out")
    expect(edges(page)).to_have_count(2)
    wait_until(lambda: len(draft_of(flow)["edges"]) == 2, "the save")
    expect(page.locator("#standing")).to_have_text(SAVED)
    page.reload()
    expect(nodes(page)).to_have_count(3)
    expect(edges(page)).to_have_count(2)
    page.locator("#undo").click()
    expect(edges(page)).to_have_count(1)


def test_flow_is_built_without_a_mouse(page, flow):
    page.keyboard.press("/")
    page.keyboard.type("calls a model")
    page.keyboard.press("Enter")
    expect(node(page, "model")).to_be_focused()
    page.get_by_label("Follows", exact=True).select_option(label="Input")
    page.get_by_label("Leads to", exact=True).select_option(label="Output")
    expect(edges(page)).to_have_count(2)
    wait_until(lambda: len(draft_of(flow)["edges"]) == 2, "the save")


def test_wire_menu_connects_the_selected_node(page):
    node(page, "in").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    page.keyboard.press("w")
    page.get_by_role("menuitem", name="Output", exact=True).click()
    expect(edges(page)).to_have_count(1)


def test_every_edit_can_be_undone_and_done_again(page):
    drag_in(page, "condition", x=430, y=560)
    field = page.get_by_label("Take the port true when")
    field.fill("input.n > 1")
    page.locator("#undo").click()
    expect(field).to_have_value("")
    page.locator("#undo").click()
    expect(nodes(page)).to_have_count(2)
    page.locator("#redo").click()
    page.locator("#redo").click()
    node(page, "condition").click()
    expect(field).to_have_value("input.n > 1")


def test_moved_node_is_one_step(page, flow):
    node(page, "out").click()
    for _ in range(3):
        page.keyboard.press("ArrowDown")
    wait_until(lambda: draft_of(flow)["nodes"][1]["position"]["y"] == 24, "the move")
    page.keyboard.press("Control+z")
    wait_until(lambda: draft_of(flow)["nodes"][1]["position"]["y"] == 0, "the undo")


def test_copies_read_copies(page, flow):
    drag_in(page, "transform", x=430, y=560)
    page.keyboard.press("Control+d")
    expect(node(page, "transform_2")).to_be_visible()
    page.keyboard.press("Delete")
    expect(nodes(page)).to_have_count(3)


def test_circle_is_refused_with_a_reason(page):
    wire(page, "in", "out")
    drag_in(page, "transform", x=430, y=560)
    wire(page, "transform", "out")
    wire(page, "transform", "transform")
    expect(page.locator("#refused")).to_be_visible()
    expect(edges(page)).to_have_count(2)


def test_publishing_with_a_problem_shows_it(page, flow, console):
    console.expected.append("422")
    page.get_by_role("button", name="Publish").click()
    problem = page.locator("#problem-list .problem").first
    expect(problem).to_be_focused()
    expect(problem).to_contain_text("cannot be reached")
    problem.click()
    expect(node(page, "out")).to_have_class(re.compile("selected"))
    page.get_by_label("Follows", exact=True).select_option(label="Input")
    page.get_by_role("button", name="Publish").click()
    expect(page.locator("#toasts")).to_contain_text("version 1")
    expect(page.locator("#flow-state")).to_have_text("Version 1")


def test_run_lights_up_on_the_canvas(open_editor, member, live_conductor):
    flow = make_flow("in -> model -> out", workspace=member.workspace)
    page = open_editor(flow)
    page.get_by_role("button", name="Run draft").click()
    page.locator("#run-dialog").get_by_role("button", name="Run").click()
    expect(page.locator("#run-strip")).to_contain_text("Succeeded")
    expect(page.locator(".flow-node-succeeded")).to_have_count(3)
    expect(page.locator(".flow-edge-taken")).to_have_count(2)
    run = Run.objects.get()
    link = page.get_by_role("link", name="Open run")
    expect(link).to_have_attribute("href", f"/runs/{run.pk}/")


def test_unsaved_draft_survives_the_server(page, flow, console):
    console.expected.append("ERR_FAILED")
    page.route("**/api/v1/flows/tea", lambda route: route.abort())
    drag_in(page, "join", x=430, y=560)
    expect(page.locator("#standing")).to_have_attribute("data-standing", "failed")
    page.unroute("**/api/v1/flows/tea")
    page.reload()
    expect(node(page, "join")).to_be_visible()
    wait_until(lambda: len(draft_of(flow)["nodes"]) == 3, "the save")


def change_elsewhere(flow: Flow) -> None:
    flow.refresh_from_db()
    changed = {**flow.draft_document, "name": "Changed by Theo"}
    revision = flow.draft_revision
    save_draft(flow, document=changed, revision=revision, actor=ACTOR)


def test_draft_changed_elsewhere_can_be_saved_as_a_copy(page, flow, console):
    console.expected.append("409")
    change_elsewhere(flow)
    drag_in(page, "join", x=430, y=560)
    page.get_by_role("button", name="Save mine as a copy").click()
    page.wait_for_url("**/flows/tea-copy/")
    expect(node(page, "join")).to_be_visible()
    assert draft_of(flow)["name"] == "Changed by Theo"


def test_draft_changed_elsewhere_can_be_loaded(page, flow, console):
    console.expected.append("409")
    change_elsewhere(flow)
    drag_in(page, "join", x=430, y=560)
    page.get_by_role("button", name="Load the other draft").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Changed by Theo")
    expect(nodes(page)).to_have_count(2)


def test_small_screen_shows_the_flow_and_says_so(open_editor, flow):
    page = open_editor(flow, width=420)
    expect(page.get_by_text("On a small screen")).to_be_visible()
    expect(page.locator("#palette")).to_be_hidden()


def test_builder_learns_why_they_cannot_publish(open_editor, flow, member):
    builder = make_membership(role=Role.BUILDER, workspace=member.workspace)
    page = open_editor(flow, member=builder)
    page.get_by_role("button", name="Publish").press("Enter")
    expect(page.get_by_text("Ask a publisher")).to_be_visible()


def test_ended_session_loses_nothing(page, console):
    console.expected.append("401")
    # What the page still fetches would learn of it before anything is drawn.
    page.wait_for_load_state("networkidle")
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    drag_in(page, "join", x=430, y=560)
    expect(page.locator("#standing")).to_have_attribute("data-standing", "failed")
    expect(page.locator("#session-ended")).to_be_visible()
    expect(page.locator("#inspector-form")).not_to_contain_text("Password")
    expect(node(page, "join")).to_be_visible()


def test_wire_dropped_on_the_canvas_offers_what_could_follow(page):
    start = node(page, "in").locator('.port[data-handleid="out"]')
    box = place_of(start)
    start.hover(force=True)
    page.mouse.down()
    page.mouse.move(box["x"] + 80, box["y"] + 160, steps=4)
    page.mouse.up()
    page.get_by_role("menuitem", name="Add Transform").click()
    expect(nodes(page)).to_have_count(3)
    expect(edges(page)).to_have_count(1)
    page.locator("#undo").click()
    expect(nodes(page)).to_have_count(2)


def test_what_is_typed_stays_when_another_node_is_selected(page, flow):
    node(page, "in").click()
    expect(page.get_by_label("Label")).to_be_visible()
    page.get_by_label("Label").fill("Order")
    node(page, "out").click()
    expect(node(page, "in")).to_contain_text("Order")
    wait_until(lambda: draft_of(flow)["nodes"][0].get("label") == "Order", "the save")
