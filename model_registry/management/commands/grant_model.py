"""`manage.py grant_model MODEL [WORKSPACE]`."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from model_registry.errors import RegistrationRefused
from model_registry.models import Grant, Model
from model_registry.selectors import get_model, list_given
from model_registry.services.sharing import grant_model, withdraw_grant
from orchestrator_site.accounts.api import AccountsError, get_workspace

ACTOR = "system:cli"


class Command(BaseCommand):
    """Let another workspace use a model, stop that, or show who may."""

    help = (
        "Grants a model to another workspace, to call it or also to copy it, or "
        "withdraws that; without a workspace it lists who may use the model."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the model, whom it is granted to, and where it is."""
        parser.add_argument("model", metavar="MODEL")
        parser.add_argument("to", metavar="TO", nargs="?", help="slug of a workspace")
        parser.add_argument(
            "--access", choices=Grant.Access.values, default=Grant.Access.CALL
        )
        parser.add_argument("--withdraw", action="store_true")
        parser.add_argument("--workspace", metavar="SLUG", help="that of the model")

    def handle(self, *_args: Any, **options: Any) -> None:  # noqa: ANN401 - Django's
        """Change what is asked for and say what holds."""
        if options["withdraw"] and not options["to"]:
            raise CommandError("Name the workspace that may no longer use the model.")
        try:
            said = _said(options)
        except (RegistrationRefused, AccountsError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(said)


def _said(options: dict[str, Any]) -> str:
    model = get_model(get_workspace(options["workspace"]), options["model"])
    if not options["to"]:
        found = [
            f"{each.workspace.slug} may {_may(each)}" for each in list_given(model)
        ]
        return "\n".join(found) or f"No other workspace may use {model.name}."
    if options["withdraw"]:
        return _withdraw(model, options["to"])
    to = get_workspace(options["to"])
    grant = grant_model(model, to, Grant.Access(options["access"]), actor=ACTOR)
    return f"{to.slug} may {_may(grant)}"


def _withdraw(model: Model, slug: str) -> str:
    """From a workspace that may be closed by now."""
    grant = list_given(model).filter(workspace__slug=slug).first()
    if grant is None:
        raise CommandError(f"{model.name} is not granted to a workspace {slug!r}.")
    withdraw_grant(grant, actor=ACTOR)
    return f"{slug} may no longer use {model.name}."


def _may(grant: Grant) -> str:
    return f"{Grant.Access(grant.access).label}."
