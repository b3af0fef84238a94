import os

import pytest

from model_registry.desk.clerks import Desk
from model_registry.models import CaseResult, Evaluation, Trial
from model_registry.services.ordering import order_evaluation, order_trial
from tests.factories.evaluations import make_evaluation_set
from tests.factories.models import make_model_version
from tests.fixtures.stack import wait_until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]
ACTOR = "user:1"
PAIRS = [({"label": "a"}, {"label": "a"})] * 5


@pytest.fixture
def desk(fake_package):
    """A worker's clerks, who look at once."""
    desk = Desk()
    desk.start(lambda queue: not queue)
    yield desk
    desk.stop()


def ended(kind):
    return kind.objects.filter(ended_at__isnull=False)


def test_worker_evaluates_what_was_ordered(desk):
    version = make_model_version(capability="classify")
    found = make_evaluation_set(version.model.workspace, *PAIRS)
    order_evaluation(version, found, actor=ACTOR)
    desk.wake()
    wait_until(ended(Evaluation).exists, "the end of the evaluation")
    done = Evaluation.objects.get()
    assert (done.status, done.done, done.answered) == ("completed", 5, 5)


def test_worker_answers_what_is_tried_in_its_child_process(desk):
    settings = {"entry_point": "fake-process"}
    version = make_model_version(runs="cpu", settings=settings)
    order_trial(version, {}, "", actor=ACTOR)
    desk.wake()
    wait_until(ended(Trial).exists, "the end of the trial")
    trial = Trial.objects.get()
    assert trial.status == "completed"
    assert trial.output["pid"] != os.getpid()


def test_crash_of_a_model_is_an_answer_and_the_desk_goes_on(desk):
    crashing = make_model_version(
        runs="cpu", settings={"entry_point": "fake-segfaults"}
    )
    order_trial(crashing, {}, "", actor=ACTOR)
    order_trial(make_model_version(), {"a": 1}, "", actor=ACTOR)
    desk.wake()
    wait_until(lambda: ended(Trial).count() == 2, "the end of both trials")
    failed, answered = Trial.objects.order_by("created_at")
    assert (failed.status, "process ended" in failed.error) == ("failed", True)
    assert answered.output == {"a": 1}


def test_desk_that_closes_leaves_its_evaluation_to_the_next():
    settings = {"entry_point": "echo"}
    version = make_model_version(capability="classify", settings=settings)
    found = make_evaluation_set(version.model.workspace, *PAIRS * 100)
    order_evaluation(version, found, actor=ACTOR)
    first = Desk()
    first.start(lambda _queue: True)
    wait_until(CaseResult.objects.exists, "the first result")
    first.stop()
    if not ended(Evaluation).exists():
        assert Evaluation.objects.get().held_by is None
    second = Desk()
    second.start(lambda _queue: True)
    wait_until(ended(Evaluation).exists, "the end of the evaluation")
    second.stop()
    assert Evaluation.objects.get().done == CaseResult.objects.count() == 500
