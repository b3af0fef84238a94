"""SQLite in the data folder, or the PostgreSQL that DATABASE_URL names."""

from typing import Any

import dj_database_url

from orchestrator_site import env
from orchestrator_site.settings.parts.paths import DATA_DIR

# FULL: what was accepted, decided or committed survives a loss of power. IMMEDIATE: a
# transaction that read first and writes later fails at once under DEFERRED.
SQLITE: dict[str, Any] = {
    "ENGINE": "django.db.backends.sqlite3",
    "NAME": DATA_DIR / "baton.sqlite3",
    "OPTIONS": {
        "timeout": 20,
        "transaction_mode": "IMMEDIATE",
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
    },
}


def database(*, pool: bool = True) -> dict[str, Any]:
    """Settings of the default database, pooled on PostgreSQL unless told otherwise."""
    url = env.text("DATABASE_URL")
    if not url:
        return SQLITE
    config: dict[str, Any] = dict(dj_database_url.parse(url))
    if config["ENGINE"] == SQLITE["ENGINE"]:
        return {**SQLITE, "NAME": config["NAME"]}
    if pool:
        config.setdefault("OPTIONS", {})["pool"] = {"min_size": 0, "max_size": 20}
    return config


DATABASES = {"default": database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
