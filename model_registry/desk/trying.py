"""Answering one question that somebody tries.

It is asked as the owner's workspace asks, with its credentials and within its limits,
also for another workspace; that one gets no drafts.
"""

from model_registry.desk.asking import ask, may_ask
from model_registry.desk.orders import finish, give_up
from model_registry.errors import ModelError
from model_registry.models import Trial, WorkStatus
from model_registry.resolving import resolve_version
from model_registry.tags import TRIAL

MAX_ERROR = 2000


def answer(trial: Trial) -> None:
    """Ask the version, and store what it said."""
    if give_up(trial):
        return
    model, is_owners = trial.version.model, trial.grant_id is None
    try:
        resolved = resolve_version(model.workspace_id, model.name, trial.version.number)
    except ModelError as error:
        finish(trial, WorkStatus.FAILED, error=error.message)
        return
    if refused := may_ask(resolved, trial.data_class, takes_drafts=is_owners):
        finish(trial, WorkStatus.FAILED, error=refused.message)
        return
    said = ask(
        resolved,
        trial.input,
        data_class=trial.data_class,
        key=str(trial.pk),
        tag=TRIAL,
        takes_drafts=is_owners,
    )
    finish(
        trial,
        WorkStatus.FAILED if said.error else WorkStatus.COMPLETED,
        output=said.output,
        error=said.message[:MAX_ERROR],
        cost_usd_micros=said.cost_usd_micros,
        latency_ms=said.latency_ms,
    )
