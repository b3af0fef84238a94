"""A new entry, and a new version of one that is there."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from django import forms
from django.forms import BoundField
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from model_registry.adapters.registry import ADAPTERS, AdapterKind, find_adapter
from model_registry.errors import ManifestInvalid
from model_registry.facts import SLUG
from model_registry.forms.fields import (
    SchemaField,
    TagsField,
    WorkspaceForm,
    attributes,
    show_problems,
)
from model_registry.forms.files import (
    CHOICE,
    DIGEST,
    ELSEWHERE,
    NAME,
    FileChoice,
    describe_typed,
)
from model_registry.forms.governing import (
    PERSON_PLACES,
    RECORD_PLACES,
    GovernanceForm,
    PersonFields,
)
from model_registry.forms.settings_fields import PREFIX, settings_fields, settings_of
from model_registry.json_values import JsonObject
from model_registry.manifest import check_stated
from model_registry.models import Model
from model_registry.selectors import list_artefacts, list_credentials

PRICES = ("input_usd_per_million", "output_usd_per_million", "usd_micros_per_call")
OPEN_SCHEMA = {"type": "object"}


class Group(NamedTuple):
    """Fields under one title; `is_folded` where most people leave them alone."""

    title: str | Promise
    text: str | Promise
    fields: list[BoundField]
    is_folded: bool = False


class VersionFields(WorkspaceForm):
    """How a version is called, and what that costs."""

    adapter = forms.ChoiceField(
        label=gettext_lazy("Adapter"),
        choices=[(each.name, each.name) for each in ADAPTERS],
        widget=forms.Select(attrs={"class": "input"}),
    )
    runs = forms.ChoiceField(
        label=gettext_lazy("Where a call runs"),
        required=False,
        help_text=gettext_lazy(
            "loop: microseconds, wait: somebody else answers, cpu: it computes"
        ),
        widget=forms.Select(attrs={"class": "input"}),
    )
    queue = forms.RegexField(
        r"^[a-z][a-z0-9_-]{0,39}$",
        label=gettext_lazy("Queue"),
        required=False,
        help_text=gettext_lazy("Only for workers that serve this queue."),
        widget=forms.TextInput(attrs=attributes(spellcheck="false")),
        error_messages={"invalid": gettext_lazy("Use small letters, digits, - and _.")},
    )
    input_usd_per_million = forms.DecimalField(
        label=gettext_lazy("Input, dollars per million tokens"),
        required=False,
        min_value=0,
        widget=forms.NumberInput(attrs=attributes(step="any", inputmode="decimal")),
    )
    output_usd_per_million = forms.DecimalField(
        label=gettext_lazy("Output, dollars per million tokens"),
        required=False,
        min_value=0,
        widget=forms.NumberInput(attrs=attributes(step="any", inputmode="decimal")),
    )
    usd_micros_per_call = forms.IntegerField(
        label=gettext_lazy("A call, in millionths of a dollar"),
        required=False,
        min_value=0,
        widget=forms.NumberInput(attrs=attributes(inputmode="numeric")),
    )

    def __init__(
        self,
        *args: Any,  # noqa: ANN401
        chosen: str = "",
        **kwargs: Any,  # noqa: ANN401
    ) -> None:
        super().__init__(*args, **kwargs)
        self.kind: AdapterKind = find_adapter(chosen) or ADAPTERS[0]
        self.fields["adapter"].initial = self.kind.name
        runs = self.fields["runs"]
        assert isinstance(runs, forms.ChoiceField)  # noqa: S101  for the type checker
        runs.choices = [(word, word) for word in self.kind.runs]
        names = [each.name for each in list_credentials(self.workspace)]
        self.fields |= settings_fields(self.kind.settings, names)
        if self.kind.file_format:
            self._offer_files(self.kind.file_format)

    def _offer_files(self, file_format: str) -> None:
        """Let a file be chosen, whose name and digest need not be typed then."""
        kept = list_artefacts(self.workspace).filter(format=file_format)
        choice = FileChoice(list(kept.order_by("-created_at")), file_format)
        self.fields[CHOICE] = choice
        self.initial.setdefault(CHOICE, choice.chosen_by(self.initial))
        describe_typed(self.fields)
        if self.is_bound and choice.kept:
            self.data = choice.fill(self.data)
            is_typed = self.data.get(CHOICE) == ELSEWHERE
            self.fields[NAME].required = self.fields[DIGEST].required = is_typed

    def clean(self) -> dict[str, Any]:
        """Hold the settings to the adapter's rules, also while other fields are wrong."""
        cleaned = super().clean() or {}
        settings = settings_of(self.kind.settings, cleaned)
        try:
            check_stated(self.kind.settings, settings)
        except ManifestInvalid as error:
            known = {name.removeprefix(PREFIX) for name in self.errors}
            if CHOICE in self.errors:
                known |= {"file", "sha256"}
            new = [p for p in error.problems if p.partition(":")[0] not in known]
            # What the settings have wrong as a whole has the place `file`.
            show_problems(self, new, {**self._settings_places(), "file": "adapter"})
        return cleaned

    @property
    def about_adapter(self) -> str:
        """What the chosen adapter calls."""
        return (self.kind.settings.__doc__ or "").partition("\n")[0]

    def version_groups(self) -> Iterator[Group]:
        """The adapter, its settings, and the price."""
        names = [name for name in self.fields if name.startswith(PREFIX)]
        if CHOICE in self.fields:
            names = list(dict.fromkeys([CHOICE, NAME, DIGEST, *names]))
        settings = [self[name] for name in names]
        runs = [self["runs"]] if len(self.kind.runs) > 1 else []
        yield Group(_("How it is called"), "", [self["adapter"], *settings])
        yield Group(_("Where it runs"), "", [*runs, self["queue"]], is_folded=True)
        yield Group(
            _("Price"),
            _("From now on; left empty, calls are booked at what the adapter tells."),
            [self[name] for name in PRICES],
            is_folded=True,
        )

    def version(self) -> JsonObject:
        """The version and its price as a manifest states them. For a valid form."""
        asked = self.cleaned_data
        version = {
            "adapter": self.kind.name,
            "runs": asked["runs"] or self.kind.runs[0],
            "settings": settings_of(self.kind.settings, asked),
        }
        if asked["queue"]:
            version["queue"] = asked["queue"]
        price = {name: asked[name] for name in PRICES if asked[name] is not None}
        if not price:
            return {"version": version}
        amounts = {name: str(value) for name, value in price.items()}
        amounts |= {n: v for n, v in price.items() if isinstance(v, int)}  # type: ignore[misc]
        return {
            "version": version,
            "prices": [{"valid_from": timezone.now().isoformat(), **amounts}],
        }

    def version_places(self) -> dict[str, str]:
        """Where the problems of a version are shown."""
        return {
            "version.adapter": "adapter",
            "version.runs": "runs",
            "version.queue": "queue",
            "version.settings": "adapter",
            **{
                f"version.settings.{place}": name
                for place, name in self._settings_places().items()
            },
            **{f"prices.0.{name}": name for name in PRICES},
        }

    def _settings_places(self) -> dict[str, str]:
        """The field of each setting; name and digest of a chosen file are the choice."""
        is_chosen = self.data.get(CHOICE, ELSEWHERE) != ELSEWHERE
        return {
            name.removeprefix(PREFIX): CHOICE
            if is_chosen and name in {NAME, DIGEST}
            else name
            for name in self.fields
            if name.startswith(PREFIX)
        }


