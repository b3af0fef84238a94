"""The names and functions that an expression field of the builder offers."""

import json

import pytest

from orchestrator_site.accounts.roles import Role
from tests.factories.accounts import make_workspace
from tests.factories.flows import make_flow
from tests.factories.graphs import document
from tests.factories.models import make_model_version
from tests.flows.views.people import browser_of


def ask_names(browser, flow, *, drawn=None, node="", reads="cel"):
    document = json.dumps(drawn or flow.draft_document)
    posted = {"document": document, "node": node, "reads": reads}
    return browser.post(f"/flows/{flow.slug}/names/", posted)


def named(answer):
    return {each["name"]: each for each in answer.json()["names"]}


def test_names_are_those_of_the_posted_draft(browser, flow):
    schema = {"type": "object", "properties": {"order": {"type": "string"}}}
    drawn = document("in -> fresh -> out", input_schema=schema)
    found = named(ask_names(browser, flow, drawn=drawn, node="out"))
    assert found["input.order"]["type"] == "text"
    assert found["steps.fresh"]["kind"] == "step"
    assert "steps.cond" not in found


@pytest.mark.parametrize(
    ("node", "reads", "there", "absent"),
    [
        ("cond", "cel", "steps.in", "steps.model"),
        ("out", "text", "steps.model", "item"),
        ("out", "each", "item", "round"),
        ("model", "retry", "output", "input"),
        ("", "key", "input", "steps.in"),
    ],
)
def test_names_depend_on_how_the_field_is_read(
    browser, flow, node, reads, there, absent
):
    found = named(ask_names(browser, flow, node=node, reads=reads))
    assert there in found
    assert absent not in found


def test_model_gives_what_its_version_says(browser, workspace, flow):
    label = {"label": {"type": "string"}}
    referring = {"label": {"$ref": "#/$defs/label"}}
    for name, properties in (("plain", label), ("refers", referring)):
        schema = {"type": "object", "properties": properties}
        make_model_version(workspace=workspace, model=name, output_schema=schema)
    drawn = document(
        "in -> a -> b -> c -> out",
        types=dict.fromkeys("abc", "model"),
        configs={
            node: {"model": name, "input": {}}
            for node, name in (("a", "plain"), ("b", "refers"), ("c", "ghost"))
        },
    )
    found = named(ask_names(browser, flow, drawn=drawn, node="out"))
    assert found["steps.a.label"]["type"] == "text"
    assert {"steps.b", "steps.c"} <= set(found)
    assert not {"steps.b.label", "steps.c.label"} & set(found)


def test_functions_come_with_their_signatures(browser, flow):
    functions = ask_names(browser, flow, node="out").json()["functions"]
    [size] = [each for each in functions if each["name"] == "size"]
    assert size["signature"] == "size(text | list | object | bytes) → int"


def test_draft_that_cannot_be_read_has_functions_alone(browser, flow):
    answer = ask_names(browser, flow, drawn={"nodes": 5}, node="out").json()
    assert answer["names"] == []
    assert answer["functions"]


@pytest.mark.parametrize(("node", "reads"), [("ghost", "cel"), ("out", "json")])
def test_names_of_no_place_are_not_found(browser, flow, node, reads):
    assert ask_names(browser, flow, node=node, reads=reads).status_code == 404


def test_names_are_for_those_who_may_edit(workspace, flow):
    other = make_flow(workspace=make_workspace())
    owner, viewer = browser_of(workspace), browser_of(workspace, Role.VIEWER)
    assert ask_names(viewer, flow, node="out").status_code == 403
    assert ask_names(owner, other, node="out").status_code == 404
    assert owner.post(f"/flows/{flow.slug}/names/", {}).status_code == 400
