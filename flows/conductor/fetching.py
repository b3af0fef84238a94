"""HTTP requests of steps, through the one egress client."""

import logging
import time
from collections.abc import Callable
from typing import NamedTuple
from uuid import UUID

from django.db import connections
from django.utils import timezone

from flows.conductor.held import Outcome, failed
from flows.nodes.base import Failed, Fetch
from flows.nodes.http_request import read_answer
from orchestrator_site.egress import api as egress

logger = logging.getLogger(__name__)


class Errand(NamedTuple):
    """A request of one step; `is_once` if it must never be sent twice.

    It may be sent until `ends` on the monotonic clock, and only as long as this process
    is the worker `holder`: in the queue before it, and while the database was away, both
    may have passed.
    """

    run_id: UUID
    epoch: int
    address: str
    workspace_id: UUID
    call: Fetch
    ends: float
    holder: UUID
    is_once: bool


class HoldingInDoubt(Exception):
    """Another worker may have the step by now. Nothing was sent."""


def fetch(errand: Errand, may_send: Callable[[], bool]) -> Outcome:
    """Perform a request; whatever goes wrong is the step's error, with a code.

    `may_send` is asked last, since reading what is allowed may take as long as the
    database is away.
    Raises: HoldingInDoubt if it says no; a database's error while what is allowed cannot
    be read. Nothing is sent then.
    """
    started_at, started = timezone.now(), time.perf_counter()
    allowance = egress.workspace_allowance(errand.workspace_id)
    connections.close_all()  # none is held while the call is in flight
    if not may_send():
        raise HoldingInDoubt("the lease on the step is in doubt")
    try:
        outcome = _perform(errand, allowance)
    except Exception as error:  # the step boundary: a run never hangs on a bug
        logger.exception("%s of run %s crashed", errand.address, errand.run_id)
        outcome = failed("request_crashed", f"The request crashed: {error}")
        outcome.is_in_doubt = errand.is_once
    outcome.started_at = started_at
    outcome.duration_ms = round((time.perf_counter() - started) * 1000)
    return outcome


def _perform(errand: Errand, allowance: egress.Allowance) -> Outcome:
    try:
        answer = egress.send(_request(errand), allowance)
    except egress.EgressError as error:
        outcome = failed(error.code, error.message)
        outcome.is_in_doubt = errand.is_once and error.sent
        return outcome
    outcome = _read(errand.call, answer)
    outcome.was_sent = True
    return outcome


def _request(errand: Errand) -> egress.Request:
    asked = errand.call
    return egress.Request(
        method=asked.method,
        url=asked.url,
        headers=asked.headers,
        body=asked.body,
        timeout_s=min(asked.timeout_s, errand.ends - time.monotonic()),
        max_bytes=asked.max_bytes,
        answers=asked.ok_statuses,
    )


def _read(asked: Fetch, answer: egress.Answer) -> Outcome:
    result = read_answer(asked, answer.status, answer.headers, answer.body)
    if isinstance(result, Failed):
        return failed(result.code, result.message)
    return Outcome(output=result.output, port=result.port)
