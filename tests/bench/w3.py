"""W3: a hundred runs of ten model nodes each, on PostgreSQL that waits for its disk.

Run with `python -m tests.bench.w3`. Prints steps per second from the first claim to the
last commit, beside two floors measured in the same run: one prepared INSERT a commit,
and the same thousand rows in ten commits.
"""

import os
import statistics
import tempfile
import time
from contextlib import ExitStack, closing
from pathlib import Path

import django
import psycopg

RUNS, NODES, ROUNDS = 100, 10, 5
DURABLE = ("listen_addresses=", "synchronous_commit=on", "fsync=on")


def make_chain():
    """A flow of ten model nodes, each given what the one before it returned."""
    from tests.factories.flows import make_flow

    names = [f"model_{index}" for index in range(NODES)]
    configs = {
        name: {"model": "echo", "input": {"n": f"steps.{before}.n"}}
        for before, name in zip(["in", *names], names, strict=False)
    }
    configs[names[0]]["input"] = {"n": "input.n"}
    return make_flow(" -> ".join(["in", *names, "out"]), configs=configs)


def play_round(flow) -> float:
    """Steps per second of one round."""
    from flows.conductor import process
    from flows.models import Run
    from tests.factories.flows import make_run

    runs = [make_run(flow=flow, input={"n": number}) for number in range(RUNS)]
    ids = [run.pk for run in runs]
    process.start()
    began = time.time()
    process.wake()
    while Run.objects.filter(pk__in=ids, status="completed").count() < RUNS:
        time.sleep(0.01)
    process.stop()
    last = Run.objects.filter(pk__in=ids).order_by("-ended_at").first()
    return RUNS * NODES / (last.ended_at.timestamp() - began)


def measure_floors(url: str) -> tuple[float, float]:
    """Rows per second: one a commit, and a hundred a commit."""
    rate = []
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE TABLE floor (n int, body bytea)")
        for size in (1, RUNS):
            began = time.perf_counter()
            for _ in range(RUNS * NODES // size):
                connection.execute(
                    "INSERT INTO floor SELECT n, %b FROM generate_series(1, %b) n",
                    (bytes(300), size),
                    prepare=True,
                )
            rate.append(RUNS * NODES / (time.perf_counter() - began))
    return rate[0], rate[1]


def main() -> None:
    from orchestrator_site.supervisor.guard import Guard
    from orchestrator_site.testing.postgres import running_postgres

    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        guard = stack.enter_context(closing(Guard()))
        url = stack.enter_context(running_postgres(folder, guard, DURABLE))
        os.environ.update(DATABASE_URL=url, BATON_DATA_DIR=str(folder))
        os.environ["DJANGO_SETTINGS_MODULE"] = "orchestrator_site.settings.test"
        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        flow = make_chain()
        play_round(flow)
        rates = [play_round(flow) for _ in range(ROUNDS)]
        one, many = measure_floors(url)
    print(
        f"W3           {statistics.median(rates):8.0f} steps/s  ({min(rates):.0f} to {max(rates):.0f})"
    )
    print(f"floor, 1     {one:8.0f} rows/s, one a commit")
    print(f"floor, 100   {many:8.0f} rows/s, a hundred a commit")


if __name__ == "__main__":
    main()
