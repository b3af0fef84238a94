"""The one checker: what must hold of runs, steps, effects and chains after any fault.

It trusts nothing that a worker said. What was accepted is a list that the starter kept,
effects come from the server that did them, claims were seen while they happened; all
else is read from the database, the ledger by its own verification.
"""

import json
import time
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from flows.models import Delivery, Run, Slot, Step, Wait
from flows.selectors import run_document
from orchestrator_site.ledger.api import Event, verify
from tests.faults.effects import Effect

# The kinds of event that put a step into a state; a skipped one stands in another's.
KINDS = {
    "completed": {"step.completed"},
    "failed": {"step.failed"},
    "cancelled": {"step.cancelled"},
    "detached": {"step.detached", "step.late"},
    "running": {"step.started"},
    "waiting": {"step.waiting"},
    "pending": {"step.retrying"},
    "in_doubt": {"step.in_doubt"},
}
ENDS_STEP = {"step.completed", "step.failed", "step.cancelled"}
ENDS_RUN = {"run.completed", "run.failed", "run.cancelled"}


class Entry(NamedTuple):
    """One event of a run's chain."""

    seq: int
    kind: str
    data: dict[str, Any]
    at: float = 0.0

    @property
    def epoch(self) -> int:
        """The claim under which it was written; the starter's is before the first."""
        return int(self.data.get("epoch", 0))

    @property
    def step(self) -> tuple[str, int]:
        return self.data.get("address", ""), self.data.get("attempt", 0)


class Seen(NamedTuple):
    """Where a run stood at some moment."""

    epoch: int
    seq: int


class Claims:
    """What was seen of runs' epochs while faults happened."""

    def __init__(self) -> None:
        self.seen: defaultdict[UUID, set[Seen]] = defaultdict(set)

    def look(self) -> None:
        """Remember where every run stands; each row is read at one moment."""
        for run_id, epoch, seq in Run.objects.values_list("pk", "epoch", "seq"):
            self.seen[run_id].add(Seen(epoch, seq))


@dataclass(frozen=True, kw_only=True)
class Witness:
    """What is known apart from the database.

    `claims` is what a `Claims` has seen, `ends` are the states in which runs may end.
    """

    accepted: Collection[UUID]
    effects: Sequence[Effect] = ()
    claims: Mapping[UUID, set[Seen]] = field(default_factory=dict)
    ends: Collection[str] = ("completed",)


def flaws(witness: Witness) -> list[str]:
    """Everything that does not hold, in sentences; empty if all is well."""
    runs = Run.objects.in_bulk()
    entries = _entries(runs)
    found = list(check_acceptance(witness, runs))
    by_token: defaultdict[str, list[Effect]] = defaultdict(list)
    for effect in witness.effects:
        by_token[effect.token].append(effect)
    for run in runs.values():
        history = entries[run.pk]
        rules = (
            check_epochs(run, history, witness.claims.get(run.pk, set())),
            check_endings(history),
            check_rows(run, history),
            check_effects(run, history, by_token.pop(run.idempotency_key or "", [])),
        )
        found += [f"run {run.pk}: {flaw}" for rule in rules for flaw in rule]
    found += [f"an effect of no run: {token}" for token in by_token]
    found += check_leftovers()
    return found + [str(flaw) for flaw in verify().flaws]


def _entries(runs: Mapping[UUID, Run]) -> defaultdict[UUID, list[Entry]]:
    entries: defaultdict[UUID, list[Entry]] = defaultdict(list)
    rows = Event.objects.order_by("chain_id", "seq")
    for chain_id, seq, body in rows.values_list("chain_id", "seq", "body").iterator():
        if chain_id in runs:
            read = json.loads(bytes(body))
            at = datetime.fromisoformat(read["at"]).timestamp()
            entries[chain_id].append(Entry(seq, read["kind"], read["data"], at))
    return entries


def check_acceptance(witness: Witness, runs: Mapping[UUID, Run]) -> Iterator[str]:
    """Every run that was accepted ends, and so does one whose answer was lost."""
    for run_id in witness.accepted:
        if run_id not in runs:
            yield f"run {run_id} was accepted and is gone"
    for run in runs.values():
        if run.ended_at is None:
            yield f"run {run.pk} has not ended: it is {run.status}"
        elif run.status not in witness.ends:
            yield f"run {run.pk} ended as {run.status}: {run_document(run)['error']}"


