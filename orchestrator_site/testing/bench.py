"""`manage.py bench NAME`: starts one of the benchmarks in `tests/bench`."""

import argparse
import os
import subprocess
import sys
from collections.abc import Sequence

from orchestrator_site.supervisor.options import ROOT

BENCHMARKS = {
    "calls": "a call through the registry beside the bare client",
    "engine": "the engine beside its peers and floors",
    "expressions": "the worst that an expression can do",
    "models": "server time of the list of 10,000 models",
    "pages": "server time of pages with many runs stored",
    "screen": "from a reviewer's commit to another reviewer's screen",
    "validation": "5,000 nodes, and hostile documents",
}


def main(argv: Sequence[str]) -> int:
    """Run one benchmark with the options that are its own."""
    told = "\n".join(f"  {name:11} {words}" for name, words in BENCHMARKS.items())
    parser = argparse.ArgumentParser(
        prog="manage.py bench",
        description=f"Measure. `manage.py bench NAME --help` tells its options.\n{told}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        add_help=not argv or argv[0] in ("-h", "--help"),
    )
    parser.add_argument("name", choices=BENCHMARKS)
    given, rest = parser.parse_known_args(argv)
    command = [sys.executable, "-m", f"tests.bench.{given.name}", *rest]
    # Each sets Django up for itself, and the peers have none.
    env = {**os.environ}
    env.pop("DJANGO_SETTINGS_MODULE", None)
    try:
        return subprocess.call(command, cwd=ROOT, env=env)
    except KeyboardInterrupt:
        return 130
