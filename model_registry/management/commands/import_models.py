"""`manage.py import_models URL [MODEL ...]`."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from model_registry.errors import RegistrationRefused
from model_registry.served import Source, read_source
from model_registry.services.importing import (
    ImportKind,
    Offer,
    import_models,
    list_offers,
)
from orchestrator_site.accounts.api import AccountsError, Workspace, get_workspace

ACTOR = "system:cli"


class Command(BaseCommand):
    """List what a server behind the OpenAI protocol has, or register some of it."""

    help = (
        "Lists the models of a server that speaks the OpenAI protocol; registers those "
        "that are named, or --all, as drafts."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the server, what to register, and where."""
        parser.add_argument("url", metavar="URL", help="such as http://ollama:11434/v1")
        parser.add_argument("models", metavar="MODEL", nargs="*")
        parser.add_argument("--all", action="store_true")
        parser.add_argument("--as", dest="kind", choices=ImportKind.values)
        parser.add_argument("--credential", metavar="NAME", default="")
        parser.add_argument("--workspace", metavar="SLUG")

    def handle(self, *_args: Any, **options: Any) -> None:  # noqa: ANN401 - Django's
        """List, or register and say what came of it."""
        kind = ImportKind(options["kind"]) if options["kind"] else None
        try:
            workspace = get_workspace(options["workspace"])
            source = read_source(options["url"], options["credential"])
            if options["models"] or options["all"]:
                said = _register(workspace, source, options["models"], kind)
            else:
                said = [_line(each) for each in list_offers(workspace, source)]
                said.append("Name those to register as drafts, or give --all.")
        except (RegistrationRefused, AccountsError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write("\n".join(said))


def _register(
    workspace: Workspace, source: Source, ids: list[str], kind: ImportKind | None
) -> list[str]:
    wanted = ids or [offer.id for offer in list_offers(workspace, source)]
    came = import_models(workspace, source, dict.fromkeys(wanted, kind), actor=ACTOR)
    return [
        f"{each.id} is registered as {each.model}, a draft."
        if each.is_new
        else f"{each.id} is there already, as {each.model}."
        for each in came
    ]


def _line(offer: Offer) -> str:
    known = ", ".join(f"{kind}: {name}" for kind, name in offer.registered.items())
    return f"{offer.id}  {f'there already ({known})' if known else offer.kind}"
