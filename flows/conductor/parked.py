"""Runs that this process has let go of, as they were.

A run that waits for much is taken up for each thing that comes. As long as nobody else has
held it meanwhile, it need not be folded from its steps again. Source: engine.md, rule 46.
"""

from collections import OrderedDict, defaultdict
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from flows.conductor.held import HeldRun
from flows.conductor.rows import ClaimedRun, RecordedStep
from flows.conductor.taking import held_by, take

if TYPE_CHECKING:
    from uuid import UUID

MOST_RUNS = 256
MOST_BYTES = 1_000_000


class Parked:
    """The runs parked last; each is good for the very next claim only."""

    def __init__(self) -> None:
        self._runs: OrderedDict[UUID, HeldRun] = OrderedDict()

    def keep(self, run: HeldRun) -> None:
        """Remember a run that waits, unless it is large."""
        if sum(map(len, run.cells.values())) > MOST_BYTES:
            return
        run.values.forget_all()
        self._runs[run.id] = run
        if len(self._runs) > MOST_RUNS:
            self._runs.popitem(last=False)

    def take_up(
        self,
        claimed: Sequence[ClaimedRun],
        recorded_steps: Callable[[Sequence["UUID"]], Sequence[RecordedStep]],
        fetch: Callable[["UUID", bytes], bytes],
    ) -> list[HeldRun]:
        """The claimed runs as they were, or rebuilt from what is recorded of them."""
        known = {row.id: self.take_back(row) for row in claimed}
        folded = [row.id for row in claimed if row.epoch > 1 and not known[row.id]]
        recorded: defaultdict[UUID, list[RecordedStep]] = defaultdict(list)
        for step in recorded_steps(folded) if folded else ():
            recorded[step.run_id].append(step)
        return [known[row.id] or take(row, recorded[row.id], fetch) for row in claimed]

    def take_back(self, claimed: ClaimedRun) -> HeldRun | None:
        """The run as it was, if nobody has held it or counted a crash since."""
        run = self._runs.pop(claimed.id, None)
        if run is None or claimed.crashes or claimed.epoch != run.epoch + 1:
            return None
        if (claimed.seq, bytes(claimed.head)) != (run.stored_seq, run.stored_head):
            return None
        run.claimed, run.epoch = claimed, claimed.epoch
        run.paused_at, run.paused_by = claimed.paused_at, held_by(claimed)
        run.mail_taken.clear()
        return run
