"""What happens to a run, and what a run asks for; all are frozen values."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RunStarted:
    """The run begins."""


@dataclass(frozen=True, slots=True)
class StepCompleted:
    """A step ended well and left by `port`; None where its node has no way out.

    Several ports at once have commas between them.
    """

    address: str
    port: str | None


@dataclass(frozen=True, slots=True)
class StepFailed:
    """A step ended badly for good; with a `port`, the run goes on by it."""

    address: str
    port: str | None = None


@dataclass(frozen=True, slots=True)
class StepCancelled:
    """Somebody gave up a step, or everything in a scope such as `each[3]`."""

    address: str


@dataclass(frozen=True, slots=True)
class ItemsKnown:
    """A map has its items."""

    address: str
    count: int


@dataclass(frozen=True, slots=True)
class CancelRequested:
    """Somebody wants the run to end."""


@dataclass(frozen=True, slots=True)
class DeadlinePassed:
    """The run has taken longer than it may."""


Event = (
    RunStarted
    | StepCompleted
    | StepFailed
    | StepCancelled
    | ItemsKnown
    | CancelRequested
    | DeadlinePassed
)


@dataclass(frozen=True, slots=True)
class StartStep:
    """Begin the step at `address`."""

    address: str


@dataclass(frozen=True, slots=True)
class SkipStep:
    """Record that the step at `address` will never start."""

    address: str


@dataclass(frozen=True, slots=True)
class CancelStep:
    """Give up the step at `address`, which has started."""

    address: str


@dataclass(frozen=True, slots=True)
class FinishMap:
    """Every item of the map has ended: its output can be put together."""

    address: str


@dataclass(frozen=True, slots=True)
class FailMap:
    """The item at `index` failed, and the map stops at that.

    Its step `cause` failed, or asked for a round too many if `code` says so.
    """

    address: str
    index: int
    cause: str
    code: str | None = None


@dataclass(frozen=True, slots=True)
class CompleteRun:
    """The run is done; its output is that of the step at `output`, if any."""

    output: str | None


@dataclass(frozen=True, slots=True)
class FailRun:
    """The run failed because the step at `address` did, or because of `code`."""

    address: str | None
    code: str | None = None


@dataclass(frozen=True, slots=True)
class CancelRun:
    """The run ends since somebody wanted it to."""


Command = (
    StartStep
    | SkipStep
    | CancelStep
    | FinishMap
    | FailMap
    | CompleteRun
    | FailRun
    | CancelRun
)
