import pytest
from django.urls import reverse

from model_registry.desk.trying import answer
from model_registry.governance import Status
from model_registry.guarding import calls
from model_registry.guarding.tally import Tally, flush
from model_registry.models import Grant, ModelFigures, Trial
from model_registry.services.sharing import grant_model, withdraw_grant
from model_registry.services.standing import set_standing
from model_registry.tags import TRIAL
from orchestrator_site.ledger.api import Event
from tests.factories.accounts import make_membership, make_workspace
from tests.factories.flows import make_flow
from tests.factories.models import make_draft, make_model_version
from tests.fixtures.stack import wait_until
from tests.flows.views.people import HTMX, browser_of

pytestmark = pytest.mark.django_db
SCHEMA = {"type": "object", "properties": {"text": {"type": "string"}}}
INPUT = {"input/text": "hello", "data_class": "internal"}
CONFIG = {"model": "lent", "input": {}}
ADDRESS = "flows:shared_model_try"


@pytest.fixture
def here():
    return make_workspace(name="Harbour")


@pytest.fixture
def browser(here):
    return browser_of(here)


def shared(here, name="shop", **manifest):
    version = make_model_version(model=name, input_schema=SCHEMA, **manifest)
    return version, grant_model(version.model, here, Grant.Access.CALL, actor="user:1")


def address(name="shop"):
    return reverse(ADDRESS, args=[name])


@pytest.mark.both_databases
def test_worker_answers_for_a_workspace_that_may_call(live_conductor):
    here = make_workspace()
    version, _ = shared(here)
    browser = browser_of(here)
    asked = browser.post(address(), INPUT)
    wait_until(Trial.objects.filter(ended_at__isnull=False).exists, "an answer")
    part = browser.get(asked.url, headers=HTMX).content.decode()
    assert "hello" in part
    assert f"version {version.number}" in part


def test_call_is_counted_where_the_model_belongs(here, browser, monkeypatch):
    tally = Tally()
    monkeypatch.setattr(calls, "TALLY", tally)
    version, grant = shared(here)
    browser.post(address(), INPUT)
    trial = Trial.objects.get()
    assert (trial.version, trial.grant) == (version, grant)
    answer(trial)
    trial.refresh_from_db()
    assert (trial.status, trial.output) == ("completed", {"text": "hello"})
    flush(tally)
    [figures] = ModelFigures.objects.all()
    assert (figures.version, figures.tag) == (version, TRIAL)


def test_only_what_can_be_called_is_offered(here, browser):
    version, _ = shared(here)
    owner = version.model.workspace
    make_draft(
        workspace=owner, model="shop", input_schema=SCHEMA, runs="cpu", alias=None
    )
    assert [each.number for each in browser.get(address()).context["versions"]] == [1]
    assert browser.get(address(), {"version": "2"}).status_code == 404


def test_both_ledgers_say_that_it_was_tried_and_not_what_was_asked(here, browser):
    version, _ = shared(here)
    browser.post(address(), INPUT)
    there = Event.objects.get(kind="model.tried")
    own = Event.objects.get(kind="grant.tried")
    assert there.workspace_id == version.model.workspace_id
    assert "Harbour" in str(there.body)
    assert own.workspace_id == here.pk
    assert "hello" not in f"{there.body}{own.body}"


def test_answer_is_for_who_asked_in_the_workspace_where_they_asked(here, browser):
    version, _ = shared(here)
    asked = browser.post(address(), INPUT)
    assert browser_of(here).get(asked.url).status_code == 404
    owner = browser_of(version.model.workspace)
    trial_id = Trial.objects.get().pk
    there = reverse("flows:model_trial", args=["shop", trial_id])
    assert owner.get(there).status_code == 404
    user = browser.session["_auth_user_id"]
    member = make_membership(workspace=version.model.workspace)
    member.user_id = user
    member.save()
    assert browser.get(asked.url).status_code == 200


def test_question_ends_with_the_grant(here, browser):
    _, grant = shared(here)
    asked = browser.post(address(), INPUT)
    withdraw_grant(grant, actor="user:1")
    assert browser.get(asked.url).status_code == 404
    assert browser.get(address()).status_code == 404
    assert not Trial.objects.exists()


def test_drafts_of_others_are_refused_although_an_alias_points_at_them(here, browser):
    version, _ = shared(here)
    for status in (Status.SUSPENDED, Status.RETIRED, Status.DRAFT):
        set_standing(version, status, actor="system:test", reason="Looked wrong.")
    browser.post(address(), INPUT)
    answer(Trial.objects.get())
    trial = Trial.objects.get()
    assert (trial.status, trial.output) == ("failed", None)
    assert "approve" in trial.error


def test_own_flows_that_call_it_are_told(here, browser):
    shared(here, "lent")
    flow = make_flow(workspace=here, configs={"model": CONFIG})
    page = browser.get(reverse("flows:shared_model_uses", args=["lent"]))
    assert page.status_code == 200
    assert flow.name in page.content.decode()
    make_model_version(workspace=here, model="lent")
    page = browser.get(reverse("flows:shared_model_uses", args=["lent"]))
    assert "No flow calls this model" in page.content.decode()
