"""What a model may be used for is asked again before each call, wherever it is made."""

import pytest

from flows.conductor.compiled import compile_version
from flows.models import Flow, Run
from flows.selectors import run_document
from flows.services.drafts import create_flow
from flows.services.publishing import publish, snapshot_draft
from flows.services.runs import RunRequest, start_run
from model_registry.api import Status, set_standing
from model_registry.models import Model, ModelVersion
from model_registry.resolving import forget
from tests.factories.accounts import make_workspace
from tests.factories.flows import ACTOR, make_flow, make_run
from tests.factories.graphs import document
from tests.factories.models import make_draft
from tests.fixtures.stack import wait_for_end

pytestmark = pytest.mark.both_databases


def stand(flow: Flow, status: Status) -> None:
    version = ModelVersion.objects.get(model__workspace=flow.workspace)
    set_standing(version, status, actor=ACTOR, reason="It leaks.")
    forget()


def outcome(run: Run) -> tuple[str, str | None]:
    found = run_document(run)
    return found["status"], (found["error"] or {}).get("code")


def draft_run(flow: Flow, key: str | None = None) -> Run:
    snapshot = snapshot_draft(flow).pk
    request = RunRequest(
        flow=flow, input={}, actor=ACTOR, snapshot=snapshot, idempotency_key=key
    )
    return start_run(request).run


def draft_flow(**settings: str) -> Flow:
    """A flow that is not published, whose model is a draft as well."""
    workspace = make_workspace()
    make_draft(workspace=workspace, model="echo")
    made = document("in -> model -> out", settings=settings)
    return create_flow(workspace, slug="shop", document=made, actor=ACTOR)


@pytest.mark.parametrize(
    ("where", "status", "code"),
    [
        ({"runs": "loop"}, Status.SUSPENDED, "model_suspended"),
        ({"runs": "wait"}, Status.RETIRED, "model_retired"),
        ({"runs": "wait", "queue": "gpu"}, Status.SUSPENDED, "model_suspended"),
    ],
)
def test_version_suspended_after_publishing_fails_the_step(
    live_conductor, where, status, code
):
    flow = make_flow(**where)
    stand(flow, status)
    run = wait_for_end(make_run(flow=flow))
    assert outcome(run) == ("failed", code)
    [step] = [each for each in run_document(run)["steps"] if each["node_id"] == "model"]
    assert (step["model"], step["model_version"]) == ("echo", 1)
    assert step["error"]["message"].startswith("echo version 1 was not called.")


def test_express_run_is_held_to_the_same(db):
    flow = make_flow(settings={"durability": "express"})
    assert outcome(make_run(flow=flow, key="k-1")) == ("completed", None)
    stand(flow, Status.SUSPENDED)
    assert outcome(make_run(flow=flow, key="k-2")) == ("failed", "model_suspended")


def test_record_that_was_tightened_counts_for_the_next_call(live_conductor):
    flow = make_flow(settings={"data_class": "personal"})
    Model.objects.filter(workspace=flow.workspace).update(data_class="internal")
    forget()
    assert outcome(wait_for_end(make_run(flow=flow))) == (
        "failed",
        "data_class_too_high",
    )


def test_refusal_is_not_tried_again(live_conductor):
    retry = {"attempts": 3, "backoff_s": 60}
    flow = make_flow(more={"model": {"retry": retry}})
    stand(flow, Status.SUSPENDED)
    run = wait_for_end(make_run(flow=flow))
    assert outcome(run) == ("failed", "model_suspended")


def test_draft_of_a_flow_may_call_a_draft_until_it_is_published(live_conductor):
    flow = draft_flow()
    assert outcome(wait_for_end(draft_run(flow))) == ("completed", None)
    stand(flow, Status.APPROVED)
    publish(flow, actor=ACTOR)
    stand(flow, Status.RETIRED)
    stand(flow, Status.DRAFT)
    run = wait_for_end(make_run(flow=flow))
    assert outcome(run) == ("failed", "model_not_approved")


def test_draft_with_express_durability_may_call_a_draft(db):
    flow = draft_flow(durability="express")
    assert outcome(draft_run(flow, "k-1")) == ("completed", None)


def test_only_what_never_changes_is_kept(db, django_assert_num_queries):
    flow = draft_flow(data_class="internal")
    version = snapshot_draft(flow)
    for _ in range(2):
        with django_assert_num_queries(1):
            assert compile_version(version.pk).use.takes_drafts
    stand(flow, Status.APPROVED)
    publish(flow, actor=ACTOR)
    for queries in (1, 0):
        with django_assert_num_queries(queries):
            use = compile_version(version.pk).use
    assert (use.data_class, use.takes_drafts) == ("internal", False)


@pytest.mark.parametrize(
    ("outer", "inner", "code"),
    [
        ("personal", "special", None),
        ("personal", "internal", "subflow_data_class_too_low"),
        ("internal", None, "subflow_data_class_too_low"),
        (None, None, None),
    ],
)
def test_subflow_is_for_data_of_the_class_it_is_given(
    live_conductor, outer, inner, code
):
    """The version that is called was not there when its caller was published."""
    workspace = make_workspace()
    parent = make_flow(
        "in -> sub -> out",
        workspace=workspace,
        types={"sub": "subflow"},
        configs={"sub": {"flow": "child", "version": 1}},
        settings={"data_class": outer} if outer else {},
    )
    stated = {"data_class": inner} if inner else {}
    child = make_flow("in -> out", workspace=workspace, settings=stated)
    Flow.objects.filter(pk=child.pk).update(slug="child")
    run = wait_for_end(make_run(flow=parent))
    assert outcome(run) == ("failed" if code else "completed", code)
