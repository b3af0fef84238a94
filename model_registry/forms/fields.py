"""Fields that several forms of the registry have."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import orjson
from django import forms
from django.core.exceptions import NON_FIELD_ERRORS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from model_registry.schemas import schema_problem
from orchestrator_site.accounts.api import Workspace

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as StrPromise

REASON = 500


def attributes(**more: object) -> dict[str, object]:
    """Those of an input that looks like all others."""
    return {"class": "input", "autocomplete": "off", **more}


class WorkspaceForm(forms.Form):
    """Base: some of the choices are those of a workspace."""

    def __init__(self, *args: Any, workspace: Workspace, **kwargs: Any) -> None:  # noqa: ANN401
        super().__init__(*args, **kwargs)
        self.workspace = workspace


class ReasonField(forms.CharField):
    """Why; stays with the record."""

    def __init__(self, hint: "str | StrPromise") -> None:
        super().__init__(
            label=gettext_lazy("Reason"),
            max_length=REASON,
            help_text=hint,
            widget=forms.Textarea(attrs=attributes(rows=2)),
            error_messages={"required": gettext_lazy("Say why, in a few words.")},
        )


class JsonField(forms.CharField):
    """A JSON value as text; None where it is left empty."""

    def __init__(self, **given: Any) -> None:  # noqa: ANN401
        area = forms.Textarea(attrs=attributes(rows=6, spellcheck="false"))
        area.attrs["class"] = "input mono"
        super().__init__(widget=area, strip=True, **given)

    def clean(self, value: Any) -> Any:  # noqa: ANN401  any JSON value
        text = super().clean(value)
        try:
            return orjson.loads(text) if text else None
        except orjson.JSONDecodeError as error:
            raise forms.ValidationError(
                _("This is not JSON: line %(line)s, column %(column)s: %(said)s.")
                % {"line": error.lineno, "column": error.colno, "said": error.msg}
            ) from None

    def prepare_value(self, value: Any) -> Any:  # noqa: ANN401
        if value is None or isinstance(value, str):
            return value
        return orjson.dumps(value, option=orjson.OPT_INDENT_2).decode()


class SchemaField(JsonField):
    """A JSON Schema that can be used."""

    def clean(self, value: Any) -> Any:  # noqa: ANN401  any JSON value
        schema = super().clean(value)
        if not isinstance(schema, dict):
            raise forms.ValidationError(_("Enter an object such as {}."))
        if problem := schema_problem(schema):
            raise forms.ValidationError(
                _("This is not a JSON Schema that can be used: %s") % problem
            )
        return schema


class TagsField(forms.CharField):
    """Words with spaces or commas between them."""

    def __init__(self) -> None:
        super().__init__(
            label=gettext_lazy("Tags"),
            required=False,
            help_text=gettext_lazy("Words that find it, such as: mail support"),
            widget=forms.TextInput(attrs=attributes(spellcheck="false")),
        )

    def clean(self, value: Any) -> list[str]:  # noqa: ANN401
        return list(dict.fromkeys(super().clean(value).replace(",", " ").split()))

    def prepare_value(self, value: Any) -> Any:  # noqa: ANN401
        return value if isinstance(value, str) or value is None else " ".join(value)


def show_problems(
    form: forms.Form, problems: Sequence[str], places: Mapping[str, str]
) -> None:
    """Put each `place: sentence` to the field in question; the rest over the form.

    `places` maps the place of a manifest, or its beginning, to a field.
    """
    for problem in problems:
        place, _colon, sentence = problem.partition(": ")
        name = _field_at(place, places)
        if name is None:
            form.add_error(NON_FIELD_ERRORS, problem)
            continue
        within = _within(place.removeprefix(_beginning(place, places)).strip("."))
        form.add_error(name, f"{within}: {sentence}" if within else _sentence(sentence))
    mark_errors(form)


def mark_errors(form: forms.Form) -> None:
    """Tell the inputs that they hold something wrong; the first takes the focus."""
    wrong = [name for name in form.fields if name in form.errors]
    for name in wrong:
        form.fields[name].widget.attrs |= {
            "aria-invalid": "true",
            "aria-describedby": f"{form[name].id_for_label}-error",
            "autofocus": name == wrong[0],
        }


def _field_at(place: str, places: Mapping[str, str]) -> str | None:
    return places.get(_beginning(place, places))


def _beginning(place: str, places: Mapping[str, str]) -> str:
    """The longest beginning of a place that has a field."""
    fitting = [p for p in places if place == p or place.startswith(f"{p}.")]
    return max(fitting, key=len, default="")


def _within(place: str) -> str:
    """A place below a field; entries of a list are counted from 1."""
    parts = place.split(".") if place else []
    return " ".join(
        _("Entry %(number)s") % {"number": int(part) + 1} if part.isdecimal() else part
        for part in parts
    )


def _sentence(text: str) -> str:
    """What stands after a place, from its first letter on as a sentence."""
    return text[:1].upper() + text[1:]
