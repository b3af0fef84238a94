"""Drawing loops, maps and policies in a real browser, and running what was drawn."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from flows.models import Flow, Run
from flows.services.drafts import create_flow
from orchestrator_site.accounts.models import Membership
from orchestrator_site.accounts.roles import Role
from tests.browser.test_builder import (
    draft_of,
    drag_in,
    edges,
    node,
    nodes,
    place_of,
    wire,
)
from tests.factories.accounts import make_membership
from tests.factories.flows import ACTOR
from tests.factories.graphs import document
from tests.fixtures.stack import live_conductor, wait_until

__all__ = ["live_conductor"]

QUEUED = {
    "tone": "muted",
    "icon": "clock",
    "word": "Queued",
    "id": "",
    "is_over": False,
    "figures": [],
    "nodes": {},
    "edges": {},
    "rounds": {},
}
SCHEMA = {
    "type": "object",
    "properties": {"items": {"type": "array", "items": {"type": "integer"}}},
}


@pytest.fixture
def member(transactional_db) -> Membership:
    return make_membership(role=Role.OWNER)


@pytest.fixture
def make_draft(member) -> Callable[..., Flow]:
    """A draft of a drawing, its nodes 240 pixels apart: `make_draft("in -> a")`."""

    def make(drawing: str, **keys) -> Flow:
        made = document(drawing, name="Tea orders", **keys)
        for number, each in enumerate(made["nodes"]):
            inside = "parent" in each
            first = sum("parent" not in other for other in made["nodes"])
            x = 24 + 200 * (number - first) if inside else 240 * number
            each["position"] = {"x": x, "y": 88 if inside else 0}
        return create_flow(member.workspace, slug="tea", document=made, actor=ACTOR)

    return make


@pytest.fixture
def open_editor(new_page, member) -> Callable[[Flow], Page]:
    def open_(flow: Flow) -> Page:
        page = new_page(user=member.user)
        page.goto(f"/flows/{flow.slug}/")
        expect(nodes(page)).not_to_have_count(0)
        return page

    return open_


def drag(page: Page, node_id: str, *, x: float, y: float) -> None:
    """Drag a node by its label until its middle stands at a point of the window."""
    label = node(page, node_id).locator(".flow-node-label")
    box, whole = place_of(label), place_of(node(page, node_id))
    start = (box["x"] + 6, box["y"] + 6)
    dx = x - (whole["x"] + whole["width"] / 2)
    dy = y - (whole["y"] + min(whole["height"], 64) / 2)
    page.mouse.move(*start)
    page.mouse.down()
    page.mouse.move(start[0] + dx / 2, start[1] + dy / 2, steps=4)
    page.mouse.move(start[0] + dx, start[1] + dy, steps=6)
    page.mouse.up()


def middle_of_body(page: Page, map_id: str) -> tuple[float, float]:
    box = place_of(node(page, map_id))
    return box["x"] + box["width"] / 2, box["y"] + box["height"] * 0.7


def saved_node(flow: Flow, node_id: str) -> dict:
    found = [each for each in draft_of(flow)["nodes"] if each["id"] == node_id]
    return found[0] if found else {}


def run_draft(page: Page, **fields: str) -> None:
    page.get_by_role("button", name="Run draft").click()
    dialog = page.locator("#run-dialog")
    for label, value in fields.items():
        dialog.get_by_label(label).fill(value)
    dialog.get_by_role("button", name="Run").click()
    strip = page.locator("#run-strip")
    expect(strip).to_contain_text("Succeeded")


def test_a_wire_back_is_a_loop_whose_rounds_are_asked_at_once(
    make_draft, open_editor, live_conductor
):
    configs = {
        "draft": {"values": {"n": "round"}},
        "cond": {"when": "steps.draft.n >= 3"},
    }
    flow = make_draft("in -> draft -> cond, cond:true -> out", configs=configs)
    page = open_editor(flow)
    wire(page, "cond", "draft", port="false")
    rounds = page.get_by_label("Rounds at most")
    expect(rounds).to_have_value("3")
    rounds.fill("4")
    expect(page.locator(".edge-label-loop")).to_have_text("false, up to 4 rounds")
    expect(node(page, "cond").locator('[data-handleid="exhausted"]')).to_be_visible()
    wait_until(lambda: draft_of(flow)["edges"][-1].get("max_rounds") == 4, "the save")
    assert draft_of(flow)["edges"][-1]["kind"] == "feedback"

    page.get_by_role("button", name="Publish").click()
    expect(page.locator("#flow-state")).to_have_text("Version 1")
    run_draft(page)
    expect(page.locator(".edge-label-loop")).to_have_text("false, round 3 of 4")
    expect(node(page, "draft").locator(".flow-node-round")).to_have_text("3")
    expect(page.locator(".flow-edge-loop")).to_have_class(re.compile("flow-edge-taken"))

    page.get_by_role("link", name="Open run").click()
    steps = page.get_by_role("list", name="Steps")
    expect(steps).to_contain_text("Round 3")
    steps.get_by_role("link", name="Condition").last.click()
    expect(page.locator("#run-drawer")).to_contain_text("Condition, round 3")


def test_a_loop_is_one_step_to_undo(make_draft, open_editor):
    page = open_editor(make_draft("in -> draft -> cond, cond:true -> out"))
    wire(page, "cond", "draft", port="false")
    expect(page.locator(".flow-edge-loop")).to_have_count(1)
    page.locator("#undo").click()
    expect(page.locator(".flow-edge-loop")).to_have_count(0)
    expect(node(page, "cond").locator('[data-handleid="exhausted"]')).to_have_count(0)


def test_a_connection_is_removed_from_its_form(make_draft, open_editor):
    page = open_editor(make_draft("in -> out"))
    page.locator(".react-flow__edge").focus()
    expect(page.locator("#edge-form")).to_contain_text("Input to Output")
    page.get_by_role("button", name="Remove connection").click()
    expect(edges(page)).to_have_count(0)


def test_a_node_is_dragged_into_a_map_and_runs_for_each_item(
    make_draft, open_editor, live_conductor
):
    configs = {
        "map": {"items": "input.items", "result": "steps.a.value"},
        "a": {"values": {"value": "item * 2"}},
        "out": {"values": {"all": "steps.map.items"}},
    }
    flow = make_draft("in -> map -> out\na", configs=configs, input_schema=SCHEMA)
    page = open_editor(flow)
    drag(page, "a", **dict(zip("xy", middle_of_body(page, "map"), strict=True)))
    wait_until(lambda: saved_node(flow, "a").get("parent") == "map", "the save")
    box, inner = place_of(node(page, "map")), place_of(node(page, "a"))
    assert box["x"] < inner["x"]
    assert inner["y"] + inner["height"] < box["y"] + box["height"]

    page.get_by_role("button", name="Publish").click()
    expect(page.locator("#flow-state")).to_have_text("Version 1")
    run_draft(page, Items="[1, 2, 3]")
    expect(node(page, "map")).to_contain_text("3 items")
    expect(node(page, "a")).to_contain_text("3 of 3")

    page.get_by_role("link", name="Open run").click()
    steps = page.get_by_role("list", name="Steps")
    expect(steps).to_contain_text("Item 2")
    steps.get_by_role("link", name="Unfold Item 1").click()
    steps.get_by_role("link", name="Transform").click()
    expect(page.locator("#run-drawer")).to_contain_text("Transform, item 1")
    assert Run.objects.filter(status="completed").count() == 1


def test_a_node_is_dragged_out_again_and_its_wires_are_cut(make_draft, open_editor):
    flow = make_draft("in -> map -> out, a -> b", parents={"a": "map", "b": "map"})
    page = open_editor(flow)
    box = place_of(node(page, "map"))
    drag(page, "b", x=box["x"] + 100, y=box["y"] + box["height"] + 120)
    wait_until(lambda: "parent" not in saved_node(flow, "b"), "the save")
    assert len(draft_of(flow)["edges"]) == 2
    page.locator("#undo").click()
    wait_until(lambda: saved_node(flow, "b").get("parent") == "map", "the undo")
    assert len(draft_of(flow)["edges"]) == 3


def test_a_node_that_leaves_its_chain_for_a_map_leaves_no_gap(make_draft, open_editor):
    flow = make_draft("in -> a -> out, map")
    page = open_editor(flow)
    drag(page, "a", **dict(zip("xy", middle_of_body(page, "map"), strict=True)))
    wait_until(lambda: saved_node(flow, "a").get("parent") == "map", "the save")
    [edge] = draft_of(flow)["edges"]
    assert (edge["source"], edge["target"]) == ("in", "out")


def test_a_map_takes_what_stands_in_it_along(make_draft, open_editor):
    flow = make_draft("in -> map -> out, a", parents={"a": "map"})
    page = open_editor(flow)
    before = place_of(node(page, "a"))
    box = place_of(node(page, "map"))
    drag(page, "map", x=box["x"] + box["width"] / 2, y=box["y"] + 200)
    wait_until(lambda: saved_node(flow, "map")["position"]["y"] > 100, "the save")
    after = place_of(node(page, "a"))
    assert after["y"] - before["y"] > 100
    assert saved_node(flow, "a")["parent"] == "map"
    page.keyboard.press("Control+d")
    expect(nodes(page)).to_have_count(6)
    page.keyboard.press("Delete")
    expect(nodes(page)).to_have_count(4)


def test_a_type_is_dropped_from_the_palette_into_a_map(make_draft, open_editor):
    flow = make_draft("in -> map -> out")
    page = open_editor(flow)
    canvas = place_of(page.locator("flow-editor"))
    x, y = middle_of_body(page, "map")
    drag_in(page, "transform", x=round(x - canvas["x"]), y=round(y - canvas["y"]))
    wait_until(lambda: saved_node(flow, "transform").get("parent") == "map", "the save")


def test_a_node_is_put_into_a_map_without_a_mouse(make_draft, open_editor):
    flow = make_draft("in -> map -> out, a")
    page = open_editor(flow)
    node(page, "a").focus()
    page.get_by_label("Stands in").select_option(label="Map")
    wait_until(lambda: saved_node(flow, "a").get("parent") == "map", "the save")
    expect(page.get_by_label("Stands in")).to_have_value("map")
    page.get_by_label("Stands in").select_option(label="The flow itself")
    wait_until(lambda: "parent" not in saved_node(flow, "a"), "the way out")


def test_no_wire_crosses_the_border_of_a_map(make_draft, open_editor):
    flow = make_draft("in -> map -> out, a", parents={"a": "map"})
    page = open_editor(flow)
    wire(page, "in", "a")
    expect(page.locator("#refused")).to_contain_text("two sides of a map's border")
    expect(edges(page)).to_have_count(2)


def test_retries_and_errors_are_set_in_a_section_of_their_own(make_draft, open_editor):
    flow = make_draft("in -> a -> out")
    page = open_editor(flow)
    node(page, "a").click()
    section = page.locator("#section-policies")
    expect(section).to_contain_text("fail the run")
    section.locator("summary").click()
    page.get_by_label("Tries").fill("3")
    page.get_by_label("Wait before the second").fill("2 min")
    page.get_by_label("If it fails all the same").select_option("port")
    expect(section).to_contain_text("3 tries, then go on by error")
    expect(page.get_by_label("Tries")).to_be_visible()
    expect(node(page, "a").locator('[data-handleid="error"]')).to_be_visible()
    wait_until(lambda: saved_node(flow, "a").get("on_error"), "the save")
    assert saved_node(flow, "a")["retry"] == {"attempts": 3, "backoff_s": 120}
    page.get_by_label("Tries").fill("99")
    expect(page.get_by_text("Enter 2 to 20")).to_be_visible()


def test_settings_of_the_flow_are_saved(make_draft, open_editor):
    flow = make_draft("in -> out")
    page = open_editor(flow)
    page.get_by_label("Most sensitive data").select_option("personal")
    page.locator("#section-runs summary").click()
    page.get_by_label("Deadline").fill("2 h")
    page.locator("#section-limit summary").click()
    page.get_by_label("At most").fill("5")
    page.get_by_label("For each").fill("input.customer")
    expect(page.locator("#section-limit")).to_contain_text("5 for each key")
    wanted = {
        "deadline_s": 7200,
        "concurrency": {"limit": 5, "key": "input.customer"},
        "data_class": "personal",
    }
    wait_until(lambda: draft_of(flow).get("settings") == wanted, "the save")


def test_a_problem_of_an_edge_stands_on_it(make_draft, open_editor):
    flow = make_draft("in -> cond:true -> a -> out, cond:false -> b -> out, b ~> a")
    page = open_editor(flow)
    badge = page.locator(".edge-label-error .edge-badge")
    expect(badge).to_be_visible()
    page.get_by_role("button", name="Problems").click()
    page.locator(".problem").filter(has_text="feeds back").click()
    expect(page.locator("#edge-form")).to_contain_text("Feed back to a node")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_builder_with_everything_is_accessible(
    make_draft, open_editor, assert_accessible, theme
):
    flow = make_draft(
        "in -> draft -> cond:true -> map -> out, cond:false ~> draft, a",
        parents={"a": "map"},
        more={"draft": {"on_error": {"action": "port"}}},
    )
    page = open_editor(flow)
    page.emulate_media(color_scheme=theme)
    node(page, "draft").click()
    page.locator("#section-policies summary").click()
    expect(page.get_by_label("Tries")).to_be_visible()
    assert_accessible(page)
    page.keyboard.press("Tab")
    page.locator(".flow-edge-loop").focus()
    expect(page.get_by_label("Rounds at most")).to_be_visible()
    assert_accessible(page)


HEARD = """() => document.querySelector("flow-editor").addEventListener(
  "live", ({ detail }) => { window.heard = detail.id; })"""


def test_an_early_answer_that_comes_late_does_not_hide_the_end(
    make_draft, open_editor, live_conductor
):
    """The first look at a run is answered last, with what was true when it began."""
    page = open_editor(make_draft("in -> out", input_schema=SCHEMA))
    page.evaluate(HEARD)
    first = []

    def answer(route):
        if first:
            route.fulfill(response=route.fetch())
        else:
            first.append(route)

    page.route("**/states/", answer)
    page.get_by_role("button", name="Run draft").click()
    dialog = page.locator("#run-dialog")
    dialog.get_by_label("Items").fill("[1]")
    dialog.get_by_role("button", name="Run").click()
    wait_until(lambda: Run.objects.filter(ended_at__isnull=False).exists(), "the end")
    page.wait_for_function("seq => window.heard >= seq", arg=Run.objects.get().seq)
    page.evaluate("() => fetch('/healthz').then(() => true)")  # asked last of all
    first[0].fulfill(json=QUEUED)
    expect(page.locator("#run-strip")).to_contain_text("Succeeded")


def test_queue_of_a_node_is_saved(make_draft, open_editor):
    flow = make_draft("in -> model -> out")
    page = open_editor(flow)
    node(page, "model").click()
    field = page.get_by_label("Queue")
    field.fill("runs")
    said = page.locator("#node-queue-said")
    expect(said).to_contain_text("Choose another name")
    field.fill("gpu")
    expect(said).to_contain_text("No worker takes from gpu now")
    wait_until(lambda: saved_node(flow, "model").get("queue") == "gpu", "the save")
    field.fill("")
    wait_until(lambda: saved_node(flow, "model")["queue"] is None, "the save")
