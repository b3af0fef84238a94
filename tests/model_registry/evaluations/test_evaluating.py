from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from model_registry.desk.asking import may_ask
from model_registry.desk.evaluating import evaluate
from model_registry.desk.orders import GIVEN_UP, MOST_TAKES, take
from model_registry.errors import OrderRefused
from model_registry.evaluations.selectors import list_results, result_of
from model_registry.guarding.limiting import set_limits
from model_registry.guarding.limits import Limits
from model_registry.models import CaseResult, Evaluation
from model_registry.resolving import resolve_version
from model_registry.services.ordering import cancel_evaluation, order_evaluation
from orchestrator_site.accounts.api import new_id
from orchestrator_site.ledger.api import Event
from tests.factories.accounts import make_workspace
from tests.factories.evaluations import make_evaluation, make_evaluation_set
from tests.factories.models import make_draft, make_model_version, make_person

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
RIGHT = ({"label": "a"}, {"label": "a"})
WRONG = ({"label": "a"}, {"label": "b"})
UNFIT = ({"label": 7}, {"label": "b"})
SCHEMA = {"type": "object", "properties": {"label": {"type": "string"}}}


def echo(**given):
    """A model that answers with its question."""
    return make_model_version(capability="classify", input_schema=SCHEMA, **given)


def of_all_queues(_queue):
    return True


def order(version, *pairs, **terms):
    made = make_evaluation_set(version.model.workspace, *pairs, **terms)
    return order_evaluation(version, made, actor="user:1")


def figures(evaluation):
    evaluation.refresh_from_db()
    return {each.name: each for each in result_of(evaluation).metrics}


def test_version_is_measured_on_every_case():
    version = echo()
    found = make_evaluation_set(version.model.workspace, RIGHT, RIGHT, WRONG, UNFIT)
    evaluation = make_evaluation(version, found)
    evaluate(evaluation)
    shown = figures(evaluation)
    assert evaluation.status == "completed"
    assert (evaluation.done, evaluation.answered) == (4, 3)
    assert (shown["accuracy"].value, shown["accuracy"].of) == (0.5, 4)
    assert shown["accuracy"].low < 0.5 < shown["accuracy"].high
    assert shown["answered"].value == 0.75


def test_main_figure_is_told_by_the_tags_of_cases():
    version = echo()
    cases = [(*RIGHT, "mail"), (*WRONG, "mail"), (*RIGHT, "chat"), RIGHT]
    evaluation = make_evaluation(
        version, make_evaluation_set(version.model.workspace, *cases)
    )
    evaluate(evaluation)
    evaluation.refresh_from_db()
    found = {
        tag: (each["value"], each["of"]) for tag, each in evaluation.by_tag.items()
    }
    assert found == {"mail": (0.5, 2), "chat": (1.0, 1)}
    assert {each["name"] for each in evaluation.by_tag.values()} == {"accuracy"}


def test_results_of_single_cases_are_kept_the_worst_first():
    version = echo()
    evaluation = make_evaluation(
        version, make_evaluation_set(version.model.workspace, RIGHT, UNFIT)
    )
    evaluate(evaluation)
    bad, good = list_results(evaluation)
    assert (bad.error, bad.output, bad.score) == ("model_input_invalid", None, 0)
    assert (good.error, good.output, good.score) == ("", {"label": "a"}, 1)


def test_ledger_tells_the_figures_and_nothing_of_the_cases():
    version = echo()
    secret = ({"label": "tulip"}, {"label": "tulip"})
    found = make_evaluation_set(version.model.workspace, secret)
    evaluate(make_evaluation(version, found))
    body = str(Event.objects.get(kind="version.evaluated").body)
    assert "accuracy 1.000" in body
    assert found.digest in body
    assert "tulip" not in body


def test_another_worker_goes_on_where_the_first_one_died():
    evaluation = order(echo(), RIGHT, WRONG, RIGHT)
    first = take(Evaluation, new_id(), of_all_queues)
    asked = []

    def dies_after_one():
        asked.append(1)
        if len(asked) == 2:
            raise SystemExit
        return False

    with pytest.raises(SystemExit):
        evaluate(first, dies_after_one)
    assert CaseResult.objects.count() == 1
    assert take(Evaluation, new_id(), of_all_queues) is None
    late = timezone.now() - timedelta(seconds=1)
    Evaluation.objects.update(held_until=late)
    evaluate(take(Evaluation, new_id(), of_all_queues))
    assert figures(evaluation)["accuracy"].of == 3
    assert evaluation.done == CaseResult.objects.count() == 3


def test_worker_that_stops_leaves_the_rest_to_others_at_once():
    evaluation = order(echo(), RIGHT, RIGHT)
    evaluate(take(Evaluation, new_id(), of_all_queues), lambda: True)
    evaluate(take(Evaluation, new_id(), of_all_queues))
    assert figures(evaluation)["accuracy"].value == 1


