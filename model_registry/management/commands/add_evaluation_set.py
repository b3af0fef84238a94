"""`manage.py add_evaluation_set MODEL NAME FILE`."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from model_registry.errors import RegistrationRefused
from model_registry.evaluations.measures import Measure
from model_registry.governance import DataClass
from model_registry.selectors import get_model
from model_registry.services.evaluation_sets import SetTerms, upload_set
from orchestrator_site.accounts.api import AccountsError, get_workspace


class Command(BaseCommand):
    """Make an evaluation set out of a file."""

    help = (
        "Makes an evaluation set for models like MODEL out of a CSV or JSON Lines file."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the names, the file and how it measures."""
        parser.add_argument("model", metavar="MODEL")
        parser.add_argument("name", metavar="NAME")
        parser.add_argument("file", metavar="FILE", type=Path)
        parser.add_argument("--measure", default="", choices=["", *Measure])
        parser.add_argument("--target", default="", metavar="PROPERTY")
        parser.add_argument("--data-class", default="", choices=["", *DataClass])
        parser.add_argument("--workspace", metavar="SLUG")

    def handle(self, *_args: Any, **options: Any) -> None:  # noqa: ANN401 - Django's
        """Read, store, and say how many cases there are."""
        path: Path = options["file"]
        terms = SetTerms(
            name=options["name"],
            measure=options["measure"],
            target=options["target"],
            data_class=options["data_class"],
        )
        try:
            model = get_model(get_workspace(options["workspace"]), options["model"])
            made = upload_set(
                model,
                terms,
                path.read_bytes(),
                is_csv=path.suffix.lower() == ".csv",
                actor="system:cli",
            )
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror}.") from error
        except (RegistrationRefused, AccountsError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"{made.name}: {made.case_count} cases for {made.capability}, measured by "
            f"{made.measure}{' of ' + made.target if made.target else ''}."
        )
