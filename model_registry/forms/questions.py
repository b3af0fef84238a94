"""Forms of the questions that are asked before something is done."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from model_registry.facts import SLUG
from model_registry.forms.fields import ReasonField, attributes
from model_registry.models import Model
from orchestrator_site.accounts.api import QuestionForm

MAX_SECRET = 10_000


class StandingForm(QuestionForm):
    """Why a version stands somewhere else from now on."""

    reason = ReasonField(_("Goes to the ledger, and stays with the version."))


class AliasForm(QuestionForm):
    """Which alias goes where, and why."""

    alias = forms.RegexField(
        SLUG,
        label=_("Alias"),
        max_length=64,
        help_text=_("One that is there, or a new one."),
        widget=forms.TextInput(attrs=attributes(spellcheck="false")),
        error_messages={
            "required": _("Enter an alias such as champion."),
            "invalid": _("Use small letters, digits, - and _, a letter first."),
        },
    )
    version = forms.TypedChoiceField(
        label=_("Version"), coerce=int, widget=forms.Select(attrs={"class": "input"})
    )
    reason = ReasonField(_("Stays with the move: who, why and when."))

    def __init__(self, *args: Any, model: Model, **kwargs: Any) -> None:  # noqa: ANN401
        super().__init__(*args, **kwargs)
        self.aliases = sorted({alias.name for alias in model.aliases.all()})
        versions = model.versions.select_related("standing").order_by("-number")
        field = self.fields["version"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  for the type checker
        field.choices = [
            (v.number, f"v{v.number}, {v.standing.status}") for v in versions
        ]


class PriceForm(QuestionForm):
    """What calls cost from a moment on."""

    valid_from = forms.DateTimeField(
        label=_("Holds from"),
        widget=forms.DateTimeInput(
            attrs={"class": "input", "type": "datetime-local"}, format="%Y-%m-%dT%H:%M"
        ),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"],
    )
    input_usd_per_million = forms.DecimalField(
        label=_("Input, dollars per million tokens"),
        min_value=0,
        initial=0,
        widget=forms.NumberInput(attrs=attributes(step="any", inputmode="decimal")),
    )
    output_usd_per_million = forms.DecimalField(
        label=_("Output, dollars per million tokens"),
        min_value=0,
        initial=0,
        widget=forms.NumberInput(attrs=attributes(step="any", inputmode="decimal")),
    )
    usd_micros_per_call = forms.IntegerField(
        label=_("A call, in millionths of a dollar"),
        min_value=0,
        initial=0,
        help_text=_("1,000 is a tenth of a cent; added to the tokens."),
        widget=forms.NumberInput(attrs=attributes(inputmode="numeric")),
    )

    @staticmethod
    def first_moment() -> datetime:
        """From the next full minute on."""
        return timezone.localtime().replace(second=0, microsecond=0)


class SecretForm(QuestionForm):
    """A new value for a credential that is there."""

    value = forms.CharField(
        label=_("Value"),
        max_length=MAX_SECRET,
        help_text=_("Encrypted at once. Nothing shows it again."),
        widget=forms.PasswordInput(
            attrs={"class": "input mono", "autocomplete": "new-password"}
        ),
        error_messages={"required": _("Enter the key or token.")},
    )


class CredentialForm(SecretForm):
    """A new credential."""

    name = forms.RegexField(
        SLUG,
        label=_("Name"),
        max_length=64,
        help_text=_("Models refer to it by this name."),
        widget=forms.TextInput(attrs=attributes(spellcheck="false")),
        error_messages={
            "required": _("Enter a name such as fjord-ai."),
            "invalid": _("Use small letters, digits, - and _, a letter first."),
        },
    )
    field_order = ("name", "value")
