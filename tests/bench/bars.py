"""What is to be reached, read on two otherwise idle cores. Source: the engine's issue."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from tests.bench.figures import DJANGO, IN_TURNS, PSYCOPG, Figure

Found = Mapping[tuple[str, str], Figure]
PEERS = ("LangGraph", "Celery", "DBOS")


@dataclass(frozen=True)
class Bar:
    """A figure, or the ratio of two, and its limit: at least that, or at most."""

    words: str
    value: Callable[[Found], float]
    limit: float
    at_least: bool = False

    def told(self, found: Found) -> str | None:
        """One line, or None where what it needs was not measured."""
        try:
            value = self.value(found)
        except (KeyError, ValueError):
            return None
        is_met = value >= self.limit if self.at_least else value <= self.limit
        sign = ">=" if self.at_least else "<="
        verdict = "met   " if is_met else "MISSED"
        return f"{verdict} {self.words}: {value:,.4g} ({sign} {self.limit:g})"


def _of(system: str, what: str) -> Callable[[Found], float]:
    return lambda found: found[system, what].value


def _cpu(system: str, what: str) -> Callable[[Found], float]:
    return lambda found: float(found[system, what].cpu_ms or 0.0)


def _ratio(over: tuple[str, str], under: tuple[str, str]) -> Callable[[Found], float]:
    return lambda found: found[over].value / found[under].value


def _times_best_peer(found: Found) -> float:
    best = max(found[peer, "W3"].value for peer in PEERS if (peer, "W3") in found)
    return found["Baton", "W3, 2 workers"].value / best


def _a_step(what: str, few: int, many: int) -> Callable[[Found], float]:
    return _ratio(
        ("Baton", f"{what} {many}, a step"), ("Baton", f"{what} {few}, a step")
    )


BARS: Sequence[Bar] = (
    Bar("W3, 2 workers, steps/s", _of("Baton", "W3, 2 workers"), 4000, at_least=True),
    Bar("W3, 1 worker, steps/s", _of("Baton", "W3"), 2500, at_least=True),
    Bar(
        "W3 by the public way in, steps/s",
        _of("Baton", "W3, public"),
        2500,
        at_least=True,
    ),
    Bar("W3 times the best durable peer", _times_best_peer, 9, at_least=True),
    Bar(
        "W3 of pure steps, 2 workers, steps/s",
        _of("Baton, pure", "W3, 2 workers"),
        6000,
        at_least=True,
    ),
    Bar("Python a step, us", _of("Baton", "Python a step"), 200),
    Bar("CPU a step in all, ms", _cpu("Baton", "W3, public"), 0.5),
    Bar("W1 in process, ms", _of("Baton", "W1"), 8),
    Bar(
        "W1 times the floor, one write of Django a step",
        _ratio(("Baton", IN_TURNS), (DJANGO, IN_TURNS)),
        2.2,
    ),
    Bar(
        "W1 times the floor, one INSERT of psycopg a step",
        _ratio(("Baton", IN_TURNS), (PSYCOPG, IN_TURNS)),
        2.2,
    ),
    Bar(
        "W1 by the API, web process, ms", _of("Baton", "API W1, by the web process"), 15
    ),
    Bar("W1 by the API, worker, ms", _of("Baton", "API W1, by a worker"), 30),
    Bar("W2, ms", _of("Baton", "W2"), 30),
    Bar("W4, s", _of("Baton", "W4"), 1.3),
    Bar("W4 with 2 workers, s", _of("Baton", "W4, 2 workers"), 1.3),
    Bar("connections in W4", _of("Baton", "W4 connections"), 6),
    Bar("memory in W4, MB", _of("Baton", "W4 memory"), 150),
    Bar("W5, ms", _of("Baton", "W5"), 18),
    Bar("kill -9 until runs go on, s", _of("Baton", "kill -9 until runs go on"), 2),
    Bar("frozen until runs go on, s", _of("Baton", "SIGSTOP until runs go on"), 20),
    Bar(
        "W1 beside 16 that compute, times alone",
        _ratio(
            ("Baton", "W1 beside 16 that compute"), ("Baton", "W1 through a worker")
        ),
        2,
    ),
    Bar(
        "W1 while a sender is open, times alone",
        _ratio(
            ("Baton", "W1 while a sender is open"),
            ("Baton", "W1 without a slow sender"),
        ),
        1.2,
    ),
    Bar(
        "express by the API, times a call that asks for nothing",
        _ratio(("Baton", "API express of 3 nodes"), ("Baton", "API call for nothing")),
        1.5,
    ),
    Bar("W3 on SQLite, steps/s", _of("Baton, SQLite", "W3"), 3000, at_least=True),
    Bar("chain of 1,000 times one of 10", _a_step("chain of", 10, 1000), 1.2),
    Bar("map over 10,000 times one over 1,000", _a_step("map over", 1000, 10_000), 1.2),
    Bar(
        "memory for a map over 10,000, MB", _of("Baton", "memory, map over 10000"), 100
    ),
    Bar(
        "W1 beside stored runs, times without",
        _ratio(("Baton", "W1, many stored"), ("Baton", "W1, few stored")),
        1.2,
    ),
    Bar(
        "W3 beside stored runs, times slower than without",
        _ratio(("Baton", "W3, few stored"), ("Baton", "W3, many stored")),
        1.2,
    ),
)
