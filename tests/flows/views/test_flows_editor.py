"""The builder's page and the forms beside its canvas."""

import json
from html.parser import HTMLParser

import pytest

from flows.services.drafts import save_draft
from orchestrator_site.accounts.roles import Role
from tests.factories.accounts import make_workspace
from tests.factories.flows import make_flow
from tests.factories.graphs import document
from tests.factories.models import make_model_version
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
    assert len(field.said.errors) == 1
    assert "cond" not in field.said.errors[0]
    assert result["config"] == {"when": "input."}


def test_reference_to_an_unknown_step_is_said_at_its_field(browser, flow):
    answer, _ = inspect(browser, flow, node="cond", **{"config/when": "steps.ghost.a"})
    [field] = answer.context["node"].form.fields
    assert "steps.ghost" in field.said.errors[0]


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


def test_retries_and_errors_come_back_as_the_node_has_them(browser, flow):
    typed = {
        "policy/attempts": "4",
        "policy/backoff_s": "2 min",
        "policy/factor": "1.5",
        "policy/on": "model_timed_out, model_overloaded",
        "policy/action": "default",
        "policy/output": '{"text": ""}',
    }
    answer, result = inspect(browser, flow, node="model", **typed)
    assert result["retry"] == {
        "attempts": 4,
        "backoff_s": 120,
        "factor": 1.5,
        "on": ["model_timed_out", "model_overloaded"],
    }
    assert result["on_error"] == {"action": "default", "output": {"text": ""}}
    policies = answer.context["node"].policies
    assert policies.summary == "4 tries, then go on with a default"


def test_policies_are_shown_as_the_node_has_them(browser, flow):
    retry = {"attempts": 3, "backoff_s": 90}
    more = {"model": {"retry": retry, "on_error": {"action": "port"}}}
    drawn = document("in -> model -> out", more=more)
    answer, result = inspect(browser, flow, drawn=drawn, node="model")
    texts = answer.context["node"].policies.texts
    assert (texts["attempts"], texts["backoff_s"], texts["action"]) == (
        "3",
        "90 s",
        "port",
    )
    assert result["retry"] == retry


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"attempts": "0"}, "attempts"),
        ({"attempts": "many"}, "attempts"),
        ({"attempts": "2", "backoff_s": "soon"}, "backoff_s"),
        ({"attempts": "2", "max_backoff_s": "3 d"}, "max_backoff_s"),
        ({"attempts": "2", "factor": "0.5"}, "factor"),
        ({"action": "default", "output": "{"}, "output"),
        ({"action": "default", "output": "[]"}, "output"),
    ],
)
def test_policy_that_cannot_be_read_is_said_and_gives_no_result(
    browser, flow, typed, field
):
    posted = {f"policy/{name}": text for name, text in typed.items()}
    answer, result = inspect(browser, flow, node="model", **posted)
    assert result is None
    assert list(answer.context["node"].policies.errors) == [field]


@pytest.mark.parametrize(("node", "can_retry"), [("in", None), ("model", True)])
def test_what_cannot_fail_has_no_policies(browser, flow, node, can_retry):
    policies = inspect(browser, flow, node=node)[0].context["node"].policies
    assert (policies and policies.can_retry) == can_retry


def test_problem_of_no_field_stands_above_the_form(browser, flow):
    drawn = document("in -> map -> out")
    answer, _ = inspect(browser, flow, drawn=drawn, node="map")
    [said] = answer.context["node"].general
    assert "no nodes in it" in said


def test_how_runs_are_carried_out_comes_back_as_settings(browser, flow):
    typed = {
        "settings/durability": "express",
        "settings/deadline_s": "90 min",
        "settings/priority": "-3",
        "settings/limit": "2",
        "settings/key": "input.customer",
        "settings/when_full": "refuse",
        "settings/hold_while_waiting": "on",
        "settings/data_class": "personal",
    }
    answer, result = inspect(
        browser, flow, name="N", input_schema='{"type": "object"}', **typed
    )
    assert result["settings"] == {
        "durability": "express",
        "deadline_s": 5400,
        "priority": -3,
        "concurrency": {"limit": 2, "key": "input.customer", "when_full": "refuse"},
        "data_class": "personal",
    }
    runs = answer.context["settings"].runs
    assert runs.summary == "express, within 90 min, priority -3"
    assert runs.limit_summary == "2 for each key"


