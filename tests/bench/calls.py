"""What a call of a model costs through the registry, beside the bare client.

Run with `manage.py bench calls`. The other side is a fake server in a process of its own;
both sides of the comparison ask it the same question in turns. Printed is the processor
time of this process for a call: threads that store figures and breakers are included.
"""

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tests.bench.stack import servers

ROUNDS, BATCH, WARM_UP = 60, 10, 5
BAR_MS = 1.0
SERVE = """
import sys
from tests.fakes.openai_server import openai_server
with openai_server() as server:
    print(server.origin, flush=True)
    sys.stdin.read()
"""
PROMPT = "Say hello"
SCHEMA = {
    "type": "object",
    "properties": {"answer": {"type": "string"}},
    "required": ["answer"],
}


@contextmanager
def served() -> Iterator[str]:
    """The origin of a fake server."""
    process = subprocess.Popen(
        [sys.executable, "-c", SERVE],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdin
    assert process.stdout
    try:
        yield process.stdout.readline().strip()
    finally:
        process.stdin.close()
        process.wait()


def bare(origin: str) -> Callable[[], object]:
    """The official client, as a program of one's own would use it."""
    import openai

    client = openai.OpenAI(
        api_key="none", base_url=f"{origin}/answers/v1", max_retries=0
    )
    schema = {"name": "answer", "strict": True, "schema": SCHEMA}

    def ask() -> object:
        completion = client.chat.completions.create(
            model="small",
            messages=[{"role": "user", "content": PROMPT}],
            max_tokens=1024,
            response_format={"type": "json_schema", "json_schema": schema},
            timeout=20,
        )
        return json.loads(completion.choices[0].message.content)

    return ask


def through_registry(origin: str, name: str, limits) -> Callable[[], object]:
    """The same question as a step asks it: found by its alias, then called."""
    from model_registry import api as registry
    from tests.factories.models import make_model_version

    version = make_model_version(
        model=name,
        adapter="openai_chat",
        runs="wait",
        output_schema=SCHEMA,
        settings={
            "base_url": f"{origin}/answers/v1",
            "model": "small",
            "prompt": PROMPT,
            "price": {"input_usd_per_million": 1, "output_usd_per_million": 1},
        },
    )
    workspace = version.model.workspace
    registry.set_limits(workspace, name, limits, actor="system:bench")

    def ask() -> object:
        resolved = registry.resolve(workspace.pk, name, "champion")
        return registry.call(resolved, {}, timeout_s=20, idempotency_key="bench").output

    return ask


def entry_point(runs: str) -> Callable[[], object]:
    """A model that returns its input: what the registry itself costs."""
    from model_registry import api as registry
    from tests.factories.models import make_resolved

    resolved = make_resolved(runs=runs)
    return lambda: registry.call(
        resolved, {"n": 1}, timeout_s=20, idempotency_key="bench"
    )


def compared(ways: dict[str, Callable[[], object]]) -> dict[str, float]:
    """Milliseconds of processor time a call, median of batches taken in turns."""
    spent: dict[str, list[float]] = {name: [] for name in ways}
    for number in range(WARM_UP + ROUNDS):
        for name, ask in ways.items():
            began = time.process_time()
            for _ in range(BATCH):
                ask()
            if number >= WARM_UP:
                spent[name].append((time.process_time() - began) * 1000 / BATCH)
    return {name: statistics.median(values) for name, values in spent.items()}


def main() -> None:
    """Measure and say whether the bar is met."""
    with servers() as env, served() as origin:
        os.environ.update(env, BATON_EGRESS_ALLOW=origin)
        os.environ["DJANGO_SETTINGS_MODULE"] = "orchestrator_site.settings.test"
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", verbosity=0)
        measure(origin)


def measure(origin: str) -> None:
    from django.db import connections

    from model_registry.api import Limits, start_keeping, stop_keeping

    full = Limits(
        timeout_s=10, max_concurrency=50, rate_per_minute=100_000, wait_s=1, retries=2
    )
    ways = {
        "bare client": bare(origin),
        "registry": through_registry(origin, "plain", None),
        "registry, limits shared in Valkey": through_registry(origin, "full", full),
        "entry point in the loop": entry_point("loop"),
    }
    start_keeping(probes=False)
    try:
        found = compared(ways)
    finally:
        stop_keeping()
        connections.close_all()
    for name, value in found.items():
        print(f"{value:8.3f} ms of the processor  {name}")
    over = max(found[name] for name in ways if name.startswith("registry"))
    over -= found["bare client"]
    verdict = "met   " if over <= BAR_MS else "MISSED"
    print(f"{verdict} over the bare client, ms: {over:.3f} (<= {BAR_MS:g})")


if __name__ == "__main__":
    main()
