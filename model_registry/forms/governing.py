"""What a model may be used for, and what people say about it."""

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from model_registry.documents import GOVERNANCE
from model_registry.forms.fields import TagsField, WorkspaceForm, attributes
from model_registry.governance import DataClass, RiskClass, TrainsOnData
from model_registry.json_values import JsonObject
from model_registry.models import Model
from orchestrator_site.accounts.api import Membership, User, Workspace

if TYPE_CHECKING:
    AnyModelChoiceField = forms.ModelChoiceField[Any]
else:
    AnyModelChoiceField = forms.ModelChoiceField
MICROS = 1_000_000
MINUTE_S = 60
ROLES = (
    ("role:reviewer", _("Reviewers of the workspace")),
    ("role:admin", _("Admins of the workspace")),
    ("role:owner", _("Owners of the workspace")),
)
RECORD_PLACES = {f"governance.{name}": name for name in (*GOVERNANCE, "review_by")} | {
    "governance": "risk_reason"
}
PERSON_PLACES = {
    "person.who": "who",
    "person.rate_usd_micros_per_minute": "rate",
    "person.expected_wait_s": "wait",
    "person.accuracy": "accuracy",
}


def _select(**more: object) -> forms.Select:
    return forms.Select(attrs={"class": "input", **more})


class GovernanceForm(forms.Form):
    """The governance record; what is left empty is not stated."""

    provider = forms.CharField(
        label=_("Provider"),
        required=False,
        max_length=100,
        help_text=_("Who runs it, such as Fjord AI, or your own hardware."),
        widget=forms.TextInput(attrs=attributes()),
    )
    region = forms.CharField(
        label=_("Region"),
        required=False,
        max_length=100,
        help_text=_("Where the data is processed."),
        widget=forms.TextInput(attrs=attributes()),
    )
    data_class = forms.ChoiceField(
        label=_("Highest data class"),
        required=False,
        choices=[("", _("Not stated")), *((c.value, c.value) for c in DataClass)],
        help_text=_("Data above it is refused. Outside, not stated means public."),
        widget=_select(),
    )
    retention = forms.CharField(
        label=_("Keeps data"),
        required=False,
        max_length=300,
        help_text=_("How long the provider keeps what it is sent, and why."),
        widget=forms.TextInput(attrs=attributes()),
    )
    trains_on_data = forms.ChoiceField(
        label=_("Trains on data"),
        choices=[(c.value, c.value) for c in reversed(TrainsOnData)],
        initial=TrainsOnData.UNKNOWN.value,
        widget=_select(),
    )
    risk_class = forms.ChoiceField(
        label=_("Risk class"),
        required=False,
        choices=[("", _("Not stated")), *((c.value, c.value) for c in RiskClass)],
        help_text=_("Of the EU's AI Act. A prohibited model is never called."),
        widget=_select(),
    )
    risk_reason = forms.CharField(
        label=_("Reason for the risk class"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs=attributes(rows=2)),
    )
    review_by = forms.DateField(
        label=_("Review by"),
        required=False,
        widget=forms.DateInput(
            attrs={"class": "input", "type": "date"}, format="%Y-%m-%d"
        ),
    )

    def clean(self) -> dict[str, Any]:
        """A risk class has its reason."""
        cleaned = super().clean() or {}
        if cleaned.get("risk_class") and not cleaned.get("risk_reason", "").strip():
            self.add_error("risk_reason", _("Say why it is in this risk class."))
        return cleaned

    def record(self) -> JsonObject:
        """The record as a manifest states it. For a valid form."""
        given = {name: self.cleaned_data[name] for name in GOVERNANCE}
        review_by = self.cleaned_data["review_by"]
        return {
            **given,
            "data_class": given["data_class"] or None,
            "risk_class": given["risk_class"] or None,
            "review_by": review_by.isoformat() if review_by else None,
        }


class PersonFields(WorkspaceForm):
    """Whom an entry for a person or a team calls, in units that people use."""

    who = forms.ChoiceField(label=_("Who is asked"), widget=_select())
    rate = forms.DecimalField(
        label=_("Cost of a minute, in dollars"),
        required=False,
        min_value=0,
        max_value=1_000_000,
        widget=forms.NumberInput(attrs=attributes(step="any", inputmode="decimal")),
    )
    wait = forms.DecimalField(
        label=_("Expected wait, in minutes"),
        required=False,
        min_value=0,
        max_value=30_000_000,
        widget=forms.NumberInput(attrs=attributes(step="any", inputmode="decimal")),
    )
    accuracy = forms.FloatField(
        label=_("Accuracy, from 0 to 1"),
        required=False,
        min_value=0,
        max_value=1,
        help_text=_("As measured: how many of a hundred answers are right."),
        widget=forms.NumberInput(attrs=attributes(step="any", inputmode="decimal")),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401
        super().__init__(*args, **kwargs)
        people = [
            (f"user:{user.email}", f"{user.get_full_name()}, {user.email}")
            for user in members_of(self.workspace)
        ]
        field = self.fields["who"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  for the type checker
        field.choices = [(_("A role"), list(ROLES)), (_("One person"), people)]

    def person(self) -> JsonObject:
        """The facts as a manifest states them. For a valid form."""
        asked = self.cleaned_data
        rate, wait = asked["rate"], asked["wait"]
        return {
            "who": asked["who"],
            "rate_usd_micros_per_minute": None if rate is None else int(rate * MICROS),
            "expected_wait_s": None if wait is None else int(wait * MINUTE_S),
            "accuracy": asked["accuracy"],
        }


class MemberField(AnyModelChoiceField):
    """A person, by name."""

    def label_from_instance(self, obj: Any) -> str:  # noqa: ANN401 - a user
        return str(obj.get_full_name())


class DescriptionForm(WorkspaceForm):
    """What people say about a model, which decides nothing about its answers."""

    description = forms.CharField(
        label=_("Description"),
        required=False,
        max_length=2000,
        help_text=_("One or two sentences: what it does, for whom."),
        widget=forms.Textarea(attrs=attributes(rows=2)),
    )
    tags = TagsField()
    owner = MemberField(
        label=_("Owner"),
        queryset=User.objects.none(),
        required=False,
        empty_label=_("Nobody"),
        help_text=_("Who answers for it."),
        widget=_select(),
    )
    card = forms.CharField(
        label=_("Model card"),
        required=False,
        strip=False,
        max_length=50_000,
        help_text=_("Markdown: intended use, data, limits, measured quality."),
        widget=forms.Textarea(attrs={"class": "input mono", "rows": 12}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401
        super().__init__(*args, **kwargs)
        field = self.fields["owner"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101  for the type checker
        field.queryset = members_of(self.workspace)


def members_of(workspace: Workspace) -> Any:  # noqa: ANN401 - a queryset of users
    """Active members, by name."""
    members = Membership.objects.in_workspace(workspace).filter(is_active=True)
    return User.objects.filter(pk__in=members.values("user")).order_by("name", "email")


def person_initial(model: Model) -> dict[str, Any]:
    """What is on record about a person or team, in the form's units."""
    rate, wait = model.rate_usd_micros_per_minute, model.expected_wait_s
    return {
        "who": model.who,
        "rate": None if rate is None else Decimal(rate) / MICROS,
        "wait": None if wait is None else Decimal(wait) / MINUTE_S,
        "accuracy": model.accuracy,
    }
