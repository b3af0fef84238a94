"""What the tries of a call have cost together; a failed one may cost as much."""

from dataclasses import replace

from model_registry.calling import ModelReply
from model_registry.errors import ModelError


class Spent:
    """The costs of tries that gave no answer."""

    def __init__(self) -> None:
        self._cost_usd_micros = 0
        self._usage: dict[str, int] = {}

    def add(self, error: ModelError) -> None:
        """Count in what a try has cost that failed."""
        self._cost_usd_micros += error.cost_usd_micros
        self._usage = _added(self._usage, error)

    def charge(self, error: ModelError) -> None:
        """Let the last error say what all tries have cost."""
        error.cost_usd_micros, error.usage = self._cost_usd_micros, self._usage

    def beside(self, reply: ModelReply) -> ModelReply:
        """The answer, with what came before it counted in."""
        if not self._usage and not self._cost_usd_micros:
            return reply
        return replace(
            reply,
            cost_usd_micros=reply.cost_usd_micros + self._cost_usd_micros,
            usage=_added(self._usage, reply),
        )


def _added(usage: dict[str, int], came: ModelError | ModelReply) -> dict[str, int]:
    names = usage.keys() | came.usage.keys()
    return {name: usage.get(name, 0) + came.usage.get(name, 0) for name in names}
