from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from orchestrator_site.backup import BackupError, back_up

POSTGRESQL = 2


class Command(BaseCommand):
    help = "Write the database and the keys into one new archive, while Baton runs."
    requires_migrations_checks = False

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("archive", type=Path, metavar="FILE")

    def handle(self, *, archive: Path, **options: object) -> None:
        if connection.vendor != "sqlite":
            raise CommandError(
                "This is for SQLite. On PostgreSQL use pg_dump, and keep a copy of "
                f"{settings.DATA_DIR / 'keys'}.",
                returncode=POSTGRESQL,
            )
        database = Path(connection.settings_dict["NAME"])
        try:
            back_up(
                data_dir=settings.DATA_DIR,
                database=database,
                archive=archive.absolute(),
            )
        except BackupError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Wrote {archive}. It holds the keys: keep it private.")
