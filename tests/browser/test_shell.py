"""What the frame of a page does by itself: failures, toasts, keys, the narrow menu."""

import json
import re

import pytest
from playwright.sync_api import expect

from orchestrator_site.accounts.roles import Role
from tests.factories.accounts import make_membership

# A part of a page, as any of them could be.
FORM = """
<form id="form" hx-post="/answer/" hx-target="#form" hx-swap="outerHTML">
  <input id="words" aria-label="Words" value="typed by hand">
  <button id="send">Send</button>
</form>
"""
INSERT = "html => { content.innerHTML = html; htmx.process(content); }"


@pytest.fixture
def page(browser_page, login):
    login(browser_page, make_membership(role=Role.OWNER).user)
    browser_page.goto("/accounts/settings/not-there/")
    expect(browser_page.locator("html")).to_have_attribute("data-live-state", "live")
    browser_page.evaluate(INSERT, FORM)
    return browser_page


@pytest.fixture(autouse=True)
def provoked(console):
    """Answers of 400 and more are errors in a console."""
    console.expected += ["the server responded with a status of", "net::ERR_FAILED"]
    console.expected.append("htmx:error")


@pytest.fixture
def answer(page):
    """Send the form and let the server answer so."""

    def send(**reply) -> None:
        page.route("**/answer/", lambda route: route.fulfill(**reply))
        page.locator("#send").click()

    return send


def test_failure_of_the_server_keeps_what_was_typed(page, answer):
    answer(status=500, body="<h1>oops</h1>")
    expect(page.locator("#page-notes")).to_contain_text("could not do this")
    expect(page.locator("#words")).to_have_value("typed by hand")


def test_missing_permission_is_named(page, answer):
    sentence = "Your role viewer does not include flow.publish."
    answer(status=403, body=sentence, content_type="text/plain")
    expect(page.locator("#page-notes")).to_contain_text(sentence)
    expect(page.locator("#words")).to_have_value("typed by hand")


def test_what_the_page_fetches_by_itself_takes_no_note_away(page, answer):
    answer(status=403, body="Not yours.", content_type="text/plain")
    expect(page.locator("#page-notes")).to_contain_text("Not yours.")
    navigation = page.locator("[data-live-topic]").first
    with page.expect_response(lambda response: response.ok):
        navigation.dispatch_event("live")
    expect(page.locator(".htmx-request")).to_have_count(0)
    expect(page.locator("#page-notes")).to_contain_text("Not yours.")


def test_ended_session_offers_a_login_and_keeps_the_page(page):
    def end_session(route):
        # Not before the form is sent: the page notices an ended session by itself too.
        page.context.clear_cookies()
        route.fulfill(status=302, headers={"Location": "/accounts/login/?next=/"})

    page.route("**/answer/", end_session)
    page.locator("#send").click()
    dialog = page.get_by_role("dialog", name="Your session has ended")
    expect(dialog).to_be_visible()
    expect(dialog.get_by_role("link", name="Sign in")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#words")).to_have_value("typed by hand")


def test_no_answer_is_told_and_forgotten_when_one_comes(page, answer):
    page.route("**/answer/", lambda route: route.abort())
    page.locator("#send").click()
    notes = page.locator("#page-notes")
    expect(notes).to_contain_text("did not answer")
    answer(status=200, body="<p id='form'>Stored</p>")
    expect(page.locator("#form")).to_have_text("Stored")
    expect(notes).to_have_text(re.compile(r"^\s*$"))


def test_refused_form_is_swapped_in(page, answer):
    answer(status=422, body="<p id='form'>Enter 1 to 3600 seconds.</p>")
    expect(page.locator("#form")).to_have_text("Enter 1 to 3600 seconds.")


def test_toasts_are_shown_one_after_another(page, answer):
    said = {"toast": {"target": "body", "text": "First"}}
    answer(status=200, body="", headers={"HX-Trigger": json.dumps(said)})
    expect(page.locator(".toast:visible")).to_contain_text("First")
    page.evaluate("import('baton/toast').then(m => m.toast({ text: 'Second' }))")
    expect(page.locator(".toast")).to_have_count(2)
    page.locator(".toast:visible").get_by_role("button", name="Close").click()
    expect(page.locator(".toast:visible")).to_contain_text("Second")


def test_keys_go_places_but_not_from_a_field(page):
    page.locator("#words").press("g")
    page.locator("#words").press("r")
    expect(page.locator("#words")).to_have_value(re.compile("gr"))
    page.locator("#words").blur()
    page.keyboard.press("g")
    page.keyboard.press("r")
    page.wait_for_url("**/runs/")


def test_keys_are_listed_and_can_be_turned_off(page):
    keys = page.get_by_role("dialog", name="Keys")
    page.keyboard.press("?")
    expect(keys).to_be_visible()
    page.keyboard.press("Escape")
    expect(keys).to_be_hidden()
    page.evaluate("document.documentElement.dataset.keys = 'off'")
    page.keyboard.press("?")
    expect(keys).to_be_hidden()


def test_menu_of_a_narrow_page_opens_and_closes_by_keyboard(page):
    page.set_viewport_size({"width": 420, "height": 900})
    navigation = page.get_by_role("navigation", name="Main")
    expect(navigation).to_be_hidden()
    page.get_by_role("button", name="Menu").press("Enter")
    expect(navigation).to_be_visible()
    page.keyboard.press("Escape")
    expect(navigation).to_be_hidden()