def test_worker_that_lost_its_hold_stores_nothing_more():
    evaluation = order(echo(), RIGHT, RIGHT)
    slow = take(Evaluation, new_id(), of_all_queues)
    Evaluation.objects.update(held_until=timezone.now() - timedelta(seconds=1))
    assert take(Evaluation, new_id(), of_all_queues) is not None
    evaluate(slow)
    evaluation.refresh_from_db()
    assert (evaluation.status, CaseResult.objects.count()) == ("running", 0)


def test_evaluation_that_kills_its_workers_says_so():
    evaluation = order(echo(), RIGHT)
    Evaluation.objects.update(takes=MOST_TAKES)
    evaluate(take(Evaluation, new_id(), of_all_queues))
    evaluation.refresh_from_db()
    assert (evaluation.status, evaluation.error) == ("failed", GIVEN_UP)


def test_cancelled_evaluation_ends_before_its_next_case():
    evaluation = order(echo(), RIGHT, RIGHT)
    held = take(Evaluation, new_id(), of_all_queues)
    assert cancel_evaluation(evaluation)
    evaluate(held)
    evaluation.refresh_from_db()
    assert (evaluation.status, CaseResult.objects.count()) == ("cancelled", 0)
    assert not cancel_evaluation(evaluation)


def test_workers_take_the_orders_of_their_queues():
    order(echo(queue="gpu", runs="wait"), RIGHT)
    assert take(Evaluation, new_id(), lambda queue: queue == "") is None
    assert take(Evaluation, new_id(), lambda queue: queue == "gpu") is not None


def test_evaluation_waits_while_the_breaker_is_open(fake_package):
    settings = {"entry_point": "fake-list"}
    version = echo(runs="wait", settings=settings)
    limits = Limits(breaker_failures=1, retries=0)
    model = version.model
    set_limits(model.workspace, model.name, limits, actor="user:1")
    evaluation = order(version, RIGHT, RIGHT, data_class="public")
    assert not evaluate(take(Evaluation, new_id(), of_all_queues))
    evaluation.refresh_from_db()
    assert (evaluation.is_over, evaluation.done, evaluation.held_by) == (False, 1, None)


@pytest.mark.parametrize(
    ("is_external", "data_class", "may"),
    [
        (False, "", True),  # it stays here
        (True, "", False),  # nobody said how sensitive it is
        (True, "public", True),
        (True, "internal", True),
        (True, "personal", False),
        (False, "personal", False),
    ],
)
def test_cases_go_only_where_their_data_may(is_external, data_class, may):
    model = echo(governance={"data_class": "internal"}).model
    resolved = resolve_version(model.workspace_id, model.name, 1)
    refused = may_ask(replace(resolved, is_external=is_external), data_class)
    assert (refused is None) == may


def test_cases_that_the_model_may_not_see_fail_the_evaluation():
    version = echo(governance={"data_class": "internal"})
    evaluation = order(version, RIGHT, data_class="personal")
    evaluate(take(Evaluation, new_id(), of_all_queues))
    evaluation.refresh_from_db()
    assert (evaluation.status, bool(evaluation.error)) == ("failed", True)


def test_draft_is_evaluated_before_it_is_approved():
    version = make_draft(capability="classify")
    evaluation = order(version, RIGHT)
    evaluate(take(Evaluation, new_id(), of_all_queues))
    evaluation.refresh_from_db()
    assert evaluation.status == "completed"


def test_set_of_another_capability_or_workspace_is_refused():
    version = echo()
    for workspace, capability in [
        (version.model.workspace, "extract"),
        (make_workspace(), "classify"),
    ]:
        found = make_evaluation_set(workspace, capability=capability)
        with pytest.raises(OrderRefused):
            order_evaluation(version, found, actor="user:1")


def test_same_evaluation_is_not_begun_twice_at_a_time():
    version = echo()
    found = make_evaluation_set(version.model.workspace)
    evaluate(make_evaluation(version, found))
    make_evaluation(version, found)
    with pytest.raises(OrderRefused, match="is being evaluated"):
        make_evaluation(version, found)


def test_nobody_is_evaluated_who_is_a_person():
    person = make_person()
    found = make_evaluation_set(person.model.workspace, capability="review")
    with pytest.raises(OrderRefused):
        order_evaluation(person, found, actor="user:1")


def test_commands_upload_and_evaluate(tmp_path, capsys):
    version = echo(model="shop")
    path = tmp_path / "cases.jsonl"
    path.write_text('{"input": {"label": "a"}, "expected": {"label": "a"}}\n' * 3)
    slug = version.model.workspace.slug
    call_command("add_evaluation_set", "shop", "mails", path, workspace=slug)
    call_command("evaluate", "shop", 1, "mails", workspace=slug)
    told = capsys.readouterr().out
    assert "mails: 3 cases for classify, measured by label of label." in told
    assert "accuracy     1.000  (0.439 to 1.000; 3)" in told


def test_command_refuses_in_a_sentence(tmp_path):
    version = echo(model="shop")
    slug = version.model.workspace.slug
    with pytest.raises(CommandError, match="no evaluation set"):
        call_command("evaluate", "shop", 1, "mails", workspace=slug)
    with pytest.raises(CommandError, match="No such file"):
        call_command(
            "add_evaluation_set", "shop", "m", tmp_path / "no.csv", workspace=slug
        )
