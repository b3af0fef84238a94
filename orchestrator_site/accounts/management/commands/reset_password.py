from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from orchestrator_site.accounts.management.commanding import ACTOR, sentences
from orchestrator_site.accounts.selectors import get_user
from orchestrator_site.accounts.services.users import reset_password


class Command(BaseCommand):
    help = "Give a person a new random password and print it, once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")

    def handle(self, *args: object, **options: Any) -> None:  # noqa: ANN401
        with sentences():
            user = get_user(options["email"])
            password = reset_password(user=user, actor=ACTOR)
        self.stderr.write(
            f"{user.email} is logged out everywhere. "
            "The new password is shown only now:"
        )
        self.stdout.write(password)
