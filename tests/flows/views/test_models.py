"""What flows tell on a model's page: who calls it, and what it answers."""

import pytest
from django.urls import reverse

from flows.selectors.uses import list_callers, list_uses
from flows.services.drafts import save_draft
from model_registry.api import Limits, Trial, set_limits
from orchestrator_site.accounts.api import Role
from orchestrator_site.ledger.api import Event
from tests.factories.accounts import make_workspace
from tests.factories.flows import make_flow
from tests.factories.models import make_model_version, make_person
from tests.fixtures.stack import wait_until
from tests.flows.views.people import HTMX, browser_of

SCHEMA = {
    "type": "object",
    "required": ["text"],
    "properties": {"text": {"type": "string"}, "count": {"type": "integer"}},
}
INPUT = {"input/text": "<b>hello</b>", "input/count": "3"}


@pytest.fixture
def shop(workspace):
    return make_model_version(workspace=workspace, model="shop", input_schema=SCHEMA)


def test_form_asks_for_what_the_model_takes(browser, shop):
    page = browser.get(reverse("flows:model_try", args=["shop"])).content.decode()
    assert 'name="input/text"' in page
    assert 'name="input/count"' in page


def test_version_is_the_one_asked_for_else_the_champion(browser, workspace):
    for alias, runs in (("champion", "loop"), ("challenger", "cpu")):
        make_model_version(workspace=workspace, model="two", alias=alias, runs=runs)
    address = reverse("flows:model_try", args=["two"])
    assert [
        browser.get(address + query).context["version"].number
        for query in ("", "?version=2", "?version=1")
    ] == [1, 2, 1]
    assert browser.get(address + "?version=3").status_code == 404
    assert browser.get(address + "?version=x").status_code == 404


def test_asking_orders_a_trial_and_computes_nothing(browser, shop):
    answer = browser.post(reverse("flows:model_try", args=["shop"]), INPUT)
    trial = Trial.objects.get()
    assert trial.input == {"text": "<b>hello</b>", "count": 3}
    assert (trial.status, trial.version) == ("queued", shop)
    assert answer.url == reverse("flows:model_trial", args=["shop", trial.pk])
    part = browser.get(answer.url, headers=HTMX).content.decode()
    assert "A worker is asking the model." in part
    assert "every 500ms" in part


def test_input_that_does_not_fit_stays_in_the_form(browser, shop):
    posted = {**INPUT, "input/count": "many"}
    answer = browser.post(
        reverse("flows:model_try", args=["shop"]), posted, headers=HTMX
    )
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "The input does not fit shop." in page
    assert "at &#x27;/count&#x27;" in page
    assert 'value="many"' in page
    assert not Trial.objects.exists()


@pytest.mark.both_databases
def test_worker_brings_the_answer_with_cost_and_time(live_conductor):
    workspace = make_workspace()
    make_model_version(workspace=workspace, model="shop", input_schema=SCHEMA)
    browser = browser_of(workspace)
    browser.post(reverse("flows:model_try", args=["shop"]), INPUT)
    wait_until(Trial.objects.filter(ended_at__isnull=False).exists, "an answer")
    trial = Trial.objects.get()
    url = reverse("flows:model_trial", args=["shop", trial.pk])
    page = browser.get(url, headers=HTMX).content.decode()
    assert "&lt;b&gt;hello&lt;/b&gt;" in page
    assert "version 1" in page
    assert "$0.00" in page
    assert "every 500ms" not in page


def test_refusal_of_the_worker_is_shown(browser, shop):
    browser.post(reverse("flows:model_try", args=["shop"]), INPUT)
    Trial.objects.update(
        status="failed", error="No <ears>.", ended_at="2026-01-01T00:00Z"
    )
    url = reverse("flows:model_trial", args=["shop", Trial.objects.get().pk])
    assert "No &lt;ears&gt;." in browser.get(url).content.decode()


def test_answer_is_only_for_who_asked(browser, workspace, shop):
    browser.post(reverse("flows:model_try", args=["shop"]), INPUT)
    url = reverse("flows:model_trial", args=["shop", Trial.objects.get().pk])
    assert browser_of(workspace).get(url).status_code == 404
    assert browser_of(make_workspace()).get(url).status_code == 404


