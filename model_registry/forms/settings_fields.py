"""Fields for the settings of an adapter, made from their model."""

from collections.abc import Iterable
from decimal import Decimal
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin

from django import forms
from django.utils.translation import gettext as _
from pydantic.fields import FieldInfo

from model_registry.adapters.settings import AdapterSettings
from model_registry.forms.fields import JsonField, attributes
from model_registry.json_values import JsonObject

PREFIX = "setting_"
LONG_TEXT = 1000
# Prices have fields and a table of their own.
ELSEWHERE = {"price"}
UNIONS = (Union, UnionType)
SPELT = {"url": "URL", "api": "API", "env": "from the environment", "sha256": "SHA-256"}


def settings_fields(
    settings: type[AdapterSettings], credentials: Iterable[str]
) -> dict[str, forms.Field]:
    """A field for each setting, by its name in the form."""
    return {
        f"{PREFIX}{name}": _field(name, info, credentials)
        for name, info in settings.model_fields.items()
        if name not in ELSEWHERE
    }


def settings_of(settings: type[AdapterSettings], cleaned: dict[str, Any]) -> JsonObject:
    """The settings that were filled in; what is empty is left to the adapter."""
    given = {
        name: _plain(cleaned.get(f"{PREFIX}{name}"))
        for name in settings.model_fields
        if name not in ELSEWHERE
    }
    return {
        name: value
        for name, value in given.items()
        if value not in (None, "") and value != _default(settings.model_fields[name])
    }


def initial_of(settings: JsonObject) -> JsonObject:
    """Stored settings as the form's initial values."""
    return {f"{PREFIX}{name}": value for name, value in settings.items()}


def _field(name: str, info: FieldInfo, credentials: Iterable[str]) -> forms.Field:
    kind = _bare(info.annotation)
    keys: dict[str, Any] = {
        "label": _label(name),
        "required": info.is_required() and kind is not bool,
        "help_text": info.description or "",
        "initial": _default(info),
        "error_messages": {"required": _("Enter it: the adapter needs it.")},
    }
    if name == "credential":
        return _choice(keys, credentials)
    if get_origin(kind) is Literal:
        return _choice(keys, map(str, get_args(kind)))
    if kind is str:
        return _text(info, keys)
    return _number(kind, keys) or JsonField(**keys)


def _label(name: str) -> str:
    """A setting's name as words; what is spelt in capitals stays so."""
    words = [SPELT.get(word, word) for word in name.split("_")]
    return words[0][:1].upper() + words[0][1:] + "".join(f" {w}" for w in words[1:])


def _number(kind: object, keys: dict[str, Any]) -> forms.Field | None:
    """A field for yes or no, or for a number; None for anything else."""
    if kind is bool:
        return forms.BooleanField(**keys)
    if kind is int:
        whole = forms.NumberInput(attrs=attributes(inputmode="numeric"))
        return forms.IntegerField(widget=whole, **keys)
    if kind in (float, Decimal):
        number = forms.NumberInput(attrs=attributes(step="any", inputmode="decimal"))
        return forms.FloatField(widget=number, **keys)
    return None


def _choice(keys: dict[str, Any], offered: Iterable[str]) -> forms.Field:
    first = [] if keys["required"] else [("", "–")]
    choices = first + [(name, name) for name in offered]
    return forms.ChoiceField(
        choices=choices, widget=forms.Select(attrs={"class": "input"}), **keys
    )


def _text(info: FieldInfo, keys: dict[str, Any]) -> forms.Field:
    limits = [getattr(each, "max_length", None) for each in info.metadata]
    if any(limit is not None and limit > LONG_TEXT for limit in limits):
        area = forms.Textarea(attrs=attributes(rows=5))
        return forms.CharField(widget=area, strip=False, **keys)
    plain = forms.TextInput(attrs=attributes(spellcheck="false"))
    return forms.CharField(widget=plain, **keys)


def _bare(annotation: Any) -> Any:  # noqa: ANN401 - a type, or a form of one
    """Without `None` and annotations."""
    if hasattr(annotation, "__metadata__"):
        return _bare(get_args(annotation)[0])
    if get_origin(annotation) in UNIONS:
        kinds = [kind for kind in get_args(annotation) if kind is not type(None)]
        return _bare(kinds[0]) if len(kinds) == 1 else annotation
    return annotation


def _default(info: FieldInfo) -> Any:  # noqa: ANN401 - any JSON value
    if info.is_required():
        return None
    value = info.get_default(call_default_factory=False)
    return value if isinstance(value, str | int | float | bool) else None


def _plain(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    """A text with the line ends of a manifest."""
    return value.replace("\r\n", "\n") if isinstance(value, str) else value
