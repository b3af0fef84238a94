"""What is measured and how: sizes, figures, processor time. Standard library only.

The peers' environments import this file too.
"""

import json
import os
import statistics
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

NODES, FAN, RUNS, CALLS, WAIT_S, PAYLOAD_BYTES = 10, 100, 100, 200, 1.0, 100_000
WORKLOADS = ("W1", "W2", "W3", "W4", "W5")
STEPS = {"W1": NODES, "W2": FAN + 1, "W3": RUNS * NODES, "W4": CALLS, "W5": NODES}
ROUNDS = {"W1": 30, "W2": 15, "W3": 7, "W4": 3, "W5": 15}
WARM_UP = {"W1": 5, "W2": 3, "W3": 2, "W4": 1, "W5": 3}
IN_TURNS = "W1 in turns with its floors"
DJANGO, PSYCOPG = "floor: Django", "floor: psycopg"
# Processes that work for whatever is measured, besides those that it starts.
SERVERS = "BATON_BENCH_SERVERS"
ANSWER = "BATON_BENCH_ANSWER"
# How many runs to store before W1 and W3 are played again; none unless asked for.
STORED = "BATON_BENCH_STORED"


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One figure: the median of some rounds, and their range.

    `what` is a workload or the name of another measurement, `cpu_ms` the processor time
    for each step of everything that worked for it.
    """

    system: str
    what: str
    value: float
    unit: str
    low: float = 0.0
    high: float = 0.0
    cpu_ms: float | None = None
    note: str = ""


def cpu_s(pid: int) -> float:
    """Processor time of a process, exactly; 0 where it is gone. Linux only."""
    try:
        return time.clock_gettime((~pid << 3) | 2)
    except OSError:
        return 0.0


def tree(roots: Iterable[int]) -> set[int]:
    """The processes and all that descend from them."""
    parents: dict[int, int] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        parents[int(stat.parent.name)] = int(fields[1])
    found = set(roots)
    while more := {pid for pid, parent in parents.items() if parent in found} - found:
        found |= more
    return found


def memory_mb(pid: int) -> float:
    """Resident memory of a process."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) / 1024
    return 0.0


class Meter:
    """Processor time of this process, the servers, and all that descends from them."""

    def __init__(self) -> None:
        servers = os.environ.get(SERVERS, "").split(",")
        self._roots = [os.getpid(), *(int(pid) for pid in servers if pid)]
        self._before = self._read()

    def cpu_s(self) -> float:
        """Seconds since this meter was made."""
        now = self._read()
        return sum(spent - self._before.get(pid, 0.0) for pid, spent in now.items())

    def _read(self) -> dict[int, float]:
        return {pid: cpu_s(pid) for pid in tree(self._roots)}


def timed(work: Callable[[], object]) -> float:
    """Seconds that it takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def play(
    system: str, what: str, round_: Callable[[], float], *, how: str = ""
) -> Figure:
    """Play a workload's rounds, each of which gives its seconds."""
    for _ in range(WARM_UP[what]):
        round_()
    meter = Meter()
    seconds = [round_() for _ in range(ROUNDS[what])]
    cpu_ms = meter.cpu_s() * 1000 / ROUNDS[what] / STEPS[what]
    unit, values = "ms", [each * 1000 for each in seconds]
    if what == "W3":
        unit, values = "steps/s", [STEPS[what] / each for each in seconds]
    elif what == "W4":
        unit, values = "s", seconds
    return figure(system, f"{what}{how}", values, unit, cpu_ms=cpu_ms)


def figure(
    system: str,
    what: str,
    values: list[float],
    unit: str,
    *,
    cpu_ms: float | None = None,
    note: str = "",
) -> Figure:
    """A figure of several values."""
    return Figure(
        system=system,
        what=what,
        value=statistics.median(values),
        unit=unit,
        low=min(values),
        high=max(values),
        cpu_ms=cpu_ms,
        note=note,
    )


def asked(default: Iterable[str]) -> list[str]:
    """The measurements that the command line names, of those there are."""
    words = sys.argv[1].split(",") if len(sys.argv) > 1 else []
    return [each for each in default if not words or each in words]


def answer(figures: Iterable[Figure]) -> None:
    """Hand figures to whoever started this process, one line each as they come."""
    with Path(os.environ[ANSWER]).open("a", encoding="utf-8") as lines:
        for each in figures:
            lines.write(json.dumps(asdict(each)) + "\n")
            lines.flush()
