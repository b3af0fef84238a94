"""The registry with the keyboard alone, and as it changes while somebody looks."""

import re

import pytest
from playwright.sync_api import expect

from model_registry.adapters.base import Health
from model_registry.governance import Status
from model_registry.guarding.health import note
from model_registry.resolving import resolve
from model_registry.services.standing import set_standing
from model_registry.services.uploading import add_artefact
from orchestrator_site.accounts.roles import Role
from tests.browser.with_sections import with_evaluated
from tests.factories import onnx_files
from tests.factories.accounts import make_membership
from tests.factories.figures import make_health
from tests.factories.models import make_draft, make_model_version


@pytest.fixture
def member(transactional_db):
    return make_membership(role=Role.OWNER)


@pytest.fixture
def page(new_page, member):
    return new_page(user=member.user)


@pytest.fixture
def draft(member):
    """Version 2 of a model whose version 1 is called."""
    workspace = member.workspace
    make_model_version(workspace=workspace, model="shop")
    return make_draft(workspace=workspace, model="shop", runs="cpu", alias=None)


def test_version_is_approved_by_keyboard(page, member, draft):
    make_draft(workspace=member.workspace, model="another")
    page.goto("/models/")
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(page.get_by_role("link", name="shop")).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url("**/models/shop/")
    page.get_by_role("button", name="Change version 2").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    reason = page.get_by_role("dialog").get_by_label("Reason")
    expect(reason).to_be_focused()
    page.keyboard.type("Measured on 1,200 cases.")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#toasts")).to_contain_text("Approved: version 2 of shop")
    expect(page.locator("#version-2")).to_contain_text("Approved")


def test_page_hears_of_what_somebody_else_does(page, draft):
    page.goto("/models/shop/")
    expect(page.locator("html")).to_have_attribute("data-live-state", "live")
    expect(page.locator("#version-2")).to_contain_text("Needs approval")
    set_standing(draft, Status.APPROVED, actor="system:test", reason="Tested.")
    expect(page.locator("#version-2")).to_contain_text("Approved")
    first = draft.model.versions.get(number=1)
    set_standing(first, Status.SUSPENDED, actor="system:test", reason="Drifted.")
    expect(page.locator("#model-state")).to_have_text("Suspended")


def test_list_is_searched_while_one_types(page, draft, member):
    make_draft(workspace=member.workspace, model="another")
    page.goto("/models/")
    page.get_by_label("Search models").press_sequentially("shop")
    expect(page.locator("#model-another")).to_have_count(0)
    expect(page.locator("#model-shop")).to_be_visible()
    expect(page.get_by_label("Search models")).to_be_focused()
    expect(page).to_have_url(re.compile("q=shop"))
    page.get_by_label("Search models").fill("")
    expect(page.locator("#model-another")).to_be_visible()


def test_other_adapter_brings_its_fields_and_keeps_the_rest(page, console):
    page.goto("/new-model/")
    page.get_by_label("Name").fill("writer")
    page.get_by_label("Adapter").select_option("openai_chat")
    expect(page.get_by_label("Base URL")).to_be_visible()
    expect(page.get_by_label("Name")).to_have_value("writer")
    page.get_by_label("Base URL").fill("ftp://nowhere")
    page.get_by_role("button", name="Register").click()
    console.expected.append("422")
    expect(page.locator("#id_setting_base_url-error")).to_be_visible()
    expect(page.locator("#id_capability-error")).to_be_visible()
    expect(page.get_by_label("Capability")).to_be_focused()


def test_uploaded_file_is_chosen_by_keyboard(page, member):
    content = onnx_files.linear()
    add_artefact(member.workspace, "risk.onnx", [content], actor="system:test")
    page.goto("/new-model/")
    page.get_by_label("Capability").fill("score")
    page.get_by_label("Adapter").select_option("onnx")
    file = page.get_by_role("radio", name="risk.onnx")
    expect(file).to_be_visible()
    typed = page.get_by_label("Name of the file")
    expect(typed).to_be_hidden()
    file.focus()
    page.keyboard.press("ArrowUp")
    expect(typed).to_be_visible()
    page.keyboard.press("ArrowDown")
    expect(file).to_be_checked()
    expect(typed).to_be_hidden()
    page.get_by_label("Inputs").fill('{"x": {"fields": ["amount", "fee"]}}')
    page.get_by_label("Name", exact=True).fill("risk")
    page.keyboard.press("Enter")
    expect(page.locator("#toasts")).to_contain_text("Registered: risk v1")


def test_page_hears_that_a_model_no_longer_answers(page, member):
    version = make_model_version(workspace=member.workspace, model="shop")
    page.goto("/models/shop/")
    expect(page.locator("html")).to_have_attribute("data-live-state", "live")
    health = page.locator("#model-health")
    expect(health).to_contain_text("Not looked at")
    resolved = resolve(member.workspace.pk, "shop", "champion")
    make_health(version, is_well=True)
    note(resolved, Health(ok=False, message="Nobody listens.", latency_ms=1.0))
    expect(health).to_contain_text("Not answering")
    expect(health).to_contain_text("Nobody listens.")


def test_evaluation_is_ordered_and_opened_by_keyboard(page, member):
    with_evaluated(member.workspace)
    make_draft(workspace=member.workspace, model="shop", capability="classify")
    page.goto("/models/shop/evaluations/")
    page.get_by_role("link", name="Evaluate a version").focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_label("Version")).to_be_focused()
    for _ in range(3):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Queued")).to_be_visible()
    # Only then are the keys of the new page heard.
    page.wait_for_load_state()
    for _ in range(3):
        page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Cases, the worst first")).to_be_visible()
    expect(page.get_by_role("cell", name="0.00")).to_be_visible()
