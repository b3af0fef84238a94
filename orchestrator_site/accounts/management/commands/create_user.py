from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from orchestrator_site.accounts.management.commanding import ACTOR, sentences
from orchestrator_site.accounts.passwords import new_password
from orchestrator_site.accounts.roles import PERSON_ROLES, Role
from orchestrator_site.accounts.selectors import get_workspace
from orchestrator_site.accounts.services.users import create_user

ROLES = [role.value for role in PERSON_ROLES]


class Command(BaseCommand):
    help = "Add a person to a workspace and print a random password, once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--role", required=True, choices=ROLES)
        parser.add_argument("--workspace", metavar="SLUG", help="default: the only one")
        parser.add_argument("--name", default="", help="as others will read it")

    def handle(self, *args: object, **options: Any) -> None:  # noqa: ANN401
        password = new_password()
        with sentences():
            workspace = get_workspace(options["workspace"])
            user = create_user(
                workspace=workspace,
                role=Role(options["role"]),
                email=options["email"],
                name=options["name"],
                password=password,
                actor=ACTOR,
            )
        self.stderr.write(
            f"Added {user.email} to {workspace.slug} as {options['role']}. "
            "The password is shown only now:"
        )
        self.stdout.write(password)
