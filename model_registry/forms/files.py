"""The file of a version: one that the workspace keeps, or one that the workers have."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from model_registry.adapters.artefact_settings import FILE
from model_registry.forms.settings_fields import PREFIX
from model_registry.models import Artefact

CHOICE = "uploaded"
ELSEWHERE = "elsewhere"
NAME, DIGEST = f"{PREFIX}file", f"{PREFIX}sha256"


class FileRadios(forms.RadioSelect):
    """Radio buttons whose group has an id, so that its error is found by it."""

    def id_for_label(self, id_: str, index: str | None = None) -> str:
        """That of the group where no button is asked for."""
        return super().id_for_label(id_, index) if index is not None else id_


class FileChoice(forms.ChoiceField):
    """Uploaded files by their digests; the last choice is to type name and digest.

    Each choice of a file has the file as its label.
    """

    def __init__(self, kept: Sequence[Artefact], file_format: str) -> None:
        uploaded = [(each.sha256, each) for each in kept]
        super().__init__(
            label=_("File"),
            required=bool(kept),
            choices=[*uploaded, (ELSEWHERE, None)],
            widget=FileRadios,
            error_messages={
                "required": _("Choose a file."),
                "invalid_choice": _("This file was deleted. Choose another."),
            },
        )
        self.kept = kept
        self.format_name = Artefact.Format(file_format).label

    def find(self, digest: object) -> Artefact | None:
        """The uploaded file that was chosen, if it is one."""
        return next((each for each in self.kept if each.sha256 == digest), None)

    def chosen_by(self, settings: Mapping[str, Any]) -> str | None:
        """Which choice stored settings came from; None if there are none."""
        digest = settings.get(DIGEST)
        found = self.find(digest)
        if found and found.name == settings.get(NAME):
            return found.sha256
        return ELSEWHERE if digest else None

    def fill(self, data: Mapping[str, Any]) -> Mapping[str, Any]:
        """What was sent, with name and digest of the file that was chosen."""
        chosen = self.find(data.get(CHOICE))
        if chosen is None:
            return data
        sent = {name: data[name] for name in data}
        return {**sent, NAME: chosen.name, DIGEST: chosen.sha256}


def describe_typed(fields: dict[str, forms.Field]) -> None:
    """Say of the fields for a file that was not uploaded what belongs in them."""
    fields[NAME].label = _("Name of the file")
    fields[NAME].help_text = _(
        "In BATON_MODEL_DIR, on every machine with a worker. Whoever runs Baton puts it there."
    )
    fields[NAME].validators.append(
        RegexValidator(
            FILE,
            _("Use letters, digits, '.', '-' and '_', with '/' below a folder."),
        )
    )
    fields[DIGEST].help_text = _("64 digits and letters, as sha256sum prints them.")
