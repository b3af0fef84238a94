"""What happens to a run, and what a run asks for; all are frozen values."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RunStarted:
    """The run begins."""


@dataclass(frozen=True, slots=True)
class StepCompleted:
    """A step ended well and left by `port`; None where its node has no way out."""

    address: str
    port: str | None


@dataclass(frozen=True, slots=True)
class StepFailed:
    """A step ended badly."""

    address: str


@dataclass(frozen=True, slots=True)
class CancelRequested:
    """Somebody wants the run to end."""


Event = RunStarted | StepCompleted | StepFailed | CancelRequested


@dataclass(frozen=True, slots=True)
class StartStep:
    """Begin the step at `address`."""

    address: str


@dataclass(frozen=True, slots=True)
class SkipStep:
    """Record that the step at `address` will never start: every way to it is dead."""

    address: str


@dataclass(frozen=True, slots=True)
class CancelStep:
    """Give up the step at `address`, which has started."""

    address: str


@dataclass(frozen=True, slots=True)
class CompleteRun:
    """The run is done; its output is that of the step at `output`, if any."""

    output: str | None


@dataclass(frozen=True, slots=True)
class FailRun:
    """The run failed because the step at `address` did."""

    address: str


@dataclass(frozen=True, slots=True)
class CancelRun:
    """The run ends since somebody wanted it to."""


Command = StartStep | SkipStep | CancelStep | CompleteRun | FailRun | CancelRun
