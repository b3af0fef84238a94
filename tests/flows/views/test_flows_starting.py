"""Starting a run from the builder."""

import json

from flows.models import Flow, Run
from flows.services.drafts import save_draft
from orchestrator_site.accounts.roles import Role
from tests.factories.flows import make_flow
from tests.factories.graphs import document
from tests.flows.views.people import HTMX, browser_of

SCHEMA = {
    "type": "object",
    "required": ["n"],
    "properties": {"n": {"type": "integer", "minimum": 1, "title": "How many"}},
}


def changed(flow: Flow, drawing: str = "in -> out", **keys) -> Flow:
    made = document(drawing, **keys)
    revision = flow.draft_revision
    return save_draft(flow, document=made, revision=revision, actor="system:test")


def started(answer) -> Run:
    detail = json.loads(answer.headers["HX-Trigger"])["flow:run-started"]
    return Run.objects.get(pk=detail["id"])


def test_form_is_made_of_the_input_schema(browser, workspace):
    flow = make_flow("in -> out", workspace=workspace, input_schema=SCHEMA)
    page = browser.get(f"/flows/{flow.slug}/run/", headers=HTMX).content.decode()
    assert "How many" in page
    assert "<html" not in page


def test_published_version_runs_with_the_filled_in_input(browser, workspace):
    flow = make_flow("in -> out", workspace=workspace, input_schema=SCHEMA)
    url = f"/flows/{flow.slug}/run/"
    answer = browser.post(url, {"of": "published", "input/n": "4"}, headers=HTMX)
    assert answer.status_code == 204
    assert started(answer).version == flow.published


def test_draft_runs_as_a_version_that_nothing_else_picks(browser, workspace):
    flow = changed(make_flow("in -> out", workspace=workspace), name="Another")
    answer = browser.post(
        f"/flows/{flow.slug}/run/", {"of": "draft", "input/json": "{}"}, headers=HTMX
    )
    version = started(answer).version
    assert version.number is None
    flow.refresh_from_db()
    assert flow.published != version


def test_form_that_is_sent_twice_starts_one_run(browser, workspace):
    url = f"/flows/{make_flow('in -> out', workspace=workspace).slug}/run/"
    sent = {"input/json": "{}", "key": browser.get(url).context["key"]}
    assert [browser.post(url, sent).status_code for _ in range(2)] == [302, 302]
    assert Run.objects.count() == 1


def test_input_that_does_not_fit_is_said_at_its_field(browser, workspace):
    flow = make_flow("in -> out", workspace=workspace, input_schema=SCHEMA)
    url = f"/flows/{flow.slug}/run/"
    answer = browser.post(url, {"of": "published", "input/n": "0"}, headers=HTMX)
    assert answer.status_code == 422
    [field] = answer.context["form"].fields
    assert field.value == "0"
    assert field.said.errors


def test_draft_with_errors_says_them_and_keeps_the_input(browser, workspace):
    flow = make_flow("in -> out", workspace=workspace)
    flow = changed(flow, "in -> cond", configs={"cond": {"when": ""}})
    answer = browser.post(
        f"/flows/{flow.slug}/run/", {"of": "draft", "input/json": '{"a": 1}'}
    )
    assert answer.status_code == 422
    assert answer.context["graph_error"].problems
    assert answer.context["form"].fields[0].value == '{"a": 1}'
    assert not Run.objects.exists()


def test_without_script_the_run_page_follows(browser, workspace):
    flow = make_flow("in -> out", workspace=workspace)
    answer = browser.post(f"/flows/{flow.slug}/run/", {"input/json": "{}"})
    assert answer.url == f"/runs/{Run.objects.get().pk}/"


def test_only_who_runs_flows_may_start_one(workspace):
    flow = make_flow("in -> out", workspace=workspace)
    answer = browser_of(workspace, Role.REVIEWER).get(f"/flows/{flow.slug}/run/")
    assert answer.status_code == 403
