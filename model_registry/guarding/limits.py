"""How a model may be called. Pure."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields

from pydantic import TypeAdapter, ValidationError

from model_registry.errors import LimitsInvalid
from model_registry.json_values import JsonObject
from model_registry.words import sentences

MAX_ANSWER_BYTES = 16 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What holds for each call of a model, and for all of them together.

    `timeout_s` bounds one try where the step leaves more time. `max_concurrency` and
    `rate_per_minute` hold for all workers together; whoever finds no room waits for it
    up to `wait_s`. A call is tried again up to `retries` times, but over time at most
    `retry_percent` of a model's calls are. `breaker_failures` in a row open the circuit
    for `breaker_s`; 0 leaves it closed. Without `max_answer_bytes` answers are as large as
    the way they come by allows. `fallback` names the models that are asked
    instead, in this order, while this one gives no answer.
    """

    timeout_s: float | None = None
    max_concurrency: int | None = None
    rate_per_minute: int | None = None
    wait_s: float = 10.0
    retries: int = 1
    retry_percent: int = 20
    breaker_failures: int = 5
    breaker_s: float = 15.0
    max_answer_bytes: int | None = None
    fallback: tuple[str, ...] = ()

    @property
    def has_room_limits(self) -> bool:
        """Whether a call may have to wait for others."""
        return self.max_concurrency is not None or self.rate_per_minute is not None

    def as_json(self) -> JsonObject:
        """For people, forms and the API."""
        return {**asdict(self), "fallback": list(self.fallback)}


# Whoever is called over a network may be away or overloaded. A model that computes here
# gains nothing from a second try, and one in the conductor's loop has no time for any.
BY_RUNS: dict[str, Limits | None] = {
    "wait": Limits(),
    "cpu": Limits(retries=0),
    "loop": None,
}

RANGES: dict[str, tuple[float, float]] = {
    "timeout_s": (0.1, 3600),
    "max_concurrency": (1, 10_000),
    "rate_per_minute": (1, 100_000),
    "wait_s": (0, 3600),
    "retries": (0, 5),
    "retry_percent": (0, 100),
    "breaker_failures": (0, 100),
    "breaker_s": (1, 3600),
    "max_answer_bytes": (1024, MAX_ANSWER_BYTES),
}
MAX_FALLBACKS = 5


def limit_problems(limits: Limits) -> list[str]:
    """List what is out of range, as `field: sentence`."""
    problems = []
    for name, (least, most) in RANGES.items():
        value = getattr(limits, name)
        if value is not None and not least <= value <= most:
            problems.append(f"{name}: must be between {least:g} and {most:g}.")
    if len(limits.fallback) > MAX_FALLBACKS:
        problems.append(f"fallback: at most {MAX_FALLBACKS} models.")
    if len(set(limits.fallback)) < len(limits.fallback):
        problems.append("fallback: names a model twice.")
    if limits.fallback and limits.timeout_s is None:
        problems.append(
            "timeout_s: say how long one try may take, so that time is left for the "
            "models of fallback."
        )
    return problems


LIMIT_NAMES = tuple(field.name for field in fields(Limits))
_WRITTEN = TypeAdapter(Limits)


def changed_limits(limits: Limits, values: Mapping[str, object]) -> Limits:
    """The limits with some of their fields changed, as a form or the API gives them.

    Raises: LimitsInvalid for a field that there is not, or a value of the wrong kind;
    `limit_problems` tells what is out of range.
    """
    if unknown := sorted(set(values) - set(LIMIT_NAMES)):
        names = ", ".join(LIMIT_NAMES)
        raise LimitsInvalid(
            [f"{unknown[0]}: there is no such limit. There are {names}."]
        )
    try:
        return _WRITTEN.validate_python({**asdict(limits), **values})
    except ValidationError as error:
        raise LimitsInvalid(sentences(error)) from error
