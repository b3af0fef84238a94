"""The fields of a proposal as a form, made from their JSON Schema.

The schema itself is held against the values in `decide`; a form only reads them.
"""

from collections.abc import Mapping
from typing import Any

import orjson
from django import forms
from django.utils.translation import gettext as _

from approvals.errors import FieldsInvalid
from approvals.patch import escape
from approvals.present import label_of

SHORT_TEXT = 80
INPUT = {"class": "input"}


class FieldsForm(forms.Form):
    """Proposed values for editing; `changed` reads them back as JSON."""

    def __init__(
        self,
        proposed: Mapping[str, Any],
        schema: Mapping[str, Any],
        data: Mapping[str, Any] | None = None,
    ) -> None:
        # Names that Django's forms use themselves must not collide with the fields'.
        super().__init__(data, prefix="field", initial=_shown_values(proposed))
        self.proposed = proposed
        properties = schema.get("properties", {})
        for name, value in proposed.items():
            self.fields[name] = _field(name, value, properties.get(name, {}))
        for name in self.errors if data is not None else ():
            self._mark(name)

    def changed(self) -> dict[str, Any]:
        """The values as edited, line ends as in the proposal. For a valid form."""
        return {
            name: _read_back(value, self.cleaned_data[name])
            for name, value in self.proposed.items()
        }

    def show_error(self, error: FieldsInvalid) -> None:
        """Put what the schema refused to the field in question."""
        head = error.pointer[1:].split("/")[0]
        named = [name for name in self.proposed if escape(name) == head]
        name = named[0] if named else None
        if name is not None and self.cleaned_data.get(name) in (None, ""):
            self.add_error(name, _("Enter something here."))
        else:
            text = _("This does not fit: %(reason)s.") % {"reason": error.reason}
            self.add_error(name, text)
        for name in named:
            self._mark(name)

    def _mark(self, name: str) -> None:
        if name not in self.fields:
            return
        described = {
            "aria-invalid": "true",
            "aria-describedby": f"{self[name].id_for_label}-error",
            "autofocus": name == next(iter(self.errors)),
        }
        self.fields[name].widget.attrs |= described


def _shown_values(proposed: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: _dump(value) if isinstance(value, dict | list) else value
        for name, value in proposed.items()
    }


def _dump(value: object) -> str:
    return orjson.dumps(value, option=orjson.OPT_INDENT_2).decode()


def _field(name: str, value: object, schema: Mapping[str, Any]) -> forms.Field:
    keys: dict[str, Any] = {
        "label": schema.get("title") or label_of(name),
        "help_text": schema.get("description", ""),
        "required": False,
    }
    if "enum" in schema:
        choices = [(option, str(option)) for option in schema["enum"]]
        if value not in schema["enum"]:
            choices.insert(0, ("", "–"))
        select = forms.Select(attrs=INPUT)
        return forms.TypedChoiceField(
            choices=choices,
            widget=select,
            coerce=lambda text: _option(schema["enum"], text),
            empty_value=None,
            **keys,
        )
    # Where nothing is proposed, the schema tells what is asked for.
    kind = schema.get("type") if value is None else ""
    if isinstance(value, bool) or kind == "boolean":
        return forms.BooleanField(**keys)
    if isinstance(value, int | float) or kind in ("integer", "number"):
        return _number(schema, keys)
    if isinstance(value, dict | list) or kind in ("object", "array"):
        area = forms.Textarea(attrs={"class": "input mono", "rows": 6})
        return forms.JSONField(widget=area, **keys)
    return _text(str(value or ""), schema, keys)


def _option(options: list[Any], text: str) -> object:
    return next((option for option in options if str(option) == text), text)


def _number(schema: Mapping[str, Any], keys: dict[str, Any]) -> forms.Field:
    keys = keys | {
        "min_value": schema.get("minimum"),
        "max_value": schema.get("maximum"),
    }
    keys["widget"] = forms.NumberInput(attrs={**INPUT, "step": "any"})
    if schema.get("type") == "integer":
        return forms.IntegerField(**keys)
    return forms.FloatField(**keys)


def _text(value: str, schema: Mapping[str, Any], keys: dict[str, Any]) -> forms.Field:
    most = schema.get("maxLength")
    is_short = most is not None and most <= SHORT_TEXT and "\n" not in value
    if is_short:
        widget: forms.Widget = forms.TextInput(attrs=INPUT)
    else:
        widget = forms.Textarea(attrs={"class": "input review-text", "rows": 4})
    return forms.CharField(strip=False, widget=widget, **keys)


def _read_back(proposed: object, value: object) -> object:
    """What a browser sent; it turns line ends into CRLF, and null into nothing."""
    if isinstance(value, str):
        text = value.replace("\r\n", "\n")
        if proposed is None:
            return text or None
        if isinstance(proposed, str) and proposed.replace("\r\n", "\n") == text:
            return proposed
        return text
    if isinstance(proposed, int) and isinstance(value, float) and value.is_integer():
        return int(value)
    return value
