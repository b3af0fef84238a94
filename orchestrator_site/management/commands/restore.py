from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from orchestrator_site.backup import BackupError, restore
from orchestrator_site.supervisor.data_dir import held, make_private
from orchestrator_site.supervisor.errors import CannotRun

POSTGRESQL = 2


class Command(BaseCommand):
    help = "Put the content of a backup into an empty data folder."
    requires_system_checks = ()
    requires_migrations_checks = False

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("archive", type=Path, metavar="FILE")

    def handle(self, *, archive: Path, **options: object) -> None:
        if connection.vendor != "sqlite":
            raise CommandError(
                "This is for SQLite. On PostgreSQL use pg_dump and pg_restore, and put "
                f"the keys into {settings.DATA_DIR / 'keys'}.",
                returncode=POSTGRESQL,
            )
        database = Path(connection.settings_dict["NAME"])
        try:
            make_private(settings.DATA_DIR)
            with held(settings.DATA_DIR):
                restore(archive=archive, data_dir=settings.DATA_DIR, database=database)
        except (BackupError, CannotRun) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Restored {archive} into {settings.DATA_DIR}.")
