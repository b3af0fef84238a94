"""What people fill in about themselves and each other."""

from functools import cache
from itertools import groupby
from zoneinfo import available_timezones

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _

from orchestrator_site.accounts.models import Theme, User, Workspace
from orchestrator_site.accounts.models.role_field import ROLE_CHOICES
from orchestrator_site.accounts.principal import Principal
from orchestrator_site.accounts.roles import Scope, permissions_of
from orchestrator_site.accounts.rules import assignable_roles
from orchestrator_site.accounts.selectors import workspaces_of

AREAS = frozenset(
    [
        "Africa",
        "America",
        "Antarctica",
        "Arctic",
        "Asia",
        "Atlantic",
        "Australia",
        "Europe",
        "Indian",
        "Pacific",
    ]
)
TOKEN_DAYS = (7, 30, 90, 365)
SCOPE_WORDS = {
    Scope.READ: _("read: look at everything that I may see"),
    Scope.RUN: _("run: start and cancel runs"),
    Scope.WRITE: _("write: change and publish flows, register models"),
    Scope.DECIDE: _("decide: see and decide approvals"),
    Scope.ADMIN: _("admin: manage members and tokens"),
}


def _input(**attributes: str) -> dict[str, str]:
    return {"class": "input", **attributes}


class QuestionForm(forms.Form):
    """A form in a dialog: its ids are not those of a form on the page below."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, auto_id="question-%s", **kwargs)  # type: ignore[arg-type, misc]


class RoleForm(QuestionForm):
    """A role that the principal may give."""

    role = forms.ChoiceField(
        label=_("Role"), widget=forms.Select(attrs=_input()), initial="reviewer"
    )

    def __init__(self, *args: object, principal: Principal, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        allowed = assignable_roles(principal)
        field = self.fields["role"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  for the type checker
        field.choices = [(role, word) for role, word in ROLE_CHOICES if role in allowed]


class ShareForm(QuestionForm):
    """Which other workspace of the person may use something of this one."""

    workspace = forms.ModelChoiceField(
        Workspace.objects.none(),
        to_field_name="slug",
        label=_("Workspace"),
        help_text=_("You can share with workspaces that you are a member of."),
        widget=forms.Select(attrs=_input()),
        empty_label=None,
    )

    def __init__(self, *args: object, principal: Principal, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["workspace"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101  for the type checker
        if principal.user:
            others = workspaces_of(principal.user)
            field.queryset = others.exclude(pk=principal.workspace.pk)


class InviteForm(RoleForm):
    email = forms.EmailField(
        label=_("E-mail"),
        help_text=_("Whom the link is for. Nothing is sent: you pass it on."),
        widget=forms.EmailInput(attrs=_input(autocomplete="off")),
        error_messages={"invalid": _("Enter an address such as name@host.example.")},
    )
    field_order = ("email", "role")


class JoinForm(forms.Form):
    """Name and first password of a person who comes in by a link."""

    name = forms.CharField(
        max_length=100,
        label=_("Name"),
        widget=forms.TextInput(attrs=_input(autocomplete="name")),
        error_messages={"required": _("Enter your name as others will read it.")},
    )
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        error_messages={"required": _("Choose a password of at least 12 characters.")},
    )

    def __init__(self, *args: object, email: str, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self._email = email

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        person = User(email=self._email, name=self.cleaned_data.get("name", ""))
        validate_password(password, person)
        return password


class ProfileForm(forms.Form):
    name = forms.CharField(
        max_length=100,
        label=_("Name"),
        help_text=_("As others read it, also in the ledger."),
        widget=forms.TextInput(attrs=_input(autocomplete="name")),
        error_messages={"required": _("Enter your name as others will read it.")},
    )
    time_zone = forms.ChoiceField(
        label=_("Time zone"),
        help_text=_("Times on every page are shown in it."),
        widget=forms.Select(attrs=_input()),
    )
    theme = forms.ChoiceField(
        label=_("Theme"),
        choices=Theme.choices,
        widget=forms.Select(attrs=_input(**{"data-theme-choice": ""})),
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        field = self.fields["time_zone"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  for the type checker
        field.choices = time_zone_choices()


class TokenForm(QuestionForm):
    """A token for the API; it offers only scopes of which the role may do something."""

    name = forms.CharField(
        max_length=100,
        label=_("Name"),
        help_text=_("What it is for, such as Night import."),
        widget=forms.TextInput(attrs=_input(autocomplete="off")),
        error_messages={"required": _("Enter what the token is for.")},
    )
    scopes = forms.MultipleChoiceField(
        label=_("What it may do"),
        widget=forms.CheckboxSelectMultiple,
        initial=[Scope.READ.value],
        error_messages={"required": _("Choose at least one.")},
    )
    days = forms.TypedChoiceField(
        label=_("Works for"),
        coerce=int,
        choices=[(days, _("%(days)s days") % {"days": days}) for days in TOKEN_DAYS],
        initial=90,
        widget=forms.Select(attrs=_input()),
    )

    def __init__(self, *args: object, principal: Principal, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["scopes"]
        assert isinstance(field, forms.MultipleChoiceField)  # noqa: S101
        field.choices = [
            (scope.value, word)
            for scope, word in SCOPE_WORDS.items()
            if permissions_of(principal.role, [scope])
        ]


@cache
def time_zone_choices() -> list[tuple[str, object]]:
    """UTC, then the places by area, as a select with groups shows them."""
    places = sorted(
        zone for zone in available_timezones() if zone.partition("/")[0] in AREAS
    )
    grouped = groupby(places, key=lambda zone: zone.partition("/")[0])
    return [
        ("UTC", "UTC"),
        *((area, [(zone, _place(zone)) for zone in zones]) for area, zones in grouped),
    ]


def _place(zone: str) -> str:
    return zone.partition("/")[2].replace("_", " ").replace("/", ", ")
