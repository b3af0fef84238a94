"""The page that makes an evaluation set out of runs."""

import pytest
from django.urls import reverse

from model_registry.models import EvaluationSet
from orchestrator_site.accounts.roles import Role
from tests.browser.with_sections import SAID, with_said
from tests.factories.accounts import make_workspace
from tests.factories.models import make_person
from tests.flows.views.people import browser_of

pytestmark = pytest.mark.django_db
ADDRESS = reverse("flows:model_collect", args=["echo"])
NAMED = {"name": "seen", "data_class": "internal"}


@pytest.fixture
def workspace():
    workspace = make_workspace()
    with_said(workspace)
    return workspace


@pytest.fixture
def browser(workspace):
    return browser_of(workspace)


def read(browser, query):
    return browser.get(ADDRESS + query).content.decode()


def test_cases_are_shown_before_anything_is_stored(browser):
    assert "1 case" not in read(browser, "")
    page = read(browser, SAID)
    assert "1 case" in page
    assert "out of 1 run" in page
    assert "the kettle arrived with a dent" in page
    assert not EvaluationSet.objects.exists()


def test_what_is_shown_becomes_a_set(browser):
    assert browser.post(ADDRESS + SAID, NAMED).url == reverse(
        "model_work:evaluations", args=["echo"]
    )
    made = EvaluationSet.objects.get()
    assert (made.name, made.source, made.data_class) == ("seen", "runs", "internal")
    (case,) = made.cases.all()
    assert case.input == case.expected
    again = browser.post(ADDRESS + SAID, {**NAMED, "data_class": ""})
    assert again.status_code == 422
    assert "There is a set &#x27;seen&#x27; already." in again.content.decode()


def test_no_decision_no_set_and_the_page_says_what_to_do(browser):
    decided = SAID.replace("source=runs", "source=decisions")
    page = read(browser, decided)
    assert "nobody approved a text of this model" in page
    assert "Make the set" not in page
    refused = browser.post(ADDRESS + decided, NAMED)
    assert (refused.status_code, EvaluationSet.objects.count()) == (422, 0)


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("?flow=nothing&source=runs&limit=5", "There is no such flow."),
        ("?flow=refunds&source=runs", "Enter 1 to 1,000 runs."),
        ("?flow=refunds&source=runs&limit=0", "greater than or equal to 1"),
        ("?flow=refunds&source=runs&limit=1001", "less than or equal to 1000"),
        ("?flow=refunds&source=moon&limit=5", "moon is not one of the available"),
    ],
)
def test_what_cannot_be_chosen_is_told_at_its_field(browser, query, said):
    answer = browser.get(ADDRESS + query)
    assert (answer.status_code, said in answer.content.decode()) == (422, True)


def test_who_may_not_evaluate_and_whom_nobody_calls(browser, workspace):
    for role in (Role.VIEWER, Role.PUBLISHER):
        assert browser_of(workspace, role).get(ADDRESS).status_code == 403
    assert browser_of(make_workspace()).get(ADDRESS).status_code == 404
    make_person(workspace=workspace, model="desk")
    desk = reverse("flows:model_collect", args=["desk"])
    assert browser.get(desk).status_code == 404


def test_tab_of_evaluations_leads_here(browser):
    tab = browser.get(reverse("model_work:evaluations", args=["echo"]))
    assert f'href="{ADDRESS}"' in tab.content.decode()
