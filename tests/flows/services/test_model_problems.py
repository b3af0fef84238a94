"""Publishing asks of every model whether it may be used for the flow's data."""

import json
from datetime import date

import pytest

from flows.errors import GraphInvalid
from flows.graph.settings import DATA_CLASSES
from flows.services.drafts import create_flow
from flows.services.publishing import problems_of, publish, snapshot_draft
from model_registry.api import DataClass, Grant, Status, grant_model, set_standing
from model_registry.models import Model
from orchestrator_site.accounts.roles import Role
from tests.factories.accounts import make_membership, make_user, make_workspace
from tests.factories.flows import ACTOR
from tests.factories.graphs import document
from tests.factories.models import make_draft, make_model_version, make_person

pytestmark = pytest.mark.django_db
PERSONAL = {"data_class": "personal"}
OUTSIDE = {
    "adapter": "openai_chat",
    "runs": "wait",
    "settings": {"base_url": "https://models.example/v1", "model": "m", "prompt": "a"},
}


@pytest.fixture
def workspace(settings):
    settings.BATON_EGRESS_ALLOW = ("https://models.example",)
    return make_workspace()


def drawn(data_class=None, drawing="in -> model -> out", configs=None):
    stated = {"data_class": data_class} if data_class else {}
    return document(drawing, configs=configs, settings=stated)


def problem(workspace, made, **how):
    [found] = problems_of(workspace.pk, made, **how)
    return found


def flow_of(workspace, made):
    return create_flow(workspace, slug="shop", document=made, actor=ACTOR)


def stand(version, status):
    set_standing(version, status, actor=ACTOR, reason="It leaks.")


def test_classes_are_those_of_the_registry():
    assert list(DATA_CLASSES) == [each.value for each in DataClass]


def test_draft_version_is_refused_to_the_published_flow_only(workspace):
    version = make_draft(workspace=workspace, model="echo")
    found = problem(workspace, drawn())
    assert (found.code, found.node_id, found.pointer, found.severity) == (
        "model_not_approved",
        "model",
        "/model",
        "error",
    )
    assert found.message.startswith(
        "'model': echo version 1 can be called by runs of the draft only. "
    )
    assert problems_of(workspace.pk, drawn(), is_draft=True) == []
    flow = flow_of(workspace, drawn())
    assert snapshot_draft(flow).number is None
    with pytest.raises(GraphInvalid) as met:
        publish(flow, actor=ACTOR)
    assert met.value.problems == [found]
    stand(version, Status.APPROVED)
    assert publish(flow, actor=ACTOR).number == 1


@pytest.mark.parametrize(
    ("status", "code"),
    [(Status.SUSPENDED, "model_suspended"), (Status.RETIRED, "model_retired")],
)
@pytest.mark.parametrize("is_draft", [False, True])
def test_version_that_was_taken_back_is_refused_to_drafts_too(
    workspace, status, code, is_draft
):
    stand(make_model_version(workspace=workspace, model="echo"), status)
    assert problem(workspace, drawn(), is_draft=is_draft).code == code


@pytest.mark.parametrize("is_draft", [False, True])
def test_prohibited_model_is_refused(workspace, is_draft):
    make_model_version(workspace=workspace, model="echo")
    Model.objects.update(risk_class="prohibited")
    assert problem(workspace, drawn(), is_draft=is_draft).code == "model_prohibited"


@pytest.mark.parametrize(
    ("highest", "data_class", "code"),
    [
        ("personal", None, "data_class_unknown"),
        ("", None, "data_class_unknown"),
        ("", "internal", "data_class_too_high"),
        ("confidential", "personal", "data_class_too_high"),
        ("", "public", None),
        ("personal", "personal", None),
    ],
)
def test_model_outside_gets_what_it_may_see(workspace, highest, data_class, code):
    governance = {"data_class": highest} if highest else {}
    make_model_version(
        workspace=workspace, model="echo", governance=governance, **OUTSIDE
    )
    made = drawn(data_class)
    found = problems_of(workspace.pk, made)
    assert [each.code for each in found] == ([code] if code else [])
    assert problems_of(workspace.pk, made, is_draft=True) == found


