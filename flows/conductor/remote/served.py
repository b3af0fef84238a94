"""Which queues a process takes steps from."""

from collections.abc import Iterable
from typing import NamedTuple


class Served(NamedTuple):
    """The queues of a process; None for all there are. `runs`: it drives runs, too."""

    names: frozenset[str] | None = None
    runs: bool = True

    @classmethod
    def by_names(cls, names: Iterable[str] | None, runs_queue: str) -> "Served":
        """As a worker is told by `--queues`; without it, it serves everything."""
        if names is None:
            return cls()
        named = frozenset(names)
        return cls(named - {runs_queue}, runs=runs_queue in named)

    @property
    def is_empty(self) -> bool:
        """Whether it takes no steps at all."""
        return self.names is not None and not self.names

    @property
    def text(self) -> str:
        """As its row says it."""
        return "*" if self.names is None else " ".join(sorted(self.names))

    def serves(self, queue: str) -> bool:
        """Whether it takes steps from this queue."""
        return self.names is None or queue in self.names