class NewVersionForm(VersionFields):
    """A further version of a model that is there."""

    def groups(self) -> list[Group]:
        return list(self.version_groups())

    def document(self, model: Model) -> JsonObject:
        """The manifest. For a valid form."""
        return {
            "model": model.name,
            "kind": model.kind,
            "capability": model.capability,
            "input_schema": model.input_schema,
            "output_schema": model.output_schema,
            **self.version(),
        }


class IdentityFields(forms.Form):
    """What belongs to a model, of whichever kind."""

    name = forms.RegexField(
        SLUG,
        label=gettext_lazy("Name"),
        max_length=64,
        help_text=gettext_lazy("Flows refer to it by this name. It never changes."),
        widget=forms.TextInput(attrs=attributes(spellcheck="false")),
        error_messages={
            "required": gettext_lazy("Enter a name such as answer-writer."),
            "invalid": gettext_lazy(
                "Use small letters, digits, - and _, a letter first."
            ),
        },
    )
    capability = forms.RegexField(
        SLUG,
        label=gettext_lazy("Capability"),
        max_length=64,
        help_text=gettext_lazy(
            "What it can do: chat, classify, extract, summarise, retrieve, score, or "
            "a word of your own. It never changes."
        ),
        widget=forms.TextInput(
            attrs=attributes(list="capabilities", spellcheck="false")
        ),
        error_messages={
            "required": gettext_lazy("Enter a capability such as classify."),
            "invalid": gettext_lazy(
                "Use small letters, digits, - and _, a letter first."
            ),
        },
    )
    description = forms.CharField(
        label=gettext_lazy("Description"),
        required=False,
        max_length=2000,
        help_text=gettext_lazy("One or two sentences: what it does, for whom."),
        widget=forms.Textarea(attrs=attributes(rows=2)),
    )
    tags = TagsField()
    input_schema = SchemaField(
        label=gettext_lazy("Takes"),
        initial=OPEN_SCHEMA,
        help_text=gettext_lazy("JSON Schema of the input. It never changes."),
    )
    output_schema = SchemaField(
        label=gettext_lazy("Gives"),
        initial=OPEN_SCHEMA,
        help_text=gettext_lazy(
            "JSON Schema of the output. An answer that breaks it fails the step."
        ),
    )
    alias = forms.RegexField(
        SLUG,
        label=gettext_lazy("Alias"),
        required=False,
        initial="champion",
        help_text=gettext_lazy("Points at the first version. Flows ask for it."),
        widget=forms.TextInput(attrs=attributes(spellcheck="false")),
    )

    def identity(self) -> JsonObject:
        """What a manifest states about the model itself. For a valid form."""
        asked = self.cleaned_data
        return {
            "model": asked["name"],
            "capability": asked["capability"],
            "description": asked["description"],
            "tags": asked["tags"],
            "input_schema": asked["input_schema"],
            "output_schema": asked["output_schema"],
            "alias": asked["alias"] or None,
        }

    def identity_groups(self) -> Iterator[Group]:
        """Name and contract."""
        names = ("name", "capability", "description", "tags")
        yield Group(_("What it is"), "", [self[name] for name in names])
        contract = [self[name] for name in ("input_schema", "output_schema")]
        yield Group(_("What it takes and gives"), "", contract)


