"""The builder's page and the forms beside its canvas."""

import json
from html.parser import HTMLParser

import pytest

from flows.services.drafts import save_draft
from orchestrator_site.accounts.roles import Role
from tests.factories.accounts import make_workspace
from tests.factories.flows import make_flow
from tests.factories.graphs import document
from tests.flows.views.people import browser_of

MOST_QUERIES = 15


class Result(HTMLParser):
    """Reads what the page takes into its draft."""

    value = None

    def handle_starttag(self, tag, attrs):
        self.value = self.value or dict(attrs).get("data-result")


def inspect(browser, flow, *, drawn=None, node="", **fields):
    """Post the inspector's form; the answer and the result in it."""
    posted = {"document": json.dumps(drawn or flow.draft_document), "node": node}
    if fields:
        posted |= {"edited": "1", **fields}
    answer = browser.post(f"/flows/{flow.slug}/inspector/", posted)
    reader = Result()
    reader.feed(answer.content.decode())
    return answer, json.loads(reader.value) if reader.value else None


def test_editor_is_given_the_draft(browser, flow):
    page = browser.get(f"/flows/{flow.slug}/")
    assert page.status_code == 200
    assert page.context["data"]["document"] == flow.draft_document
    assert page.context["data"]["revision"] == flow.draft_revision


def test_editor_says_whether_the_draft_is_ahead(browser, flow):
    url = f"/flows/{flow.slug}/"
    assert browser.get(url).context["is_changed"] is False
    changed = {**flow.draft_document, "name": "Another"}
    save_draft(flow, document=changed, revision=1, actor="system:test")
    assert browser.get(url).context["is_changed"] is True


def test_editor_needs_few_queries(browser, flow, django_assert_max_num_queries):
    with django_assert_max_num_queries(MOST_QUERIES):
        browser.get(f"/flows/{flow.slug}/")


def test_flow_of_another_workspace_is_not_found(browser):
    slug = make_flow(workspace=make_workspace()).slug
    for path in (f"/flows/{slug}/", f"/flows/{slug}/run/"):
        assert browser.get(path).status_code == 404
    assert browser.post(f"/flows/{slug}/inspector/", {}).status_code == 404


def test_viewer_sees_the_flow_and_changes_nothing(workspace, flow):
    page = browser_of(workspace, Role.VIEWER).get(f"/flows/{flow.slug}/")
    assert "readonly" in page.content.decode()
    assert 'id="run-draft"' not in page.content.decode()


def test_builder_is_told_why_they_cannot_publish(workspace, flow):
    page = browser_of(workspace, Role.BUILDER).get(f"/flows/{flow.slug}/")
    assert "Your role builder changes flows" in page.context["refusal"]
    page = browser_of(workspace, Role.PUBLISHER).get(f"/flows/{flow.slug}/")
    assert page.context["refusal"] == ""


def test_inspector_shows_the_node_of_the_posted_draft(browser, flow):
    drawn = document("in -> cond", configs={"cond": {"when": "input.n > 41"}})
    answer, result = inspect(browser, flow, drawn=drawn, node="cond")
    assert "input.n &gt; 41" in answer.content.decode()
    assert result["config"] == {"when": "input.n > 41"}
    assert result["ports"] == ["true", "false"]


def test_change_comes_back_as_a_config(browser, flow):
    fields = {"label": "Any?", "config/when": "input.n > 7"}
    answer, result = inspect(browser, flow, node="cond", **fields)
    assert answer.status_code == 200
    assert (result["label"], result["config"]) == ("Any?", {"when": "input.n > 7"})
    flow.refresh_from_db()
    assert "7" not in json.dumps(flow.draft_document)


def test_mistake_is_taken_into_the_draft_and_said_at_its_field(browser, flow):
    answer, result = inspect(browser, flow, node="cond", **{"config/when": "input."})
    [field] = answer.context["node"].form.fields
    assert len(field.errors) == 1
    assert "cond" not in field.errors[0]
    assert result["config"] == {"when": "input."}


def test_reference_to_an_unknown_step_is_said_at_its_field(browser, flow):
    answer, _ = inspect(browser, flow, node="cond", **{"config/when": "steps.ghost.a"})
    [field] = answer.context["node"].form.fields
    assert "steps.ghost" in field.errors[0]


@pytest.mark.parametrize("seconds", ["0", "never", "-3", "99999", "nan"])
def test_time_limit_that_is_none_keeps_the_form_and_gives_no_result(
    browser, flow, seconds
):
    answer, result = inspect(browser, flow, node="model", timeout_s=seconds)
    assert result is None
    assert answer.context["node"].timeout == seconds
    assert answer.context["node"].timeout_error


def test_model_is_chosen_from_the_registry(browser, flow):
    answer, result = inspect(
        browser, flow, node="model", **{"config/model": "echo", "timeout_s": "5"}
    )
    assert answer.context["node"].choices["/model"] == ["echo"]
    assert result["timeout_s"] == 5


def test_two_rows_of_one_name_give_no_result(browser, flow):
    posted = {"config/values:key": ["a", "a"], "config/values:value": ["1", "2"]}
    _, result = inspect(browser, flow, node="out", **posted)
    assert result is None


def test_flow_settings_take_a_schema(browser, flow):
    schema = {"type": "object", "properties": {"n": {"type": "integer"}}}
    fields = {"name": "Numbers", "input_schema": json.dumps(schema)}
    _, result = inspect(browser, flow, **fields)
    assert result == {"name": "Numbers", "input_schema": schema, "settings": {}}


@pytest.mark.parametrize(
    ("schema", "has_result"), [("{", False), ("[]", False), ('{"type": "no"}', True)]
)
def test_schema_that_is_none_is_said_at_its_field(browser, flow, schema, has_result):
    answer, result = inspect(browser, flow, name="N", input_schema=schema)
    assert answer.context["settings"].schema_errors
    assert (result is not None) is has_result


def test_document_that_is_none_is_refused(browser, flow):
    answer = browser.post(f"/flows/{flow.slug}/inspector/", {"document": "{"})
    assert answer.status_code == 400


def test_unknown_node_is_not_found(browser, flow):
    answer, _ = inspect(browser, flow, node="ghost")
    assert answer.status_code == 404
