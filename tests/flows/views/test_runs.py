"""The list of runs."""

import pytest
from django.urls import reverse

from flows.models import Inbox, Run
from orchestrator_site.accounts.roles import Role
from tests.factories.flows import make_flow, make_run
from tests.flows.views.people import HTMX, browser_of

LIST, CHANGES = "/runs/", "/runs/changes/"


def end(run: Run, status: str) -> Run:
    """Let a run have ended, without a worker."""
    run.status, run.started_at, run.ended_at = status, run.created_at, run.created_at
    run.save()
    return run


def shown_ids(response) -> list[str]:
    return [str(row.run.pk) for row in response.context["rows"]]


def test_runs_come_newest_first(browser, flow):
    first, second = make_run(flow=flow), make_run(flow=flow)
    assert shown_ids(browser.get(LIST)) == [str(second.pk), str(first.pk)]


def test_a_fragment_has_no_frame(browser, flow):
    make_run(flow=flow)
    page, part = browser.get(LIST), browser.get(LIST, headers=HTMX)
    assert b"<!DOCTYPE html>" in page.content
    assert b"<!DOCTYPE html>" not in part.content
    assert b'id="runs"' in part.content


def test_other_workspaces_are_not_shown(browser):
    make_run()
    assert shown_ids(browser.get(LIST)) == []


def test_somebody_logged_out_is_sent_to_log_in(client, db):
    assert client.get(LIST).status_code == 302


@pytest.mark.parametrize(
    ("state", "statuses"),
    [
        ("failed", {"failed", "poisoned"}),
        ("completed", {"completed"}),
        ("open", {"queued"}),
        ("nonsense", {"failed", "poisoned", "completed", "queued"}),
    ],
)
def test_the_state_filters(browser, flow, state, statuses):
    make_run(flow=flow)
    for status in ("failed", "poisoned", "completed"):
        end(make_run(flow=flow), status)
    rows = browser.get(LIST, {"state": state}).context["rows"]
    assert {row.run.status for row in rows} == statuses


def test_the_flow_filters(browser, workspace, flow):
    make_run(flow=flow)
    wanted = make_run(flow=make_flow(workspace=workspace))
    response = browser.get(LIST, {"flow": wanted.flow.slug})
    assert shown_ids(response) == [str(wanted.pk)]


def test_pages_follow_each_other_without_gap_or_repeat(browser, flow):
    made = [str(make_run(flow=flow).pk) for _ in range(53)]
    first = browser.get(LIST)
    second = browser.get(first.context["older_url"])
    assert shown_ids(first) + shown_ids(second) == made[::-1]
    assert second.context["older_url"] == ""


def test_a_filtered_list_that_is_empty_offers_to_clear(browser, flow):
    assert b"Clear filters" in browser.get(LIST, {"state": "failed"}).content


def test_an_empty_list_says_how_to_begin(browser, flow):
    assert b"No runs yet" in browser.get(LIST).content


def test_rows_change_in_place_and_new_ones_wait(browser, flow):
    old = make_run(flow=flow)
    new = make_run(flow=flow)
    end(old, "failed")
    response = browser.get(CHANGES, {"shown": [str(old.pk)]}, headers=HTMX)
    assert shown_ids(response) == [str(old.pk)]
    assert b"1 new run." in response.content
    assert str(new.pk).encode() not in response.content


def test_changes_tell_nothing_of_other_workspaces(browser, workspace):
    other = make_run()
    response = browser.get(CHANGES, {"shown": [str(other.pk), "junk"]}, headers=HTMX)
    assert shown_ids(response) == []


def test_the_sentence_says_how_things_stand(browser, flow):
    make_run(flow=flow)
    end(make_run(flow=flow), "failed")
    content = browser.get(LIST).content.decode()
    assert "1 run is under way." in content
    assert "1 of 2 in the last 24 hours failed." in content


def test_only_who_may_cancel_is_offered_it(workspace, flow):
    run = make_run(flow=flow)
    way = reverse("flows:run_cancellation", args=[run.pk]).encode()
    assert way in browser_of(workspace, Role.BUILDER).get(LIST).content
    assert way not in browser_of(workspace, Role.VIEWER).get(LIST).content


def test_a_run_that_is_being_cancelled_says_so(browser, flow):
    Inbox.objects.create(run=make_run(flow=flow), kind="cancel", actor="system:test")
    assert b"Being cancelled" in browser.get(LIST).content


def test_a_list_needs_few_queries(browser, flow, django_assert_max_num_queries):
    for _ in range(5):
        make_run(flow=flow)
    with django_assert_max_num_queries(15):
        browser.get(LIST)
