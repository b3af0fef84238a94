"""How long the validator takes for 5,000 nodes, and to refuse hostile documents.

Run with `manage.py bench validation`. Prints milliseconds from the text to the list
of all problems, by the clock and of the processor, the median of a few rounds, beside the
floor: reading the same text as JSON. To stay under a second. Expressions are compiled
anew in each round.
"""

import argparse
import json
import statistics
import time
from collections.abc import Callable

from flows.errors import GraphInvalid, Problem
from flows.expressions import compile as compiling
from flows.graph.parse import parse, parse_text
from flows.graph.validate import validate
from flows.nodes.registry import NODE_TYPES
from tests.flows.graph.hostile_documents import HOSTILE
from tests.flows.graph.large_graphs import SOUND

ROUNDS = 5


def find_problems(text: bytes) -> list[Problem]:
    try:
        return validate(parse(parse_text(text)), NODE_TYPES)
    except GraphInvalid as error:
        return error.problems


def timed(do: Callable[[bytes], object], text: bytes) -> str:
    """Milliseconds by the clock and of the processor, the medians of a few rounds."""
    times, processor = [], []
    for _ in range(ROUNDS):
        compiling.compile_expression.cache_clear()
        compiling.read_program.cache_clear()
        began, used = time.perf_counter(), time.process_time()
        do(text)
        times.append((time.perf_counter() - began) * 1000)
        processor.append((time.process_time() - used) * 1000)
    return f"{statistics.median(times):6.0f} ms {statistics.median(processor):6.0f} CPU"


def main() -> None:
    argparse.ArgumentParser(description=__doc__).parse_args()
    for name, make in SOUND.items():
        text = json.dumps(make()).encode()
        took, floor = timed(find_problems, text), timed(read_json, text)
        print(f"{name:28}{len(text) / 1e6:5.1f} MB {took}   floor {floor}")
    for name, case in HOSTILE.items():
        made = case.make()
        text = made if isinstance(made, bytes) else json.dumps(made).encode()
        took, first = timed(find_problems, text), find_problems(text)[0]
        place = first.node_id or first.edge_id or first.pointer
        print(f"{name:28}{len(text) / 1e6:5.1f} MB {took}   {first.code} {place[:40]}")


def read_json(text: bytes) -> object:
    return json.loads(text)


if __name__ == "__main__":
    main()