@pytest.mark.parametrize(
    ("name", "text"),
    [("deadline_s", "never"), ("priority", "11"), ("limit", "0"), ("limit", "x")],
)
def test_setting_that_cannot_be_read_is_said(browser, flow, name, text):
    posted = {f"settings/{name}": text}
    answer, result = inspect(
        browser, flow, name="N", input_schema='{"type": "object"}', **posted
    )
    assert result is None
    assert name in answer.context["settings"].runs.errors


def test_mistake_is_pointed_at(browser, flow):
    typed = {"config/when": "input.n > ghost"}
    answer, _ = inspect(browser, flow, node="cond", **typed)
    [field] = answer.context["node"].form.fields
    assert "(character 11)" in field.said.errors[0]
    page = answer.content.decode()
    assert 'data-spot="10"' in page
    assert "input.n &gt; <mark>ghost</mark>" in page


def test_mistake_in_the_condition_of_a_retry_is_pointed_at(browser, flow):
    typed = {"policy/attempts": "3", "policy/when": "output.n > ghost"}
    answer, _ = inspect(browser, flow, node="model", **typed)
    [spot] = answer.context["node"].spots
    assert (spot.at, spot.offset) == ("ghost", 11)
    assert 'data-of="policy-when"' in answer.content.decode()


def test_mistake_in_a_concurrency_key_is_pointed_at(browser, flow):
    typed = {"settings/limit": "2", "settings/key": "input.a + ghost"}
    schema = '{"type": "object"}'
    answer, _ = inspect(browser, flow, name="N", input_schema=schema, **typed)
    [spot] = answer.context["settings"].spots
    assert (spot.at, spot.offset) == ("ghost", 10)
    assert 'data-of="settings-key"' in answer.content.decode()


def test_class_of_the_data_is_asked_for_where_a_model_is_outside(
    browser, workspace, flow, settings
):
    settings.BATON_EGRESS_ALLOW = ("https://models.example",)
    outside = {"base_url": "https://models.example/v1", "model": "m", "prompt": "a"}
    make_model_version(
        workspace=workspace,
        model="far",
        adapter="openai_chat",
        runs="wait",
        settings=outside,
    )
    calls = {"model": {"model": "far", "input": {}}}
    drawn = document("in -> model -> out", configs=calls)
    answer, _ = inspect(browser, flow, drawn=drawn)
    asked = answer.context["settings"]
    assert (asked.problems, len(asked.data_problems)) == ([], 1)
    assert "far version 1 cannot be called" in answer.content.decode()
    stated = {**drawn, "settings": {"data_class": "public"}}
    answer, result = inspect(browser, flow, drawn=stated)
    assert answer.context["settings"].data_problems == []
    assert result["settings"] == {"data_class": "public"}
    assert '<option value="public" selected>' in answer.content.decode()
    answer, _ = inspect(browser, flow, drawn=drawn, node="model")
    [said] = answer.context["node"].general
    assert said.startswith("far version 1 cannot be called.")


def test_service_that_is_not_allowed_is_a_warning_at_its_address(browser, flow):
    config = {"url": "https://api.example/{{ input.id }}"}
    drawn = document(
        "in -> call -> out",
        types={"call": "http_request"},
        configs={"call": config},
    )
    answer, result = inspect(browser, flow, drawn=drawn, node="call")
    [said] = [
        each.said for each in answer.context["node"].form.fields if each.said.warnings
    ]
    assert "https://api.example is not allowed" in said.warnings[0]
    assert said.errors == ()
    assert result["config"] == config
