"""A subflow states at least the data class of the flow that calls it."""

import pytest

from flows.errors import GraphInvalid
from flows.services.drafts import create_flow, save_draft
from flows.services.publishing import problems_of, publish
from tests.factories.accounts import make_workspace
from tests.factories.flows import ACTOR, make_flow
from tests.factories.graphs import document

pytestmark = pytest.mark.django_db


@pytest.fixture
def workspace():
    return make_workspace()


def stating(data_class):
    return {"data_class": data_class} if data_class else {}


def calling(slug, data_class, version=1):
    return document(
        "in -> sub -> out",
        types={"sub": "subflow"},
        configs={"sub": {"flow": slug, "version": version}},
        settings=stating(data_class),
    )


@pytest.mark.parametrize(
    ("outer", "inner", "says"),
    [
        ("personal", "internal", "is for internal data at most"),
        ("internal", None, "states no data class"),
        ("personal", "personal", None),
        ("personal", "special", None),
        (None, None, None),
        (None, "public", None),
    ],
)
def test_subflow_whose_class_is_too_low_keeps_its_caller_from_being_published(
    workspace, outer, inner, says
):
    inside = make_flow("in -> out", workspace=workspace, settings=stating(inner))
    made = calling(inside.slug, outer)
    flow = create_flow(workspace, slug="shop", document=made, actor=ACTOR)
    if says is None:
        assert publish(flow, actor=ACTOR).number == 1
        return
    with pytest.raises(GraphInvalid) as met:
        publish(flow, actor=ACTOR)
    [problem] = met.value.problems
    assert (problem.code, problem.node_id, problem.pointer) == (
        "subflow_data_class_too_low",
        "sub",
        "/version",
    )
    assert problem.message == (
        f"'sub': The data is {outer}, and version 1 of {inside.slug} {says}. "
        f"Raise it in the settings of {inside.slug}, and name that version here."
    )


def test_only_the_version_that_is_called_is_looked_at(workspace):
    inside = make_flow("in -> out", workspace=workspace)
    raised = {**inside.draft_document, "settings": stating("special")}
    revision = inside.draft_revision
    save_draft(inside, document=raised, revision=revision, actor=ACTOR)
    assert publish(inside, actor=ACTOR).number == 2
    assert problems_of(workspace.pk, calling(inside.slug, "personal", 2)) == []
    [problem] = problems_of(workspace.pk, calling(inside.slug, "personal"))
    assert "version 1" in problem.message


def test_flow_of_another_workspace_and_one_that_is_not_there_yet_say_nothing(workspace):
    other = make_flow("in -> out")
    for slug in (other.slug, "not-there"):
        assert problems_of(workspace.pk, calling(slug, "personal")) == []


@pytest.mark.parametrize("config", [{"flow": ["x"], "version": 1}, {"flow": "a"}])
def test_config_that_is_no_config_is_told_as_such(workspace, config):
    made = calling("a", "personal")
    made["nodes"][1]["config"] = config
    [problem] = problems_of(workspace.pk, made)
    assert problem.code == "node_config_invalid"
