"""What an adapter asks of this machine before a version is registered."""

from model_registry import entry_points
from model_registry.adapters.settings import (
    OpenAIChatSettings,
    PythonEntryPointSettings,
)
from orchestrator_site.egress.allowance import Allowance


def entry_point_is_known(
    settings: PythonEntryPointSettings, _allowance: Allowance
) -> str | None:
    """The package that offers the entry point must be installed."""
    known = entry_points.known()
    if settings.entry_point in known:
        return None
    return f"entry_point: {entry_points.unknown_sentence(settings.entry_point, known)}"


def origin_is_allowed(settings: OpenAIChatSettings, allowance: Allowance) -> str | None:
    """The operator must have listed the origin."""
    problem = allowance.refusal(settings.base_url)
    return f"base_url: {problem}" if problem else None
