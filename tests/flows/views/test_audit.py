"""The ledger's page."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from orchestrator_site.accounts.roles import Role
from orchestrator_site.ledger.api import Event, Subject, record
from tests.factories.accounts import make_membership
from tests.factories.flows import make_run
from tests.flows.views.people import HTMX, browser_of

LEDGER, VERIFICATION = "/ledger/", "/ledger/verification/"


def kinds(response) -> list[str]:
    return [row.entry.kind for row in response.context["rows"]]


def note(workspace, *, kind: str, actor: str = "system:test", **data) -> None:
    with transaction.atomic():
        record(
            workspace_id=workspace.pk,
            subject=Subject("workspace", workspace.pk),
            kind=kind,
            actor=actor,
            data=data,
        )


def test_events_come_newest_first_in_sentences(browser, flow):
    run = make_run(flow=flow)
    response = browser.get(LEDGER)
    assert kinds(response)[:2] == ["run.started", "flow.published"]
    assert f"started <b>{flow.name}</b>" in response.content.decode()
    assert str(run.pk) in response.content.decode()


def test_other_workspaces_are_not_shown(browser):
    make_run()
    assert kinds(browser.get(LEDGER)) == []


def test_people_are_called_by_their_names(browser, workspace):
    person = make_membership(workspace=workspace).user
    note(workspace, kind="workspace.created", actor=f"user:{person.pk}", slug="x")
    assert f"<b>{person.name}</b> created" in browser.get(LEDGER).content.decode()


@pytest.mark.parametrize("actor", ["user:x", "token:", "nobody", "user:" + "9" * 40])
def test_an_actor_that_is_none_is_told_too(browser, workspace, actor):
    note(workspace, kind="workspace.created", actor=actor, slug="x")
    assert kinds(browser.get(LEDGER)) == ["workspace.created"]


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"about": "runs"}, {"run.started"}),
        ({"about": "flows"}, {"flow.created", "flow.published"}),
        ({"who": "system:worker"}, set()),
    ],
)
def test_filters_leave_out_the_rest(browser, flow, filters, expected):
    make_run(flow=flow)
    assert set(kinds(browser.get(LEDGER, filters))) == expected


def test_one_actor_is_not_mistaken_for_another(browser, workspace):
    person = make_membership(workspace=workspace).user
    note(workspace, kind="workspace.created", actor=f"user:{person.pk}", slug="a")
    note(workspace, kind="workspace.created", actor=f"user:{person.pk}0", slug="b")
    rows = browser.get(LEDGER, {"who": f"user:{person.pk}"}).context["rows"]
    assert [row.entry.data["slug"] for row in rows] == ["a"]


def test_a_period_leaves_out_what_is_older(browser, workspace):
    Event.objects.bulk_create(
        [
            Event(
                chain_id=workspace.pk,
                seq=1,
                workspace_id=workspace.pk,
                at=timezone.now() - timedelta(days=2),
                kind="run.started",
                body=b'{"actor":"system:test","data":{},"kind":"run.started"}',
                hash=bytes(32),
            )
        ]
    )
    assert kinds(browser.get(LEDGER, {"period": "day"})) == []
    assert kinds(browser.get(LEDGER, {"period": "week"})) == ["run.started"]


def test_a_subject_shows_its_chain(browser, flow):
    run = make_run(flow=flow)
    make_run(flow=flow)
    assert len(kinds(browser.get(LEDGER, {"subject": str(run.pk)}))) == 1
    about = browser.get(LEDGER, {"subject": f"flow:{flow.pk}"})
    assert kinds(about) == ["flow.published", "flow.created"]


def test_pages_follow_each_other_without_gap_or_repeat(browser, workspace):
    for number in range(60):
        note(workspace, kind="workspace.created", slug=str(number))
    first = browser.get(LEDGER)
    second = browser.get(first.context["older_url"])
    told = [
        row.entry.data["slug"]
        for page in (first, second)
        for row in page.context["rows"]
    ]
    assert told == [str(number) for number in reversed(range(60))]


def test_an_event_opens_with_its_proof(browser, flow):
    run = make_run(flow=flow)
    event = Event.objects.get(chain_id=run.pk)
    response = browser.get(LEDGER, {"event": f"{run.pk}.1"})
    assert bytes(event.hash).hex() in response.content.decode()
    assert "the first of its chain" in response.content.decode()


@pytest.mark.parametrize("key", ["junk", "1.2", f"{'0' * 32}.{'9' * 30}"])
def test_an_event_that_does_not_exist_opens_nothing(browser, key):
    assert browser.get(LEDGER, {"event": key, "before": key}).context["proof"] is None


def test_the_workspace_is_verified_on_demand(browser, flow):
    make_run(flow=flow)
    response = browser.post(VERIFICATION, headers=HTMX)
    assert b"Whole and verified" in response.content
    assert b"<!DOCTYPE html>" in browser.post(VERIFICATION).content


def test_who_may_not_look_is_refused(workspace):
    viewer = browser_of(workspace, Role.VIEWER)
    assert viewer.get(LEDGER).status_code == 403
    assert viewer.post(VERIFICATION).status_code == 403


def test_a_page_needs_few_queries(browser, flow, django_assert_max_num_queries):
    run = make_run(flow=flow)
    note(flow.workspace, kind="workspace.created", actor=f"user:{run.pk}", slug="x")
    with django_assert_max_num_queries(15):
        browser.get(LEDGER, {"event": f"{run.pk}.1"})


@pytest.mark.parametrize("body", [b"{}", b"junk", b"[]", b'{"kind":"step.failed"}'])
def test_a_damaged_event_is_shown_as_damaged(browser, workspace, body):
    columns = {"chain_id": workspace.pk, "seq": 1, "workspace_id": workspace.pk}
    Event.objects.create(
        **columns, at=timezone.now(), kind="x.y", body=body, hash=bytes(32)
    )
    response = browser.get(LEDGER, {"event": f"{workspace.pk}.1"})
    assert "cannot be read" in response.content.decode()
