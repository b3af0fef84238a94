"""One run from the command line, through the running stack."""

import sys
from argparse import ArgumentTypeError
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import orjson
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError

from flows.errors import FlowError, GraphInvalid, StackNotRunning
from flows.graph.limits import MAX_VALUE_BYTES, limit_problems, parse_text
from flows.models import Run
from flows.selectors import get_flow, has_live_worker, run_document, wait_for_run
from flows.services.runs import RunRequest, start_run
from orchestrator_site.accounts.api import AccountsError, get_workspace

ACTOR = "system:cli"
DEFAULT_WAIT_S, LONGEST_WAIT_S = 60, 86_400
EXIT_CODES = {"completed": 0, "waiting": 3, "paused": 3, "poisoned": 3}


class Command(BaseCommand):
    help = "Run a published flow and print the run."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("flow", metavar="FLOW", help="slug of a published flow")
        parser.add_argument("--input", required=True, metavar="JSON")
        parser.add_argument("--json", action="store_true", help="print the run as JSON")
        parser.add_argument(
            "--wait",
            type=_seconds,
            default=DEFAULT_WAIT_S,
            metavar="S",
            help=f"seconds to wait for the end; default: {DEFAULT_WAIT_S}",
        )
        parser.add_argument("--workspace", metavar="SLUG", help="default: the only one")

    def handle(self, *args: object, **options: Any) -> None:  # noqa: ANN401
        with _sentences():
            run = _run(options)
            document = run_document(run)
        if options["json"]:
            text = orjson.dumps(document, option=orjson.OPT_INDENT_2).decode()
            self.stdout.write(text)
        else:
            self.stdout.write("\n".join(_lines(document)))
        sys.exit(EXIT_CODES.get(run.status, 1))


def _run(options: dict[str, Any]) -> Run:
    value = _read_input(options["input"])
    _require_worker()
    workspace = get_workspace(options["workspace"])
    flow = get_flow(workspace, options["flow"])
    started = start_run(RunRequest(flow=flow, input=value, actor=ACTOR))
    return wait_for_run(workspace, started.run.pk, seconds=options["wait"])


def _read_input(text: str) -> object:
    try:
        value = parse_text(
            text.encode("utf-8", "surrogateescape"), max_bytes=MAX_VALUE_BYTES
        )
        if problems := limit_problems(value, max_bytes=MAX_VALUE_BYTES):
            raise GraphInvalid(problems)
    except GraphInvalid as error:
        reason = error.problems[0].message
        raise CommandError(f"--input cannot be read. {reason}") from None
    return value


def _require_worker() -> None:
    """Raise StackNotRunning unless a worker lives; no tables means no stack either."""
    try:
        is_live = has_live_worker()
    except DatabaseError as error:
        raise StackNotRunning from error
    if not is_live:
        raise StackNotRunning


@contextmanager
def _sentences() -> Iterator[None]:
    """Turn what can go wrong into the one sentence that the command prints."""
    try:
        yield
    except (FlowError, AccountsError) as error:
        raise CommandError(str(error)) from error


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        raise ArgumentTypeError(f"{text!r} is not a number of seconds") from None
    if not 0 <= seconds <= LONGEST_WAIT_S:
        raise ArgumentTypeError(f"{text} is not between 0 and {LONGEST_WAIT_S}")
    return seconds


def _lines(run: dict[str, Any]) -> Iterator[str]:
    yield f"{run['flow']} version {run['version']}: {run['status']} ({run['id']})"
    if run["error"]:
        yield f"  {run['error']['code']}: {run['error']['message']}"
    elif run["output"] is not None:
        yield orjson.dumps(run["output"], option=orjson.OPT_INDENT_2).decode()
    for step in run["steps"]:
        took = "" if step["duration_ms"] is None else f"  {step['duration_ms']} ms"
        port = f" -> {step['port']}" if step["port"] else ""
        yield f"  {step['address']:<24}{step['status']}{port}{took}"
