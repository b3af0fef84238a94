"""A worker process, as `up` starts it: `python -m orchestrator_site.worker`.

Celery's own command starts the same. It also loads a shell for message brokers and, for
Django's checks, of which it drops what they find, every page: 10 and 9 MB in each worker.
"""

import argparse
import os
import sys
from collections.abc import Sequence

from celery.utils.nodenames import default_nodename, host_format

from orchestrator_site.celery import app

THREADS = 2
SKIP_CHECKS = "CELERY_SKIP_CHECKS"
LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")


def main(argv: Sequence[str]) -> int:
    """Work until told to stop. Returns: the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m orchestrator_site.worker", description="Work for flows."
    )
    parser.add_argument(
        "--queues",
        help="queues to serve, with commas between; by default all (docs/operate.md)",
    )
    parser.add_argument(
        "--hostname", default="celery@%h", help="name; %%h is that of this machine"
    )
    parser.add_argument("--loglevel", default="INFO", choices=LEVELS)
    given = parser.parse_args(argv)
    os.environ[SKIP_CHECKS] = "1"
    worker = app.Worker(
        hostname=host_format(default_nodename(given.hostname)),
        queues=given.queues,
        loglevel=given.loglevel,
        pool_cls="threads",
        concurrency=THREADS,
        without_gossip=True,
        without_mingle=True,
        without_heartbeat=True,
    )
    worker.start()
    code: int | None = worker.exitcode
    return code or 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
