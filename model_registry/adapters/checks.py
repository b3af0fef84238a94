"""What an adapter asks of this machine before a version is registered."""

from pathlib import Path

from model_registry import artefacts, entry_points
from model_registry.adapters.artefact_settings import OnnxSettings, SkopsSettings
from model_registry.adapters.http_settings import (
    HttpJsonSettings,
    OipV2Settings,
    OpenAIEmbeddingsSettings,
)
from model_registry.adapters.onnx_file import read_checked
from model_registry.adapters.settings import (
    OpenAIChatSettings,
    PythonEntryPointSettings,
)
from model_registry.adapters.skops_file import require_skops
from model_registry.errors import ModelUnavailable
from orchestrator_site.egress.allowance import Allowance

BehindOneAddress = OpenAIChatSettings | OpenAIEmbeddingsSettings | OipV2Settings


def entry_point_is_known(
    settings: PythonEntryPointSettings, _allowance: Allowance, _model_dir: Path
) -> str | None:
    """The package that offers the entry point must be installed."""
    try:
        entry_points.find(settings.entry_point)
    except LookupError as problem:
        return f"entry_point: {problem}"
    return None


def origin_is_allowed(
    settings: BehindOneAddress, allowance: Allowance, _model_dir: Path
) -> str | None:
    """The operator must have listed the origin."""
    problem = allowance.refusal(settings.base_url)
    return f"base_url: {problem}" if problem else None


def addresses_are_allowed(
    settings: HttpJsonSettings, allowance: Allowance, _model_dir: Path
) -> str | None:
    """The operator must have listed the origins of both addresses."""
    for name in ("url", "health_url"):
        url = getattr(settings, name)
        if url and (problem := allowance.refusal(url)):
            return f"{name}: {problem}"
    return None


def onnx_fits(
    settings: OnnxSettings, _allowance: Allowance, model_dir: Path
) -> str | None:
    """The file must be there, and take and give what the settings name."""
    try:
        content = artefacts.read(model_dir, settings.file, settings.sha256)
        found = read_checked(settings.file, content)
    except ModelUnavailable as error:
        return f"file: {error.message}"
    if set(settings.inputs) != set(found.inputs):
        return f"inputs: {settings.file} takes {', '.join(sorted(found.inputs))}."
    if not set((settings.outputs or {}).values()) <= set(found.outputs):
        return f"outputs: {settings.file} gives {', '.join(sorted(found.outputs))}."
    return None


def skops_fits(
    settings: SkopsSettings, _allowance: Allowance, model_dir: Path
) -> str | None:
    """The file must be there, and be a skops file."""
    try:
        content = artefacts.read(model_dir, settings.file, settings.sha256)
        require_skops(settings.file, content)
    except ModelUnavailable as error:
        return f"file: {error.message}"
    return None
