"""Baton on one database: what `engine.py` starts, once for each."""

import os
from collections.abc import Callable

import django

from tests.bench.figures import WORKLOADS, answer, asked

MEASUREMENTS = (
    *WORKLOADS,
    *("python", "api", "kill", "innocent", "inbox", "flat", "floors"),
)
ON_SQLITE = ("W1", "W2", "W3", "W5")


def _measures() -> dict[str, Callable[[], None]]:
    from tests.bench import api, flatness, losses, neighbours, python_step, workloads
    from tests.bench.floors import measure_floors

    return {
        "W1": workloads.measure_w1,
        "W2": workloads.measure_w2,
        "W3": workloads.measure_w3,
        "W4": workloads.measure_w4,
        "W5": workloads.measure_w5,
        "python": python_step.measure,
        "api": api.measure,
        "kill": losses.measure,
        "innocent": neighbours.measure_computing,
        "inbox": neighbours.measure_senders,
        "flat": flatness.measure,
        "floors": lambda: answer(measure_floors(asked(WORKLOADS) or WORKLOADS)),
    }


def main() -> None:
    is_file = os.environ["DATABASE_URL"].startswith("sqlite")
    os.environ["DJANGO_SETTINGS_MODULE"] = "orchestrator_site.settings.test"
    django.setup()
    from django.core.management import call_command

    from flows.conductor.process import PROCESS, spare_what_is_loaded

    call_command("migrate", verbosity=0)
    measures = _measures()
    spare_what_is_loaded()  # as a web process does, and a worker
    for what in asked(ON_SQLITE if is_file else MEASUREMENTS):
        measures[what]()
    PROCESS.stop_driving()


if __name__ == "__main__":
    main()