def check_epochs(run: Run, history: list[Entry], seen: set[Seen]) -> Iterator[str]:
    """Nobody writes who has been superseded."""
    for before, after in zip(history, history[1:], strict=False):
        if after.epoch < before.epoch:
            yield f"event {after.seq} falls to epoch {after.epoch}"
    if history and history[-1].epoch > run.epoch:
        yield f"event {history[-1].seq} has an epoch that nobody claimed"
    for claim in seen:
        late = (
            entry
            for entry in history
            if entry.seq > claim.seq and entry.epoch < claim.epoch
        )
        for entry in late:
            yield (
                f"event {entry.seq} was written under epoch {entry.epoch} after epoch "
                f"{claim.epoch} had begun"
            )


def check_endings(history: list[Entry]) -> Iterator[str]:
    """No attempt ends twice, no step completes twice, and the run ends once and last."""
    ended = Counter(entry.step for entry in history if entry.kind in ENDS_STEP)
    for (address, attempt), count in ended.items():
        if count > 1:
            yield f"attempt {attempt} at {address} ended {count} times"
    done = Counter(e.step[0] for e in history if e.kind == "step.completed")
    for address, count in done.items():
        if count > 1:
            yield f"{address} was completed {count} times"
    ends = [entry.seq for entry in history if entry.kind in ENDS_RUN]
    if ends and ends != [history[-1].seq]:
        yield f"the run ended at {ends}, and its chain at {history[-1].seq}"


def check_rows(run: Run, history: list[Entry]) -> Iterator[str]:
    """Step rows say what the events say: each as its last event left it."""
    by_seq = {entry.seq: entry for entry in history}
    rows = {(row.address, row.attempt): row for row in Step.objects.filter(run=run)}
    for row in rows.values():
        yield from _check_row(row, by_seq.get(row.seq))
        if run.ended_at and row.status in ("pending", "running", "waiting"):
            yield f"{row.address} is {row.status} after the end"
    for entry in history:
        if entry.kind in ENDS_STEP and entry.step not in rows:
            yield f"event {entry.seq} ends {entry.step[0]}, of which there is no row"


def _check_row(row: Step, entry: Entry | None) -> Iterator[str]:
    if entry is None:
        yield f"{row.address} was recorded by event {row.seq}, which is missing"
    elif row.status == "skipped":
        if row.address not in entry.data.get("skipped", ()):
            yield f"{row.address} is skipped, and event {row.seq} does not say so"
    elif entry.kind not in KINDS[row.status] or entry.step[0] != row.address:
        yield f"{row.address} is {row.status}, and event {row.seq} is {entry.kind}"


def check_effects(
    run: Run, history: list[Entry], effects: list[Effect]
) -> Iterator[str]:
    """Effects happen as often as was promised, and under the step's own key."""
    yield from _check_once(history, [e for e in effects if e.promise == "once"])
    yield from _check_keys(run, [e for e in effects if e.promise != "once"])
    seen = {effect.node for effect in effects}
    done = Step.objects.filter(run=run, type="http_request", status="completed")
    for address in done.values_list("address", flat=True):
        if address not in seen:
            yield f"{address} was completed, and its effect never happened"


def _check_once(history: list[Entry], effects: list[Effect]) -> Iterator[str]:
    intents = {entry.step[0] for entry in history if entry.kind == "step.started"}
    for address, count in Counter(effect.node for effect in effects).items():
        if count > 1:
            yield (
                f"the effect of {address} happened {count} times: "
                + ", ".join(_story(address, history, effects))
            )
        if address not in intents:
            yield f"the effect of {address} happened without a recorded intent"


def _story(address: str, history: list[Entry], effects: list[Effect]) -> Iterator[str]:
    """What was recorded of a step and what its server did, in the order of time."""
    ahead = time.time() - time.monotonic()
    done = [(each.at + ahead, "EFFECT") for each in effects if each.node == address]
    told = [
        (entry.at, f"{entry.kind} #{entry.step[1]} in epoch {entry.epoch}")
        for entry in history
        if entry.step[0] in ("", address)
    ]
    for at, what in sorted([*done, *told]):
        yield f"{at % 1000:.3f} {what}"


def _check_keys(run: Run, effects: list[Effect]) -> Iterator[str]:
    keys: defaultdict[str, set[str]] = defaultdict(set)
    for effect in effects:
        keys[effect.node].add(effect.key)
    for address, used in keys.items():
        if used != {f"{run.pk}/{address}"}:
            yield f"the effect of {address} came under the keys {sorted(used)}"


def check_leftovers() -> Iterable[str]:
    """What a run waits for or occupies goes with the commit that ends it."""
    for model in (Wait, Slot, Delivery):
        left = model.objects.filter(run__ended_at__isnull=False).count()
        if left:
            yield f"{left} rows of {model.__name__} belong to runs that have ended"
