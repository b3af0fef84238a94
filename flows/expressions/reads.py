"""What of the variables an expression is given: the fields that it names."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from flows.expressions.paths import Mention

# The fields that are read of a variable; None for the variable as a whole.
Fields = frozenset[str] | None


@dataclass(frozen=True, slots=True)
class Reads:
    """The fields that are read of each variable, and of each step."""

    names: Mapping[str, Fields]
    steps: Mapping[str, Fields]

    def bind(self, variables: Mapping[str, Any]) -> dict[str, Any]:
        """Take what the expression names; a step that is not there stays absent."""
        bound = {name: _cut(variables[name], self.names[name]) for name in self.names}
        if self.steps:
            steps = variables["steps"]
            bound["steps"] = {
                step: _cut(steps[step], fields)
                for step, fields in self.steps.items()
                if step in steps
            }
        return bound


def find_reads(mentions: Iterable[Mention]) -> Reads:
    """Collect what the mentions of variables read."""
    names: dict[str, Fields] = {}
    steps: dict[str, Fields] = {}
    for path in (mention.path for mention in mentions):
        if path[0] == "steps":
            _add(steps, path[1:])
        else:
            _add(names, path)
    return Reads(names, steps)


def _add(found: dict[str, Fields], path: tuple[str, ...]) -> None:
    name, fields = path[0], path[1:2]
    earlier = found.get(name, frozenset())
    if earlier is None or not fields:
        found[name] = None
    else:
        found[name] = earlier | frozenset(fields)


def _cut(value: Any, fields: Fields) -> Any:  # noqa: ANN401 - JSON
    if fields is None or not isinstance(value, dict):
        return value
    return {name: value[name] for name in fields if name in value}
