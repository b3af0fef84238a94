"""`manage.py set_limits MODEL [NAME=VALUE ...]`."""

from argparse import ArgumentParser
from collections.abc import Sequence
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from model_registry.errors import RegistrationRefused
from model_registry.guarding.limiting import own_limits, set_limits
from model_registry.guarding.limits import Limits, changed_limits
from orchestrator_site.accounts.api import AccountsError, Workspace, get_workspace

ACTOR = "system:cli"


class Command(BaseCommand):
    """Say how a model may be called, or show what holds."""

    help = "Sets the limits of a model, such as retries=2; without any it shows them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the name, the limits and the workspace."""
        parser.add_argument("model", metavar="MODEL")
        parser.add_argument("limits", metavar="NAME=VALUE", nargs="*")
        parser.add_argument("--usual", action="store_true")
        parser.add_argument("--workspace", metavar="SLUG")

    def handle(self, *_args: Any, **options: Any) -> None:  # noqa: ANN401 - Django's
        """Set them and print what holds."""
        model, written = options["model"], options["limits"]
        try:
            workspace = get_workspace(options["workspace"])
            if written or options["usual"]:
                limits = None if options["usual"] else _read(workspace, model, written)
                set_limits(workspace, model, limits, actor=ACTOR)
            own = own_limits(workspace, model)
        except (RegistrationRefused, AccountsError) as error:
            raise CommandError(str(error)) from error
        if own is None:
            self.stdout.write(f"{model} has the usual limits of its kind.")
            return
        for name, value in own.as_json().items():
            self.stdout.write(f"{name}={_written(value)}")


def _read(workspace: Workspace, model: str, written: Sequence[str]) -> Limits:
    values: dict[str, object] = {}
    for each in written:
        name, _, value = each.partition("=")
        if name == "fallback":
            values[name] = [] if value == "none" else value.split(",")
        else:
            values[name] = None if value == "none" else value
    return changed_limits(own_limits(workspace, model) or Limits(), values)


def _written(value: object) -> str:
    if isinstance(value, list):
        return ",".join(value) or "none"
    return "none" if value is None else str(value)
