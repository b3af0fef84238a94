"""Pausing a run with all that it has started, and letting them go on.

A run hands on to its children what stops it or lets it go on, as mail in the commit that
records it. A child keeps who holds it: its parent lets go only of what the parent holds.
"""

from typing import Any

import orjson

from flows.conductor import clock
from flows.conductor.children import child_run_id, starts_run
from flows.conductor.held import HeldRun
from flows.conductor.rows import BY_PARENT, BY_PERSON, InboxRow, OutboxRow
from flows.conductor.staging.record import commit_of
from flows.conductor.staging.waits import (
    send,
    stage_holders,
    stage_paused,
    stage_resumed,
)

WITH_PARENT = {"with_parent": True}


def pause(run: HeldRun, mail: InboxRow, body: dict[str, Any]) -> None:
    """Begin nothing more, here and in the runs that this one has started."""
    run.paused_by.add(BY_PARENT if body.get("with_parent") else BY_PERSON)
    if not run.is_paused:
        run.paused_at = clock.now()
        stage_paused(run, mail.actor, body)
        _tell_children(run, "pause", mail.actor)
    stage_holders(run)


def resume(run: HeldRun, mail: InboxRow, body: dict[str, Any]) -> None:
    """Go on, unless it is the parent that lets go and a person still holds the run."""
    if run.paused_at is None:
        return
    if body.get("with_parent"):
        run.paused_by.discard(BY_PARENT)
    else:
        run.paused_by.clear()
    stage_holders(run)
    if not run.paused_by:
        stage_resumed(run, mail.actor, body, clock.now() - run.paused_at)
        run.paused_at = None
        _tell_children(run, "resume", mail.actor)


def _tell_children(run: HeldRun, kind: str, actor: str) -> None:
    """Hand it on; of what one commit tells a child only the last word counts."""
    commit, body = commit_of(run), orjson.dumps(WITH_PARENT)
    children = [
        child_run_id(run, address)
        for address in run.waiting
        if starts_run(run, address)
    ]
    told = set(children)
    commit.outbox = [
        mail
        for mail in commit.outbox
        if mail.run_id not in told or mail.kind not in ("pause", "resume")
    ]
    for child_id in children:
        send(run, OutboxRow(child_id, kind, actor, "", body))
