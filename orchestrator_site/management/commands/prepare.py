import json

from django.core.management.base import BaseCommand, CommandParser

from orchestrator_site.preparation import Preparation, PreparationRefused, prepare


class Command(BaseCommand):
    help = "Migrate and seed the database; `up` runs this and reads the JSON."
    requires_system_checks = ()
    requires_migrations_checks = False

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--no-demo", dest="demo", action="store_false")

    def handle(self, *, host: str, demo: bool, **options: object) -> None:
        problem = ""
        try:
            done = prepare(host=host, demo=demo)
        except PreparationRefused as refusal:
            done, problem = Preparation(), str(refusal)
        login = [done.login.email, done.login.password] if done.login else None
        answer = {"problem": problem, "notes": done.notes, "login": login}
        self.stdout.write(json.dumps(answer))
