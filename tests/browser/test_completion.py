"""Names and functions that are offered while an expression is typed."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from flows.models import Flow
from flows.services.drafts import create_flow
from orchestrator_site.accounts.models import Membership
from orchestrator_site.accounts.roles import Role
from tests.browser.test_builder import draft_of, node, nodes
from tests.factories.accounts import make_membership
from tests.factories.flows import ACTOR
from tests.factories.graphs import document
from tests.factories.models import make_model_version
from tests.fixtures.stack import wait_until

SCHEMA = {
    "type": "object",
    "properties": {
        "message": {"type": "string", "description": "What the customer writes."},
        "orders": {
            "type": "array",
            "items": {"type": "object", "properties": {"price": {"type": "number"}}},
        },
    },
}
CONFIGS = {
    "cond": {"when": "true"},
    "text": {"text": "Dear customer"},
    "pick": {"items": "input.orders", "keep": "true"},
}
DRAWING = "in -> cond, cond:true -> text -> model -> pick -> out"
LABELLED = {
    "type": "object",
    "properties": {"label": {"type": "string", "description": "What it is about."}},
}

# A text with | for the cursor; whether it is a template; what is being typed there.
PLACES = [
    ("inp|", False, "inp"),
    ("steps.a.t|ext", False, "steps.a.t"),
    ("size(x) + items[0].na|", False, ".na"),
    ("1.|", False, None),
    ("'abc inp|", False, None),  # in a string
    ("'abc' + inp|", False, "inp"),
    ('"it\\"s" + inp|', False, "inp"),
    ('"""a" inp|', False, None),
    ("// inp|", False, None),  # in a comment
    ("1 // one\n+ inp|", False, "inp"),
    ("Dear inp|", True, None),
    ("Dear {{ inp|", True, "inp"),
    ("Dear {{ a }} inp|", True, None),
    ("{{ {'a': inp|", True, "inp"),
    ("{{ {'a': 1}.a }} and {{ '}}' + inp|", True, "inp"),
]
TYPED = """async (places) => {
  const { placeAt } = await import("builder/completing");
  return places.map(([text, isTemplate]) =>
    placeAt(text.replace("|", ""), text.indexOf("|"), isTemplate)?.typed ?? null);
}"""


# A text with | for the cursor, and the names that are offered there.
IN_MACROS = [
    ("input.rows.map(row, ro|", ["row", "input.rows"]),
    ("input.rows.map(row, row.|", ["row.price"]),
    ("input.rows.filter( r , [1].size() < r.p|", ["r.price"]),
    ("input.rows.map(row, {'a)': row.|", ["row.price"]),
    # Nothing is known of its entries.
    ("input.other.map(row, ro|", ["row", "input.rows"]),
    ("input.other.map(row, row.|", []),
    ("input.rows.map(row, row.price).size() + ro|", ["input.rows"]),
    ("input.rows.map(ro|", ["input.rows"]),
    ("size(row, ro|", ["input.rows"]),
    ("'input.rows.map(row, ' + ro|", ["input.rows"]),
]
OFFERED = """async (texts) => {
  const { optionsFor, placeAt } = await import("builder/completing");
  const name = (name, kind, type) => ({ name, kind, type, help: "", asks_first: false });
  const names = [
    name("input.rows", "field", "a list"),
    name("input.rows[]", "entry", "an object"),
    name("input.rows[].price", "entry", "a number"),
  ];
  const functions = ["map", "filter"].map((macro) => (
    { name: macro, kind: "macro", signature: `list.${macro}(x, y) → list`, help: "" }));
  return texts.map((text) =>
    optionsFor(placeAt(text.replace("|", ""), text.indexOf("|"), false),
               { names, functions }, "")
      .filter(({ kind }) => kind === "name").map(({ label }) => label));
}"""


@pytest.fixture
def member(transactional_db) -> Membership:
    return make_membership(role=Role.OWNER)


@pytest.fixture
def flow(member) -> Flow:
    make_model_version(workspace=member.workspace, model="echo", output_schema=LABELLED)
    made = document(
        DRAWING,
        types={"text": "template", "pick": "filter"},
        configs=CONFIGS,
        input_schema=SCHEMA,
    )
    for number, each in enumerate(made["nodes"]):
        each["position"] = {"x": 200 * number, "y": 0}
    return create_flow(member.workspace, slug="tea", document=made, actor=ACTOR)


