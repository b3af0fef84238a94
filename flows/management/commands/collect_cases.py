"""`manage.py collect_cases MODEL NAME --flow FLOW [--decisions]`."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from flows.errors import FlowError
from flows.selectors import get_flow
from flows.services.collecting import MOST_RUNS, collect, last_runs
from model_registry.api import (
    DataClass,
    EvaluationSet,
    RegistrationRefused,
    SetTerms,
    get_model,
)
from orchestrator_site.accounts.api import AccountsError, get_workspace

ACTOR = "system:cli"


class Command(BaseCommand):
    """Make an evaluation set out of a flow's runs."""

    help = (
        "Makes an evaluation set of what MODEL was asked in completed runs of a flow."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the names, which runs, and what counts as right."""
        parser.add_argument("model", metavar="MODEL")
        parser.add_argument("name", metavar="NAME")
        parser.add_argument("--flow", required=True, metavar="SLUG")
        parser.add_argument("--last", type=int, default=MOST_RUNS, metavar="N")
        parser.add_argument(
            "--decisions",
            action="store_true",
            help="take what people approved as right, instead of what the model said",
        )
        parser.add_argument("--target", default="", metavar="PROPERTY")
        parser.add_argument("--data-class", default="", choices=["", *DataClass])
        parser.add_argument("--workspace", metavar="SLUG")

    def handle(self, *_args: Any, **options: Any) -> None:  # noqa: ANN401 - Django's
        """Collect, and say how many cases there are."""
        sources = EvaluationSet.Source
        terms = SetTerms(
            name=options["name"],
            source=sources.DECISIONS if options["decisions"] else sources.RUNS,
            target=options["target"],
            data_class=options["data_class"],
        )
        try:
            workspace = get_workspace(options["workspace"])
            flow = get_flow(workspace, options["flow"])
            runs = last_runs(flow, options["last"])
            model = get_model(workspace, options["model"])
            made = collect(model, runs, terms, actor=ACTOR)
        except (FlowError, RegistrationRefused, AccountsError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"{made.name}: {made.case_count} cases out of {len(runs)} runs."
        )
