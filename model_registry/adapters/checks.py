"""What an adapter asks of this machine before a version is registered."""

from model_registry import entry_points
from model_registry.adapters.http_settings import (
    HttpJsonSettings,
    OipV2Settings,
    OpenAIEmbeddingsSettings,
)
from model_registry.adapters.settings import (
    OpenAIChatSettings,
    PythonEntryPointSettings,
)
from orchestrator_site.egress.allowance import Allowance

BehindOneAddress = OpenAIChatSettings | OpenAIEmbeddingsSettings | OipV2Settings


def entry_point_is_known(
    settings: PythonEntryPointSettings, _allowance: Allowance
) -> str | None:
    """The package that offers the entry point must be installed."""
    known = entry_points.known()
    if settings.entry_point in known:
        return None
    return f"entry_point: {entry_points.unknown_sentence(settings.entry_point, known)}"


def origin_is_allowed(settings: BehindOneAddress, allowance: Allowance) -> str | None:
    """The operator must have listed the origin."""
    problem = allowance.refusal(settings.base_url)
    return f"base_url: {problem}" if problem else None


def addresses_are_allowed(
    settings: HttpJsonSettings, allowance: Allowance
) -> str | None:
    """The operator must have listed the origins of both addresses."""
    for name in ("url", "health_url"):
        url = getattr(settings, name)
        if url and (problem := allowance.refusal(url)):
            return f"{name}: {problem}"
    return None
