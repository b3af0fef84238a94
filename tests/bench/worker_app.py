"""Baton's worker with another number of threads for calls."""

import os
import sys

from celery.signals import worker_init

from orchestrator_site.worker import main
from tests.bench.stack import WORKER


@worker_init.connect
def set_threads(**_kwargs: object) -> None:
    """Change it once Django is set up, before the conductor starts."""
    from flows.conductor import executor

    executor.THREADS = int(os.environ[WORKER])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
