"""Baton's Celery app with another number of threads for calls."""

import os

from celery.signals import worker_init

from orchestrator_site.celery import app
from tests.bench.stack import WORKER

__all__ = ["app"]


@worker_init.connect
def set_threads(**_kwargs: object) -> None:
    """Change it once Django is set up, before the conductor starts."""
    from flows.conductor import executor

    executor.THREADS = int(os.environ[WORKER])
