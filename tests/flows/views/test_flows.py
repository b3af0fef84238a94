"""The list of flows, and the ways to begin one."""

import io
import json

import pytest

from flows.models import Flow
from model_registry.api import model_names
from orchestrator_site.accounts.roles import Role
from tests.factories.accounts import make_workspace
from tests.factories.flows import make_flow, make_run
from tests.factories.graphs import document
from tests.flows.views.people import HTMX, browser_of

MOST_QUERIES = 15


def test_list_shows_flows_with_their_runs(browser, flow):
    make_run(flow=flow, input={"n": 1})
    page = browser.get("/flows/")
    assert page.status_code == 200
    [shown] = page.context["flows"]
    assert (shown.slug, shown.runs_of_day, shown.last_status) == (
        flow.slug,
        1,
        "queued",
    )


def test_list_needs_few_queries(
    browser, workspace, flow, django_assert_max_num_queries
):
    for _ in range(12):
        make_run(flow=make_flow("in -> out", workspace=workspace))
    with django_assert_max_num_queries(MOST_QUERIES):
        browser.get("/flows/")


def test_empty_workspace_says_how_to_begin(browser):
    page = browser.get("/flows/").content.decode()
    assert "No flows yet" in page
    assert "/new-flow/import/" in page


def test_search_as_a_fragment_gives_the_table_alone(browser, flow):
    page = browser.get("/flows/?q=nothing-like-it", headers=HTMX).content.decode()
    assert "<html" not in page
    assert "No flows match" in page


def test_flows_of_other_workspaces_are_not_listed(browser):
    make_flow(workspace=make_workspace())
    assert list(browser.get("/flows/").context["flows"]) == []


def test_new_flow_gets_its_address_from_its_name(browser, workspace):
    answers = [browser.post("/new-flow/", {"name": "Tea orders"}) for _ in range(2)]
    assert [each.url for each in answers] == [
        "/flows/tea-orders/",
        "/flows/tea-orders-2/",
    ]
    assert Flow.objects.in_workspace(workspace).count() == 2


@pytest.mark.parametrize("name", ["お茶", "!!!", "validate"])
def test_name_that_gives_no_address_gets_one(browser, name):
    answer = browser.post("/new-flow/", {"name": name})
    assert answer.status_code == 302
    assert browser.get(answer.url).status_code == 200


def test_taken_short_name_is_refused_and_the_name_kept(browser, flow):
    page = browser.post("/new-flow/", {"name": "Tea", "slug": flow.slug})
    assert page.status_code == 422
    assert "is taken" in page.content.decode()
    assert 'value="Tea"' in page.content.decode()


def test_document_is_imported_from_text_or_file(browser, workspace):
    text = json.dumps(document("in -> out", name="Drawn elsewhere"))
    browser.post("/new-flow/import/", {"text": text})
    browser.post("/new-flow/import/", {"file": io.BytesIO(text.encode())})
    slugs = Flow.objects.in_workspace(workspace).values_list("slug", flat=True)
    assert sorted(slugs) == ["drawn-elsewhere", "drawn-elsewhere-2"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "not JSON"),
        ('{"nodes": 5}', "is missing"),
        ('{"a": 1, "a": 2}', "stands twice"),
        ("[]", "an object"),
        ("", "Choose a file"),
    ],
)
def test_import_that_is_no_flow_says_why_and_keeps_the_text(
    browser, workspace, text, said
):
    page = browser.post("/new-flow/import/", {"text": text})
    assert page.status_code == 422
    assert said in page.content.decode()
    assert page.context["form"]["text"].value() == text
    assert not Flow.objects.in_workspace(workspace).exists()


def test_file_that_is_no_flow_is_kept_as_text(browser):
    page = browser.post("/new-flow/import/", {"file": io.BytesIO(b"\xffno json")})
    assert page.status_code == 422
    assert page.context["form"]["text"].value() == "�no json"


def test_example_comes_with_its_models(browser, workspace):
    answer = browser.post("/new-flow/example/support/")
    assert answer.url == "/flows/customer-support/"
    assert "support-intent" in model_names(workspace.pk)


def test_unknown_example_is_not_found(browser):
    assert browser.post("/new-flow/example/nothing/").status_code == 404


@pytest.mark.parametrize("path", ["/new-flow/", "/new-flow/import/"])
def test_only_who_edits_flows_begins_one(workspace, path):
    assert browser_of(workspace, Role.VIEWER).get(path).status_code == 403
    assert browser_of(workspace, Role.BUILDER).get(path).status_code == 200
