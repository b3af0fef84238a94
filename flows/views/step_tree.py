"""The steps of a run by the rounds and items in which they stand. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from flows.engine.addresses import Pass, read_address
from flows.models import Step, StepStatus
from flows.views.node_states import most_telling, shown_status, span_of
from flows.views.timeline import Span


@dataclass(slots=True)
class Scope:
    """One pass, or the flow: its own steps with all attempts, and the passes inside.

    `steps` are by address, `regions` the passes by the address of their loop or map.
    """

    origin: Pass | None
    steps: dict[str, list[Step]] = field(default_factory=dict)
    regions: dict[str, dict[int, "Scope"]] = field(default_factory=dict)

    def inside(self) -> Iterator[Step]:
        """The last attempt at each step in here and further in."""
        for attempts in self.steps.values():
            yield attempts[-1]
        for passes in self.regions.values():
            for scope in passes.values():
                yield from scope.inside()

    def status(self) -> str:
        """All steps in here as one status."""
        return most_telling(_counts_as(step) for step in self.inside())

    def span(self, now: datetime) -> Span | None:
        """From the first start in here to the last end."""
        found = [span for step in self.inside() if (span := span_of(step, now))]
        if not found:
            return None
        start, end = min(each.start for each in found), max(each.end for each in found)
        return Span(start, end, all(each.is_wait for each in found))


def tree_of(steps: Iterable[Step]) -> Scope:
    """Sort steps into their scopes."""
    root = Scope(None)
    for step in steps:
        scope = root
        for each in read_address(step.address).passes:
            passes = scope.regions.setdefault(each.region, {})
            scope = passes.setdefault(each.number, Scope(each))
        scope.steps.setdefault(step.address, []).append(step)
    return root


def _counts_as(step: Step) -> str:
    """Its status; a failure after which its run went on by a port is none."""
    if step.status == StepStatus.FAILED and step.port:
        return StepStatus.COMPLETED
    return shown_status(step.status, step.type, step.attempt)
