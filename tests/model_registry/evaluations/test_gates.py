import pytest

from model_registry.desk.evaluating import evaluate
from model_registry.errors import AliasGateClosed, RuleInvalid
from model_registry.models import AliasRule
from model_registry.services.aliases import move_alias
from model_registry.services.gates import remove_rule, set_rule, shown_for
from tests.factories.accounts import make_workspace
from tests.factories.evaluations import make_evaluation, make_evaluation_set
from tests.factories.models import make_model_version

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
ACTOR = "user:1"
RIGHT = ({"label": "a"}, {"label": "a"})
WRONG = ({"label": "a"}, {"label": "b"})


def model_of_two_versions():
    """The first one is champion; both answer with the question."""
    workspace = make_workspace()
    make_model_version(workspace=workspace, model="shop", capability="classify")
    return make_model_version(
        workspace=workspace,
        model="shop",
        capability="classify",
        runs="wait",
        alias=None,
    )


def ask_for(version, *pairs, metric="accuracy", bound=0.5):
    found = make_evaluation_set(
        version.model.workspace, *pairs, name="mails", data_class="public"
    )
    set_rule(version.model, "champion", found, metric, bound, actor=ACTOR)
    return found


def move(version):
    model = version.model
    return move_alias(
        model.workspace, model.name, "champion", version.number, actor=ACTOR
    )


def test_version_that_was_not_evaluated_does_not_become_champion():
    version = model_of_two_versions()
    ask_for(version, RIGHT)
    with pytest.raises(AliasGateClosed, match="was not evaluated"):
        move(version)
    assert version.model.aliases.get(name="champion").version.number == 1


@pytest.mark.parametrize(
    ("pairs", "bound", "may"),
    [
        ([RIGHT] * 20, 0.8, True),  # 1.000, at least 0.839
        ([RIGHT] * 4, 0.8, False),  # 1.000, but as few as 0.510 cannot be ruled out
        ([RIGHT] * 10 + [WRONG] * 10, 0.5, False),
    ],
)
def test_lower_end_of_the_interval_decides(pairs, bound, may):
    version = model_of_two_versions()
    evaluate(make_evaluation(version, ask_for(version, *pairs, bound=bound)))
    if may:
        assert move(version).version == version
    else:
        with pytest.raises(AliasGateClosed):
            move(version)


def test_refusal_says_the_figures():
    version = model_of_two_versions()
    evaluate(make_evaluation(version, ask_for(version, RIGHT, WRONG, bound=0.9)))
    with pytest.raises(AliasGateClosed) as refused:
        move(version)
    assert (
        "champion may not point at version 2 of shop. It asks for accuracy at least 0.9 "
        "on mails, by the lower end of the interval; the version has 0.500 (0.095 to "
        "0.905, 2 cases)."
    ) in refused.value.message
    (missed,) = refused.value.detail["missed"]
    assert (missed["metric"], missed["bound"], missed["shown"]["of"]) == (
        "accuracy",
        0.9,
        2,
    )


def test_only_the_last_evaluation_counts():
    version = model_of_two_versions()
    found = ask_for(version, *[RIGHT] * 20, bound=0.8)
    older = make_evaluation(version, found)
    evaluate(older)
    assert [each.problem for each in shown_for(version, "champion")] == [""]
    newer = make_evaluation(version, found)
    evaluate(newer)
    type(newer).objects.filter(pk=newer.pk).update(metrics=[])
    with pytest.raises(AliasGateClosed, match="too few to tell"):
        move(version)


def forecasts(*outputs):
    workspace = make_workspace()
    version = make_model_version(workspace=workspace, capability="forecast", alias=None)
    pairs = [({"forecast": output}, {"forecast": [10]}) for output in outputs]
    found = make_evaluation_set(workspace, *pairs, capability="forecast")
    evaluate(make_evaluation(version, found))
    return version, found


@pytest.mark.parametrize(
    ("outputs", "problem"),
    [
        ([[11]] * 4, ""),
        ([[13]] * 4, "at most 2"),
        ([[11], [11], []], "1 cases have no answer"),
    ],
)
def test_of_errors_there_is_to_be_no_more(outputs, problem):
    version, found = forecasts(*outputs)
    set_rule(version.model, "champion", found, "mae", 2, actor=ACTOR)
    (shown,) = shown_for(version, "champion")
    assert problem in shown.problem
    assert bool(shown.problem) == bool(problem)


def test_other_aliases_are_not_asked():
    version = model_of_two_versions()
    ask_for(version, RIGHT)
    model = version.model
    moved = move_alias(model.workspace, model.name, "challenger", 2, actor=ACTOR)
    assert moved.version == version


def test_alias_that_points_there_already_stays():
    version = model_of_two_versions()
    ask_for(version, RIGHT)
    model = version.model
    assert (
        move_alias(model.workspace, "shop", "champion", 1, actor=ACTOR).version.number
        == 1
    )


def test_rule_that_is_removed_asks_for_nothing():
    version = model_of_two_versions()
    ask_for(version, RIGHT)
    remove_rule(AliasRule.objects.get(), actor=ACTOR)
    assert move(version).version == version


@pytest.mark.parametrize(
    ("capability", "metric", "bound"),
    [
        ("extract", "exact_match", 0.5),
        ("classify", "mae", 0.5),
        ("classify", "accuracy", 1.5),
        ("classify", "accuracy", -0.1),
        ("classify", "accuracy", float("nan")),
    ],
)
def test_rules_that_nothing_could_meet_are_refused(capability, metric, bound):
    version = model_of_two_versions()
    found = make_evaluation_set(version.model.workspace, capability=capability)
    with pytest.raises(RuleInvalid):
        set_rule(version.model, "champion", found, metric, bound, actor=ACTOR)
