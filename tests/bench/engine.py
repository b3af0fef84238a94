"""The engine beside its peers, on the same servers in the same run.

`manage.py bench engine` measures everything; `--only W1,W3` and `--peers langgraph,celery`
narrow it (`--peers none`: Baton alone), `--json FILE` writes every figure and ratio, and
`--stored 1000000` also measures beside so many stored runs. Takes about ten minutes and
wants two idle cores. What is measured is told in docs/performance.md.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

from orchestrator_site.supervisor.options import ROOT
from tests.bench.bars import BARS, PEERS
from tests.bench.figures import ANSWER, STORED, WORKLOADS, Figure
from tests.bench.peers.environment import PEERS as PROGRAMS
from tests.bench.peers.environment import PeersMissing, python
from tests.bench.stack import servers
from tests.bench.subject import MEASUREMENTS, ON_SQLITE

IDLE = 0.7


def main() -> None:
    options = _options()
    print(_machine(), flush=True)
    with servers() as env:
        env[STORED] = str(options.stored)
        figures = [*_measure_baton(options.only, env), *_measure_peers(options, env)]
    ratios = list(_ratios(figures))
    bars = [told for bar in BARS if (told := bar.told(_by_name(figures)))]
    print("\n".join(["", "Ratios (above 1, Baton is the faster one):", *ratios]))
    print("\n".join(["", "Bars:", *bars]))
    if options.json:
        written = {
            "machine": _machine(),
            "figures": [asdict(each) for each in figures],
            "ratios": ratios,
            "bars": bars,
        }
        options.json.write_text(json.dumps(written, indent=1), encoding="utf-8")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="manage.py bench engine", description=__doc__)
    parser.add_argument("--only", type=_words(MEASUREMENTS), default=[*MEASUREMENTS])
    parser.add_argument(
        "--peers", type=_words(("none", *PROGRAMS)), default=[*PROGRAMS]
    )
    parser.add_argument("--json", type=Path)
    parser.add_argument("--stored", type=int, default=0)
    return parser.parse_args()


def _words(known: Iterable[str]):
    def read(text: str) -> list[str]:
        words = text.split(",")
        if unknown := set(words) - set(known):
            message = f"unknown: {', '.join(unknown)}; there are {', '.join(known)}"
            raise argparse.ArgumentTypeError(message)
        return words

    return read


def _machine() -> str:
    load = os.getloadavg()[0]
    busy = "" if load < IDLE else f" - not idle (below {IDLE}), so worth little"
    return (
        f"{time.strftime('%Y-%m-%d %H:%M')}, {os.cpu_count()} cores, Python "
        f"{platform.python_version()}, load {load:.2f}{busy}"
    )


def _measure_baton(only: Sequence[str], env: Mapping[str, str]) -> list[Figure]:
    words = ",".join(only)
    figures = _measure([sys.executable, "-m", "tests.bench.subject", words], env)
    if set(only) & set(ON_SQLITE):
        on_file = f"sqlite:///{env['BATON_DATA_DIR']}/bench.sqlite3"
        subject = [sys.executable, "-m", "tests.bench.subject", words]
        figures += _measure(subject, {**env, "DATABASE_URL": on_file})
    return figures


def _measure_peers(options: argparse.Namespace, env: Mapping[str, str]) -> list[Figure]:
    words = ",".join(each for each in options.only if each in WORKLOADS)
    peers = [peer for peer in options.peers if peer != "none"]
    if not words or not peers:
        return []
    try:
        program = str(python())
    except PeersMissing as problem:
        print(f"Peers are not measured, they could not be installed: {problem}")
        return []
    return [
        figure
        for peer in peers
        for figure in _measure(
            [program, "-m", f"tests.bench.peers.on_{peer}", words], env
        )
    ]


def _measure(command: Sequence[str], env: Mapping[str, str]) -> list[Figure]:
    """Start a program that measures; print and return what it answers."""
    with tempfile.NamedTemporaryFile("r", encoding="utf-8") as lines:
        given = {**os.environ, **env, ANSWER: lines.name}
        process = subprocess.Popen(command, cwd=ROOT, env=given)
        figures: list[Figure] = []
        while True:
            has_ended = process.poll() is not None
            for line in lines:
                figures.append(Figure(**json.loads(line)))
                print(_line(figures[-1]), flush=True)
            if has_ended:
                break
            time.sleep(0.2)
    if process.returncode != 0:
        print(f"{' '.join(command[1:3])} failed with {process.returncode}")
    return figures


def _line(figure: Figure) -> str:
    span = f"({figure.low:,.4g} to {figure.high:,.4g})" if figure.low else ""
    cpu = "" if figure.cpu_ms is None else f"CPU {figure.cpu_ms:.3f} ms a step"
    value = f"{figure.value:,.4g} {figure.unit}"
    words = f"{figure.system:22}{figure.what:34}{value:>16} {span:26}{cpu}"
    return f"{words} {figure.note}".rstrip()


def _by_name(figures: Iterable[Figure]) -> dict[tuple[str, str], Figure]:
    return {(each.system, each.what): each for each in figures}


def _ratios(figures: Sequence[Figure]) -> Iterable[str]:
    """Baton against each peer and floor, by workload: by time, and by processor time."""
    found = _by_name(figures)
    others = dict.fromkeys(
        each.system for each in figures if not each.system.startswith("Baton")
    )
    for other in sorted(others, key=lambda name: name not in PEERS):
        for what in WORKLOADS:
            ours, theirs = found.get(("Baton", what)), found.get((other, what))
            if ours is None or theirs is None:
                continue
            is_rate = ours.unit.endswith("/s")
            times = ours.value / theirs.value if is_rate else theirs.value / ours.value
            line = f"{other:22}{what:6}{times:8.2f}"
            if ours.cpu_ms and theirs.cpu_ms:
                line += f"   CPU {theirs.cpu_ms / ours.cpu_ms:8.2f}"
            yield line


if __name__ == "__main__":
    main()
