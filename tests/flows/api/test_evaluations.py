"""Evaluation sets, evaluations, rules of aliases and trials over the API."""

import pytest

from flows.api import evaluation_formats as formats
from model_registry.desk.evaluating import evaluate
from model_registry.desk.trying import answer
from model_registry.models import Evaluation, EvaluationSet, Trial
from orchestrator_site.accounts.api import new_id
from orchestrator_site.accounts.roles import Role, Scope
from tests.factories.accounts import make_membership, make_workspace
from tests.factories.evaluations import make_evaluation_set
from tests.factories.models import make_model_version
from tests.flows.api.clients import API, make_client

SETS = "/models/shop/evaluation-sets"
RIGHT = {"input": {"label": "a"}, "expected": {"label": "a"}}
WRONG = {"input": {"label": "b"}, "expected": {"label": "a"}, "tags": ["vip"]}
LINES = b'{"input": {"label": "a"}, "expected": {"label": "a"}}\n'


def schema():
    return {"type": "object", "properties": {"label": {"type": "string"}}}


@pytest.fixture
def version(workspace):
    return make_model_version(
        workspace=workspace,
        model="shop",
        capability="classify",
        input_schema=schema(),
        output_schema=schema(),
    )


def upload(client, content, kind="application/x-ndjson", **terms):
    query = "&".join(f"{name}={value}" for name, value in terms.items())
    path = f"{API}{SETS}/upload?{query}"
    return client.generic("POST", path, content, content_type=kind)


def held(status):
    """The evaluation that was ordered, held by the test as a worker would."""
    found = Evaluation.objects.get(status=status)
    found.held_by = new_id()
    found.save()
    return found


def test_cases_make_a_set_that_is_read_in_pages(api, version):
    body = {"name": "mails", "data_class": "internal", "cases": [RIGHT, WRONG]}
    made = api.send("POST", SETS, body)
    assert (made.status_code, made.json()["source"]) == (201, "upload")
    assert made.json()["cases"] == 2
    assert (made.json()["measure"], made.json()["target"]) == ("label", "label")
    assert api.read("/evaluation-sets", capability="classify")["items"] == [made.json()]
    assert api.read("/evaluation-sets", capability="extract")["items"] == []
    assert api.read("/evaluation-sets/mails") == made.json()
    first = api.read("/evaluation-sets/mails/cases", limit=1)
    assert (first["items"], first["next_after"]) == (
        [{"number": 1, **RIGHT, "tags": []}],
        1,
    )
    rest = api.read("/evaluation-sets/mails/cases", after=1)
    assert (rest["items"], rest["next_after"]) == ([{"number": 2, **WRONG}], None)


def test_same_set_again_is_that_set_and_another_is_refused(api, version):
    body = {"name": "mails", "cases": [RIGHT]}
    made = api.send("POST", SETS, body).json()
    again = api.send("POST", SETS, body)
    assert (again.status_code, again.json()) == (200, made)
    same = upload(api, LINES, name="mails")
    assert (same.status_code, same.json()) == (200, made)
    other = api.send("POST", SETS, {**body, "cases": [WRONG]})
    assert (other.status_code, other.json()["code"]) == (409, "evaluation_set_exists")
    assert EvaluationSet.objects.get().case_count == 1


def test_file_of_csv_makes_a_set(api, version):
    content = b"input.label,expected.label,tags\na,a,vip\n"
    made = upload(api, content, "text/csv; charset=utf-8", name="mails")
    assert (made.status_code, made.json()["cases"]) == (201, 1)
    (case,) = api.read("/evaluation-sets/mails/cases")["items"]
    assert case["tags"] == ["vip"]


@pytest.mark.parametrize(
    ("kind", "content", "line", "said"),
    [
        ("text/csv", b"input.label\na\n", 1, "there is no column expected.NAME"),
        ("application/x-ndjson", LINES + b"[]\n", 2, "not an object"),
        ("application/x-ndjson", LINES + b"{oops\n", 2, "not JSON"),
        (
            "application/x-ndjson",
            LINES + b'{"input": {"label": "\\u0000"}}',
            2,
            "input",
        ),
        ("application/x-ndjson", b"\xff", 1, "not UTF-8"),
    ],
)
def test_problems_of_a_file_name_their_lines(api, version, kind, content, line, said):
    refused = upload(api, content, kind, name="mails")
    told = refused.json()
    assert (refused.status_code, told["code"]) == (422, "evaluation_cases_invalid")
    assert told["problems"][0]["line"] == line
    assert said in told["problems"][0]["message"]
    assert not EvaluationSet.objects.exists()