@pytest.fixture
def open_field(new_page, member, flow) -> Callable[..., Locator]:
    """The emptied field of a node, with the cursor in it."""

    def open_(node_id: str, label: str, **kwargs) -> Locator:
        page = new_page(user=member.user, **kwargs)
        page.goto(f"/flows/{flow.slug}/")
        expect(nodes(page)).not_to_have_count(0)
        node(page, node_id).click()
        field = page.get_by_label(label)
        field.fill("")
        return field

    return open_


def offered(page: Page) -> Locator:
    names = page.get_by_role("listbox", name="Names and functions")
    return names.get_by_role("option")


def chosen(page: Page) -> Locator:
    return page.locator('#completion-list [aria-selected="true"]')


def test_name_is_completed_by_keyboard(open_field, flow):
    field = open_field("cond", "Take the port true when")
    page = field.page
    page.keyboard.type("inp")
    expect(offered(page).first).to_contain_text("input")
    page.keyboard.press("Tab")
    expect(field).to_be_focused()
    expect(field).to_have_value("input")
    page.keyboard.type(".")
    expect(offered(page)).to_have_text(["input.messagetext", "input.ordersa list"])
    page.keyboard.press("ArrowDown")
    expect(chosen(page)).to_contain_text("input.orders")
    page.keyboard.press("ArrowDown")
    expect(chosen(page)).to_contain_text("input.message")
    expect(page.locator("#completion-help")).to_have_text("What the customer writes.")
    expect(field).to_have_attribute("aria-activedescendant", "completion-0")
    expect(field).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("Enter")
    expect(field).to_have_attribute("aria-expanded", "false")
    expect(field).to_have_value("input.message")
    expect(offered(page)).to_have_count(0)
    page.keyboard.type(" == 'x'")
    wait_until(
        lambda: draft_of(flow)["nodes"][1]["config"]["when"] == "input.message == 'x'",
        "the save",
    )


def test_escape_closes_the_list_and_then_leaves_the_form(open_field):
    field = open_field("cond", "Take the port true when")
    page = field.page
    page.keyboard.press("Control+Space")
    expect(offered(page).first).to_be_visible()
    page.keyboard.press("Escape")
    expect(offered(page)).to_have_count(0)
    expect(field).to_be_focused()
    expect(field).to_have_value("")
    page.keyboard.press("Escape")
    expect(node(page, "cond")).to_be_focused()


def test_without_a_list_enter_and_tab_are_what_they_were(open_field):
    field = open_field("cond", "Take the port true when")
    page = field.page
    page.keyboard.type("1 ==")
    page.keyboard.press("Enter")
    page.keyboard.type("1")
    expect(field).to_have_value("1 ==\n1")
    page.keyboard.press("Tab")
    expect(field).not_to_be_focused()


def test_function_is_written_with_its_brackets(open_field):
    field = open_field("cond", "Take the port true when")
    page = field.page
    page.keyboard.type("siz")
    expect(chosen(page)).to_contain_text("size(text | list | object | bytes)")
    expect(page.locator("#completion-help")).to_contain_text("→ int")
    page.keyboard.press("Enter")
    expect(field).to_have_value("size()")
    page.keyboard.type("input.mes")
    expect(chosen(page)).to_contain_text("input.message")
    page.keyboard.press("Enter")
    page.keyboard.press("End")
    page.keyboard.type(" > 3")
    expect(field).to_have_value("size(input.message) > 3")


def test_methods_are_those_of_the_kind_of_value(open_field):
    field = open_field("cond", "Take the port true when")
    page = field.page
    page.keyboard.type("input.orders.")
    expect(offered(page).first).to_contain_text("list.all")
    expect(offered(page).filter(has_text="text.")).to_have_count(0)
    page.keyboard.type("exists")
    expect(chosen(page)).to_contain_text("list.exists(")
    page.keyboard.press("Enter")
    expect(field).to_have_value("input.orders.exists(x, )")


