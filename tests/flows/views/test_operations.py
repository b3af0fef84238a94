"""The operator's page."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from flows.models import Inbox, Run, Step, Wait, Worker
from orchestrator_site.accounts.api import new_id
from orchestrator_site.accounts.roles import Role
from tests.factories.flows import make_flow, make_queued_step, make_run
from tests.flows.views.people import HTMX, browser_of

PAGE = "/operations/"
LIMIT = {"concurrency": {"limit": 1, "key": "input.customer"}}


def make_worker(*, beat: float = 0, **values) -> Worker:
    """A process whose last sign of life is `beat` seconds old."""
    now = timezone.now()
    return Worker.objects.create(
        id=new_id(),
        name="rack-7:4711",
        started_at=now - timedelta(hours=1),
        beat_at=now - timedelta(seconds=beat),
        **values,
    )


@pytest.fixture
def run(workspace):
    return make_run(flow=make_flow("in -> a -> out", workspace=workspace))


@pytest.fixture
def board(browser):
    """What the page shows."""
    return lambda: browser.get(PAGE).context


def update(run: Run, **values) -> None:
    Run.objects.filter(pk=run.pk).update(**values)


def make_doubt(run: Run, address: str = "a") -> None:
    make_step(run, address, "in_doubt")


def make_step(run: Run, address: str, status: str, attempt: int = 1) -> None:
    Step.objects.create(
        run=run,
        address=address,
        attempt=attempt,
        node_id="a",
        type="transform",
        status=status,
        started_at=timezone.now(),
        seq=2,
    )


def needs(board) -> list[tuple[str, str]]:
    return [(need.state, need.step_name) for need in board()["needs"]]


@pytest.mark.parametrize("role", [role for role in Role if role != Role.SERVICE])
def test_only_owners_and_admins_operate(workspace, role):
    answer = browser_of(workspace, role).get(PAGE)
    assert answer.status_code == (200 if role in (Role.OWNER, Role.ADMIN) else 403)


def test_a_quiet_installation_says_so(browser, workspace):
    make_worker()
    content = browser.get(PAGE).content.decode()
    assert "Nothing is stuck." in content
    assert "1 worker is alive." in content
    assert "No run waits for a worker." in content


def test_without_a_worker_the_page_says_what_to_do(browser, run):
    make_worker(beat=60)
    content = browser.get(PAGE).content.decode()
    assert "No worker is alive." in content
    assert "manage.py up" in content


def test_the_web_process_is_no_worker(board, run):
    make_worker(kind="web")
    assert board()["alive"] == 0
    assert len(board()["workers"]) == 1


def test_workers_stand_with_the_runs_of_this_workspace(board, run):
    busy, _silent = make_worker(), make_worker(beat=60)
    update(run, owner_id=busy.pk, status="running")
    update(make_run(), owner_id=busy.pk, status="running")
    states = board()["workers"]
    assert [(state.is_alive, state.holds) for state in states] == [
        (True, 1),
        (False, 0),
    ]


def test_the_queue_is_measured(board, run, workspace):
    make_run(flow=run.flow)
    update(make_run(flow=run.flow), status="waiting")
    load = board()["load"]
    assert (load.queued, load.waiting) == (2, 1)
    assert load.oldest_queued_at == Run.objects.get(pk=run.pk).created_at


def test_a_step_in_doubt_is_named_with_its_item(board, run):
    make_doubt(run, "each[3]/a")
    assert needs(board) == [("in_doubt", "Transform, item 3")]


def test_a_doubt_that_was_resolved_needs_nobody(board, run):
    make_doubt(run)
    make_step(run, "a", "running", attempt=2)
    assert needs(board) == []
    ended = make_run(flow=run.flow)
    make_doubt(ended)
    update(ended, status="cancelled", ended_at=timezone.now())
    assert needs(board) == []


def test_stopped_runs_need_somebody(board, run):
    paused = make_run(flow=run.flow)
    update(run, status="poisoned", crashes=3)
    update(paused, status="paused", paused_at=timezone.now())
    assert needs(board) == [("poisoned", ""), ("paused", "")]


def test_a_run_that_was_set_aside_can_be_tried_again(browser, run):
    update(run, status="poisoned", crashes=3)
    release = reverse("flows:run_release", args=[run.pk])
    assert release in browser.get(PAGE).content.decode()
    browser.post(release, {"next": PAGE})
    assert Inbox.objects.get().kind == "release"
    assert release not in browser.get(PAGE).content.decode()


def test_a_paused_run_calls_for_nobody(browser, run):
    paused = make_run(flow=run.flow)
    update(run, status="poisoned", crashes=3)
    update(paused, status="paused", paused_at=timezone.now())
    content = browser.get(PAGE).content.decode()
    assert "1 run needs you." in content
    assert "1 run is paused." in content


def test_a_run_without_a_live_worker_is_told_of(board, run):
    alive, silent = make_worker(), make_worker(beat=60)
    update(run, owner_id=silent.pk, status="running")
    update(make_run(flow=run.flow), owner_id=alive.pk, status="running")
    [need] = board()["needs"]
    assert need.run.pk == run.pk
    assert "silent" in str(need.advice)


def test_what_is_asked_already_is_not_offered_again(browser, run):
    update(run, status="paused")
    assert b"/resume/" in browser.get(PAGE).content
    Inbox.objects.create(run=run, kind="resume", actor="user:x")
    content = browser.get(PAGE).content
    assert b"/resume/" not in content
    assert b"Going on soon" in content


def test_each_need_has_its_actions(browser, run):
    make_doubt(run)
    poisoned = make_run(flow=run.flow)
    update(poisoned, status="poisoned")
    content = browser.get(PAGE).content.decode()
    assert f"/runs/{run.pk}/step-resolution/?step=a" in content
    assert f"/runs/{poisoned.pk}/release/" in content
    assert f"/runs/{poisoned.pk}/cancellation/" in content


def test_limits_stand_with_their_holders_and_queue(board, workspace):
    flow = make_flow("in -> out", workspace=workspace, settings=LIMIT)
    for customer in ("ada", "ada", "ada", "bob"):
        make_run(flow=flow, input={"customer": customer})
    rows = [
        (row.value, len(row.holders), row.limit.most, row.limit.queued)
        for row in board()["limits"]
    ]
    assert rows == [("ada", 1, 1, 2), ("bob", 1, 1, 0)]
    assert board()["load"].blocked == 2


def test_what_is_due_comes_in_its_order(board, run):
    for hours, kind, address in ((5, "deadline", ""), (1, "timer", "a")):
        Wait.objects.create(
            run=run,
            workspace_id=run.workspace_id,
            address=address,
            kind=kind,
            due_at=timezone.now() + timedelta(hours=hours),
        )
    due = [(str(row.kind), row.step_name) for row in board()["due"]]
    assert due == [("Wait ends", "Transform"), ("Deadline of the run", "")]


def test_other_workspaces_are_not_shown(board):
    run = make_run(settings={"concurrency": {"limit": 1}})
    make_doubt(run)
    update(make_run(), status="poisoned")
    shown = board()
    assert (shown["needs"], shown["limits"], shown["due"]) == ([], [], [])
    assert shown["load"].queued == 0


def test_the_navigation_counts_what_needs_an_operator(browser, run, workspace):
    make_doubt(run)
    update(make_run(flow=run.flow), status="poisoned")
    update(make_run(flow=run.flow), status="paused")
    [count] = [
        link.count
        for _group, links in browser.get(PAGE).context["shell"].navigation
        for link in links
        if link.place.name == "flows:operations"
    ]
    assert count == 2


def test_a_fragment_has_no_frame(browser, run):
    part = browser.get(PAGE, headers=HTMX).content
    assert b"<!DOCTYPE html>" not in part
    assert b'id="operations"' in part


def test_the_page_needs_few_queries(browser, run, django_assert_max_num_queries):
    flow = make_flow("in -> out", workspace=run.workspace, settings=LIMIT)
    for customer in "abab":
        make_run(flow=flow, input={"customer": customer})
    make_doubt(run)
    update(make_run(flow=run.flow), status="paused")
    make_worker()
    with django_assert_max_num_queries(15):
        browser.get(PAGE)


def test_queues_say_who_serves_them(board, run):
    worker = make_worker(kind="remote", queues="cpu gpu")
    make_worker(kind="remote", queues="zone", beat=60)
    make_queued_step(run, "gpu", address="a")
    make_queued_step(run, "gpu", address="b", owner_id=worker.pk)
    make_queued_step(run, "zone", address="c")
    make_queued_step(make_run(), "gpu", address="a")
    states = [(q.name, q.waiting, q.taken, q.workers) for q in board()["queues"]]
    assert states == [("gpu", 1, 1, 1), ("zone", 1, 0, 0)]


def test_worker_of_every_queue_serves_it(board, run):
    make_worker(queues="*")
    make_queued_step(run, "zone", address="a")
    assert [queue.workers for queue in board()["queues"]] == [1]


def test_queue_that_nobody_serves_is_told(browser, run):
    make_queued_step(run, "zone", address="a")
    assert "No worker" in browser.get(PAGE).content.decode()