def test_ledger_says_that_it_was_tried_and_not_what_was_asked(browser, shop):
    browser.post(reverse("flows:model_try", args=["shop"]), INPUT)
    body = str(Event.objects.get(kind="model.tried").body)
    assert '"version":1' in body
    assert "hello" not in body


@pytest.mark.parametrize(
    ("role", "status"), [(Role.BUILDER, 200), (Role.VIEWER, 403), (Role.REVIEWER, 403)]
)
def test_who_may_start_runs_may_try_models(workspace, shop, role, status):
    url = reverse("flows:model_try", args=["shop"])
    assert browser_of(workspace, role).get(url).status_code == status


def test_nobody_tries_a_person_or_what_is_not_there(browser, workspace, shop):
    make_person(workspace=workspace, model="mara")
    for name, version in [("mara", ""), ("other", ""), ("shop", "9"), ("shop", "x")]:
        url = reverse("flows:model_try", args=[name])
        assert browser.get(url, {"version": version}).status_code == 404


def test_uses_are_told_from_drafts_and_published_versions(workspace):
    live = make_flow(workspace=workspace)
    changed = make_flow(workspace=workspace)
    document = changed.draft_document
    node = next(each for each in document["nodes"] if each["type"] == "model")
    node["config"] |= {"model": "other", "alias": "challenger"}
    save_draft(
        changed, document=document, revision=changed.draft_revision, actor="user:1"
    )
    make_flow(workspace=make_workspace())
    told = {
        (use.flow.slug, use.names, use.in_draft, use.in_published)
        for use in list_uses(workspace, "echo")
    }
    assert told == {
        (live.slug, ("champion",), True, True),
        (changed.slug, ("champion",), False, True),
    }
    (use,) = list_uses(workspace, "other")
    assert (use.names, use.in_draft, use.in_published) == (
        ("challenger",),
        True,
        False,
    )


def test_uses_of_many_flows_take_one_query(workspace, django_assert_num_queries):
    for _ in range(3):
        make_flow(workspace=workspace)
    with django_assert_num_queries(1):
        assert len(list_uses(workspace, "echo")) == 3


def test_page_lists_the_flows_that_call_a_model(browser, workspace):
    flow = make_flow(workspace=workspace)
    used = browser.get(reverse("flows:model_uses", args=["echo"])).content.decode()
    assert reverse("flows:editor", args=[flow.slug]) in used
    make_model_version(workspace=workspace, model="idle")
    page = browser.get(reverse("flows:model_uses", args=["idle"])).content.decode()
    assert "No flow calls this model" in page


def test_page_lists_the_models_that_it_stands_in_for(browser, workspace):
    for name in ("spare", "main", "other"):
        make_model_version(workspace=workspace, model=name)
    limits = Limits(timeout_s=5, fallback=("spare",))
    set_limits(workspace, "main", limits, actor="system:test")
    page = browser.get(reverse("flows:model_uses", args=["spare"])).content.decode()
    assert reverse("models:model", args=["main"]) in page
    assert reverse("models:model", args=["other"]) not in page


def test_page_of_a_flow_lists_the_flows_that_run_it(browser, workspace):
    inner = make_flow("in -> out", workspace=workspace)
    call = {"sub": {"flow": inner.slug, "version": 1}}
    outer = make_flow(
        "in -> sub -> out", types={"sub": "subflow"}, configs=call, workspace=workspace
    )
    make_flow(f"in -> {inner.slug.replace('-', '_')} -> out", workspace=workspace)
    (use,) = list_callers(inner)
    assert (use.flow, use.names, use.in_draft, use.in_published) == (
        outer,
        ("1",),
        True,
        True,
    )
    page = browser.get(reverse("flows:uses", args=[inner.slug])).content.decode()
    assert reverse("flows:editor", args=[outer.slug]) in page
    unused = browser.get(reverse("flows:uses", args=[outer.slug])).content.decode()
    assert "No flow runs this one" in unused
    stranger = browser_of(make_workspace())
    assert stranger.get(reverse("flows:uses", args=[inner.slug])).status_code == 404
