"""Lets pytest be run alone: starts the servers where the environment names none.

Loaded before pytest-django, which reads the settings, and with them DATABASE_URL, when
pytest starts.
"""

import os
import signal
from collections.abc import Generator
from contextlib import ExitStack

import pytest

from orchestrator_site.testing.servers import server_environment

RUNNING = pytest.StashKey[ExitStack]()


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Generator[None]:
    """Start what is missing; under `manage.py test` nothing is."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # an end in order
    stack = early_config.stash[RUNNING] = ExitStack()
    os.environ.update(stack.enter_context(server_environment()))
    return (yield)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop what was started."""
    if RUNNING in config.stash:
        config.stash[RUNNING].close()
