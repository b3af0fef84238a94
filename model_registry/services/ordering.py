"""Ordering evaluations and trials from the workers."""

from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from model_registry.desk import orders
from model_registry.desk.bell import ring_after_commit
from model_registry.errors import OrderRefused
from model_registry.json_values import JsonObject
from model_registry.models import (
    Evaluation,
    EvaluationSet,
    Grant,
    Model,
    ModelVersion,
    Trial,
    WorkStatus,
)
from model_registry.schemas import CompiledSchema
from model_registry.services.events import record_of
from model_registry.services.sharing import record_there

KEEP_TRIALS = timedelta(days=1)


@transaction.atomic
def order_evaluation(
    version: ModelVersion,
    evaluation_set: EvaluationSet,
    *,
    actor: str,
    worker_id: UUID | None = None,
) -> Evaluation:
    """Have a version run against a set by a worker; by the given one if one is.

    While one is under way, the same is not begun again.
    Raises: OrderRefused if the set is not for models like this.
    """
    _ask_for_adapter(version)
    model = Model.objects.select_for_update().get(pk=version.model_id)
    if (evaluation_set.workspace_id, evaluation_set.capability) != (
        model.workspace_id,
        model.capability,
    ):
        raise OrderRefused(
            f"{evaluation_set.name} is a set for {evaluation_set.capability}, and "
            f"{model.name} does {model.capability}."
        )
    mine = Evaluation.objects.filter(version=version, evaluation_set=evaluation_set)
    if under_way := mine.filter(ended_at__isnull=True).first():
        error = OrderRefused(
            f"Version {version.number} is being evaluated on {evaluation_set.name}."
        )
        error.detail = {"evaluation": str(under_way.pk)}
        raise error
    now = timezone.now()
    held = (
        {
            "held_by": worker_id,
            "held_until": now + orders.HOLD,
            "status": WorkStatus.RUNNING,
            "started_at": now,
        }
        if worker_id
        else {}
    )
    evaluation = Evaluation.objects.create(
        version=version,
        evaluation_set=evaluation_set,
        case_count=evaluation_set.case_count,
        queue=version.queue,
        ordered_by=actor,
        **held,
    )
    ring_after_commit(version.queue)
    return evaluation


def cancel_evaluation(evaluation: Evaluation) -> bool:
    """Stop an evaluation before its next case; whether it was not over."""
    return orders.cancel(evaluation)


@transaction.atomic
def order_trial(
    version: ModelVersion,
    value: JsonObject,
    data_class: str,
    *,
    actor: str,
    grant: Grant | None = None,
) -> Trial:
    """Have one question answered by a worker. What it says stands in no ledger.

    By a `grant` another workspace asks, which its ledger tells, too.
    Raises: OrderRefused if the input does not fit the model's schema.
    """
    _ask_for_adapter(version)
    wrong = CompiledSchema(version.model.input_schema).mismatches(value)
    if wrong:
        error = OrderRefused(f"The input does not fit {version.model.name}.")
        error.detail = {"problems": [str(each) for each in wrong]}
        raise error
    _forget_old(version)
    trial = Trial.objects.create(
        version=version,
        grant=grant,
        input=value,
        data_class=data_class,
        queue=version.queue,
        ordered_by=actor,
    )
    data: dict[str, object] = {"version": version.number}
    if grant is not None:
        record_there(grant, "grant.tried", actor, data)
        data["workspace"] = grant.workspace.name
    record_of(version.model, "model.tried", actor, data)
    ring_after_commit(version.queue)
    return trial


def _forget_old(version: ModelVersion) -> None:
    Trial.objects.filter(
        version__model__workspace=version.model.workspace_id,
        created_at__lt=timezone.now() - KEEP_TRIALS,
    ).delete()


def _ask_for_adapter(version: ModelVersion) -> None:
    if not version.adapter:
        raise OrderRefused(f"{version.model.name} is a person: nobody is called.")
