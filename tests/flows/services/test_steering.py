"""Asking things of a run: rows in its inbox, refused where they make no sense."""

import orjson
import pytest
from django.utils import timezone

from flows.errors import (
    RunEnded,
    RunNotPaused,
    RunNotPoisoned,
    StepEnded,
    StepNotFound,
    StepNotInDoubt,
)
from flows.models import Inbox, Run, Step
from flows.services import steering
from tests.factories.flows import ACTOR, make_run

pytestmark = pytest.mark.django_db


@pytest.fixture
def run():
    return make_run()


def make_step(run, address, status):
    Step.objects.create(
        run=run,
        address=address,
        node_id=address.split("/")[-1],
        type="transform",
        status=status,
        seq=2,
    )


def test_what_is_asked_of_a_run_is_a_row_in_its_inbox(run):
    make_step(run, "each[3]/pay", "in_doubt")
    steering.request_pause(run, actor=ACTOR)
    steering.request_resume(run, actor=ACTOR)
    steering.request_cancel_step(run, "each[3]", actor=ACTOR)
    steering.resolve_doubt(run, "each[3]/pay", "done", {"id": 7}, actor=ACTOR)
    steering.request_cancel(run, actor=ACTOR)
    asked = [(row.kind, row.address) for row in Inbox.objects.order_by("id")]
    assert asked == [
        ("pause", ""),
        ("resume", ""),
        ("cancel_step", "each[3]"),
        ("resolve", "each[3]/pay"),
        ("cancel", ""),
    ]
    body = orjson.loads(bytes(Inbox.objects.get(kind="resolve").body))
    assert body == {"attempt": 1, "outcome": "done", "output": {"id": 7}}


def test_what_makes_no_sense_is_refused(run):
    make_step(run, "a", "completed")
    with pytest.raises(RunNotPaused):
        steering.request_resume(run, actor=ACTOR)
    with pytest.raises(RunNotPoisoned):
        steering.request_release(run, actor=ACTOR)
    with pytest.raises(StepNotFound):
        steering.request_cancel_step(run, "b", actor=ACTOR)
    with pytest.raises(StepEnded):
        steering.request_cancel_step(run, "a", actor=ACTOR)
    with pytest.raises(StepNotInDoubt):
        steering.resolve_doubt(run, "a", "not_done", actor=ACTOR)
    make_step(run, "c", "in_doubt")
    with pytest.raises(StepNotInDoubt, match="is at attempt 1"):
        steering.resolve_doubt(run, "c", "not_done", attempt=2, actor=ACTOR)
    with pytest.raises(StepNotFound):
        steering.resolve_doubt(run, "b", "not_done", actor=ACTOR)
    assert not Inbox.objects.exists()


def test_nothing_is_asked_of_a_run_that_is_over(run):
    Run.objects.update(ended_at=timezone.now(), status="completed")
    run.refresh_from_db()
    for ask in (
        steering.request_cancel,
        steering.request_pause,
        steering.request_resume,
        steering.request_release,
    ):
        with pytest.raises(RunEnded):
            ask(run, actor=ACTOR)
