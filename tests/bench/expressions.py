"""The worst that an expression can do: time and memory of what is not refused.

Run with `manage.py bench expressions`. Each attack grows until it is refused before
it runs, and the largest that is let through is compiled and evaluated in a process of
its own. Prints processor time and the growth of that process, for the three worst
attacks of each kind and beside ordinary expressions as the floor; `--all` prints every
attack. To stay under: 50 ms and 64 MB.
"""

import argparse
import multiprocessing
import time
from contextlib import suppress
from multiprocessing.connection import Connection
from typing import NamedTuple

from flows.errors import ExpressionFailed, ExpressionInvalid
from flows.expressions import compile_expression
from tests.flows.expressions import attacks
from tests.flows.expressions.attacks import Attack

ROUNDS, SHOWN = 5, 3
KINDS = ("ORDINARY", "SOURCES", "READING", "PATTERNS", "MACROS")
FRESH = multiprocessing.get_context("forkserver")


class Measured(NamedTuple):
    """The largest of an attack's family that runs, and what it took."""

    attack: Attack
    size: int
    ms: float
    mb: float


def is_let_through(attack: Attack, size: int) -> bool:
    """Whether nothing refuses it before the library is asked."""
    try:
        expression = compile_expression(attack.source(size))
        expression.check({"input": attack.given(size), "steps": {}})
    except (ExpressionInvalid, ExpressionFailed):
        return False
    return True


def largest(attack: Attack) -> int:
    """The largest size that is let through, 0 if none is."""
    low, high = 0, 1
    while high < attack.most and is_let_through(attack, high):
        low, high = high, min(high * 2, attack.most)
    if is_let_through(attack, attack.most):
        return attack.most
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if is_let_through(attack, middle) else (low, middle)
    return low


def peak_mb() -> float:
    with open("/proc/self/status", encoding="ascii") as status:  # noqa: PTH123
        line = next(line for line in status if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1000


def evaluate(kind: str, place: int, size: int, answer: Connection) -> None:
    """Compile and evaluate in this process, and send what it took."""
    attack = getattr(attacks, kind)[place]
    source, given = attack.source(size), attack.given(size)
    before = peak_mb()
    began = time.process_time()
    with suppress(ExpressionInvalid, ExpressionFailed):
        compile_expression(source).evaluate({"input": given, "steps": {}})
    answer.send(((time.process_time() - began) * 1000, peak_mb() - before))


def measure(kind: str, place: int) -> Measured:
    """The best of a few evaluations in fresh processes, and the most memory."""
    attack = getattr(attacks, kind)[place]
    size = largest(attack)
    times, memory = [], []
    for _ in range(ROUNDS):
        here, there = multiprocessing.Pipe()
        child = FRESH.Process(target=evaluate, args=(kind, place, size, there))
        child.start()
        ms, mb = here.recv()
        child.join()
        times.append(ms)
        memory.append(mb)
    return Measured(attack, size, min(times), max(memory))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--all", action="store_true", help="print every attack")
    shown = None if parser.parse_args().all else SHOWN
    FRESH.set_forkserver_preload(
        ["tests.flows.expressions.attacks", "flows.expressions"]
    )
    for kind in KINDS:
        found = [measure(kind, place) for place in range(len(getattr(attacks, kind)))]
        found.sort(key=lambda each: -each.ms)
        for each in found[:shown]:
            print_row(kind, each)
        print_row(kind, max(found, key=lambda each: each.mb), "most memory")


def print_row(kind: str, found: Measured, note: str = "") -> None:
    name = f"{kind.lower():10}{found.attack.name:29}"
    print(f"{name}n = {found.size:>9,} {found.ms:7.1f} ms {found.mb:6.1f} MB  {note}")


if __name__ == "__main__":
    main()
