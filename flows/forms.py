"""Forms for new flows, and for what people tell runs."""

import json
from typing import Any

from django import forms
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from flows.errors import GraphInvalid, Problem
from flows.graph.limits import MAX_BYTES, too_large
from flows.graph.models import MAX_NAME
from flows.graph.parse import parse, parse_text
from flows.models import Flow
from flows.services.collecting import MOST_RUNS
from model_registry.api import DataClass, EvaluationSet
from orchestrator_site.accounts.api import Workspace

MAX_SLUG = 60
# An address of the API stands in place of a flow of that name.
RESERVED_SLUGS = {"validate"}


class FlowForm(forms.Form):
    """Base: where the flow will be found."""

    slug = forms.SlugField(
        label=gettext_lazy("Short name"),
        max_length=MAX_SLUG,
        required=False,
        help_text=gettext_lazy(
            "Stands in addresses and never changes. Left empty, it comes from the name."
        ),
    )

    def __init__(self, *args: Any, workspace: Workspace, **kwargs: Any) -> None:  # noqa: ANN401
        super().__init__(*args, **kwargs)
        self.workspace = workspace
        for field in self.fields.values():
            field.widget.attrs["class"] = "input"

    def clean_slug(self) -> str:
        """Refuse one that is taken."""
        slug = str(self.cleaned_data["slug"])
        if slug and slug in self._taken():
            raise forms.ValidationError(
                _("The short name “%(slug)s” is taken. Choose another one.")
                % {"slug": slug}
            )
        return slug

    def free_slug(self, name: str) -> str:
        """The slug that was chosen, or one that the name gives."""
        if chosen := self.cleaned_data["slug"]:
            return str(chosen)
        first = slugify(name)[: MAX_SLUG - 4].strip("-_") or "flow"
        taken, number, slug = self._taken(), 1, first
        while slug in taken:
            number += 1
            slug = f"{first}-{number}"
        return slug

    def _taken(self) -> set[str]:
        flows = Flow.objects.in_workspace(self.workspace)
        return {*flows.values_list("slug", flat=True), *RESERVED_SLUGS}


class NewFlowForm(FlowForm):
    """A flow from an empty canvas."""

    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=MAX_NAME,
        error_messages={"required": gettext_lazy("Enter a name.")},
    )
    field_order = ("name", "slug")

    @property
    def document(self) -> dict[str, Any]:
        """A request that goes straight to an answer: it runs as it is."""
        return {
            "format": "baton.flow/1",
            "name": self.cleaned_data["name"],
            "input_schema": {
                "type": "object",
                "required": ["message"],
                "properties": {"message": {"type": "string", "title": "Message"}},
            },
            "nodes": [
                _node("input", _("Request"), 0),
                {
                    **_node("output", _("Answer"), 320),
                    "config": {"values": {"message": "input.message"}},
                },
            ],
            "edges": [{"id": "input_output", "source": "input", "target": "output"}],
        }


def _node(type_name: str, label: str, x: int) -> dict[str, Any]:
    position = {"x": x, "y": 0}
    return {"id": type_name, "type": type_name, "label": label, "position": position}


class ImportForm(FlowForm):
    """A flow from a document: a file, or its text."""

    text = forms.CharField(
        label=gettext_lazy("Document"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 10, "spellcheck": "false"}),
    )
    file = forms.FileField(label=gettext_lazy("File"), required=False)
    field_order = ("file", "text", "slug")

    problems: list[Problem]
    document: dict[str, Any]

    def clean(self) -> dict[str, Any]:
        """Read the document. What is wrong with it is in `problems`."""
        self.problems = []
        content = self._content()
        if not content:
            raise forms.ValidationError(_("Choose a file or paste the document."))
        try:
            document = parse_text(content)
            parse(document)
        except GraphInvalid as error:
            self.problems = error.problems
            raise forms.ValidationError(
                _("This is not a flow that can be opened. Nothing was saved.")
            ) from None
        self.document = document  # type: ignore[assignment]
        return self.cleaned_data

    def _content(self) -> bytes:
        file = self.cleaned_data.get("file")
        if file is None:
            return str(self.cleaned_data.get("text", "")).encode()
        if file.size > MAX_BYTES:
            self.problems = [too_large(file.size)]
            return b""
        content = bytes(file.read())
        # Kept on the page, so that it can be mended there.
        self.data = {
            **dict(self.data.items()),
            "text": content.decode("utf-8", "replace"),
        }
        return content


