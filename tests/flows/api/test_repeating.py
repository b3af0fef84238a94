"""Trials and evaluations under an idempotency key: asked for again, made once."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from model_registry.models import Evaluation, Trial
from tests.factories.accounts import make_workspace
from tests.factories.evaluations import make_evaluation_set
from tests.factories.models import make_model_version
from tests.flows.api.clients import make_client

TRIALS, EVALUATIONS = "/models/shop/trials", "/models/shop/evaluations"
TRIAL = {"version": 1, "input": {"label": "a", "share": 1e22}}
EVALUATION = {"version": 1, "set": "mails"}
REQUESTS = [(TRIALS, TRIAL, 202, Trial), (EVALUATIONS, EVALUATION, 201, Evaluation)]
pytestmark = pytest.mark.both_databases


@pytest.fixture(autouse=True)
def shop(workspace):
    return make_shop(workspace)


def make_shop(workspace):
    make_evaluation_set(workspace, name="mails")
    make_evaluation_set(workspace, name="others")
    return make_model_version(workspace=workspace, model="shop", capability="classify")


def send(client, path, body, key="order-7"):
    return client.send("POST", path, body, Idempotency_Key=key)


@pytest.mark.parametrize(("path", "body", "status", "kind"), REQUESTS)
def test_same_key_gives_the_same_order(api, path, body, status, kind):
    first, again = send(api, path, body), send(api, path, body)
    assert (first.status_code, again.status_code) == (status, 200)
    assert first.json() == again.json()
    assert first["Location"] == again["Location"]
    assert api.get(again["Location"]).json()["id"] == first.json()["id"]
    assert kind.objects.count() == 1


@pytest.mark.parametrize(
    ("path", "body", "other"),
    [
        (TRIALS, TRIAL, {**TRIAL, "input": {"label": "b"}}),
        (TRIALS, TRIAL, {**TRIAL, "data_class": "public"}),
        (EVALUATIONS, EVALUATION, {**EVALUATION, "set": "others"}),
    ],
)
def test_key_of_another_request_is_refused(api, path, body, other):
    send(api, path, body)
    refused = send(api, path, other)
    assert (refused.status_code, refused.json()["code"]) == (
        409,
        "idempotency_key_reused",
    )
    assert send(api, path, other, key="order-8").status_code in {201, 202}


@pytest.mark.parametrize(("path", "body", "status", "kind"), REQUESTS)
def test_key_counts_in_its_workspace(api, path, body, status, kind):
    elsewhere = make_workspace()
    make_shop(elsewhere)
    mine, theirs = send(api, path, body), send(make_client(elsewhere), path, body)
    assert (mine.status_code, theirs.status_code) == (status, status)
    assert kind.objects.count() == 2


def test_key_of_a_trial_is_that_of_who_asks(api, workspace):
    other = make_client(workspace)
    mine, theirs = send(api, TRIALS, TRIAL), send(other, TRIALS, TRIAL)
    assert (mine.status_code, theirs.status_code) == (202, 202)
    assert mine.json()["id"] != theirs.json()["id"]
    assert other.get(mine["Location"]).status_code == 404


@pytest.mark.parametrize(("path", "body", "status", "kind"), REQUESTS)
def test_key_that_is_no_key_is_refused(api, path, body, status, kind):
    refused = send(api, path, body, key="a" * 201)
    assert (refused.status_code, refused.json()["code"]) == (
        400,
        "idempotency_key_invalid",
    )
    assert not kind.objects.exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("path", "body", "status", "kind"), REQUESTS)
def test_same_request_from_several_at_once_is_one_order(api, path, body, status, kind):
    start = Barrier(4)

    def ask(_number):
        start.wait(timeout=60)
        try:
            return send(api, path, body)
        finally:
            connection.close()

    with ThreadPoolExecutor(start.parties) as pool:
        answers = list(pool.map(ask, range(start.parties)))
    assert sorted(each.status_code for each in answers) == [200, 200, 200, status]
    assert {each.json()["id"] for each in answers} == {str(kind.objects.get().pk)}