def test_problems_of_cases_name_their_places(api, version):
    unfit = {"input": {"label": 1}, "expected": {"label": "a"}}
    refused = api.send(
        "POST", SETS, {"name": "mails", "cases": [RIGHT, unfit, "a", {**RIGHT, "x": 1}]}
    )
    told = refused.json()
    assert (refused.status_code, told["code"]) == (422, "evaluation_cases_invalid")
    places = [each["pointer"] for each in told["problems"]]
    assert places == ["/cases/1", "/cases/2", "/cases/3"]
    assert "at '/label'" in told["problems"][0]["message"]
    assert told["detail"].startswith("No set was made. /cases/1: ")


def test_empty_file_and_odd_terms_are_refused(api, version):
    empty = upload(api, b"", name="mails")
    assert (empty.status_code, empty.json()["problems"][0]["pointer"]) == (422, "")
    unnamed = upload(api, LINES)
    assert unnamed.json()["problems"][0]["pointer"] == "/name"
    odd = upload(api, LINES, name="mails", measure="beauty")
    assert odd.json()["problems"][0]["pointer"] == "/measure"
    absent = upload(api, LINES, name="mails", target="nothing")
    assert absent.json()["code"] == "evaluation_set_refused"


def test_evaluation_is_ordered_run_and_read_with_its_intervals(api, version):
    api.send("POST", SETS, {"name": "mails", "cases": [RIGHT] * 9 + [WRONG]})
    body = {"version": 1, "set": "mails"}
    ordered = api.send("POST", "/models/shop/evaluations", body)
    assert (ordered.status_code, ordered.json()["status"]) == (201, "queued")
    again = api.send("POST", "/models/shop/evaluations", body)
    assert (again.status_code, again.json()["evaluation"]) == (
        409,
        ordered.json()["id"],
    )
    evaluate(held("queued"))
    found = api.read(ordered["Location"].removeprefix(API))
    assert (found["status"], found["done"], found["answered"]) == ("completed", 10, 10)
    accuracy = found["metrics"][0]
    assert (accuracy["name"], accuracy["value"], accuracy["of"]) == (
        "accuracy",
        0.9,
        10,
    )
    assert accuracy["low"] < 0.9 < accuracy["high"]
    assert api.read("/models/shop/evaluations", version=1)["items"] == [found]
    assert api.read("/models/shop/evaluations", version=2)["items"] == []
    results = api.read(f"/models/shop/evaluations/{found['id']}/results", after=8)
    assert [(each["number"], each["score"]) for each in results["items"]] == [
        (9, 1.0),
        (10, 0.0),
    ]


def test_evaluation_is_cancelled_once_and_for_all(api, workspace, version):
    found = make_evaluation_set(workspace)
    body = {"version": 1, "set": found.name}
    ordered = api.send("POST", "/models/shop/evaluations", body).json()
    path = f"/models/shop/evaluations/{ordered['id']}/cancel"
    for _ in range(2):
        stopped = api.send("POST", path)
        assert (stopped.status_code, stopped.json()["status"]) == (200, "cancelled")


def test_set_of_another_capability_and_what_is_not_there_are_refused(
    api, workspace, version
):
    other = make_evaluation_set(workspace, capability="extract")
    path = "/models/shop/evaluations"
    refused = api.send("POST", path, {"version": 1, "set": other.name})
    assert (refused.status_code, refused.json()["code"]) == (409, "model_order_refused")
    none = api.send("POST", path, {"version": 1, "set": "nothing"})
    assert (none.status_code, none.json()["code"]) == (404, "evaluation_set_not_found")
    none = api.send("POST", path, {"version": 9, "set": other.name})
    assert (none.status_code, none.json()["code"]) == (404, "model_version_not_found")


