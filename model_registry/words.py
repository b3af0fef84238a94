"""Pydantic's findings in our words. No value is repeated: it may be a secret. Pure."""

from collections.abc import Mapping
from types import MappingProxyType

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from model_registry.adapters.artefact_settings import FILE, SHA256
from model_registry.facts import SLUG, WHO
from orchestrator_site.schemas.api import BOUNDS, KINDS, kind_of

PATTERNS: Mapping[str, str] = MappingProxyType(
    {
        SLUG: "Use small letters, digits, - and _, a letter first; at most 64.",
        FILE: "Write a path below the folder of models, such as intents/v1.onnx.",
        SHA256: "Write the file's SHA-256: 64 characters, each 0 to 9 or a to f.",
        WHO: "Write a role such as role:reviewer, or user: and an e-mail address.",
    }
)
FIXED: Mapping[str, str] = MappingProxyType(
    {
        "missing": "This is missing. Add it.",
        "missing_argument": "This is missing. Add it.",
        "extra_forbidden": "This is not known here. Remove it, or correct its name.",
        "unexpected_keyword_argument": "This is not known here. Remove it.",
        "decimal_max_places": "Keep at most 6 decimal places.",
    }
)
# Families of pydantic's words that one sentence is enough for.
FAMILIES: Mapping[str, str] = MappingProxyType(
    {
        "date": "This is no date. Write one such as 2026-01-31.",
        "datetime": "This is no moment. Write one such as 2026-01-31T09:00:00Z.",
        "decimal": "This is no amount that fits. Enter a number such as 0.15.",
    }
)


def sentences(error: ValidationError, *parents: str) -> list[str]:
    """Each finding as `place: sentence`; `parents` are the places above."""
    return [
        f"{'.'.join((*parents, *map(str, item['loc']))) or 'file'}: {sentence(item)}"
        for item in error.errors(include_url=False)
    ]


def sentence(detail: ErrorDetails) -> str:
    """What is wrong, or what to do, about a place that is named already."""
    kind, context = detail["type"], detail.get("ctx", {})
    if kind in KINDS:
        return f"This is {kind_of(detail['input'])}. Make it {KINDS[kind]}."
    if kind in BOUNDS:
        return PATTERNS.get(context.get("pattern", ""), BOUNDS[kind](context))
    if kind == "enum":
        return f"Write {context['expected']}."
    family = kind.partition("_")[0]
    said = FIXED.get(kind, FAMILIES.get(family))
    return said or f"{detail['msg'].removeprefix('Value error, ').rstrip('.')}."
