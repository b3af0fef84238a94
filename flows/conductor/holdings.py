"""The runs that this process holds, and those among them that something happened to."""

from collections.abc import Iterator
from uuid import UUID

from flows.conductor.held import HeldRun


class Holdings:
    """Runs by id. A turn looks at the stirred ones only, however many wait."""

    def __init__(self) -> None:
        self._runs: dict[UUID, HeldRun] = {}
        self._stirred: dict[UUID, HeldRun] = {}

    def __len__(self) -> int:
        return len(self._runs)

    def __iter__(self) -> Iterator[HeldRun]:
        return iter(self._runs.values())

    def holds(self, run_id: UUID) -> bool:
        """Whether this process holds the run."""
        return run_id in self._runs

    def add(self, run: HeldRun) -> None:
        """Hold a run that has just been claimed."""
        self._runs[run.id] = self._stirred[run.id] = run

    def stir(self, run_id: UUID, epoch: int | None = None) -> HeldRun | None:
        """Find a run for which something has come, if it is held, under that epoch."""
        run = self._runs.get(run_id)
        if run is None or epoch not in (None, run.epoch):
            return None
        self._stirred[run_id] = run
        return run

    @property
    def stirred(self) -> list[HeldRun]:
        """Runs that something has happened to since the last `calm`."""
        return list(self._stirred.values())

    @property
    def has_more(self) -> bool:
        """Whether a turn has left something undone."""
        return any(_has_more(run) for run in self._stirred.values())

    def calm(self) -> None:
        """Forget the stirred ones for which nothing is left to do."""
        self._stirred = {
            run_id: run for run_id, run in self._stirred.items() if _has_more(run)
        }

    def drop(self, run: HeldRun) -> None:
        """Hold it no longer."""
        del self._runs[run.id]
        self._stirred.pop(run.id, None)

    def clear(self) -> None:
        """Hold nothing."""
        self._runs.clear()
        self._stirred.clear()


def _has_more(run: HeldRun) -> bool:
    return bool(run.agenda) and not run.is_paused