class JsonText(forms.CharField):
    """Any JSON value as text; empty for null."""

    def __init__(self, **kwargs: Any) -> None:  # noqa: ANN401
        attrs = {"class": "expression-text", "rows": 5, "spellcheck": "false"}
        super().__init__(required=False, widget=forms.Textarea(attrs=attrs), **kwargs)

    def clean(self, value: Any) -> Any:  # noqa: ANN401  any JSON value
        """Read it. Raises: ValidationError where it is no JSON."""
        text = super().clean(value)
        try:
            return json.loads(text, parse_constant=_refuse_constant) if text else None
        except ValueError as error:
            said = _("This is not JSON: %(error)s.")
            raise forms.ValidationError(said % {"error": error}) from None


def _refuse_constant(name: str) -> None:
    raise ValueError(_("%(name)s is no number of JSON") % {"name": name})


class ResolutionForm(forms.Form):
    """What a person found out about a step in doubt."""

    outcome = forms.ChoiceField(
        label=gettext_lazy("What did you find out?"),
        choices=(
            ("done", gettext_lazy("It happened")),
            ("not_done", gettext_lazy("It did not happen")),
        ),
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Say whether it happened."),
            "invalid_choice": gettext_lazy("Say whether it happened."),
        },
    )
    output = JsonText(label=gettext_lazy("What it gave"))
    attempt = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        """What did not happen gave nothing."""
        cleaned = super().clean() or {}
        if cleaned.get("outcome") == "not_done":
            cleaned["output"] = None
        return cleaned


class SignalForm(forms.Form):
    """An event for one run."""

    name = forms.CharField(
        label=gettext_lazy("Event"),
        max_length=200,
        error_messages={"required": gettext_lazy("Enter the event's name.")},
        widget=forms.TextInput(
            attrs={"class": "input", "list": "awaited-events", "autocomplete": "off"}
        ),
    )
    payload = JsonText(label=gettext_lazy("What it carries"))


class CasesForm(forms.Form):
    """Which runs of which flow cases are collected from."""

    flow = forms.ModelChoiceField(
        Flow.objects.none(),
        to_field_name="slug",
        label=gettext_lazy("Flow"),
        empty_label=None,
        widget=forms.Select(attrs={"class": "input"}),
        error_messages={
            "invalid_choice": gettext_lazy("There is no such flow. Choose another.")
        },
    )
    source = forms.ChoiceField(
        label=gettext_lazy("What counts as right"),
        choices=(
            (EvaluationSet.Source.RUNS, gettext_lazy("What the model said")),
            (EvaluationSet.Source.DECISIONS, gettext_lazy("What people approved")),
        ),
        help_text=gettext_lazy(
            "What it said shows where a new version differs; what people approved, as "
            "they edited it, shows how good one is."
        ),
        widget=forms.Select(attrs={"class": "input"}),
    )
    limit = forms.IntegerField(
        label=gettext_lazy("How many runs"),
        min_value=1,
        max_value=MOST_RUNS,
        initial=200,
        help_text=gettext_lazy("Those that completed last, at most 1,000."),
        widget=forms.NumberInput(attrs={"class": "input"}),
    )

    def __init__(self, *args: Any, workspace: Workspace, **kwargs: Any) -> None:  # noqa: ANN401
        super().__init__(*args, **kwargs)
        flow = self.fields["flow"]
        assert isinstance(flow, forms.ModelChoiceField)  # noqa: S101  for the type checker
        flow.queryset = Flow.objects.in_workspace(workspace).order_by("name", "slug")


class SetForm(forms.Form):
    """What the set is called that collected cases go into."""

    name = forms.SlugField(
        max_length=64,
        label=gettext_lazy("Name of the set"),
        help_text=gettext_lazy(
            "Small letters, digits, - and _. A set never changes afterwards."
        ),
        error_messages={"required": gettext_lazy("Enter a name for the set.")},
        widget=forms.TextInput(attrs={"class": "input", "autocomplete": "off"}),
    )
    target = forms.CharField(
        max_length=100,
        required=False,
        label=gettext_lazy("Property of the answer"),
        help_text=gettext_lazy("Where every case expects just one, it is that one."),
        widget=forms.TextInput(attrs={"class": "input", "autocomplete": "off"}),
    )
    data_class = forms.ChoiceField(
        choices=[
            ("", gettext_lazy("Not stated")),
            *((each.value, each.value) for each in DataClass),
        ],
        required=False,
        label=gettext_lazy("How sensitive are the cases?"),
        help_text=gettext_lazy("What is not stated goes to no model outside."),
        widget=forms.Select(attrs={"class": "input"}),
    )
