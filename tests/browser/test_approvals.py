"""Two people on one queue, each in a browser of their own."""

import re

import pytest
from django.conf import settings
from playwright.sync_api import expect

from approvals.models import Approval, Decision
from approvals.services.claiming import claim
from approvals.services.deciding import Reason, decide
from approvals.services.opening import withdraw_run
from tests.factories.accounts import make_workspace
from tests.factories.approvals import (
    ANSWER,
    make_approval,
    make_reviewer,
    make_verdict,
)
from tests.factories.flows import make_flow, make_run


@pytest.fixture
def workspace(transactional_db):
    return make_workspace()


@pytest.fixture
def mara(workspace):
    return make_reviewer(workspace, name="Mara Ibsen")


@pytest.fixture
def theo(workspace):
    return make_reviewer(workspace)


@pytest.fixture
def ask(workspace):
    """Open an approval of a run that waits: `ask("Refund", risk="high")`."""
    run = make_run(flow=make_flow(workspace=workspace))

    def make(title, **keys):
        return make_approval(
            workspace=workspace, run_id=run.pk, address=title, title=title, **keys
        )

    return make


@pytest.fixture
def page(new_page, mara):
    return new_page(user=mara.user)


def expect_live(page):
    """Wait until the page hears of changes."""
    expect(page.locator("html")).to_have_attribute("data-live-state", "live")


def open_queue(page):
    page.goto("/approvals/")
    expect_live(page)
    return page.get_by_role("listitem").filter(has=page.locator(".list-link"))


def open_review(page, approval):
    page.goto(f"/approvals/{approval.pk}/")
    expect_live(page)
    return page.get_by_role("textbox", name="Answer")


def test_new_approval_waits_behind_a_bar(page, ask):
    ask("First")
    rows = open_queue(page)
    page.keyboard.press("j")
    ask("Second", risk="high")
    expect(page.get_by_text("1 new approval of high risk. Show it")).to_be_visible()
    expect(page.get_by_text("2 approvals need you.")).to_be_visible()
    expect(rows).to_have_text([re.compile("First")])
    page.keyboard.press(".")
    expect(rows).to_have_text([re.compile("Second"), re.compile("First")])
    expect(page.get_by_role("link", name="Second")).to_be_focused()


def test_new_approvals_are_shown_although_something_else_changes_meanwhile(page, ask):
    ask("First")
    rows = open_queue(page)
    ask("Second")
    expect(page.get_by_text("1 new approval. Show it")).to_be_visible()
    page.evaluate("""() => {
        document.querySelector("[data-show-new]").click();
        document.querySelector("#queue").dispatchEvent(new Event("live"));
    }""")
    expect(rows).to_have_count(2)


def test_first_approval_appears_on_an_empty_page(page, ask):
    rows = open_queue(page)
    expect(page.get_by_role("heading", name="Nothing waits")).to_be_visible()
    ask("First")
    expect(rows).to_have_text([re.compile("First")])


def test_claim_and_decision_of_another_change_the_row_in_place(page, ask, theo):
    approval, _other = ask("First"), ask("Second")
    rows = open_queue(page)
    page.keyboard.press("j")
    claim(approval.pk, principal=theo)
    expect(rows.first).to_contain_text("Claimed by Theo Okafor")
    decide(approval.pk, make_verdict(approval), principal=theo)
    expect(rows.first).to_contain_text("by Theo Okafor")
    expect(rows.first).to_have_attribute("data-gone", "")
    expect(page.get_by_role("link", name="First")).to_be_focused()
    page.get_by_label("Flow").focus()
    expect(rows).to_have_text([re.compile("Second")])


def test_keys_lead_through_the_queue_to_a_decision(page, ask):
    ask("First")
    second = ask("Second")
    rows = open_queue(page)
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("c")
    expect(rows.nth(1)).to_contain_text("Claimed by you")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Second")).to_be_visible()
    page.wait_for_load_state()  # until then its modules need not have run
    page.keyboard.press("a")
    expect(page.get_by_text("Approved: Second")).to_be_visible()
    expect(page.get_by_role("heading", name="First")).to_be_visible()
    assert Decision.objects.get().approval_id == second.pk


