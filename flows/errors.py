"""What can go wrong with a flow, as one tree.

FlowError
├── GraphInvalid             the document cannot be used; carries every problem
├── ExpressionInvalid        an expression cannot be compiled; has `offset`
├── ExpressionFailed         an expression gave no value
├── FlowNotFound
├── FlowGrantRefused
├── VersionNotFound
├── RunNotFound
├── InputInvalid             has `pointer`
├── DraftChanged
├── NotPublished
├── IdempotencyConflict
├── IdempotencyKeyNeeded
├── IdempotencyKeyUnfit
├── RunEnded
├── RunNotPaused
├── RunNotPoisoned
├── StepNotFound
├── StepEnded
├── StepNotInDoubt
├── ConcurrencyKeyFailed     has `pointer`
├── ConcurrencyLimitReached
├── SignalTooLarge
├── EventWordUnfit           has `pointer`
├── MessageIdReused
└── StackNotRunning
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, ClassVar, Literal


@dataclass(frozen=True, kw_only=True, slots=True)
class Problem:
    """One thing that is wrong with a graph, and what to do about it.

    `pointer` is a JSON Pointer: into the config where the node's config is at fault,
    into the schema for `input_schema_invalid`, else into the document. `offset` is the
    place in an expression that cannot be compiled, in characters from 0.
    """

    code: str
    message: str
    node_id: str | None = None
    edge_id: str | None = None
    pointer: str = ""
    severity: Literal["error", "warning"] = "error"
    offset: int | None = None


class FlowError(Exception):
    """Base: a stable `code` for programs and a sentence for people."""

    code: ClassVar[str] = "flow_error"
    http_status: ClassVar[int] = 400

    def __init__(self, message: str, **detail: Any) -> None:  # noqa: ANN401 - JSON
        super().__init__(message)
        self.message = message
        self.detail: dict[str, Any] = detail


class GraphInvalid(FlowError):
    """The graph has problems; all of them are in `problems`."""

    code = "graph_invalid"
    http_status = 422

    def __init__(self, problems: Sequence[Problem]) -> None:
        count = len(problems)
        counted = "1 problem" if count == 1 else f"{count} problems"
        super().__init__(
            f"The flow has {counted}. The first: {problems[0].message}",
            problems=[asdict(problem) for problem in problems],
        )
        self.problems = list(problems)


class ExpressionInvalid(FlowError):
    """The expression cannot be compiled; `offset` counts its characters from 0."""

    code = "expression_invalid"
    http_status = 422

    def __init__(self, message: str, offset: int = 0) -> None:
        super().__init__(message, offset=offset)
        self.offset = offset


class ExpressionFailed(FlowError):
    """The expression gave no value. A failed expression never counts as true."""

    code = "expression_failed"
    http_status = 422


class FlowNotFound(FlowError):
    """The workspace has no flow of that name."""

    code = "flow_not_found"
    http_status = 404

    def __init__(self, flow: str) -> None:
        super().__init__(
            f"There is no flow '{flow}' in this workspace. Check the name.", flow=flow
        )


class FlowGrantRefused(FlowError):
    """The flow cannot be shared with that workspace."""

    code = "flow_grant_refused"
    http_status = 409


class VersionNotFound(FlowError):
    """The flow has no version of that number."""

    code = "version_not_found"
    http_status = 404

    def __init__(self, flow: str, version: int) -> None:
        super().__init__(
            f"Flow '{flow}' has no version {version}. List its versions to choose one.",
            flow=flow,
            version=version,
        )


class RunNotFound(FlowError):
    """The workspace has no run of that id."""

    code = "run_not_found"
    http_status = 404

    def __init__(self, run_id: object) -> None:
        super().__init__(
            f"There is no run {run_id} in this workspace. Check the id.",
            run_id=str(run_id),
        )


class InputInvalid(FlowError):
    """The input breaks the flow's input schema at `pointer`."""

    code = "input_invalid"
    http_status = 422

    def __init__(self, pointer: str, reason: str) -> None:
        place = f"at '{pointer}'" if pointer else "as a whole"
        super().__init__(
            f"The input does not fit the flow's input schema {place}: {reason}.",
            pointer=pointer,
            reason=reason,
        )
        self.pointer = pointer


class DraftChanged(FlowError):
    """Someone else saved the draft in the meantime."""

    code = "draft_changed"
    http_status = 409

    def __init__(self, flow: str) -> None:
        super().__init__(
            f"The draft of '{flow}' was saved by someone else after you opened it. "
            "Load it again, then repeat your change.",
            flow=flow,
        )


class NotPublished(FlowError):
    """The flow has no published version."""

    code = "flow_not_published"
    http_status = 409

    def __init__(self, flow: str) -> None:
        super().__init__(
            f"Flow '{flow}' has no published version. Publish it, then run it.",
            flow=flow,
        )


class IdempotencyConflict(FlowError):
    """The key was used before, for something else."""

    code = "idempotency_key_reused"
    http_status = 409

    def __init__(self, key: str) -> None:
        super().__init__(
            f"The idempotency key '{key}' was used for another flow or input. "
            "Use a new key for a new run.",
            key=key,
        )


