"""`manage.py evaluate MODEL VERSION SET`."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from model_registry.desk.evaluating import evaluate
from model_registry.errors import RegistrationRefused
from model_registry.evaluations.measures import Metric
from model_registry.evaluations.selectors import Result, get_set, result_of
from model_registry.models import WorkStatus
from model_registry.selectors import get_version
from model_registry.services.ordering import order_evaluation
from orchestrator_site.accounts.api import AccountsError, get_workspace, new_id


class Command(BaseCommand):
    """Evaluate a version, in this process."""

    help = "Runs a version of a model against an evaluation set and prints the figures."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the names, the version's number and the workspace."""
        parser.add_argument("model", metavar="MODEL")
        parser.add_argument("version", metavar="VERSION", type=int)
        parser.add_argument("evaluation_set", metavar="SET")
        parser.add_argument("--workspace", metavar="SLUG")

    def handle(self, *_args: Any, **options: Any) -> None:  # noqa: ANN401 - Django's
        """Evaluate and print."""
        try:
            workspace = get_workspace(options["workspace"])
            version = get_version(workspace, options["model"], options["version"])
            evaluation = order_evaluation(
                version,
                get_set(workspace, options["evaluation_set"]),
                actor="system:cli",
                worker_id=new_id(),
            )
        except (RegistrationRefused, AccountsError) as error:
            raise CommandError(str(error)) from error
        if not evaluate(evaluation):
            raise CommandError("The model has no room now. A worker goes on later.")
        evaluation.refresh_from_db()
        if evaluation.status != WorkStatus.COMPLETED:
            raise CommandError(evaluation.error or f"It is {evaluation.status}.")
        self.stdout.write(_told(result_of(evaluation)))


def _told(result: Result) -> str:
    done = result.evaluation
    lines = [
        f"{done.version} on {done.evaluation_set}: {done.answered} of "
        f"{done.case_count} cases answered, {result.mean_latency_ms:.0f} ms a case, "
        f"$ {done.cost_usd_micros / 1e6:.6f}.",
        *map(_line, result.metrics),
    ]
    return "\n".join(lines)


def _line(metric: Metric) -> str:
    spread = "too few or too alike for an interval"
    if metric.low is not None and metric.high is not None:
        spread = f"{metric.low:.3f} to {metric.high:.3f}"
    return f"{metric.name:<12} {metric.value:.3f}  ({spread}; {metric.of})"
