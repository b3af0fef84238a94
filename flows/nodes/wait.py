"""Wait for a time, for an event, or for whichever comes first."""

import re
from datetime import datetime, timedelta
from typing import Annotated, Any, Self

from pydantic import Field, model_validator

from flows.expressions import compile_expression
from flows.nodes.base import (
    Awaited,
    Data,
    Failed,
    NodeConfig,
    NodeType,
    Schema,
    WaitFor,
    Written,
)
from flows.nodes.values import Cel, EventName, Port, event_key

OUT, TIMEOUT = "out", "timeout"
MAX_WAIT_S = 10 * 366 * 86_400
RFC_3339 = re.compile(
    r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)", re.ASCII
)


class Event(NodeConfig):
    """An event's name, the key that tells whose it is, and the port it leads to."""

    name: EventName
    key: Cel
    port: Port = OUT


class Config(NodeConfig):
    """Seconds to wait or a time to wait until, the events that end it, or both."""

    for_s: Cel | None = None
    # Read as `string(…)`, which is longer.
    until: Annotated[Cel, Field(max_length=1_900)] | None = None
    events: Annotated[list[Event], Field(max_length=20)] = Field(default_factory=list)

    @model_validator(mode="after")
    def _waits_for_something(self) -> Self:
        if self.for_s is not None and self.until is not None:
            raise ValueError("give one of `for_s` and `until`, not both")
        if not self.is_timed and not self.events:
            raise ValueError("give `for_s`, `until` or at least one of `events`")
        if self.is_timed and any(event.port == TIMEOUT for event in self.events):
            raise ValueError(
                f"the port '{TIMEOUT}' is that of the time; give the event another"
            )
        return self

    @property
    def is_timed(self) -> bool:
        """Whether a moment ends the wait."""
        return self.for_s is not None or self.until is not None


def run(config: Config, data: Data) -> WaitFor | Failed:
    """Ask for the wait."""
    until = _until(config, data)
    if isinstance(until, Failed):
        return until
    awaited: list[Awaited] = []
    for event in config.events:
        key = event_key(event.name, event.key, data)
        if isinstance(key, Failed):
            return key
        awaited.append(Awaited(port=event.port, name=event.name, key=key))
    return WaitFor(
        until=until,
        due_port=TIMEOUT if config.events else OUT,
        events=tuple(awaited),
    )


def _until(config: Config, data: Data) -> datetime | Failed | None:
    if config.for_s is not None:
        seconds = compile_expression(config.for_s).evaluate(data.variables)
        if isinstance(seconds, bool) or not isinstance(seconds, int | float):
            return Failed(
                code="wait_not_number",
                message="The time to wait is no number of seconds. "
                "Convert it with double().",
            )
        if not 0 <= seconds <= MAX_WAIT_S:
            return Failed(
                code="wait_out_of_range",
                message=f"The time to wait is {seconds} s. "
                f"Give 0 to {MAX_WAIT_S:,} s (ten years).",
            )
        return data.now + timedelta(seconds=seconds)
    return None if config.until is None else _moment(config.until, data)


def _moment(source: str, data: Data) -> datetime | Failed:
    # CEL writes its timestamps as RFC 3339 and leaves text as it is. The line end is
    # for a comment at the source's end.
    text = compile_expression(f"string({source}\n)").evaluate(data.variables)
    if RFC_3339.fullmatch(text):
        try:
            return datetime.fromisoformat(text.upper())
        except ValueError:
            pass
    return Failed(
        code="wait_not_time",
        message=f"'{text[:60]}' is no time. Write RFC 3339 with an offset, such as "
        "2026-05-01T09:00:00+02:00, or use timestamp().",
    )


def ports(config: Config) -> tuple[str, ...]:
    """The ports of the events, then that of the time."""
    if not config.events:
        return (OUT,)
    events = dict.fromkeys(event.port for event in config.events)
    return (*events, TIMEOUT) if config.is_timed else tuple(events)


def expressions(config: Config) -> list[Written]:
    """The time, and the keys of all events."""
    found: list[Written] = []
    if config.for_s is not None:
        found.append(("/for_s", config.for_s, "cel"))
    if config.until is not None:
        found.append(("/until", config.until, "cel"))
    for index, event in enumerate(config.events):
        found.append((f"/events/{index}/key", event.key, "cel"))
    return found


def output_schema(_config: Config, _input_schema: Schema) -> dict[str, Any]:
    """The data of the event that came, or null after the time."""
    return {}


NODE = NodeType(
    name="wait",
    label="Wait",
    help="Waits for a time, for an event, or for whichever comes first.",
    icon="clock",
    effect="transactional",
    config=Config,
    run=run,
    out_ports=ports,
    expressions=expressions,
    output_schema=output_schema,
)