class IdempotencyKeyNeeded(FlowError):
    """An express run calls others, and nothing says when a call is the same again."""

    code = "idempotency_key_needed"
    http_status = 422

    def __init__(self, flow: str) -> None:
        super().__init__(
            f"Flow '{flow}' is recorded only when it has ended, and calls models or "
            "services. Send an Idempotency-Key, so that they are not asked twice if you "
            "ask again.",
            flow=flow,
        )


class IdempotencyKeyUnfit(FlowError):
    """The idempotency key cannot be kept."""

    code = "idempotency_key_invalid"

    def __init__(self, limit: int) -> None:
        super().__init__(
            f"The idempotency key is longer than {limit} characters or holds the "
            "character NUL. Send another one, such as a UUID."
        )


class RunEnded(FlowError):
    """The run is over; nothing can be done to it any more."""

    code = "run_ended"
    http_status = 409

    def __init__(self, run_id: object, status: str) -> None:
        super().__init__(
            f"Run {run_id} has ended ({status}). Start a new run.",
            run_id=str(run_id),
            status=status,
        )


class RunNotPaused(FlowError):
    """There is nothing to resume."""

    code = "run_not_paused"
    http_status = 409

    def __init__(self, run_id: object, status: str) -> None:
        super().__init__(
            f"Run {run_id} is not paused but {status}. Pause it before you resume it.",
            run_id=str(run_id),
            status=status,
        )


class RunNotPoisoned(FlowError):
    """The run has not been set aside."""

    code = "run_not_poisoned"
    http_status = 409

    def __init__(self, run_id: object, status: str) -> None:
        super().__init__(
            f"Run {run_id} is not set aside but {status}. Only a run that was set aside "
            "after it stopped several workers can be released.",
            run_id=str(run_id),
            status=status,
        )


class StepNotFound(FlowError):
    """Nothing is recorded of the run at that address."""

    code = "step_not_found"
    http_status = 404

    def __init__(self, run_id: object, address: str) -> None:
        super().__init__(
            f"Run {run_id} has no step '{address}'. Take an address from its steps.",
            run_id=str(run_id),
            address=address,
        )


class StepEnded(FlowError):
    """All that is at that address has ended."""

    code = "step_ended"
    http_status = 409

    def __init__(self, run_id: object, address: str) -> None:
        super().__init__(
            f"What is at '{address}' in run {run_id} has ended. There is nothing left "
            "to cancel there.",
            run_id=str(run_id),
            address=address,
        )


class StepNotInDoubt(FlowError):
    """The engine knows how the step stands; nobody has to say it."""

    code = "step_not_in_doubt"
    http_status = 409

    def __init__(self, run_id: object, address: str, status: str) -> None:
        super().__init__(
            f"Step '{address}' of run {run_id} is {status}. Only an attempt whose effect "
            "may or may not have taken place can be resolved. Look at the step again.",
            run_id=str(run_id),
            address=address,
            status=status,
        )


class ConcurrencyKeyFailed(FlowError):
    """The concurrency key has no value for this input; `pointer` is its place."""

    code = "concurrency_key_failed"
    http_status = 422

    def __init__(self, reason: str) -> None:
        pointer = "/settings/concurrency/key"
        super().__init__(
            f"The concurrency key at '{pointer}' has no value for this input: "
            f"{reason.rstrip('.')}. Correct the input, or the key of the flow.",
            pointer=pointer,
            reason=reason,
        )
        self.pointer = pointer


class ConcurrencyLimitReached(FlowError):
    """As many runs go on as the flow allows, and it refuses more."""

    code = "concurrency_limit_reached"
    http_status = 409

    def __init__(self, limit: int) -> None:
        counted = "1 run goes" if limit == 1 else f"{limit} runs go"
        super().__init__(
            f"{counted} on already, and this flow takes no more at once. "
            "Start it again when one has ended.",
            limit=limit,
        )


class SignalTooLarge(FlowError):
    """An event carries more data than is kept."""

    code = "signal_too_large"
    http_status = 413

    def __init__(self, size_bytes: int, limit: int) -> None:
        super().__init__(
            f"The event's data has {size_bytes:,} bytes; {limit:,} fit. Send a "
            "reference to the data in its place.",
            pointer="/data",
        )


class EventWordUnfit(FlowError):
    """The name, key or message id of an event cannot be kept."""

    code = "event_word_unfit"

    def __init__(self, field: str, size: int, limit: int) -> None:
        what = field.replace("_", " ")
        flaw = f"has {size:,} characters; {limit} fit"
        if size <= limit:
            flaw = "is empty or holds the character NUL"
        super().__init__(
            f"The event's {what} {flaw}. Send another {what}.", pointer=f"/{field}"
        )


class MessageIdReused(FlowError):
    """The message id was used for another event."""

    code = "message_id_reused"
    http_status = 409

    def __init__(self, message_id: str) -> None:
        super().__init__(
            f"The message id '{message_id}' was used for another event. "
            "Use a new id for a new event.",
            message_id=message_id,
        )


class StackNotRunning(FlowError):
    """No worker answers."""

    code = "stack_not_running"
    http_status = 503

    def __init__(self) -> None:
        super().__init__("No worker is running. Start one with: python3 manage.py up")
