"""Which server to take models over from."""

from collections.abc import Iterable

from django import forms
from django.utils.translation import gettext_lazy as _

from model_registry.forms.fields import attributes


class SourceForm(forms.Form):
    """A server behind the OpenAI protocol, and what holds its key."""

    base_url = forms.CharField(
        label=_("Address"),
        max_length=500,
        help_text=_(
            "Such as https://models.example/v1. Whoever runs Baton has to have allowed it."
        ),
        widget=forms.TextInput(attributes(spellcheck="false", inputmode="url")),
        error_messages={
            "required": _("Enter an address such as https://models.example/v1.")
        },
    )
    credential = forms.ChoiceField(
        label=_("Credential"),
        required=False,
        help_text=_("What holds the server's key, if it asks for one."),
        widget=forms.Select(attrs={"class": "input"}),
    )

    def __init__(
        self, *args: object, credentials: Iterable[str], **more: object
    ) -> None:
        super().__init__(*args, **more)  # type: ignore[arg-type]
        field = self.fields["credential"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  for the type checker
        field.choices = [("", "–"), *((name, name) for name in credentials)]
