"""What somebody may call. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

from orchestrator_site.egress.errors import OriginNotAllowed
from orchestrator_site.egress.origins import Entry, Origin, origin_of, parse_entry

MODELS_ADVICE = "Whoever runs Baton can list it in BATON_EGRESS_ALLOW."
FLOWS_ADVICE = (
    "An owner or admin of the workspace can allow it under Outside services, or "
    "whoever runs Baton in BATON_EGRESS_ALLOW."
)


@dataclass(frozen=True, slots=True)
class Allowance:
    """Entries of one or more lists; `advice` says who could add another."""

    entries: tuple[Entry, ...]
    advice: str = MODELS_ADVICE

    def require(self, origin: Origin | None) -> Entry:
        """The entry of an origin. Raises: OriginNotAllowed."""
        found = [entry for entry in self.entries if entry.origin == origin]
        if origin is None or not found:
            shown = "This address" if origin is None else str(origin)
            raise OriginNotAllowed(f"{shown} is not allowed. {self.advice}")
        networks = tuple(network for entry in found for network in entry.networks)
        return Entry(origin, networks)

    def refusal(self, url: str) -> str | None:
        """Say why `url` may not be called, or None when its origin is listed."""
        try:
            self.require(origin_of(url))
        except OriginNotAllowed as error:
            return error.message
        return None


def allowance_of(entries: Iterable[str]) -> Allowance:
    """What the entries of an operator allow. Raises: OriginInvalid."""
    return Allowance(tuple(map(parse_entry, entries)))