def test_edit_is_compared_word_by_word_claims_and_is_approved(page, ask):
    approval = ask("First")
    answer = open_review(page, approval)
    page.keyboard.press("e")
    expect(answer).to_be_focused()
    answer.fill(ANSWER.replace("5 working days", "one week"))
    expect(page.get_by_role("button", name="Release")).to_be_visible()
    page.get_by_role("button", name="Your changes").click()
    expect(page.locator("del")).to_have_text("5 working days")
    expect(page.locator("ins")).to_have_text("one week")
    page.get_by_role("button", name="Approve with 1 change").click()
    expect(page.get_by_text("Approved with changes: First")).to_be_visible()
    decision = Decision.objects.get()
    assert decision.outcome == "edited"
    assert decision.dwell_ms > 0


def test_rejection_takes_two_keys_and_enter(page, ask):
    open_review(page, ask("First"))
    page.keyboard.press("r")
    page.keyboard.press("4")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Rejected: First")).to_be_visible()
    assert Decision.objects.get().reason_code == "wrong_tone"


def test_text_outlives_a_reload(page, ask):
    answer = open_review(page, ask("First"))
    answer.fill("Typed with care.")
    page.reload()
    expect(answer).to_have_value("Typed with care.")
    page.get_by_role("button", name="Take the proposal instead").click()
    expect(answer).to_have_value(ANSWER)
    page.reload()
    expect(answer).to_have_value(ANSWER)


def test_decision_of_another_is_told_and_the_text_is_kept(page, ask, theo):
    approval = ask("First")
    answer = open_review(page, approval)
    answer.fill("Typed with care.")
    expect(page.get_by_role("button", name="Release")).to_be_visible()
    claim(approval.pk, principal=theo, take_from=Approval.objects.get().claimed_by)
    expect(page.get_by_text("Theo Okafor has claimed this.")).to_be_visible()
    reason = Reason("wrong_facts", "There is no such lamp.")
    verdict = make_verdict(approval, outcome="rejected", reason=reason)
    decide(approval.pk, verdict, principal=theo)
    expect(page.get_by_text("Theo Okafor rejected this")).to_be_visible()
    expect(page.get_by_text("What you typed is kept below")).to_be_visible()
    expect(answer).to_have_value("Typed with care.")
    expect(answer).not_to_be_editable()
    expect(page.get_by_role("button", name="Copy what you typed")).to_be_visible()
    expect(page.get_by_role("button", name="Approve")).to_have_count(0)


def test_ended_session_loses_nothing(page, ask, console):
    approval = ask("First")
    answer = open_review(page, approval)
    answer.fill("Typed with care.")
    expect(page.get_by_role("button", name="Release")).to_be_visible()
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    page.get_by_role("button", name="Approve with").click()
    expect(page.get_by_role("heading", name="Your session has ended")).to_be_visible()
    expect(answer).to_have_value("Typed with care.")
    assert not Decision.objects.exists()


def test_field_that_does_not_fit_is_shown_where_it_stands(page, ask, console):
    console.expected.append("422")
    answer = open_review(page, ask("First"))
    answer.fill("x" * 2001)
    page.get_by_role("button", name="Approve with").click()
    expect(page.get_by_text("1 field to mend")).to_be_visible()
    expect(answer).to_be_focused()
    expect(answer).to_have_value("x" * 2001)
    answer.fill("Short.")
    page.get_by_role("button", name="Approve with").click()
    expect(page.get_by_text("Approved with changes: First")).to_be_visible()


def test_withdrawn_approval_loses_its_buttons(page, ask):
    approval = ask("First")
    open_review(page, approval)
    withdraw_run(approval.run_id, reason="run_cancelled")
    expect(page.get_by_text("no longer waits for this decision")).to_be_visible()
    expect(page.get_by_role("button", name="Approve")).to_have_count(0)
