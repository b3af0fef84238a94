"""How long runs stand still when their worker is killed, or stops without a word."""

import os
import signal
import time
from collections.abc import Callable
from uuid import UUID

from flows.models import Run, Worker
from tests.bench.documents import calling
from tests.bench.figures import answer, figure
from tests.bench.runs import store
from tests.bench.stack import workers
from tests.fixtures.stack import wait_until

RUNS, NODES, CALL_S, KILLS = 60, 200, 0.2, 3


def measure() -> None:
    """From the signal to the moment at which every run of that worker has gone on."""
    flow = calling("wait", NODES)
    killed = [_lose(flow, signal.SIGKILL) for _ in range(KILLS)]
    answer([figure("Baton", "kill -9 until runs go on", killed, "s")])
    frozen = [_lose(flow, signal.SIGSTOP)]
    answer([figure("Baton", "SIGSTOP until runs go on", frozen, "s")])


def _lose(flow, number: signal.Signals) -> float:
    with workers(2) as pids:
        ids = store(flow, [{"n": n, "seconds": CALL_S} for n in range(RUNS)])
        held = _wait_for_both(ids)
        names = dict(Worker.objects.values_list("name", "id"))
        victim = next(pid for pid in pids if held.get(_id_of(names, pid)))
        lost = held[_id_of(names, victim)]
        before = dict(Run.objects.filter(pk__in=lost).values_list("pk", "epoch"))
        began = time.perf_counter()
        os.kill(victim, number)
        _wait_for(lambda: _have_gone_on(before))
        seconds = time.perf_counter() - began
        os.kill(victim, signal.SIGKILL)
        Run.objects.filter(pk__in=ids).update(status="poisoned", owner_id=None)
    return seconds


def _id_of(names: dict[str, UUID], pid: int) -> UUID:
    return next(found for name, found in names.items() if name.endswith(f":{pid}"))


def _wait_for_both(ids: list[UUID]) -> dict[UUID, list[UUID]]:
    """Wait until every run is under way. Returns: who holds which."""
    running = Run.objects.filter(pk__in=ids, owner_id__isnull=False, seq__gt=5)
    wait_until(lambda: running.count() == len(ids), "all runs under way")
    held: dict[UUID, list[UUID]] = {}
    for run_id, owner_id in running.values_list("pk", "owner_id"):
        held.setdefault(owner_id, []).append(run_id)
    return held


def _have_gone_on(before: dict[UUID, int]) -> bool:
    """Whether each run has a new holder."""
    now = dict(Run.objects.filter(pk__in=before).values_list("pk", "epoch"))
    return all(now[run_id] > epoch for run_id, epoch in before.items())


def _wait_for(condition: Callable[[], bool]) -> None:
    while not condition():
        time.sleep(0.01)