def test_list_stays_while_the_server_checks_what_is_typed(open_field):
    field = open_field("cond", "Take the port true when")
    page = field.page
    page.keyboard.type("i")
    expect(page.locator(".expression-spot")).to_have_count(1)
    expect(field).to_have_attribute("aria-expanded", "true")
    expect(field).to_have_attribute("aria-activedescendant", "completion-0")
    page.keyboard.press("Enter")
    expect(field).to_have_value("input")


def test_in_a_text_names_are_offered_between_braces_only(open_field, flow):
    field = open_field("text", "Text")
    page = field.page
    page.keyboard.type("Dear inp")
    page.keyboard.press("Control+Space")
    expect(offered(page)).to_have_count(0)
    page.keyboard.type(" {{ mess")
    expect(chosen(page)).to_contain_text("input.message")
    page.keyboard.press("Enter")
    page.keyboard.type(" }}, inp")
    expect(offered(page)).to_have_count(0)
    expect(field).to_have_value("Dear inp {{ input.message }}, inp")


def test_each_item_of_a_list_has_its_names(open_field):
    page = open_field("pick", "Keep an item when").page
    page.keyboard.type("ite")
    expect(chosen(page)).to_contain_text("item")


def test_variable_of_a_macro_has_the_fields_of_an_entry(open_field):
    field = open_field("cond", "Take the port true when")
    page = field.page
    page.keyboard.type("input.orders.exists(each, eac")
    expect(chosen(page)).to_contain_text("each")
    page.keyboard.press("Enter")
    page.keyboard.type(".")
    expect(offered(page)).to_have_text(["each.pricea number"])
    page.keyboard.press("Enter")
    expect(field).to_have_value("input.orders.exists(each, each.price")


def test_output_of_a_model_has_the_fields_that_its_version_says(open_field):
    page = open_field("pick", "Keep an item when").page
    page.keyboard.type("steps.model.")
    expect(offered(page)).to_have_text(["steps.model.labeltext"])
    expect(page.locator("#completion-help")).to_have_text("What it is about.")


def test_variables_of_macros_are_there_within_their_brackets_only(open_field):
    page = open_field("cond", "Take the port true when").page
    found = page.evaluate(OFFERED, [text for text, _ in IN_MACROS])
    assert found == [names for _, names in IN_MACROS]


def test_names_follow_what_was_typed_elsewhere_and_is_not_saved_yet(open_field):
    page = open_field("cond", "Take the port true when").page
    page.locator(".react-flow__pane").click(position={"x": 300, "y": 500})
    schema = page.get_by_label("What a run is given")
    schema.fill('{"type": "object", "properties": {"fresh": {"type": "string"}}}')
    node(page, "cond").click()
    page.get_by_label("Take the port true when").fill("")
    page.keyboard.type("input.")
    expect(offered(page)).to_have_text(["input.freshtext"])


def test_undo_of_the_field_takes_a_completion_back(open_field):
    field = open_field("cond", "Take the port true when")
    page = field.page
    page.keyboard.type("inp")
    expect(offered(page).first).to_be_visible()
    page.keyboard.press("Enter")
    expect(field).to_have_value("input")
    page.keyboard.press("Control+z")
    expect(field).to_have_value("inp")


def test_what_is_picked_with_the_mouse_is_written(open_field):
    field = open_field("cond", "Take the port true when")
    page = field.page
    page.keyboard.type("input.")
    offered(page).nth(1).click()
    expect(field).to_have_value("input.orders")
    expect(field).to_be_focused()


def test_mistake_leads_to_its_character(open_field):
    field = open_field("cond", "Take the port true when")
    page = field.page
    page.keyboard.type("input.n > ghost ")
    spot = page.get_by_role("button", name="input.n > ghost")
    expect(spot.locator("mark")).to_have_text("ghost")
    spot.click()
    expect(field).to_be_focused()
    page.keyboard.type("s")
    expect(field).to_have_value("input.n > sghost ")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_list_is_accessible(open_field, assert_accessible, theme):
    page = open_field("cond", "Take the port true when", theme=theme).page
    page.keyboard.press("Control+Space")
    expect(offered(page).first).to_be_visible()
    assert_accessible(page)


def test_what_is_typed_is_told_from_strings_numbers_and_text(open_field):
    page = open_field("cond", "Take the port true when").page
    found = page.evaluate(TYPED, [place[:2] for place in PLACES])
    assert found == [typed for _, _, typed in PLACES]
