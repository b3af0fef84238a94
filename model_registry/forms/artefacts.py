"""What people fill in to upload a file of a model."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _


class ArtefactForm(forms.Form):
    """One file; what it is, its content says."""

    file = forms.FileField(
        label=_("File"),
        widget=forms.FileInput({"class": "input"}),
        error_messages={
            "required": _("Choose a file."),
            "empty": _("The file is empty. Export the model anew."),
        },
    )

    def __init__(self, *args: Any) -> None:  # noqa: ANN401
        super().__init__(*args)
        said = gettext(
            "ONNX with all weights inside, or scikit-learn saved by skops; at most %d MB."
        )
        self.fields["file"].help_text = said % settings.UPLOAD_MB
