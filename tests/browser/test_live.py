"""An open page hears what changed, also after it was cut off."""

import re

import pytest
from playwright.sync_api import expect

from orchestrator_site.live.api import Announcement, announce_now
from tests.factories.accounts import make_membership

WATCH = """() => {
  const list = document.createElement("p");
  list.id = "list";
  list.dataset.liveTopic = "runs";
  list.addEventListener("live", () => list.textContent += "!");
  document.body.append(list);
}"""


@pytest.fixture
def member(transactional_db):
    return make_membership()


@pytest.fixture
def page(new_page, member):
    page = new_page(user=member.user)
    page.goto("/accounts/password/change/")
    page.evaluate(WATCH)
    expect(page.locator("html")).to_have_attribute("data-live-state", "live")
    return page


def rung(page, *, more_than: int = 0) -> int:
    """Wait until the list was told to look more often, and say how often."""
    calls = page.locator("#list")
    expect(calls).to_have_text(re.compile(f"!{{{more_than + 1},}}"))
    return len(calls.text_content())


def test_element_hears_of_its_topic(page, member):
    first = rung(page)
    announce_now([Announcement(member.workspace_id, "runs")])
    rung(page, more_than=first)


def test_page_that_was_offline_catches_up(page, member):
    first = rung(page)
    page.context.set_offline(True)
    expect(page.locator("html")).to_have_attribute("data-live-state", "offline")
    page.context.set_offline(False)
    expect(page.locator("html")).to_have_attribute("data-live-state", "live")
    rung(page, more_than=first)


def test_removed_member_is_told_once(page, member):
    rung(page)
    page.evaluate(
        "document.addEventListener('baton:removed', () => document.title = 'removed')"
    )
    member.delete()
    page.evaluate("document.getElementById('list').dataset.liveTopic = 'approvals'")
    expect(page).to_have_title("removed")
    expect(page.locator("html")).to_have_attribute("data-live-state", "offline")
