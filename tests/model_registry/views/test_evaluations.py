import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from model_registry.desk.evaluating import evaluate
from model_registry.models import AliasRule, Evaluation, EvaluationSet
from orchestrator_site.accounts.roles import Role
from tests.factories.accounts import make_workspace
from tests.factories.evaluations import make_evaluation, make_evaluation_set
from tests.factories.models import make_model_version
from tests.flows.views.people import browser_of

RIGHT = ({"label": "a"}, {"label": "a"})
WRONG = ({"label": "<i>"}, {"label": "b"})


@pytest.fixture
def version(db):
    return make_model_version(model="shop", capability="classify")


@pytest.fixture
def browser(version):
    return browser_of(version.model.workspace)


def url(name, *args):
    return reverse(f"model_work:{name}", args=["shop", *args])


def page_of(browser, address, **kw):
    return browser.get(address, **kw).content.decode()


def upload(browser, content, name="cases.csv", **form):
    file = SimpleUploadedFile(name, content.encode())
    data = {"name": "mails", "file": file, "data_class": "internal", **form}
    return browser.post(url("upload_set"), data)


def test_tab_shows_figures_with_their_intervals(browser, version):
    found = make_evaluation_set(version.model.workspace, *[RIGHT] * 19, WRONG)
    evaluate(make_evaluation(version, found))
    tab = page_of(browser, url("evaluations"))
    assert "0.950" in tab
    assert "0.764–0.991" in tab
    assert 'class="interval-bar" x="64.2" y="5.75" width="19.1"' in tab
    assert "every 2s" not in tab


def test_tab_stands_in_the_frame_of_its_model(browser, version):
    evaluation = make_evaluation(version, make_evaluation_set(version.model.workspace))
    for address in (url("evaluations"), url("evaluation", evaluation.pk)):
        page = page_of(browser, address)
        assert f'<a href="{url("evaluations")}" aria-current="page">' in page
        crumbs = page[page.index('class="crumbs"') : page.index("</ol>")]
        assert crumbs.count(">shop<") == 1


def test_tab_looks_again_while_something_is_under_way(browser, version):
    make_evaluation(version, make_evaluation_set(version.model.workspace))
    assert "every 2s" in page_of(browser, url("evaluations"))


def test_cases_are_shown_the_worst_first_and_escaped(browser, version):
    evaluation = make_evaluation(
        version, make_evaluation_set(version.model.workspace, RIGHT, WRONG)
    )
    evaluate(evaluation)
    page = page_of(browser, url("evaluation", evaluation.pk))
    assert page.index("&lt;i&gt;") < page.index("{&quot;label&quot;:&quot;a&quot;}")
    assert "<i>" not in page


def test_evaluating_orders_it_from_a_worker(browser, version):
    found = make_evaluation_set(version.model.workspace)
    posted = {"version": 1, "evaluation_set": found.name}
    assert browser.post(url("evaluate"), posted).url == url("evaluations")
    ordered = Evaluation.objects.get()
    assert (ordered.status, ordered.version, ordered.held_by) == (
        "queued",
        version,
        None,
    )
    again = browser.post(url("evaluate"), posted)
    assert (again.status_code, "is being evaluated" in again.content.decode()) == (
        422,
        True,
    )
    browser.post(url("cancel_evaluation", ordered.pk))
    ordered.refresh_from_db()
    assert ordered.status == "cancelled"


def test_file_becomes_a_set(browser, version):
    assert upload(browser, "input.label,expected.label\na,a\n").url == url(
        "evaluations"
    )
    made = EvaluationSet.objects.get()
    assert (made.case_count, made.data_class, made.source) == (1, "internal", "upload")
    assert "mails" in page_of(browser, url("evaluations"))


def test_every_problem_of_a_file_is_shown_with_its_line(browser, version):
    answer = upload(browser, '{"input": {}}\n[]\n', name="cases.jsonl")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "line 1: expected has to be an object" in page
    assert "line 2: not an object." in page
    assert not EvaluationSet.objects.exists()


def test_rule_is_set_and_removed(browser, version):
    found = make_evaluation_set(version.model.workspace)
    posted = {
        "alias": "champion",
        "evaluation_set": found.name,
        "metric": "accuracy",
        "bound": "0.8",
    }
    assert browser.post(url("add_rule"), posted).url == url("evaluations")
    section = page_of(browser, url("evaluations"))
    assert f"accuracy at least 0.8 on {found.name}" in section
    assert "has not shown that" in section
    refused = browser.post(url("add_rule"), {**posted, "bound": "8"})
    assert "is no bound for accuracy" in refused.content.decode()
    browser.post(url("drop_rule", AliasRule.objects.get().pk))
    assert not AliasRule.objects.exists()


@pytest.mark.parametrize(
    ("role", "evaluate_status", "rule_status"),
    [(Role.BUILDER, 200, 403), (Role.PUBLISHER, 403, 200), (Role.VIEWER, 403, 403)],
)
def test_who_may_evaluate_does_not_make_the_rules(
    version, role, evaluate_status, rule_status
):
    browser = browser_of(version.model.workspace, role)
    assert browser.get(url("evaluations")).status_code == 200
    assert browser.get(url("evaluate")).status_code == evaluate_status
    assert browser.get(url("upload_set")).status_code == evaluate_status
    assert browser.get(url("add_rule")).status_code == rule_status


def test_other_workspaces_see_nothing(version):
    evaluation = make_evaluation(version, make_evaluation_set(version.model.workspace))
    stranger = browser_of(make_workspace())
    for address in (url("evaluations"), url("evaluation", evaluation.pk)):
        assert stranger.get(address).status_code == 404


def test_tab_takes_as_many_queries_for_many_as_for_few(
    browser, version, django_assert_max_num_queries
):
    for _ in range(8):
        found = make_evaluation_set(version.model.workspace)
        evaluate(make_evaluation(version, found))
    with django_assert_max_num_queries(30):
        page_of(browser, url("evaluations"))
