#!/usr/bin/env python3
"""Baton's only door for whoever runs it or works on it.

This file and `orchestrator_site/bootstrap.py` must parse on older Pythons too, so that
those can be told what is wrong.
"""

from __future__ import annotations

import os
import sys
from importlib import import_module

from orchestrator_site import bootstrap

# Commands that keep processes: the one that waits must not carry Django with it.
PROCESS_KEEPERS = {
    "bench": "orchestrator_site.testing.bench",
    "up": "orchestrator_site.supervisor.up",
    "test": "orchestrator_site.testing.run",
}


def main(argv: list[str]) -> int | None:
    argv = bootstrap.ensure_installed(argv)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "orchestrator_site.settings.prod")
    command = argv[1] if len(argv) > 1 else ""
    if command in PROCESS_KEEPERS:
        code: int = import_module(PROCESS_KEEPERS[command]).main(argv[2:])
        return code
    if argv[1:] in ([], ["help"], ["--help"]):
        sys.stdout.write(
            "Baton: `up` starts it, `test` checks it. All other commands:\n"
        )
    import_module("django.core.management").execute_from_command_line(argv)
    return None


if __name__ == "__main__":
    sys.exit(main(sys.argv))