def test_unknown_class_is_put_right_in_the_settings(workspace):
    make_model_version(workspace=workspace, model="echo", **OUTSIDE)
    found = problem(workspace, drawn())
    assert (found.node_id, found.pointer) == ("model", "/settings/data_class")
    assert "State the flow's data class" in found.message


def test_model_here_is_held_to_what_its_record_says(workspace):
    governance = {"data_class": "internal"}
    make_model_version(workspace=workspace, model="echo", governance=governance)
    assert problems_of(workspace.pk, drawn()) == []
    assert problems_of(workspace.pk, drawn("internal")) == []
    assert problem(workspace, drawn("special")).code == "data_class_too_high"


@pytest.mark.parametrize(
    ("person", "stated", "code"),
    [
        ({}, {}, None),
        ({"who": "user:mara@fernhill.example"}, {}, None),
        ({"who": "user:nobody@fernhill.example"}, {}, "model_person_cannot_decide"),
        ({"who": "user:kim@fernhill.example"}, {}, "model_person_cannot_decide"),
        ({"output_schema": {"type": "object"}}, {}, "model_person_answers_nothing"),
        ({}, {"durability": "express"}, "model_is_person"),
        ({"governance": {"data_class": "internal"}}, PERSONAL, "data_class_too_high"),
    ],
)
def test_person_is_asked_if_there_is_somebody_who_may_answer(
    workspace, person, stated, code
):
    for name, role in (("mara", Role.REVIEWER), ("kim", Role.BUILDER)):
        user = make_user(email=f"{name}@fernhill.example")
        make_membership(workspace=workspace, user=user, role=role)
    schema = {"type": "object", "properties": {"label": {"type": "string"}}}
    entry = {"output_schema": schema, **person}
    make_person(workspace=workspace, model="mara", **entry)
    made = document(
        "in -> model -> out",
        configs={"model": {"model": "mara", "input": {}}},
        settings=stated,
    )
    found = problems_of(workspace.pk, made, is_draft=True)
    assert [each.code for each in found] == ([code] if code else [])


def test_person_of_another_workspace_is_not_asked(workspace):
    schema = {"type": "object", "properties": {"label": {"type": "string"}}}
    elsewhere = make_person(model="mara", output_schema=schema)
    grant_model(elsewhere.model, workspace, Grant.Access.CALL, actor=ACTOR)
    made = drawn(configs={"model": {"model": "mara", "input": {}}})
    found = problem(workspace, made, is_draft=True)
    assert found.code == "model_person_cannot_decide"


def test_overdue_review_warns_and_lets_publish(workspace):
    make_model_version(workspace=workspace, model="echo")
    Model.objects.update(review_by=date(2026, 1, 31))
    found = problem(workspace, drawn())
    assert (found.code, found.severity) == ("model_review_overdue", "warning")
    assert "2026-01-31" in found.message
    assert publish(flow_of(workspace, drawn()), actor=ACTOR).number == 1


def test_each_node_is_named_and_many_cost_no_more_queries(
    workspace, django_assert_num_queries
):
    names = [f"m{number}" for number in range(9)]
    for name in names:
        make_draft(workspace=workspace, model=name)
    drawing = " -> ".join(["in", *(f"model_{name}" for name in names), "out"])
    calls = {f"model_{name}": {"model": name, "input": {}} for name in names}
    with django_assert_num_queries(3):  # the names, the versions, their prices
        found = problems_of(workspace.pk, drawn(drawing=drawing, configs=calls))
    assert [each.node_id for each in found] == list(calls)


def test_data_class_is_one_of_the_known(workspace):
    with pytest.raises(GraphInvalid) as met:
        flow_of(workspace, drawn("secret"))
    [found] = met.value.problems
    assert (found.code, found.pointer) == ("field_invalid", "/settings/data_class")
    assert "personal" in json.dumps(found.message)
