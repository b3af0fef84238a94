"""The checks that read the code instead of running it, by name."""

import sys
from pathlib import Path


def commands() -> dict[str, list[str]]:
    """List each check with its command, in the order in which a person wants to know."""
    python = [sys.executable, "-m"]
    scripts = Path(sys.executable).parent
    manage = [sys.executable, "manage.py"]
    return {
        "lint": [*python, "ruff", "check", "--quiet", "."],
        "format": [*python, "ruff", "format", "--check", "--quiet", "."],
        "imports": [str(scripts / "lint-imports")],
        "templates": [*python, "djlint", "templates", "--lint", "--quiet"],
        "migrations": [*manage, "makemigrations", "--check", "--dry-run"],
        "types": [*python, "mypy", "."],
    }