def test_rule_gates_the_alias_until_it_is_removed(api, workspace, version):
    found = make_evaluation_set(workspace)
    rules = "/models/shop/alias-rules"
    body = {"alias": "live", "set": found.name, "metric": "accuracy", "bound": 0.5}
    rule = api.send("POST", rules, body).json()
    assert rule["text"].startswith("accuracy at least 0.5")
    changed = api.send("POST", rules, {**body, "bound": 0.8}).json()
    assert (changed["id"], changed["bound"]) == (rule["id"], 0.8)
    assert api.read(rules)["items"] == [changed]
    move = {"alias": "live", "version": 1}
    closed = api.send("POST", "/models/shop/aliases", move)
    assert (closed.status_code, closed.json()["code"]) == (409, "alias_gate_closed")
    odd = api.send("POST", rules, {**body, "metric": "beauty"})
    assert (odd.status_code, odd.json()["code"]) == (422, "alias_rule_invalid")
    assert api.send("POST", f"{rules}/{rule['id']}/remove").status_code == 200
    assert api.send("POST", f"{rules}/{rule['id']}/remove").status_code == 404
    assert api.send("POST", "/models/shop/aliases", move).status_code == 200


def test_who_may_evaluate_makes_no_rules(workspace, version):
    found = make_evaluation_set(workspace)
    order = {"version": 1, "set": found.name}
    rule = {"alias": "live", "set": found.name, "metric": "accuracy", "bound": 0.5}
    statuses = {}
    for role in (Role.BUILDER, Role.PUBLISHER):
        user = make_membership(workspace=workspace, role=role).user
        client = make_client(workspace, user=user, scopes=[Scope.WRITE])
        statuses[role] = (
            client.send("POST", "/models/shop/evaluations", order).status_code,
            client.send("POST", "/models/shop/alias-rules", rule).status_code,
        )
    assert statuses == {Role.BUILDER: (201, 403), Role.PUBLISHER: (403, 200)}


def test_trial_is_answered_for_who_asked_only(api, workspace, version):
    body = {"version": 1, "input": {"label": "a"}}
    asked = api.send("POST", "/models/shop/trials", body)
    assert (asked.status_code, asked.json()["status"]) == (202, "queued")
    trial = Trial.objects.get()
    trial.held_by = new_id()
    trial.save()
    answer(trial)
    path = asked["Location"].removeprefix(API)
    told = api.read(path)
    assert (told["status"], told["output"]) == ("completed", {"label": "a"})
    for other in (make_client(workspace), make_client(make_workspace())):
        assert other.send("GET", path).status_code == 404
    wrong = api.send("POST", "/models/shop/trials", {**body, "input": {"label": 1}})
    assert (wrong.status_code, wrong.json()["code"]) == (409, "model_order_refused")
    assert "at '/label'" in wrong.json()["problems"][0]
    list_ = api.send("POST", "/models/shop/trials", {**body, "input": ["a"]})
    assert list_.json()["problems"][0]["pointer"] == "/input"


def test_what_is_described_is_what_is_given(api, version):
    made = api.send("POST", SETS, {"name": "mails", "cases": [RIGHT]}).json()
    body = {"version": 1, "set": "mails"}
    api.send("POST", "/models/shop/evaluations", body)
    evaluate(held("queued"))
    (found,) = api.read("/models/shop/evaluations")["items"]
    results = api.read(f"/models/shop/evaluations/{found['id']}/results")
    rule = {"alias": "live", "set": "mails", "metric": "accuracy", "bound": 0.5}
    trial = {"version": 1, "input": {}}
    cases = api.read("/evaluation-sets/mails/cases")
    given = {
        formats.SetDetail: made,
        formats.Cases: cases,
        formats.CaseDetail: cases["items"][0],
        formats.EvaluationDetail: found,
        formats.MetricDetail: found["metrics"][0],
        formats.Results: results,
        formats.ResultDetail: results["items"][0],
        formats.RuleDetail: api.send("POST", "/models/shop/alias-rules", rule).json(),
        formats.TrialDetail: api.send("POST", "/models/shop/trials", trial).json(),
    }
    for described, told in given.items():
        assert set(described().fields) == set(told), described
