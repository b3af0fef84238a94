"""What people fill in about services outside."""

from django import forms
from django.utils.translation import gettext_lazy as _

from orchestrator_site.accounts.api import QuestionForm


class OriginForm(QuestionForm):
    """An origin to allow."""

    origin = forms.CharField(
        max_length=300,
        label=_("Scheme, host and port"),
        help_text=_("Such as https://api.example; the port only where it is unusual."),
        widget=forms.TextInput(
            attrs={"class": "input", "autocomplete": "off", "spellcheck": "false"}
        ),
        error_messages={"required": _("Enter an origin such as https://api.example.")},
    )