class NewModelForm(IdentityFields, VersionFields, GovernanceForm):
    """A model with its first version."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401
        super().__init__(*args, **kwargs)
        _order_as_shown(self)

    def groups(self) -> list[Group]:
        return [
            *self.identity_groups(),
            *self.version_groups(),
            _governance_group(self),
        ]

    def document(self) -> JsonObject:
        """The manifest. For a valid form."""
        governance = self.record()
        return {**self.identity(), **self.version(), "governance": governance}

    def places(self) -> dict[str, str]:
        """Where the problems of the manifest are shown."""
        return {**_places(self), **self.version_places()}


class NewPersonForm(IdentityFields, PersonFields, GovernanceForm):
    """An entry for a person or a team."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401
        super().__init__(*args, **kwargs)
        _order_as_shown(self)

    def groups(self) -> list[Group]:
        asked = [self[name] for name in PERSON_PLACES.values()]
        return [
            *self.identity_groups(),
            Group(
                _("Who answers"),
                _("A flow that chooses them opens an approval."),
                asked,
            ),
            _governance_group(self),
        ]

    def document(self) -> JsonObject:
        """The manifest, but for its kind. For a valid form."""
        governance = self.record()
        return {**self.identity(), "person": self.person(), "governance": governance}

    def places(self) -> dict[str, str]:
        """Where the problems of the manifest are shown."""
        return {**_places(self), **PERSON_PLACES}


def _governance_group(form: GovernanceForm) -> Group:
    names = (
        "data_class",
        "provider",
        "region",
        "retention",
        "trains_on_data",
        "risk_class",
        "risk_reason",
        "review_by",
    )
    return Group(
        _("What it may be used for"),
        _("The governance record. Afterwards people who may approve models change it."),
        [form[name] for name in names],
    )


def _order_as_shown(form: "NewModelForm | NewPersonForm") -> None:
    """Let the first error be the first that people see."""
    form.order_fields([field.name for group in form.groups() for field in group.fields])


def _places(form: forms.Form) -> dict[str, str]:
    own = {name: name for name in form.fields if name != "name"}
    return {**own, "model": "name", **RECORD_PLACES}
