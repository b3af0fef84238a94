"""For the test suite: the same parts, without a connection pool."""

from orchestrator_site.settings.base import *  # noqa: F403
from orchestrator_site.settings.parts.database import database
from orchestrator_site.settings.parts.paths import DATA_DIR

DATABASES = {"default": database(pool=False)}
# Threads and processes of a test must see one database: a file, never `:memory:`.
DATABASES["default"]["TEST"] = (
    {"NAME": DATA_DIR / "test.sqlite3"}
    if "sqlite3" in DATABASES["default"]["ENGINE"]
    else {}
)
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
