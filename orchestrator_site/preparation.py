"""Brings a database to what the code expects, before the processes start."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from orchestrator_site.accounts.api import User
from orchestrator_site.backup import copy_database
from orchestrator_site.seed import FirstLogin, seed
from orchestrator_site.supervisor.network import is_loopback


class PreparationRefused(Exception):
    """The stack must not start like this; the text says why and what to do."""


@dataclass(slots=True)
class Preparation:
    notes: list[str] = field(default_factory=list)
    login: FirstLogin | None = None


def prepare(*, host: str, demo: bool) -> Preparation:
    """Copy an older SQLite database, migrate, seed once.

    Raises: PreparationRefused, also for a host that others can reach while the
    installation is not ready for them.
    """
    is_for_others = not is_loopback(host)
    if is_for_others:
        _require_names(host, settings.ALLOWED_HOSTS)
    done = Preparation()
    try:
        if note := migrate():
            done.notes.append(note)
    except DatabaseError as error:
        raise PreparationRefused(f"The database cannot be used: {error}") from error
    if is_for_others:
        _require_own_password(host)
    done.login = seed(demo=demo)
    return done


def migrate() -> str:
    """Apply what is missing; returns a note if a copy was made before."""
    executor = MigrationExecutor(connection)
    applied = executor.loader.applied_migrations
    if unknown := sorted(
        set(applied or ()) - set(executor.loader.disk_migrations or ())
    ):
        app, name = unknown[0]
        raise PreparationRefused(
            f"The database is newer than this code: it has the migration {app}.{name}. "
            "Use the version of Baton that made it, or one after that."
        )
    if not executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return ""
    note = _copy_first() if applied and connection.vendor == "sqlite" else ""
    call_command("migrate", interactive=False, verbosity=0)
    return note


def _copy_first() -> str:
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S")
    copy = Path(settings.DATA_DIR) / "backups" / f"before-migration-{stamp}.sqlite3"
    copy.parent.mkdir(mode=0o700, exist_ok=True)
    copy_database(Path(connection.settings_dict["NAME"]), copy)
    return f"The database was older than the code. A copy of it is {copy}"


def _require_names(host: str, allowed_hosts: Iterable[str]) -> None:
    if all(is_loopback(name.strip("[]")) for name in allowed_hosts):
        raise PreparationRefused(
            f"--host {host} lets other machines in, and no host name is allowed yet. "
            "Set BATON_ALLOWED_HOSTS to the names under which they reach this one."
        )


def _require_own_password(host: str) -> None:
    if not User.objects.exists() or User.objects.filter(
        password_is_initial=True, is_active=True
    ):
        raise PreparationRefused(
            f"--host {host} lets other machines in, and the first password has not been "
            "changed yet. Start without --host, log in, change it, then start again."
        )
