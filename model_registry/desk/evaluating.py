"""Running a version against a set, case by case, each result a row at once."""

from collections.abc import Callable, Iterator

from django.db import transaction
from django.db.models import F

from model_registry.desk.asking import NOT_ASKED, Said, ask, may_ask
from model_registry.desk.orders import finish, give_up, let_go, renew
from model_registry.errors import ModelError, ModelRefused
from model_registry.evaluations.measures import Answered, Measure, case_score
from model_registry.evaluations.metrics import measured, measured_by_tag
from model_registry.models import (
    CaseResult,
    Evaluation,
    EvaluationCase,
    WorkStatus,
)
from model_registry.resolving import ResolvedModel, resolve_version
from model_registry.services.events import record_of
from model_registry.tags import EVALUATION

PORTION = 50
MAX_MESSAGE = 500


def evaluate(
    evaluation: Evaluation, is_stopping: Callable[[], bool] = lambda: False
) -> bool:
    """Go on with an evaluation that this process holds, to its end or until stopped.

    Ends quietly where somebody else has it by now, or it was cancelled.
    Returns: False where it was let go, as the model has no room or its breaker is open.
    """
    if give_up(evaluation):
        return True
    try:
        resolved = _resolve(evaluation)
    except ModelError as error:
        finish(evaluation, WorkStatus.FAILED, error=error.message)
        return True
    data_class = evaluation.evaluation_set.data_class
    for case in _left(evaluation):
        if is_stopping():
            let_go(evaluation)
            return True
        if not renew(evaluation):
            return True
        key = f"{evaluation.pk}:{case.number}"
        said = ask(resolved, case.input, data_class=data_class, key=key, tag=EVALUATION)
        if said.error in NOT_ASKED:
            let_go(evaluation)
            return False
        _store(evaluation, case, said)
    _complete(evaluation, resolved)
    return True


def _resolve(evaluation: Evaluation) -> ResolvedModel:
    """The version, if it may see the cases. Raises: ModelError."""
    version = evaluation.version
    model = version.model
    resolved = resolve_version(model.workspace_id, model.name, version.number)
    if refused := may_ask(resolved, evaluation.evaluation_set.data_class):
        raise ModelRefused(refused.message)
    return resolved


def _left(evaluation: Evaluation) -> Iterator[EvaluationCase]:
    """The cases without a result, in order; read in portions, as the calls take long."""
    last = 0
    results = CaseResult.objects.filter(evaluation=evaluation)
    while True:
        cases = evaluation.evaluation_set.cases.filter(number__gt=last)
        done = results.values("case")
        portion = list(cases.exclude(pk__in=done).order_by("number")[:PORTION])
        if not portion:
            return
        yield from portion
        last = portion[-1].number


@transaction.atomic
def _store(evaluation: Evaluation, case: EvaluationCase, said: Said) -> None:
    """Store one result and the sums, unless the evaluation is another's by now."""
    evaluation_set = evaluation.evaluation_set
    is_held = renew(
        evaluation,
        done=F("done") + 1,
        answered=F("answered") + int(said.output is not None),
        cost_usd_micros=F("cost_usd_micros") + said.cost_usd_micros,
        latency_ms=F("latency_ms") + said.latency_ms,
    )
    if not is_held:
        return
    answered = Answered(expected=case.expected, output=said.output)
    measure = Measure(evaluation_set.measure)
    CaseResult.objects.create(
        evaluation=evaluation,
        case=case,
        output=said.output,
        error=said.error,
        message=said.message[:MAX_MESSAGE],
        score=case_score(measure, evaluation_set.target, answered),
        cost_usd_micros=said.cost_usd_micros,
        latency_ms=said.latency_ms,
    )


@transaction.atomic
def _complete(evaluation: Evaluation, resolved: ResolvedModel) -> None:
    evaluation_set = evaluation.evaluation_set
    results = evaluation.results.order_by("case__number")
    rows = list(results.values_list("case__expected", "output", "case__tags"))
    cases = [Answered(expected=wanted, output=got) for wanted, got, _tags in rows]
    how = Measure(evaluation_set.measure), evaluation_set.target
    metrics = measured(*how, cases)
    by_tag = measured_by_tag(*how, cases, [tags for _wanted, _got, tags in rows])
    stored = {
        "metrics": [metric.as_json() for metric in metrics],
        "by_tag": {tag: metric.as_json() for tag, metric in by_tag.items()},
    }
    if not finish(evaluation, WorkStatus.COMPLETED, **stored):
        return
    data = {
        "version": resolved.version,
        "digest": resolved.digest,
        "set": evaluation_set.name,
        "set_digest": evaluation_set.digest,
        "cases": len(cases),
        "figures": ", ".join(f"{each.name} {each.value:.3f}" for each in metrics),
        "cost_usd_micros": sum(results.values_list("cost_usd_micros", flat=True)),
    }
    record_of(
        evaluation.version.model, "version.evaluated", evaluation.ordered_by, data
    )
