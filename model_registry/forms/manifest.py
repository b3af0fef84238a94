"""A manifest that somebody brings."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from model_registry.forms.fields import mark_errors
from model_registry.manifest import MAX_BYTES


class ManifestForm(forms.Form):
    """A manifest: a file, or its text."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        required=False,
        widget=forms.ClearableFileInput(
            attrs={"class": "input", "accept": ".yaml,.yml,.json"}
        ),
    )
    text = forms.CharField(
        label=gettext_lazy("Manifest"),
        required=False,
        strip=False,
        widget=forms.Textarea(
            attrs={"class": "input mono", "rows": 16, "spellcheck": "false"}
        ),
    )

    def clean(self) -> dict[str, Any]:
        """Take the file where there is one; it is then kept as text, to be mended."""
        cleaned = super().clean() or {}
        file = cleaned.get("file")
        if file is not None and file.size > MAX_BYTES:
            self.add_error(
                "file",
                _("The file has more than %d kB.") % (MAX_BYTES // 1024),
            )
        elif file is not None:
            self._take(file.read(), cleaned)
        elif not cleaned.get("text", "").strip():
            self.add_error("text", _("Choose a file or paste the manifest."))
        mark_errors(self)
        return cleaned

    def _take(self, content: bytes, cleaned: dict[str, Any]) -> None:
        try:
            cleaned["text"] = content.decode("utf-8-sig")
        except UnicodeDecodeError:
            self.add_error("file", _("The file is not text in UTF-8."))
            return
        self.data = {**dict(self.data.items()), "text": cleaned["text"]}
