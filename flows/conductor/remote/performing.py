"""Carrying out a step that was taken from a queue."""

import logging
import time
from functools import partial
from typing import Any
from uuid import UUID

from django.db import connections

from flows.conductor.executor import LOST, Ticket, perform
from flows.conductor.fetching import Errand, HoldingInDoubt, fetch
from flows.conductor.held import CellReader, Outcome, failed
from flows.conductor.lease import Lease
from flows.conductor.remote.requests import read_fetch
from flows.models import Remote
from flows.nodes.base import CallModel
from model_registry import api as registry
from orchestrator_site.ledger.api import Blob

logger = logging.getLogger(__name__)


def carry_out(step: Remote, worker_id: UUID, lease: Lease) -> Outcome:
    """Do what a step asks for; whatever goes wrong is its error, with a code.

    Raises: one of LOST while the database cannot be reached, HoldingInDoubt while the
    lease may be another's; before anything is sent.
    """
    try:
        request = CellReader(step.run_id, _blob)(bytes(step.request))
        if "fetch" in request:
            errand = _errand(step, worker_id, request["fetch"])
            return fetch(errand, partial(lease.still_holds, worker_id))
        return _call(step, request["call"])
    except (*LOST, HoldingInDoubt):
        raise
    except Exception as error:  # the step boundary: a run never hangs on a bug
        logger.exception("%s of run %s crashed", step.address, step.run_id)
        outcome = failed("step_crashed", f"The step crashed: {error}")
        outcome.is_in_doubt = step.is_once
        return outcome


def key_of(step: Remote) -> str:
    """What others know the step by: the same for every attempt at it."""
    return f"{step.run_id}/{step.address}"


def _errand(step: Remote, worker_id: UUID, written: dict[str, Any]) -> Errand:
    return Errand(
        run_id=step.run_id,
        epoch=0,
        address=step.address,
        workspace_id=step.workspace_id,
        call=read_fetch(written),
        ends=time.monotonic() + step.timeout_ms / 1000,
        holder=worker_id,
        is_once=step.is_once,
    )


def _call(step: Remote, call: dict[str, Any]) -> Outcome:
    try:
        found = registry.resolve_version(
            step.workspace_id, call["model"], call["version"]
        )
    except registry.ModelError as error:
        return failed(error.code, error.message)
    connections.close_all()  # none is held while the call is in flight
    ticket = Ticket(
        run_id=step.run_id,
        epoch=0,
        address=step.address,
        workspace_id=step.workspace_id,
        call=CallModel(call["model"], "", call["input"]),
        use=registry.Use(**call.get("use", {})),  # none was written before
        timeout_s=step.timeout_ms / 1000,
        idempotency_key=key_of(step),
        tag=call.get("tag", ""),  # likewise
    )
    return perform(found, ticket)


def _blob(run_id: UUID, digest: bytes) -> bytes:
    found = Blob.objects.filter(owner_id=run_id, digest=digest)
    data = found.values_list("data", flat=True).first()
    if data is None:
        raise LookupError(f"Payload {digest.hex()} of run {run_id} is gone.")
    return bytes(data)
