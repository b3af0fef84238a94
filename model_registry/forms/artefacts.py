"""What people fill in to upload a file of a model."""

from django import forms
from django.utils.translation import gettext_lazy as _


class ArtefactForm(forms.Form):
    """One file; what it is, its content says."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("ONNX with all weights inside, or scikit-learn saved by skops."),
        widget=forms.FileInput({"class": "input"}),
        error_messages={
            "required": _("Choose a file."),
            "empty": _("The file is empty. Export the model anew."),
        },
    )
